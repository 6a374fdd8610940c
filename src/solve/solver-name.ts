/** Ours, and other programs where they are installed. */
export const solverNames = ['builtin', 'astrometry', 'astap'] as const;
export type SolverName = (typeof solverNames)[number];
