import { chance } from './random.ts';

/** The error of a worm gear over one turn: a fundamental with two harmonics, as measured mounts show. */
const harmonics = [1, 0.35, 0.12] as const;

/** Turns of the worm → error, periodic, one unit from peak to peak. The seed chooses the phases. */
export function gearWave(seed: number): (turns: number) => number {
  const next = chance(seed);
  const phases = harmonics.map(() => next());
  const raw = (turns: number) =>
    harmonics.reduce(
      (sum, size, i) => sum + size * Math.sin(2 * Math.PI * ((i + 1) * turns + phases[i]!)),
      0,
    );
  const samples = Array.from({ length: 720 }, (_, i) => raw(i / 720));
  const span = Math.max(...samples) - Math.min(...samples);
  return (turns) => raw(turns) / span;
}
