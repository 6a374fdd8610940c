import type { Device } from '../device/device.ts';
import type { BookedRun } from '../device/run-book.ts';
import { viewExposure } from './exposure-view.ts';
import type { Parts } from './parts.ts';
import { cellsIn } from './plain.ts';
import { ProgramNews } from './program-view.ts';
import { viewStack } from './stack-view.ts';
import { type LiveEvents, shotOf, told, viewDevice, viewRig, viewRun } from './views.ts';

/** Changes within this time are told at once: a poll sets many cells. */
const GATHER_MS = 100;

export interface Listener {
  tell<E extends keyof LiveEvents>(event: E, data: LiveEvents[E]): void;
  /** For now that was all. */
  told(): void;
}

/** Watches everything that a page shows, and says what has become of what has changed. */
export class Changes {
  readonly #parts: Parts;
  readonly #listener: Listener;
  #gathering = false;
  readonly #watched = new Map<Device, () => void>();
  readonly #changedDevices = new Set<Device>();
  readonly #changedRuns = new Set<BookedRun>();
  #changedRig = false;
  #changedStack = false;
  readonly #removed = new Set<string>();
  readonly #programNews = new ProgramNews();

  constructor(parts: Parts, listener: Listener) {
    this.#parts = parts;
    this.#listener = listener;
    const { host, rig, programs, limits, watch, examiner, stacker } = parts;
    host.devices.watch(() => this.#follow());
    this.#follow();
    host.runs.watch((run) => this.#runChanged(run));
    const rigChanged = () => this.#rigChanged();
    const { site, siteSource, timeSource, disagreements } = host.observatory;
    for (const source of [host.roles, rig.facts, site, siteSource, timeSource, disagreements])
      source.watch(rigChanged);
    parts.timekeeper?.keeping?.watch(rigChanged);
    parts.warnings?.watch(rigChanged);
    limits?.solarMode.watch(rigChanged);
    watch?.states.watch(() => this.mountsChanged());
    programs?.list.watch(() => this.#gather());
    examiner?.watch((id) => void this.#tellExposure(id));
    stacker?.state.watch(() => {
      this.#changedStack = true;
      this.#gather();
    });
  }

  /** Devices come with their programs, and go with them. */
  #follow(): void {
    const present = this.#parts.host.devices.value;
    for (const [device, leave] of this.#watched) {
      if (present.includes(device)) continue;
      leave();
      this.#watched.delete(device);
      this.#changedDevices.delete(device);
      this.#removed.add(device.id);
    }
    for (const device of present) {
      if (!this.#watched.has(device)) this.#watched.set(device, this.#watch(device));
    }
    this.#rigChanged();
  }

  /** @returns ends it */
  #watch(device: Device): () => void {
    const changed = () => this.#deviceChanged(device);
    let inside: (() => void)[] = [];
    const leave = () => {
      for (const end of inside) end();
    };
    const rewatch = () => {
      leave();
      inside = cellsIn(told(device.capabilities.value)).map((source) => source.watch(changed));
      // What it can do now may take or leave a role that nobody was given.
      this.#rigChanged();
    };
    const { capabilities, label, status, settings, runs } = device;
    const ends = [capabilities.watch(rewatch)];
    for (const source of [label, status, settings, runs]) ends.push(source.watch(changed));
    rewatch();
    return () => {
      leave();
      for (const end of ends) end();
    };
  }

  #rigChanged(): void {
    this.#changedRig = true;
    for (const device of this.#parts.host.devices.value) this.#deviceChanged(device);
  }

  /** A mount that tracks stands still on the sky, but not above the horizon. */
  mountsChanged(): void {
    for (const device of this.#parts.host.devices.value) {
      if (device.capabilities.value.mount) this.#deviceChanged(device);
    }
  }

  #deviceChanged(device: Device): void {
    this.#changedDevices.add(device);
    this.#gather();
  }

  #runChanged(run: BookedRun): void {
    this.#changedRuns.add(run);
    this.#gather();
    const shot = shotOf(run);
    if (shot) void this.#tellExposure(shot.facts.id);
  }

  /** A shot that was kept in memory only has no row, and is nobody's news. */
  async #tellExposure(id: string): Promise<void> {
    const { ledger, clock, log } = this.#parts;
    try {
      const row = await clock.external(ledger.get(id));
      if (!row) return;
      this.#listener.tell('exposure', viewExposure(row));
      this.#listener.told();
    } catch (error) {
      log.warn({ err: error, exposure: id }, 'the exposure could not be told');
    }
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#parts.clock.after(GATHER_MS, () => {
      this.#gathering = false;
      try {
        this.#tellGathered();
      } catch (error) {
        // Thrown from a timer, it would end the process.
        this.#parts.log.error({ err: error }, 'changes could not be told');
      }
      this.#changedRig = false;
      this.#changedStack = false;
      this.#removed.clear();
      this.#changedDevices.clear();
      this.#changedRuns.clear();
      this.#listener.told();
    });
  }

  #tellGathered(): void {
    const { host, programs, stacker } = this.#parts;
    const listener = this.#listener;
    for (const device of this.#removed) listener.tell('removed', { device });
    if (this.#changedRig) listener.tell('rig', viewRig(this.#parts));
    if (this.#changedStack && stacker) listener.tell('stack', viewStack(stacker.state.value));
    for (const device of this.#changedDevices) listener.tell('device', viewDevice(this.#parts, device));
    const { changed, gone } = this.#programNews.look(programs?.list.value ?? []);
    for (const program of changed) listener.tell('program', program);
    for (const program of gone) listener.tell('removed', { program });
    const booked = new Map(host.runs.list().map((entry) => [entry.run, entry]));
    for (const run of this.#changedRuns) {
      const entry = booked.get(run);
      if (entry) listener.tell('run', viewRun(run, entry.device, entry.endedUtc));
    }
  }
}
