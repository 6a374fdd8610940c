import type { DewChannel } from '../device/dew.ts';
import type { Air } from './dew.ts';

export interface DewSample extends Partial<Air> {
  /** Milliseconds since 1970. */
  utc: number;
  /** By channel id; a glass without a probe has only its duty. */
  channels: Readonly<Record<string, { glassCelsius?: number; duty: number }>>;
}

const EVERY_MS = 120_000;
const KEPT_MS = 12 * 3_600_000;

/** The last twelve hours, every two minutes. */
export class DewHistory {
  #samples: DewSample[] = [];

  get samples(): readonly DewSample[] {
    return this.#samples;
  }

  /** Keeps it if the last one is old enough, or later. */
  add(utc: number, air: Air | undefined, channels: readonly DewChannel[]): void {
    const age = utc - (this.#samples.at(-1)?.utc ?? 0);
    if (age >= 0 && age < EVERY_MS) return;
    // A clock that is set takes what it called the past with it.
    this.#samples = this.#samples.filter((each) => each.utc <= utc && each.utc > utc - KEPT_MS);
    this.#samples.push({
      utc,
      ...(air && { ambientCelsius: air.ambientCelsius, dewPointCelsius: air.dewPointCelsius }),
      channels: Object.fromEntries(
        channels.map(({ id, glassCelsius, duty }) => [
          id,
          { ...(glassCelsius.value !== undefined && { glassCelsius: glassCelsius.value }), duty: duty.value },
        ]),
      ),
    });
  }
}
