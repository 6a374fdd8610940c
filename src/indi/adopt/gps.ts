import { cell } from '../../core/cell.ts';
import { parseUtc } from '../../core/clock.ts';
import { signedDegrees } from '../../core/units.ts';
import type { Gps, GpsFix } from '../../device/gps.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { command, has, numberIn } from './tools.ts';

/** INDI protocol 1.7, GPS: the place is Ok while there is a fix, the time comes after it. */
export function adoptGps(hosted: Hosted, { clock }: AdoptionParts): Gps | undefined {
  if (!has(hosted, 'GEOGRAPHIC_COORD', 'LAT')) return undefined;
  const fix = cell<GpsFix | undefined>(undefined);
  const hear = (utc?: number) => {
    const seen = hosted.property('GEOGRAPHIC_COORD');
    const latitude = numberIn(seen, 'LAT');
    const longitude = numberIn(seen, 'LONG');
    if (!seen) return;
    if (seen.state !== 'Ok' || latitude === undefined || longitude === undefined) return fix.set(undefined);
    const site = {
      latitude,
      longitude: signedDegrees(longitude),
      elevationMetres: numberIn(seen, 'ELEV') ?? 0,
    };
    fix.set({ site, ...(utc !== undefined && { utc }), heardAt: clock.monotonic() });
  };
  // A time that was said before it was heard is older than it looks: the first one counts for nothing.
  hear();
  hosted.watch('GEOGRAPHIC_COORD', () => hear());
  hosted.watch('TIME_UTC', (seen) => {
    const utc = parseUtc(String(seen?.values.UTC ?? ''));
    if (seen && seen.state !== 'Alert' && !Number.isNaN(utc)) hear(utc);
  });
  return {
    fix,
    ...(has(hosted, 'GPS_REFRESH', 'REFRESH') && {
      refresh: (run) => command(hosted, 'GPS_REFRESH', { REFRESH: true }, run),
    }),
  };
}
