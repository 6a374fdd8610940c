/**
 * Why something at the edge failed. The set is closed: policy is one table below, and every face
 * (INDI, HTTP, log) words it once.
 *
 * - `silent`: the device did not answer in time; `gone`: the link closed; `garbled`: the answer makes no sense;
 * - `refused`: understood and declined (below horizon, parked, out of range); `unsupported`: it cannot do that;
 * - `busy`: somebody of equal or higher rank holds the actuator.
 */
export type FaultKind = 'silent' | 'gone' | 'garbled' | 'refused' | 'unsupported' | 'busy';

export class Fault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
    this.kind = kind;
  }
}

/** What an interpreter does about a fault: the one policy table (HOUSE, rule 2). */
export const recovery: Record<FaultKind, 'retry' | 'reconnect' | 'fail'> = {
  silent: 'retry',
  garbled: 'retry',
  gone: 'reconnect',
  refused: 'fail',
  unsupported: 'fail',
  busy: 'fail',
};

/** Bad input from a person: a file, an option, a plan. The message names it and says what to do. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
