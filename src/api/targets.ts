import { toApparent } from '../sky/apparent.ts';
import { type Horizontal, toHorizon } from '../sky/horizon.ts';
import type { Site } from '../sky/site.ts';

export interface Target {
  name: string;
  kind: 'star' | 'galaxy' | 'nebula' | 'cluster';
  /** ICRS degrees. */
  ra: number;
  dec: number;
}

export interface TargetInSky extends Target, Partial<Horizontal> {}

/** Below this a target is in haze and roofs. */
const LOWEST_DEGREES = 20;

/** Those that stand high enough, highest first; with no site, all of them by right ascension. */
export function targetsAt(site: Site | undefined, utc: number): readonly TargetInSky[] {
  if (!site) return targets.toSorted((a, b) => a.ra - b.ra);
  return targets
    .map((target) => ({ ...target, ...toHorizon(toApparent(target, utc), site, utc) }))
    .filter(({ altitude }) => altitude >= LOWEST_DEGREES)
    .sort((a, b) => b.altitude - a.altitude);
}

const rows: readonly [name: string, kind: Target['kind'], hours: number, minutes: number, dec: number][] = [
  ['M 31 Andromeda', 'galaxy', 0, 42.7, 41.27],
  ['NGC 253 Sculptor', 'galaxy', 0, 47.6, -25.29],
  ['M 33 Triangulum', 'galaxy', 1, 33.9, 30.66],
  ['Double Cluster', 'cluster', 2, 20.5, 57.13],
  ['Polaris', 'star', 2, 31.81, 89.264],
  ['M 45 Pleiades', 'cluster', 3, 47.0, 24.12],
  ['Aldebaran', 'star', 4, 35.92, 16.509],
  ['Rigel', 'star', 5, 14.54, -8.202],
  ['Capella', 'star', 5, 16.69, 45.998],
  ['M 1 Crab', 'nebula', 5, 34.5, 22.02],
  ['M 42 Orion', 'nebula', 5, 35.3, -5.39],
  ['Betelgeuse', 'star', 5, 55.17, 7.407],
  ['Canopus', 'star', 6, 23.95, -52.696],
  ['NGC 2244 Rosette', 'nebula', 6, 32.0, 4.95],
  ['Sirius', 'star', 6, 45.15, -16.716],
  ['M 35', 'cluster', 6, 8.9, 24.33],
  ['Castor', 'star', 7, 34.6, 31.888],
  ['Procyon', 'star', 7, 39.3, 5.225],
  ['Pollux', 'star', 7, 45.32, 28.026],
  ['M 44 Beehive', 'cluster', 8, 40.4, 19.98],
  ['M 81 Bode', 'galaxy', 9, 55.6, 69.07],
  ['Regulus', 'star', 10, 8.37, 11.967],
  ['NGC 3372 Carina', 'nebula', 10, 45.1, -59.87],
  ['M 66 Leo Triplet', 'galaxy', 11, 20.2, 12.99],
  ['M 106', 'galaxy', 12, 19.0, 47.3],
  ['M 104 Sombrero', 'galaxy', 12, 40.0, -11.62],
  ['M 63 Sunflower', 'galaxy', 13, 15.8, 42.03],
  ['Spica', 'star', 13, 25.19, -11.161],
  ['Omega Centauri', 'cluster', 13, 26.8, -47.48],
  ['M 51 Whirlpool', 'galaxy', 13, 29.9, 47.2],
  ['M 3', 'cluster', 13, 42.2, 28.38],
  ['M 101 Pinwheel', 'galaxy', 14, 3.2, 54.35],
  ['Arcturus', 'star', 14, 15.66, 19.182],
  ['Alpha Centauri', 'star', 14, 39.6, -60.834],
  ['M 5', 'cluster', 15, 18.6, 2.08],
  ['Antares', 'star', 16, 29.41, -26.432],
  ['M 13 Hercules', 'cluster', 16, 41.7, 36.46],
  ['M 8 Lagoon', 'nebula', 18, 3.8, -24.38],
  ['M 16 Eagle', 'nebula', 18, 18.8, -13.78],
  ['M 17 Omega', 'nebula', 18, 20.8, -16.17],
  ['M 22', 'cluster', 18, 36.4, -23.9],
  ['Vega', 'star', 18, 36.94, 38.784],
  ['M 11 Wild Duck', 'cluster', 18, 51.1, -6.27],
  ['M 57 Ring', 'nebula', 18, 53.6, 33.03],
  ['Altair', 'star', 19, 50.78, 8.868],
  ['M 27 Dumbbell', 'nebula', 19, 59.6, 22.72],
  ['NGC 6888 Crescent', 'nebula', 20, 12.1, 38.35],
  ['Deneb', 'star', 20, 41.43, 45.28],
  ['NGC 6960 Veil', 'nebula', 20, 45.7, 30.71],
  ['NGC 7000 North America', 'nebula', 20, 58.8, 44.33],
  ['M 15', 'cluster', 21, 30.0, 12.17],
  ['Fomalhaut', 'star', 22, 57.65, -29.622],
  ['NGC 7293 Helix', 'nebula', 22, 29.6, -20.84],
  ['NGC 7635 Bubble', 'nebula', 23, 20.8, 61.21],
  ['47 Tucanae', 'cluster', 0, 24.1, -72.08],
];

export const targets: readonly Target[] = rows.map(([name, kind, hours, minutes, dec]) => ({
  name,
  kind,
  ra: (hours + minutes / 60) * 15,
  dec,
}));
