import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { TrustSource } from '../../device/observatory.ts';
import type { ThisBoot } from './this-boot.ts';

/** The clock was set. @see ClockSetting.look */
export interface Step {
  byMs: number;
  /** Who asked us for it; undefined: somebody else has done it. */
  source: TrustSource | undefined;
}

/** Less is drift, or the reading of two clocks one after the other. */
const STEP_MS = 2000;
/** Root's side has had that long to set the clock. */
const PATIENCE_MS = 15_000;

/** The setting of the system's clock: ours, by asking root's side for it, and anybody else's. */
export class ClockSetting {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #boot: ThisBoot | undefined;
  /** UTC minus monotonic, milliseconds: constant but when the clock is set. */
  #base: number;
  #asked: { byMs: number; source: TrustSource; until: number } | undefined;

  /** @param boot absent: a clock that is not ours to set */
  constructor(clock: Clock, log: Log, boot: ThisBoot | undefined) {
    this.#clock = clock;
    this.#log = log;
    this.#boot = boot;
    this.#base = clock.now() - clock.monotonic();
  }

  /** One request at a time. @returns whether it is asked for */
  ask(byMs: number, source: TrustSource): boolean {
    if (!this.#boot) return false;
    if (this.#asked) return this.#asked.source === source;
    try {
      this.#boot.askToSet(this.#clock.now() + byMs, source);
    } catch (error) {
      this.#log.error({ error: asError(error).message }, 'the clock cannot be set');
      return false;
    }
    this.#asked = { byMs, source, until: this.#clock.monotonic() + PATIENCE_MS };
    return true;
  }

  /** Undefined: nobody has set it since the last look. */
  look(): Step | undefined {
    const asked = this.#asked;
    if (asked && this.#clock.monotonic() > asked.until) {
      this.#asked = undefined;
      this.#log.warn({ source: asked.source }, 'the clock was not set: nightjar-clock.service says why');
    }
    const base = this.#clock.now() - this.#clock.monotonic();
    const byMs = base - this.#base;
    if (Math.abs(byMs) < STEP_MS) return undefined;
    this.#base = base;
    const ours = asked !== undefined && Math.abs(byMs - asked.byMs) < STEP_MS;
    if (ours) this.#asked = undefined;
    const source = ours ? asked.source : undefined;
    this.#log.info({ seconds: Math.round(byMs / 1000), source: source ?? 'unknown' }, 'the clock was set');
    return { byMs, source };
  }
}
