/** One thing that is shown. A returned text means it was skipped, and why; a throw means it failed. */
export interface Case {
  name: string;
  run(): Promise<string | undefined>;
}

/** `quick`: fixed seeds, at most 60 s and 5 kills, for every CI run; `full`: the counts that the claims speak of. */
export type Form = 'quick' | 'full';

export interface Suite {
  name: string;
  /** It needs its own stage: run only where it is named. */
  alone?: true;
  cases(form: Form): Case[] | Promise<Case[]>;
}
