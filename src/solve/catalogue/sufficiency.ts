import { degrees } from '../../core/units.ts';
import type { Direction } from '../../sky/direction.ts';
import { beltAreas, beltOf, SHARES } from './sufficiency-belts.ts';
import { sides } from './sufficiency-table.ts';

/** Whether a catalogue suffices for a field, for programs and for people. */
export interface Sufficiency {
  readonly verdict: 'enough' | 'mostly' | 'too-few';
  /** Of fields of this size, over the sky or around the given place: how many hold the 14 stars a solver wants, 0…1. */
  readonly share: number;
  readonly message: string;
}

const ENOUGH = 0.97;
const MOSTLY = 0.6;

/** Degrees of sky on one side of a chip. */
export const fieldDegrees = (focalLengthMillimetres: number, pixelMicrons: number, pixels: number): number =>
  2 * degrees(Math.atan((pixels * pixelMicrons) / 2000 / focalLengthMillimetres));

/**
 * Says whether our catalogue suffices to solve fields of this size.
 * @param catalogue which of ours: the extract is complete to magnitude 11, the full one goes to the end of Tycho-2
 * @param centre where; absent: anywhere on the sky
 */
export function sufficiency(
  widthDegrees: number,
  heightDegrees: number,
  catalogue: { readonly completeTo: number },
  centre?: Direction,
): Sufficiency {
  const side = Math.sqrt(widthDegrees * heightDegrees);
  const full = catalogue.completeTo > 11;
  const share = shareIn(full ? sides.full : sides.extract, side, centre);
  const verdict = share >= ENOUGH ? 'enough' : share >= MOSTLY ? 'mostly' : 'too-few';
  const field = `${round(widthDegrees)}° × ${round(heightDegrees)}°`;
  const where = centre ? 'of this part of the sky' : 'of the sky';
  const fullServes = !full && shareIn(sides.full, side, centre) >= ENOUGH;
  const remedy = fullServes ? 'bake the full one (make catalogue)' : deeper(side);
  const percent = `${Math.min(99, Math.floor(share * 100))} %`;
  const messages = {
    enough: `The built-in star catalogue suffices for your field of ${field}.`,
    mostly: `The built-in star catalogue serves your field of ${field} in ${percent} ${where}; ${remedy} to be sure of the rest.`,
    'too-few': `Your field of ${field} is too small for the built-in star catalogue: enough stars in only ${percent} ${where}; ${remedy}.`,
  };
  return { verdict, share, message: messages[verdict] };
}

/** Which of the usual downloads serves; the limits are the ones their makers state. */
function deeper(side: number): string {
  const astap = side >= 0.6 ? 'D05' : side >= 0.3 ? 'D20' : side >= 0.2 ? 'D50' : 'D80';
  return `add a deeper one (ASTAP's ${astap}, or astrometry.net's 5200 series)`;
}

function shareIn(table: readonly (readonly number[])[], side: number, centre?: Direction): number {
  const shares = table.map((belt) => shareOf(belt, 1000 * side));
  return centre
    ? shares[beltOf(centre)]!
    : shares.reduce((sum, share, belt) => sum + share * beltAreas[belt]!, 0);
}

/** The share of fields whose 14th star lies within, from the sides at which shares are reached. */
function shareOf(reached: readonly number[], side: number): number {
  const above = reached.findIndex((limit) => side < limit);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const [low, high] = [reached[above - 1]!, reached[above]!];
  const [from, to] = [SHARES[above - 1]!, SHARES[above]!];
  return from + ((to - from) * (side - low)) / (high - low);
}

const round = (angle: number): string =>
  (angle < 10 ? angle.toFixed(2) : angle.toFixed(0)).replace(/\.?0+$/, '');
