import { type Cell, cell } from '../../core/cell.ts';
import { type Clock, utcOf } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import {
  atLeast,
  DISAGREEMENT_SECONDS,
  degreesApart,
  type Observatory,
  type Site,
  type TrustSource,
} from '../../device/observatory.ts';
import { type Discipline, disciplineIn } from './chrony.ts';
import type { GpsReport } from './gpsd.ts';
import type { Rtc } from './rtc.ts';
import { ClockSetting } from './setting.ts';
import type { ThisBoot } from './this-boot.ts';

/** How exactly the clock is kept, where a daemon does it. */
export interface Keeping {
  /** The daemon's name of its reference. */
  readonly by?: string;
  /** By the pulse of a GPS. */
  readonly pps: boolean;
  /** From the reference, either way; absent: nobody measures it. */
  readonly offsetSeconds?: number;
}

export interface ArbiterParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly observatory: Observatory;
  /** Of a unit of ours, whose clock we may set; absent: a computer that is somebody's, and whose clock is their affair. */
  readonly unit?: { readonly boot: ThisBoot; readonly rtc: Rtc };
  /** @returns what a program printed; undefined: it is not there, or failed */
  ask(program: string, ...args: string[]): Promise<string | undefined>;
}

const WATCH_MS = 1000;
/** How often the daemon is asked: while nobody vouches for the clock, and later. */
const EAGER_MS = 5000;
const CALM_MS = 60_000;
/** A difference that is not worth a step of the clock: half a minute of arc. */
const NEAR_SECONDS = 2;
/** Two reports of a GPS that mean the same time. */
const SAME_MS = 1500;
/** A tenth of what makes people wonder: a receiver's wander does not move the site. */
const MOVED_DEGREES = 0.01;
/** The first fix of a receiver may have no height, and the later ones wander by tens of metres. */
const MOVED_METRES = 100;
/** A receiver that has miscounted its weeks is 19.6 years behind. */
const EARLIEST_UTC = utcOf(2026, 1, 1);
const STAMP_MS = 3_600_000;

/**
 * Who vouches for the clock of this machine: GPS, network, a battery-backed clock, a person's phone, in that order. What
 * disciplines the clock (chronyd) is asked first; where nothing does, a unit's clock is set once by the best that has
 * spoken. A clock that nobody vouches for is not trusted, however plausible: a file that keeps the time of the last
 * switching off is no clock.
 */
export class TimeArbiter {
  readonly keeping: Cell<Keeping>;
  readonly #keeping = cell<Keeping>({ pps: false }, same);
  readonly #parts: ArbiterParts;
  readonly #setting: ClockSetting;
  #lastGps: { utc: number; heardAt: number } | undefined;
  #discipline: Discipline | undefined;
  #nextLook = 0;
  #stampedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #over = false;
  #cancel = () => {};
  readonly #endWatch: () => void;
  /** An emulated rig has its own trusted time: what it says proves nothing about clocks of this machine. */
  readonly #pretended: boolean;

  /** The first look is done when the promise resolves. */
  static async start(parts: ArbiterParts): Promise<TimeArbiter> {
    const arbiter = new TimeArbiter(parts);
    await arbiter.#begin();
    return arbiter;
  }

  private constructor(parts: ArbiterParts) {
    this.#parts = parts;
    this.keeping = this.#keeping;
    this.#pretended = parts.observatory.timeSource.value !== undefined;
    this.#setting = new ClockSetting(parts.clock, parts.log, parts.unit?.boot);
    this.#endWatch = parts.observatory.timeSource.watch((source) => this.#remember(source));
  }

