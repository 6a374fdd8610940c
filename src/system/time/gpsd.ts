import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { type Clock, parseUtc } from '../../core/clock.ts';
import type { Site } from '../../device/observatory.ts';

/** What a GPS says at a moment. */
export interface GpsReport {
  readonly site?: Site;
  /** UTC milliseconds at `heardAt`. */
  readonly utc?: number;
  /** By `clock.monotonic()`. */
  readonly heardAt: number;
}

const RETRY_MS = 10_000;
/** gpsd's longest reports, with all satellites, have some 10 kB. */
const MOST_LINE = 64 << 10;
const WATCH = '?WATCH={"enable":true,"json":true};\n';

/** gpsd_json(5), TPV. Mode 2 and 3: there is a fix; 3: its altitude counts. */
const tpv = z.object({
  class: z.literal('TPV'),
  mode: z.number(),
  time: z.string().optional(),
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
  altMSL: z.number().optional(),
  alt: z.number().optional(),
});

/** @returns undefined for what is no fix */
export function reportIn(line: string, heardAt: number): GpsReport | undefined {
  const { data } = tpv.safeParse(parsed(line));
  if (!data || data.mode < 2) return undefined;
  const { time, lat, lon, altMSL, alt, mode } = data;
  const utc = time === undefined ? Number.NaN : parseUtc(time);
  const elevationMetres = (mode >= 3 ? (altMSL ?? alt) : undefined) ?? 0;
  return {
    heardAt,
    ...(!Number.isNaN(utc) && { utc }),
    ...(lat !== undefined &&
      lon !== undefined && { site: { latitude: lat, longitude: lon, elevationMetres } }),
  };
}

/** Listens to gpsd for as long as there is one, and comes back when it does. @returns ends it */
export function listenToGpsd(
  { clock, host, port }: { clock: Clock; host: string; port: number },
  hear: (report: GpsReport) => void,
): () => void {
  let socket: Socket | undefined;
  let cancel = () => {};
  let over = false;
  const open = () => {
    const fresh = connect(port, host);
    socket = fresh;
    let rest = '';
    fresh.setEncoding('utf8');
    fresh.on('connect', () => fresh.write(WATCH));
    fresh.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-MOST_LINE);
      for (const line of lines) {
        const report = reportIn(line, clock.monotonic());
        if (report) hear(report);
      }
    });
    // Most machines have no gpsd: that is no news. `close` follows.
    fresh.on('error', () => fresh.destroy());
    fresh.on('close', () => {
      if (!over) cancel = clock.after(RETRY_MS, open);
    });
    fresh.unref();
  };
  open();
  return () => {
    over = true;
    cancel();
    socket?.destroy();
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
