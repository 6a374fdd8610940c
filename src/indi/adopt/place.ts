import { isoUtc } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import { unsignedDegrees } from '../../core/units.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { type CommandValues, command, writable } from './tools.ts';

/** Tells a device that was just connected when and where it is, as far as that is trusted. */
export async function tellTimeAndPlace(hosted: Hosted, parts: AdoptionParts, run: Run): Promise<void> {
  const { observatory, clock, log } = parts;
  const tell = async (property: string, values: CommandValues) => {
    if (!writable(hosted, property)) return;
    await command(hosted, property, values, run).catch((error) => {
      run.signal.throwIfAborted();
      log.warn({ property }, `${hosted.device} was not told: ${asError(error).message}`);
    });
  };
  const { site, timeSource } = observatory;
  if (timeSource.value) await tell('TIME_UTC', { UTC: isoUtc(clock.now()).slice(0, 19), OFFSET: '0.00' });
  if (!site.value) return;
  const { latitude, longitude, elevationMetres } = site.value;
  const place = { LAT: latitude, LONG: unsignedDegrees(longitude), ELEV: elevationMetres };
  await tell('GEOGRAPHIC_COORD', place);
}