  async #begin(): Promise<void> {
    const { clock, unit, observatory } = this.#parts;
    const remembered = unit?.boot.remembered(clock.now());
    if (remembered) observatory.offerTime(remembered);
    await this.#look();
    if (observatory.timeSource.value === undefined) this.#askRtc();
    this.#schedule();
  }

  /** The time by the phone in the owner's hand. @returns whether it is believed */
  offer(differenceMs: number): boolean {
    const { observatory, unit } = this.#parts;
    const ahead = differenceMs / 1000;
    const now = observatory.timeSource.value;
    const trusted = now !== undefined && atLeast(now, 'person');
    if (trusted || !unit || Math.abs(ahead) <= NEAR_SECONDS) return observatory.offerTime('person', ahead);
    return this.#setting.ask(differenceMs, 'person');
  }

  hearGps({ site, utc, heardAt }: GpsReport): void {
    const { observatory, clock } = this.#parts;
    const here = observatory.site.value;
    const known = observatory.siteSource.value === 'gps' ? here : undefined;
    if (site && !(known && isNear(known, site))) observatory.offerSite(site, 'gps');
    if (utc === undefined) return;
    const before = this.#lastGps;
    this.#lastGps = { utc, heardAt };
    const steady = before && Math.abs(utc - before.utc - (heardAt - before.heardAt)) < SAME_MS;
    if (!steady) return;
    this.#hearTime(utc, utc + clock.monotonic() - heardAt - clock.now());
  }

  #hearTime(utc: number, aheadMs: number): void {
    const { observatory, unit } = this.#parts;
    const ahead = aheadMs / 1000;
    // What a receiver says without a pulse comes up to a second late: what it has set once is not set again for that.
    const kept = observatory.timeSource.value === 'gps' ? 2 * NEAR_SECONDS : NEAR_SECONDS;
    const near = Math.abs(ahead) <= (unit ? kept : DISAGREEMENT_SECONDS);
    observatory.noteTime('gps', ahead);
    if (this.#discipline || utc < EARLIEST_UTC) return;
    if (near) observatory.offerTime('gps', ahead);
    else if (unit) this.#setting.ask(aheadMs, 'gps');
    // A clock that a satellite contradicts is not trusted, whoever vouched for it.
    else observatory.clockSet(0, undefined);
  }

  close(): Promise<void> {
    this.#over = true;
    this.#cancel();
    this.#endWatch();
    return this.#looking ?? Promise.resolve();
  }

  #schedule(): void {
    if (this.#over) return;
    this.#cancel = this.#parts.clock.after(WATCH_MS, () => {
      this.#watchClock();
      if (this.#parts.clock.monotonic() >= this.#nextLook) void this.#look();
      this.#schedule();
    });
  }

  /** Has somebody set the clock? Deadlines do not mind: they run on the monotonic one. */
  #watchClock(): void {
    const { observatory } = this.#parts;
    const step = this.#setting.look();
    if (!step) return;
    observatory.clockSet(step.byMs / 1000, step.source);
    this.#remember(observatory.timeSource.value);
    // Was it the daemon? Then it vouches for it.
    this.#nextLook = 0;
  }

  /** One look at a time at what disciplines the clock. */
  #look(): Promise<void> {
    const { clock, observatory, log } = this.#parts;
    this.#looking ??= this.#lookOnce()
      .catch((error) => log.warn({ error: asError(error).message }, 'who keeps the clock cannot be seen'))
      .finally(() => {
        this.#looking = undefined;
        const wait = observatory.timeSource.value === undefined ? EAGER_MS : CALM_MS;
        this.#nextLook = clock.monotonic() + wait;
      });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { ask, observatory } = this.#parts;
    this.#nextLook = Number.POSITIVE_INFINITY;
    const [tracking, sources] = await Promise.all([
      ask('chronyc', '-n', '-c', 'tracking'),
      ask('chronyc', '-n', '-c', 'sources'),
    ]);
    this.#discipline = tracking === undefined ? undefined : disciplineIn(tracking, sources ?? '');
    if (this.#over) return;
    if (this.#discipline) this.#take(this.#discipline);
    else {
      this.#keeping.set({ pps: false });
      // Without chronyd another daemon may keep the clock, as laptops have it.
      const synchronised =
        tracking === undefined && (await ask('timedatectl', 'show', '--property=NTPSynchronized', '--value'));
      if (synchronised && synchronised.trim() === 'yes') observatory.offerTime('ntp');
    }
    this.#compareRtc();
  }

  #take({ source, name, pps, offsetSeconds, others }: Discipline): void {
    const { observatory } = this.#parts;
    const now = observatory.timeSource.value;
    // What disciplines the clock is who vouches for it, even after a better one has done so.
    if (now !== source) observatory.clockSet(0, source);
    observatory.offerTime(source, 0);
    for (const other of others) observatory.noteTime(other.source, other.aheadSeconds);
    this.#keeping.set({ by: name, pps, offsetSeconds });
  }

  #askRtc(): void {
    const { unit, observatory, clock } = this.#parts;
    const utc = unit?.rtc.read();
    if (utc === undefined || !unit?.rtc.trusted(utc)) return;
    // It tells whole seconds.
    const aheadMs = utc + 500 - clock.now();
    if (Math.abs(aheadMs) <= NEAR_SECONDS * 1000) observatory.offerTime('rtc', aheadMs / 1000);
    else this.#setting.ask(aheadMs, 'rtc');
  }

  /** Remembers that the battery-backed clock was right: the kernel writes it from a disciplined clock, root's side from ours. */
  #compareRtc(): void {
    const { unit, observatory, clock, log } = this.#parts;
    const source = observatory.timeSource.value;
    if (!unit || this.#pretended || !source || !atLeast(source, 'person')) return;
    const utc = unit.rtc.read();
    if (utc === undefined) return;
    const ahead = (utc + 500 - clock.now()) / 1000;
    if (source !== 'rtc') observatory.noteTime('rtc', ahead);
    if (source === 'rtc' || Math.abs(ahead) > NEAR_SECONDS) return;
    if (clock.monotonic() - this.#stampedAt < STAMP_MS) return;
    this.#stampedAt = clock.monotonic();
    this.#keep(() => unit.rtc.agreed(clock.now()), log);
  }

  #remember(source: TrustSource | undefined): void {
    const { unit, clock, log } = this.#parts;
    if (unit) this.#keep(() => unit.boot.remember(clock.now(), source), log);
  }

  #keep(write: () => void, log: Log): void {
    try {
      write();
    } catch (error) {
      log.warn({ error: asError(error).message }, 'what is known of the clock is not kept');
    }
  }
}

const isNear = (a: Site, b: Site): boolean =>
  degreesApart(a, b) < MOVED_DEGREES && Math.abs(a.elevationMetres - b.elevationMetres) < MOVED_METRES;

const same = (a: Keeping, b: Keeping): boolean =>
  a.by === b.by && a.pps === b.pps && a.offsetSeconds === b.offsetSeconds;
