/** Exposures people use, in seconds: each about twice the one before. */
export const exposures = [
  0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900,
  1200,
];

/** The next rung above or below a value, within the range. */
export function stepOn(
  rungs: readonly number[],
  value: number,
  way: 1 | -1,
  min: number,
  max: number,
): number {
  const inside = rungs.filter((rung) => rung >= min && rung <= max);
  const next = way > 0 ? inside.find((rung) => rung > value) : inside.findLast((rung) => rung < value);
  return next ?? Math.min(max, Math.max(min, value));
}

/** A step for a range that is pressed through in about forty presses, in round numbers. */
export function roundStep(min: number, max: number): number {
  const wanted = Math.max(1, (max - min) / 40);
  const decade = 10 ** Math.floor(Math.log10(wanted));
  return Math.max(1, [1, 2, 5, 10].map((digit) => digit * decade).find((step) => step >= wanted) ?? 1);
}
