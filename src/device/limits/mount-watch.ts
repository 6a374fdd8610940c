import { cell, type OwnedCell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import type { Actor } from '../../core/lane.ts';
import type { Log } from '../../core/log.ts';
import { separation } from '../../sky/angle.ts';
import type { Direction } from '../../sky/direction.ts';
import type { Device } from '../device.ts';
import { SUN_CONE_DEGREES, sunSeparation } from '../limits.ts';
import type { Mount, MountMotion, PierSide } from '../mount.ts';
import type { Observatory } from '../observatory.ts';
import type { LimitBook } from './book.ts';
import { beyond, judge, type Pointing } from './judge.ts';

/** Nobody outranks it: not the phone, not the night. */
export const safety: Actor = { name: 'limits', rank: 'safety' };

export interface LimitState {
  /** `unwatched`: it does not move, or time and site are not trusted. */
  readonly state: 'unwatched' | 'within' | 'near' | 'stopped';
  /** The limit that is near, or that stopped it. */
  readonly reason?: string;
  /** Whole minutes of tracking up to it. */
  readonly minutesLeft?: number;
  /** A limit that cannot be watched while it tracks, and why. */
  readonly blind?: string;
}

export interface WatchParts {
  readonly clock: Clock;
  readonly observatory: Observatory;
  readonly book: LimitBook;
  readonly log: Log;
}

const LOOK_MS = 1000;
/** Looks beyond a limit before tracking is stopped: a mount that was just unparked is about to be sent elsewhere. */
const PATIENT_LOOKS = 3;
const NEAR_MINUTES = 10;
/** Foresight is worth sixty looks, and is as good for a while. */
const FORESIGHT_MS = 20_000;
/** A mount that has moved so far is judged anew at once. */
const MOVED_DEGREES = 0.5;
/** Towards the Sun, and not the last digits of a position. */
const TOWARDS_DEGREES = 0.01;

/** One in `fault` may track on: a slew that failed is told so by some drivers, whose tracking goes on. */
const watchedMotions: ReadonlySet<MountMotion> = new Set(['tracking', 'moving', 'fault']);
const BLIND = 'the mount does not say on which side of the pier it is: the meridian is not watched';

/** Follows one mount for as long as it is connected. */
export class MountWatch {
  readonly #device: Device;
  readonly #mount: Mount;
  readonly #clock: Clock;
  readonly #parts: WatchParts;
  readonly #state: OwnedCell<LimitState>;
  /** Looks in a row at which it tracked beyond a limit. */
  #beyond = 0;
  #fromSun = Number.POSITIVE_INFINITY;
  #foreseen: { utc: number; place: Direction; side: PierSide | undefined } = {
    utc: 0,
    place: { ra: 0, dec: 0 },
    side: undefined,
  };
  #acting = false;
  /** Nothing more helps one that stays in `fault`, although it was stopped. */
  #stoppedInFault = false;
  #timer: (() => void) | undefined;

  constructor(device: Device, mount: Mount, parts: WatchParts, tell: (state: LimitState) => void) {
    this.#device = device;
    this.#mount = mount;
    this.#clock = parts.clock;
    this.#parts = parts;
    this.#state = cell<LimitState>(
      { state: 'unwatched' },
      (a, b) =>
        a.state === b.state &&
        a.reason === b.reason &&
        a.minutesLeft === b.minutesLeft &&
        a.blind === b.blind,
    );
    this.#state.watch(tell);
    tell(this.#state.value);
  }

  start(): () => void {
    const { motion, position } = this.#mount;
    // A paddle at full speed crosses degrees in a second: there each new position is looked at as it comes.
    const ends = [motion.watch(() => this.#begin()), position.watch(() => this.#lookAtSun())];
    this.#begin();
    return () => {
      this.#timer?.();
      for (const end of ends) end();
    };
  }

  /** Looks, and again every second for as long as the mount moves by itself. */
  #begin(): void {
    if (this.#timer) return;
    try {
      this.#look();
    } catch (error) {
      // Thrown from a timer, it would end the process; and the next look must come.
      this.#parts.log.error({ err: error, device: this.#device.id }, 'the limits could not be looked at');
    }
    if (!watchedMotions.has(this.#mount.motion.value)) return;
    this.#timer = this.#clock.after(LOOK_MS, () => {
      this.#timer = undefined;
      this.#begin();
    });
  }

  #pointing(): Pointing | undefined {
    const { site, timeSource } = this.#parts.observatory;
    if (!site.value || !timeSource.value) return undefined;
    const { position, pierSide } = this.#mount;
    return { at: position.value, pierSide: pierSide.value, utc: this.#clock.now(), site: site.value };
  }

  #look(): void {
    const pointing = this.#pointing();
    const { value: motion } = this.#mount.motion;
    const limit = pointing && beyond(pointing, this.#parts.book.of(this.#device.id));
    if (motion !== 'fault') this.#stoppedInFault = false;
    if (!pointing || !watchedMotions.has(motion)) {
      this.#beyond = 0;
      // Where it was stopped it stays an alert until somebody has led it out.
      const out = limit ?? (pointing && this.#nearSun(pointing));
      if (!(out && this.#state.value.state === 'stopped')) this.#state.set({ state: 'unwatched' });
    } else if (this.#lookAtSun()) {
      this.#beyond = 0;
    } else if (motion === 'moving') {
      // A paddle, or a pulse of the guider: the one may pass, the other must not start the patience anew.
    } else if (limit) {
      if (++this.#beyond >= PATIENT_LOOKS) this.#stop(limit);
    } else {
      this.#beyond = 0;
      this.#stoppedInFault = false;
      this.#foresee(pointing);
    }
  }

  #foresee(pointing: Pointing): void {
    const { utc, place, side } = this.#foreseen;
    const same = side === pointing.pierSide && separation(place, pointing.at) < MOVED_DEGREES;
    const fresh = Math.abs(pointing.utc - utc) < FORESIGHT_MS;
    if (same && fresh && this.#state.value.state !== 'stopped') return;
    this.#foreseen = { utc: pointing.utc, place: pointing.at, side: pointing.pierSide };
    const verdict = judge(pointing, this.#parts.book.of(this.#device.id));
    if (!verdict.ok) return;
    const { minutesLeft, ahead } = verdict;
    const blind = pointing.pierSide === 'unknown' && this.#parts.book.of(this.#device.id).meridian === 'pier';
    const near = minutesLeft !== undefined && minutesLeft < NEAR_MINUTES;
    this.#state.set({
      state: near ? 'near' : 'within',
      ...(near && ahead !== undefined && { reason: ahead }),
      ...(minutesLeft !== undefined && { minutesLeft }),
      ...(blind && { blind: BLIND }),
    });
  }

  /** @returns whether it was halted */
  #lookAtSun(): boolean {
    const pointing = this.#pointing();
    const { value: motion } = this.#mount.motion;
    const before = this.#fromSun;
    this.#fromSun = pointing ? sunSeparation(pointing.at, pointing.utc) : Number.POSITIVE_INFINITY;
    const near = pointing && watchedMotions.has(motion) && this.#nearSun(pointing);
    // A paddle may always lead out of the cone: only what comes nearer is halted.
    if (!near || (motion === 'moving' && this.#fromSun >= before - TOWARDS_DEGREES)) return false;
    this.#stop(near);
    return true;
  }

  #nearSun({ at, utc }: Pointing): string | undefined {
    if (this.#parts.book.solarMode.value) return undefined;
    const apart = sunSeparation(at, utc);
    return apart < SUN_CONE_DEGREES ? `${apart.toFixed(1)}° from the Sun` : undefined;
  }

  async #stop(reason: string): Promise<void> {
    if (this.#acting || this.#stoppedInFault) return;
    this.#acting = true;
    const { log } = this.#parts;
    const device = this.#device;
    this.#state.set({ state: 'stopped', reason });
    log.error({ device: device.id }, `limits: it is stopped: ${reason}`);
    const { atLimit } = this.#parts.book.of(device.id);
    try {
      const halt = () => device.operate(safety, 'mount', 'halt', {}).outcome;
      // A fault may be a slew that runs on.
      if (this.#mount.motion.value !== 'tracking') await this.#try(halt);
      const stopped = await this.#try(() => device.operate(safety, 'mount', 'track', { on: false }).outcome);
      if (!stopped) await this.#try(halt);
      const parks = !stopped || atLimit === 'park';
      const parked = parks && (await this.#try(() => device.operate(safety, 'mount', 'park', {}).outcome));
      this.#stoppedInFault = (stopped || parked) && this.#mount.motion.value === 'fault';
    } finally {
      this.#beyond = 0;
      this.#acting = false;
    }
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#parts.log.error({ device: this.#device.id }, `limits: ${asError(error).message}`);
      return false;
    }
  }
}
