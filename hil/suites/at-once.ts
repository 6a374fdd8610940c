import type { Case } from './suite.ts';

/** The same cases, so many of which are under way at a time once the first is asked for. */
export function atOnce(cases: readonly Case[], count: number): Case[] {
  const waiting: (() => void)[] = [];
  let free = count;
  const inTurn = async ({ run }: Case) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
  let outcomes: readonly Promise<string | undefined>[] | undefined;
  const begin = () =>
    cases.map((one) => {
      const outcome = inTurn(one);
      outcome.catch(() => {});
      return outcome;
    });
  return cases.map(({ name }, index) => ({
    name,
    run() {
      outcomes ??= begin();
      return outcomes[index] as Promise<string | undefined>;
    },
  }));
}
