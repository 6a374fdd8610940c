import { ARCSECONDS_PER_DEGREE, radians } from '../core/units.ts';
import { arcsecondSeries } from './epoch.ts';

/**
 * The main lunisolar terms of IAU 2000B (McCarthy & Luzum 2003): multiples of the arguments
 * l, l′, F, D, Ω, then the sine amplitude in longitude and the cosine amplitude in obliquity, units of 0.1 mas.
 * What is left out stays below 0.02″ in 2020…2040.
 */
const TERMS = [
  [0, 0, 0, 0, 1, -172064.2, 92052.3],
  [0, 0, 2, -2, 2, -13170.9, 5730.3],
  [0, 0, 2, 0, 2, -2276.4, 978.5],
  [0, 0, 0, 0, 2, 2074.6, -897.5],
  [0, 1, 0, 0, 0, 1475.9, 73.9],
  [0, 1, 2, -2, 2, -516.8, 224.4],
  [1, 0, 0, 0, 0, 711.2, -6.8],
  [0, 0, 2, 0, 1, -387.3, 200.7],
  [1, 0, 2, 0, 2, -301.5, 129.0],
  [0, -1, 2, -2, 2, 215.8, -95.9],
  [0, 0, 2, -2, 1, 128.2, -69.0],
  [-1, 0, 2, 0, 2, 123.5, -53.3],
  [-1, 0, 0, 2, 0, 157.0, -1.2],
  [1, 0, 0, 0, 1, 63.1, -33.2],
  [-1, 0, 0, 0, 1, -58.0, 31.4],
  [-1, 0, 2, 2, 2, -59.6, 25.5],
  [1, 0, 2, 0, 1, -51.6, 26.4],
  [-2, 0, 2, 0, 1, 45.9, -24.2],
  [0, 0, 0, 2, 0, 63.4, -1.2],
  [0, 0, 2, 2, 2, -38.6, 16.5],
  [0, -2, 2, -2, 2, 32.5, -13.9],
  [-2, 0, 0, 2, 0, -47.7, 0.5],
  [2, 0, 2, 0, 2, -31.0, 13.2],
  [1, 0, 2, -2, 2, 28.6, -12.3],
  [-1, 0, 2, 0, 1, 20.4, -10.8],
  [2, 0, 0, 0, 0, 29.2, -0.6],
] as const;

/** Radians: nutation in longitude and obliquity, and the longitude of the Moon's ascending node. */
export interface Nutation {
  readonly longitude: number;
  readonly obliquity: number;
  readonly node: number;
}

/** Nutation at `t` Julian centuries of TT since J2000.0. */
export function nutation(t: number): Nutation {
  // The Moon's and the Sun's mean anomalies, the Moon's distance from its node and from the Sun, its node.
  const l = arcsecondSeries(t, [485_868.249036, 1_717_915_923.2178]);
  const ls = arcsecondSeries(t, [1_287_104.79305, 129_596_581.0481]);
  const f = arcsecondSeries(t, [335_779.526232, 1_739_527_262.8478]);
  const d = arcsecondSeries(t, [1_072_260.70369, 1_602_961_601.209]);
  const node = arcsecondSeries(t, [450_160.398036, -6_962_890.5431]);
  let longitude = 0;
  let obliquity = 0;
  for (const [nl, nls, nf, nd, nn, sine, cosine] of TERMS) {
    const angle = nl * l + nls * ls + nf * f + nd * d + nn * node;
    longitude += sine * Math.sin(angle);
    obliquity += cosine * Math.cos(angle);
  }
  const unit = radians(1e-4 / ARCSECONDS_PER_DEGREE);
  return { longitude: longitude * unit, obliquity: obliquity * unit, node };
}

/** Mean obliquity of the ecliptic (IAU 2006; Hilton et al. 2006), radians. */
export const meanObliquity = (t: number): number =>
  arcsecondSeries(t, [84_381.406, -46.836769, -0.0001831, 0.0020034, -5.76e-7, -4.34e-8]);
