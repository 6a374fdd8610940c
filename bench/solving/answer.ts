import {
  cross,
  dot,
  fromPlace,
  plus,
  scaled,
  separation,
  toPlace,
  unit,
  type Vector,
} from '../../hil/sky/vector.ts';
import type { Framing } from './camera.ts';
import { readCards } from './fits-file.ts';

/** What a solver says of a frame; the centre is that of the picture, ICRS degrees. */
export interface Answer {
  ra: number;
  dec: number;
  /** Arc-seconds a pixel. */
  scale: number;
  rotation: number;
  parity: 1 | -1;
}

export type Verdict = 'right' | 'wrong' | 'unsolved';

/** Right: the centre within 2 % of the frame's width, the scale within 2 %, up within 2°, and not mirrored the other way. */
export function verdictOf(answer: Answer | undefined, spec: Framing): Verdict {
  if (!answer) return 'unsolved';
  const apart = 3600 * separation(fromPlace(answer), fromPlace(spec));
  const turned = Math.abs(((answer.rotation - spec.rotation + 540) % 360) - 180);
  const right =
    apart < 0.02 * spec.width * spec.scale &&
    Math.abs(answer.scale / spec.scale - 1) < 0.02 &&
    turned < 2 &&
    answer.parity === (spec.mirrored ? -1 : 1);
  return right ? 'right' : 'wrong';
}

export const centreError = (answer: Answer, spec: Framing): number =>
  3600 * separation(fromPlace(answer), fromPlace(spec));

/** The header of a solution: TAN, with SIP where there is one (FITS 4.0, section 8; Shupe et al. 2005). */
export function answerFrom(file: string, { width, height }: Framing): Answer {
  const cards = readCards(file);
  const number = (key: string, missing = 0) => {
    const value = cards.get(key);
    return typeof value === 'number' ? value : missing;
  };
  const [cx, cy] = [(width + 1) / 2, (height + 1) / 2];
  const pole = { ra: number('CRVAL1'), dec: number('CRVAL2') };
  const polynomial = (letter: string, u: number, v: number) => {
    let sum = 0;
    const order = number(`${letter}_ORDER`);
    for (let p = 0; p <= order; p++) {
      for (let q = 0; p + q <= order; q++) sum += number(`${letter}_${p}_${q}`) * u ** p * v ** q;
    }
    return sum;
  };
  const sky = (x: number, y: number): Vector => {
    const [u, v] = [x - number('CRPIX1'), y - number('CRPIX2')];
    const [f, g] = [u + polynomial('A', u, v), v + polynomial('B', u, v)];
    const xi = number('CD1_1') * f + number('CD1_2') * g;
    const eta = number('CD2_1') * f + number('CD2_2') * g;
    return deprojected(pole, (xi * Math.PI) / 180, (eta * Math.PI) / 180);
  };
  const centre = sky(cx, cy);
  // Up is towards the first row, which is y = 1.
  const [above, right] = [sky(cx, cy - 1), sky(cx + 1, cy)];
  const { east, north } = axesAt(centre);
  const up = [dot(above, east), dot(above, north)] as const;
  const aside = [dot(right, east), dot(right, north)] as const;
  const area = aside[0] * up[1] - aside[1] * up[0];
  return {
    ...toPlace(centre),
    scale: (Math.sqrt(Math.abs(area)) * 180 * 3600) / Math.PI,
    rotation: ((Math.atan2(up[0], up[1]) * 180) / Math.PI + 360) % 360,
    // As the sky is seen, east is left of north.
    parity: area < 0 ? 1 : -1,
  };
}

function axesAt(direction: Vector): { east: Vector; north: Vector } {
  const east = unit(cross([0, 0, 1], direction));
  return { east, north: cross(direction, east) };
}

function deprojected(pole: { ra: number; dec: number }, xi: number, eta: number): Vector {
  const axis = fromPlace(pole);
  const { east, north } = axesAt(axis);
  return unit(plus(axis, plus(scaled(east, xi), scaled(north, eta))));
}
