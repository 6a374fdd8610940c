export interface Finding {
  what: string;
  /** `note`: it works, and should be looked at; `wrong`: somebody has to do something. */
  state: 'ok' | 'note' | 'missing' | 'wrong';
  /** In plain words, with what to do. */
  words: string;
}

/** The worst of several things that are said of one. */
export const worst = (states: readonly Finding['state'][]): Finding['state'] =>
  (['wrong', 'missing', 'note'] as const).find((state) => states.includes(state)) ?? 'ok';
