import { Fault } from '../core/errors.ts';

interface Claim {
  by: string;
  /** The place now: it moves as its plug does. */
  where(): string | undefined;
}

export interface ClaimsParts {
  /** Of several names of one place the one to compare. */
  plain?(name: string): string;
  /** What is not there is nobody's: many drivers have /dev/ttyUSB0 in mind and never open it. Default: everything is. */
  exists?(name: string): boolean;
  /** Which program outside this process has it open, for people. */
  program?(path: string): Promise<string | undefined>;
}

/** Who in this process uses which place; the first to say so has it. */
export class Claims {
  readonly #claims: Claim[] = [];
  readonly #plain: (name: string) => string;
  readonly #exists: (name: string) => boolean;
  readonly #program: (path: string) => Promise<string | undefined>;

  constructor({
    plain = (name) => name,
    exists = () => true,
    program = async () => undefined,
  }: ClaimsParts = {}) {
    this.#plain = plain;
    this.#exists = exists;
    this.#program = program;
  }

  /** @returns how to take it back */
  add(by: string, where: () => string | undefined): () => void {
    const claim = { by, where };
    this.#claims.push(claim);
    return () => {
      const index = this.#claims.indexOf(claim);
      if (index >= 0) this.#claims.splice(index, 1);
    };
  }

  /** All that it has: it is gone for good. */
  drop(by: string): void {
    for (let index = this.#claims.length - 1; index >= 0; index--) {
      if (this.#claims[index]?.by === by) this.#claims.splice(index, 1);
    }
  }

  /** Who else was there first. */
  holder(by: string, place: string): string | undefined {
    const plain = this.#plain(place);
    if (!this.#exists(plain)) return undefined;
    const first = this.#claims.find(({ where }) => this.#at(where) === plain);
    return first && first.by !== by ? first.by : undefined;
  }

  /** @throws Fault `refused` with the name of who has it: no device answers to another's name */
  check(by: string, place: string): void {
    const holder = this.holder(by, place);
    if (holder === undefined) return;
    throw new Fault('refused', `${place} is ${holder}'s: give ${by} a port of its own`);
  }

  /** @throws Fault `refused` with the name of the program that has it open: bytes would go to either */
  async checkFree(place: string): Promise<void> {
    const program = await this.#program(this.#plain(place));
    if (program) throw new Fault('refused', `${place} is in use by ${program}: end that first`);
  }

  get list(): readonly { by: string; place: string }[] {
    return this.#claims.flatMap(({ by, where }) => {
      const place = this.#at(where);
      return place === undefined ? [] : [{ by, place }];
    });
  }

  #at(where: Claim['where']): string | undefined {
    const place = where();
    return place === undefined ? undefined : this.#plain(place);
  }
}
