import { writeFileSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { asError } from '../../src/core/errors.ts';

export interface Row {
  readonly check: string;
  readonly passed: boolean;
  /** What was measured, or why it failed. */
  readonly result: string;
  readonly seconds: number;
}

/** The table of what was shown. One failure ends no other check, unless that one is needed to go on. */
export class Checks {
  readonly rows: Row[] = [];

  /** @param body resolves with what it measured. @returns whether it passed */
  async check(name: string, body: () => Promise<string>): Promise<boolean> {
    const started = systemClock.monotonic();
    const row = await body().then(
      (result) => ({ passed: true, result }),
      (error) => ({ passed: false, result: asError(error).message }),
    );
    const seconds = Math.round((systemClock.monotonic() - started) / 100) / 10;
    this.rows.push({ check: name, ...row, seconds });
    console.log(
      `${row.passed ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(6)} s  ${name}: ${row.result}`,
    );
    return row.passed;
  }

  /** @throws Error when it fails: nothing that follows could be tried */
  async need(name: string, body: () => Promise<string>): Promise<void> {
    if (!(await this.check(name, body))) throw new Error(`${name}: nothing more can be tried`);
  }

  get failed(): readonly Row[] {
    return this.rows.filter(({ passed }) => !passed);
  }

  write(file: string, facts: object): void {
    writeFileSync(file, `${JSON.stringify({ ...facts, checks: this.rows }, null, 2)}\n`);
  }
}

/** @throws Error with the words given unless it holds */
export function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
