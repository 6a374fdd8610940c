import type { Observatory } from '../../device/observatory.ts';
import { offerSite, offerTime } from '../agreement.ts';
import type { NewVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

/**
 * A client's site or time, on its way to a foreign device: it is offered to the observatory, and goes on unless that
 * knows better.
 * @param seen the property as the device has it, for the elements that the client leaves out
 * @param now milliseconds since 1970
 * @returns by whom what is better known; undefined: the device may be told
 * @throws Error of what is neither
 */
export function offerSurroundings(
  command: NewVector,
  seen: Seen | undefined,
  observatory: Observatory,
  now: number,
): string | undefined {
  const said = (element: string) =>
    command.elements.find(({ name }) => name === element)?.value ?? seen?.values[element];
  if (command.name === 'GEOGRAPHIC_COORD') {
    const [latitude, longitude, elevationMetres] = ['LAT', 'LONG', 'ELEV'].map(said);
    if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
    const metres = typeof elevationMetres === 'number' ? elevationMetres : 0;
    return offerSite(observatory, { latitude, longitude, elevationMetres: metres });
  }
  if (command.name !== 'TIME_UTC') return undefined;
  const utc = command.elements.find(({ name }) => name === 'UTC')?.value;
  if (typeof utc !== 'string') return undefined;
  const disagreement = offerTime(observatory, utc, now);
  // A clock that nobody trusts, least of all a client's, overrules none.
  return observatory.timeSource.value === undefined ? undefined : disagreement;
}
