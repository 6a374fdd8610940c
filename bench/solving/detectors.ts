import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured } from './child.ts';

/** A star as a detector tells it; 0-based pixels. */
export interface Found {
  x: number;
  y: number;
  flux: number;
  /** Half-flux radius, pixels. */
  hfr: number;
}

export interface Detection {
  /** Undefined where it failed. */
  found: Found[] | undefined;
  cpuSeconds: number;
  peakMiB: number;
}

export interface Detector {
  readonly name: string;
  /** @param sigma how far above the noise a pixel has to be, in this detector's own sense */
  detect(files: readonly string[], sigma: number): Promise<Detection[]>;
}

const LIMIT_SECONDS = 120;
const SEXTRACTOR = '/usr/bin/source-extractor';
const FILTER = '/usr/share/source-extractor/default.conv';

export function openDetectors(): { detectors: Detector[]; missing: string[] } {
  const detectors: Detector[] = [];
  const missing: string[] = [];
  if (existsSync(SEXTRACTOR))
    detectors.push({
      name: 'source-extractor',
      async detect(files, sigma) {
        const detections: Detection[] = [];
        for (const file of files) detections.push(await sourceExtractor(file, sigma));
        return detections;
      },
    });
  else missing.push('source-extractor: not installed (Debian package source-extractor)');
  if (existsSync('/usr/share/doc/python3-sep')) detectors.push({ name: 'sep', detect: sep });
  else missing.push('sep: not installed (Debian package python3-sep)');
  return { detectors, missing };
}

/** As Debian packages it: its default filter and deblending; places, automatic flux and the half-light radius. */
async function sourceExtractor(file: string, sigma: number): Promise<Detection> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));
  try {
    const columns = join(directory, 'columns');
    writeFileSync(columns, 'XWIN_IMAGE\nYWIN_IMAGE\nFLUX_AUTO\nFLUX_RADIUS\n');
    const catalogue = join(directory, 'stars.cat');
    const settings = {
      CATALOG_NAME: catalogue,
      CATALOG_TYPE: 'ASCII',
      PARAMETERS_NAME: columns,
      FILTER_NAME: FILTER,
      DETECT_THRESH: sigma,
      ANALYSIS_THRESH: sigma,
      DETECT_MINAREA: 3,
      PHOT_FLUXFRAC: 0.5,
      SATUR_LEVEL: 60000,
      GAIN: 0.8,
      VERBOSE_TYPE: 'QUIET',
      WRITE_XML: 'N',
    };
    const args = Object.entries(settings).flatMap(([key, value]) => [`-${key}`, String(value)]);
    const took = await measured(SEXTRACTOR, [file, '-c', '/dev/null', ...args], {
      limitSeconds: LIMIT_SECONDS,
      directory,
    });
    const text = existsSync(catalogue) ? readFileSync(catalogue, 'latin1').trim() : undefined;
    const found = text?.split('\n').flatMap((line): Found[] => {
      const [x, y, flux, hfr] = line.trim().split(/\s+/).map(Number) as [number, number, number, number];
      return flux > 0 ? [{ x: x - 1, y: y - 1, flux, hfr }] : [];
    });
    return { found, cpuSeconds: took.cpuSeconds, peakMiB: took.peakMiB };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The same algorithm as a library, all files in one process: CPU of background, extraction and radii alone, reading and
 * Python left out.
 */
async function sep(files: readonly string[], sigma: number): Promise<Detection[]> {
  const script = join(import.meta.dirname, 'sep_detect.py');
  const took = await measured('/usr/bin/python3', [script, String(sigma), ...files], {
    limitSeconds: LIMIT_SECONDS * 5,
    environment: { OMP_NUM_THREADS: '1' },
    showErrors: true,
  });
  if (took.code !== 0) throw new Error(`sep: exit ${took.code}`);
  return took.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { cpu, stars } = JSON.parse(line) as { cpu: number; stars?: [number, number, number, number][] };
      const found = stars?.map(([x, y, flux, hfr]) => ({ x, y, flux, hfr }));
      return { found, cpuSeconds: cpu, peakMiB: took.peakMiB };
    });
}
