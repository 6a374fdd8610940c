import { isDeepStrictEqual } from 'node:util';
import { type Cell, cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Run } from '../../core/run.ts';
import type { Command } from '../command.ts';
import { strongest, type WifiSecurity } from './air.ts';
import { decide } from './decide.ts';
import { Nmcli } from './nmcli.ts';
import type { NetworkState } from './state.ts';
import { Survey } from './survey.ts';
import { failureWords, JOIN_SECONDS, securityFor, type Wish } from './wish.ts';

/** Between two looks at what is, while nothing has said that it changed. */
const TICK_MS = 5000;
/** NetworkManager tells of changes; should it not, they are seen after this, and the hotspot is still in time. */
const READ_EVERY_MS = 30_000;
/** So that the phone hears what will happen before it loses the hotspot. */
const LEAVE_MS = 3000;
const RAISE_SECONDS = 20;

/**
 * The unit's radio, which is either on somebody else's WiFi or makes one of its own. All that touches it happens in
 * turn: a tick of the supervisor never meets an order of the owner half done.
 */
export class Wireless {
  readonly #nmcli: Nmcli;
  readonly #survey: Survey;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #state = cell<NetworkState>(
    { hotspot: 'down', radios: 0, known: [], seen: [], looking: false },
    isDeepStrictEqual,
  );
  #readMs = Number.NEGATIVE_INFINITY;
  #aloneSinceMs: number;
  #quietSinceMs: number;
  #misses = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #wake: () => void = () => {};

  constructor({ command, clock, log }: { command: Command; clock: Clock; log: Log }) {
    this.#nmcli = new Nmcli(command);
    this.#survey = new Survey(this.#nmcli, command);
    this.#clock = clock;
    this.#log = log;
    this.#aloneSinceMs = clock.monotonic();
    this.#quietSinceMs = this.#aloneSinceMs;
  }

  get state(): Cell<NetworkState> {
    return this.#state;
  }

  /** Keeps the unit within reach until it is stopped. */
  supervise(): Run<never> {
    return Run.start<never>(this.#clock, 'network', async (run) => {
      for (;;) {
        const woken = new Promise<void>((wake) => {
          this.#wake = wake;
        });
        await this.#inTurn(() => this.#tick());
        await Promise.race([run.sleep(TICK_MS), woken]);
        run.signal.throwIfAborted();
      }
    });
  }

  /** NetworkManager has something to tell. */
  changed(): void {
    this.#readMs = Number.NEGATIVE_INFINITY;
    this.#wake();
  }

  /** Looks what is in the air. With one radio the hotspot goes for that long, and phones come back to it. @throws Fault `busy` */
  look(): Promise<void> {
    this.#refuseSecond();
    this.#set({ looking: true });
    return this.#inTurn(async () => {
      const lower = this.#state.value.hotspot === 'up' && this.#state.value.radios === 1;
      try {
        if (lower) {
          await this.#clock.sleep(LEAVE_MS);
          await this.#lower();
        }
        await this.#scan();
      } finally {
        this.#set({ looking: false });
        if (lower) await this.#raise();
      }
    });
  }

  /**
   * Tries to join a WiFi, after a moment in which the phone can be told so. Where that fails the hotspot is back, and
   * the attempt says why. @throws BadInput, Fault `unsupported` at once for what cannot work, `busy`
   */
  join(wish: Wish): Promise<void> {
    this.#refuseSecond();
    const security = securityFor(wish, this.#state.value);
    this.#set({ attempt: { ssid: wish.ssid, state: 'leaving' } });
    return this.#inTurn(() => this.#join(wish, security));
  }

  /** @throws BadInput for a network that the unit does not know */
  async forget(uuid: string): Promise<void> {
    await this.#inTurn(async () => {
      const { name } = this.#survey.home(uuid);
      await this.#nmcli.remove(uuid);
      this.#log.info({ network: name }, 'a network is forgotten');
      await this.#read();
    });
    this.#wake();
  }

  /** Lets INDI and PHD2 be reached from this network, or no more. @throws BadInput as `forget` */
  trust(uuid: string, trusted: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const { name } = this.#survey.home(uuid);
      await this.#nmcli.setTrusted(uuid, trusted, this.#survey.on(uuid)?.name);
      this.#log.info({ network: name, trusted }, 'trust changed');
      await this.#read();
    });
  }

  /** The owner wants the hotspot now, home WiFi or not. */
  raise(): Promise<void> {
    return this.#inTurn(() => this.#raise());
  }

  /** A second tap would take the hotspot from the phone once more, just when it is back. */
  #refuseSecond(): void {
    const { attempt, looking } = this.#state.value;
    if (looking) throw new Fault('busy', 'the unit is looking around: wait some seconds');
    if (attempt?.state === 'leaving' || attempt?.state === 'trying')
      throw new Fault('busy', `the unit is joining ${attempt.ssid}: wait until it says what came of it`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Nothing that goes wrong in it may end the watch. */
  async #tick(): Promise<void> {
    try {
      if (!this.#settled || this.#clock.monotonic() - this.#readMs >= READ_EVERY_MS) await this.#read();
      await this.#countPhones();
      await this.#act();
      this.#set({ trouble: undefined });
    } catch (error) {
      const trouble = asError(error).message;
      if (trouble !== this.#state.value.trouble) this.#log.warn(`network: ${trouble}`);
      this.#set({ trouble });
    }
  }

  /** By what was read last: nothing is to be done soon. */
  get #settled(): boolean {
    const { hotspot, radios } = this.#state.value;
    return hotspot === 'up' || radios === 0 || this.#survey.joined !== undefined;
  }

  async #act(): Promise<void> {
    const { hotspot, radios, phones } = this.#state.value;
    const act = decide({
      ...{ nowMs: this.#clock.monotonic(), radios, hotspot, phones, misses: this.#misses },
      ...{ aloneSinceMs: this.#aloneSinceMs, quietSinceMs: this.#quietSinceMs },
      home: this.#survey.joined ? 'joined' : this.#survey.joining ? 'joining' : 'away',
      known: this.#survey.wifis.filter(({ autoconnect }) => autoconnect).length,
    });
    if (act === 'raise') await this.#raise();
    if (act === 'look') await this.#lookForKnown();
  }

  async #read(): Promise<void> {
    this.#readMs = this.#clock.monotonic();
    const before = this.#settled;
    await this.#survey.read();
    const now = this.#clock.monotonic();
    const { hotspotState, joined, known, radios } = this.#survey;
    if (before || hotspotState === 'up' || joined) this.#aloneSinceMs = now;
    if (hotspotState === 'up' && this.#state.value.hotspot !== 'up') this.#quietSinceMs = now;
    if (joined) this.#misses = 0;
    // Nobody switches the radio of a unit off: its image came so.
    if (radios.length === 0) await this.#nmcli.enableWifi();
    const country = await this.#survey.country();
    const { attempt } = this.#state.value;
    const isOver = attempt?.state === 'failed' && joined?.ssid === attempt.ssid;
    this.#set({ hotspot: hotspotState, radios: radios.length, known, country });
    if (isOver) this.#set({ attempt: undefined });
  }

  async #countPhones(): Promise<void> {
    const phones = await this.#survey.phones();
    if (phones !== 0) this.#quietSinceMs = this.#clock.monotonic();
    if (phones) this.#misses = 0;
    this.#set({ phones });
  }

  async #raise(): Promise<void> {
    if (this.#state.value.hotspot === 'up') return;
    await this.#rememberAir();
    this.#set({ hotspot: 'starting' });
    try {
      const { failure, words } = await this.#nmcli.up(this.#survey.hotspot.uuid, RAISE_SECONDS);
      if (failure) throw new Fault('gone', `the hotspot does not come up: ${words}`);
      this.#log.info('the hotspot is up');
    } finally {
      await this.#read();
    }
  }

  async #lower(): Promise<void> {
    await this.#nmcli.down(this.#survey.hotspot.uuid);
    this.#set({ hotspot: 'down', phones: undefined });
  }

  /** The last chance to look before the radio is an access point; the hotspot comes without it, too. */
  async #rememberAir(): Promise<void> {
    try {
      await this.#scan(this.#state.value.seenUtc === undefined);
    } catch (error) {
      this.#log.warn(`what is in the air is not known: ${asError(error).message}`);
    }
  }

  async #scan(rescan = true): Promise<void> {
    const seen = strongest(await this.#survey.seen(rescan));
    if (rescan || seen.length > 0) this.#set({ seen, seenUtc: this.#clock.now() });
  }

  /** Asked for by nobody: joins the strongest known WiFi that is there, and is the hotspot again where none is. */
  async #lookForKnown(): Promise<void> {
    await this.#lower();
    try {
      await this.#scan();
      const known = this.#survey.wifis.filter(({ autoconnect }) => autoconnect);
      const best = this.#state.value.seen.flatMap(({ ssid }) =>
        known.filter((wifi) => wifi.ssid === ssid),
      )[0];
      if (best) await this.#nmcli.up(best.uuid, JOIN_SECONDS);
    } finally {
      await this.#read();
      if (!this.#survey.joined) {
        this.#misses++;
        await this.#raise();
      }
    }
  }

  async #join(wish: Wish, security: WifiSecurity): Promise<void> {
    const { ssid } = wish;
    await this.#clock.sleep(LEAVE_MS);
    this.#set({ attempt: { ssid, state: 'trying' } });
    try {
      const words = await this.#tryToJoin(wish, security);
      this.#log.info({ network: ssid, ...(words && { words }) }, words ? 'not joined' : 'joined');
      this.#set({ attempt: words ? { ssid, state: 'failed', words } : { ssid, state: 'joined' } });
    } catch (error) {
      const words = asError(error).message;
      this.#log.warn({ network: ssid, words }, 'not joined');
      this.#set({ attempt: { ssid, state: 'failed', words } });
    } finally {
      await this.#read();
      if (!this.#survey.joined) await this.#raise();
    }
  }

  /** A profile that does not get in is not kept, and an older one of that name stays. @returns why not, for people */
  async #tryToJoin(wish: Wish, security: WifiSecurity): Promise<string | undefined> {
    const before = this.#survey.wifis.filter(({ ssid }) => ssid === wish.ssid);
    const kept = wish.password === undefined ? before[0]?.uuid : undefined;
    const uuid = kept ?? (await this.#nmcli.addWifi({ ...wish, security }));
    let isIn = false;
    try {
      const { failure } = await this.#nmcli.up(uuid, JOIN_SECONDS, this.#survey.spareRadio);
      if (failure) return failureWords[failure](wish.ssid);
      isIn = true;
    } finally {
      if (!isIn && !kept) await this.#nmcli.remove(uuid);
    }
    await this.#nmcli.setAutoconnect(uuid, true);
    for (const old of before) if (old.uuid !== uuid) await this.#nmcli.remove(old.uuid);
    return undefined;
  }

  /** Undefined takes a member away. */
  #set(change: { [K in keyof NetworkState]?: NetworkState[K] | undefined }): void {
    const next = Object.entries({ ...this.#state.value, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    this.#state.set(Object.fromEntries(next) as unknown as NetworkState);
  }
}
