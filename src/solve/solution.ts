import type { Direction } from '../sky/direction.ts';
import type { FieldOfView, Wcs } from './wcs.ts';

/** What is known before solving; all of it may be absent: then the solve is blind. */
export interface SolveHints {
  /** Where the centre lies, at most this far off. */
  readonly near?: { readonly centre: Direction; readonly radiusDegrees: number };
  /** Arc-seconds a pixel of the stored image. */
  readonly scale?: { readonly low: number; readonly high: number };
  /** UTC milliseconds of the exposure: stars of known proper motion are moved to it. Absent: J2000. */
  readonly utc?: number;
}

/** Stars to solve by, in pixels as in `imaging/stars/star.ts`, brightest first. */
export interface StarList {
  readonly width: number;
  readonly height: number;
  readonly stars: readonly { readonly x: number; readonly y: number; readonly flux: number }[];
}

export interface Solved extends FieldOfView {
  readonly solved: true;
  readonly wcs: Wcs;
  /** Image stars used, and those that lie on a catalogue star. */
  readonly stars: number;
  readonly matched: number;
  readonly rmsArcsec: number;
  /** log10 of the probability that stars at random agree so well: −11 is a hundred billion to one. */
  readonly logChance: number;
}

/** Why not, as a word for programs and a sentence that says what to do. */
export interface Unsolved {
  readonly solved: false;
  readonly reason: 'few-stars' | 'trailed' | 'scale-off' | 'field-too-small' | 'no-match';
  readonly message: string;
  readonly stars: number;
}

export type Solution = Solved | Unsolved;
