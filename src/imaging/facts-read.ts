import { parseUtc } from '../core/clock.ts';
import type { ExposureFacts } from './facts.ts';
import { type Header, numberIn, textIn } from './fits-header.ts';

const TYPES: readonly ExposureFacts['type'][] = ['light', 'dark', 'bias', 'flat', 'darkflat'];

/**
 * What `headerCards` wrote, for the adoption of a file without a ledger row. Text comes back as FITS holds it:
 * ASCII, without trailing blanks.
 * @returns undefined for a file that is none of ours, or from which what a row needs is missing
 */
export function readFacts(header: Header): ExposureFacts | undefined {
  const id = textIn(header, 'NJ-ID');
  const type = TYPES.find((known) => known === textIn(header, 'NJ-TYPE'));
  const startUtc = parseUtc(textIn(header, 'DATE-OBS') ?? '');
  const seconds = numberIn(header, 'EXPTIME');
  const camera = readCamera(header);
  if (
    !id ||
    !/^[\w-]{1,64}$/.test(id) ||
    !type ||
    Number.isNaN(startUtc) ||
    seconds === undefined ||
    !camera
  ) {
    return undefined;
  }
  const plan = textIn(header, 'NJ-PLAN');
  const set = textIn(header, 'NJ-SET');
  return {
    id,
    ...(plan !== undefined && set !== undefined && { plan: { plan, set } }),
    type,
    snapshot: header.get('NJ-SNAP') === true,
    startUtc,
    zoneMinutes: numberIn(header, 'NJ-ZONE') ?? 0,
    seconds,
    camera,
    software: textIn(header, 'SWCREATE') ?? '',
    ...present({
      object: textIn(header, 'OBJECT'),
      timeSource: textIn(header, 'NJ-TRUST'),
      telescope: readTelescope(header),
      mount: readMount(header),
      focuser: readFocuser(header),
      filter: textIn(header, 'FILTER'),
      rotatorDegrees: numberIn(header, 'ROTATANG'),
      skyMagnitude: numberIn(header, 'MPSAS'),
      site: readSite(header),
      observer: textIn(header, 'OBSERVER'),
    }),
  };
}

function readCamera(header: Header): ExposureFacts['camera'] | undefined {
  const id = textIn(header, 'NJ-CAM');
  const [x, y, width, height] = (textIn(header, 'NJ-ROI') ?? '').split(',').map(Number);
  if (id === undefined || ![x, y, width, height].every(Number.isSafeInteger)) return undefined;
  return {
    id,
    name: textIn(header, 'INSTRUME') ?? id,
    pixelMicrons: { x: numberIn(header, 'PIXSIZE1') ?? 0, y: numberIn(header, 'PIXSIZE2') ?? 0 },
    binning: numberIn(header, 'XBINNING') ?? 1,
    region: { x: x!, y: y!, width: width!, height: height! },
    ...present({
      gain: numberIn(header, 'GAIN'),
      offset: numberIn(header, 'OFFSET'),
      electronsPerAdu: numberIn(header, 'EGAIN'),
      readout: textIn(header, 'READOUTM'),
      temperatureCelsius: numberIn(header, 'CCD-TEMP'),
      setpointCelsius: numberIn(header, 'SET-TEMP'),
    }),
  };
}

function readTelescope(header: Header): ExposureFacts['telescope'] {
  const name = textIn(header, 'TELESCOP');
  if (name === undefined) return undefined;
  return {
    name,
    ...present({ focalLengthMm: numberIn(header, 'FOCALLEN'), apertureMm: numberIn(header, 'APTDIA') }),
  };
}

function readMount(header: Header): ExposureFacts['mount'] {
  const [ra, dec] = [numberIn(header, 'RA'), numberIn(header, 'DEC')];
  if (ra === undefined || dec === undefined) return undefined;
  const side = textIn(header, 'PIERSIDE')?.toLowerCase();
  return {
    ra,
    dec,
    ...present({
      altitude: numberIn(header, 'OBJCTALT'),
      azimuth: numberIn(header, 'OBJCTAZ'),
      airmass: numberIn(header, 'AIRMASS'),
      pierSide: side === 'east' || side === 'west' ? side : undefined,
    }),
  };
}

function readFocuser(header: Header): ExposureFacts['focuser'] {
  const position = numberIn(header, 'FOCUSPOS');
  if (position === undefined) return undefined;
  return { position, ...present({ temperatureCelsius: numberIn(header, 'FOCUSTEM') }) };
}

function readSite(header: Header): ExposureFacts['site'] {
  const [latitude, longitude] = [numberIn(header, 'SITELAT'), numberIn(header, 'SITELONG')];
  if (latitude === undefined || longitude === undefined) return undefined;
  return { latitude, longitude, elevationMetres: numberIn(header, 'SITEELEV') ?? 0 };
}

/** Only the members that are known. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
