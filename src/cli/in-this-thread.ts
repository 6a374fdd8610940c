import type { Thread } from '../core/thread.ts';

type Jobs<J> = Record<keyof J, (input: never, check: () => void) => unknown>;

/** Jobs without a thread of their own: a command that does one thing waits for it anyway. */
export const inThisThread = <J extends Jobs<J>>(jobs: J): Thread<J> => ({
  call: async (job, input) => jobs[job](input as never, () => {}) as never,
  close: async () => {},
});
