import { randomUUID } from 'node:crypto';
import type { Device } from '../device/device.ts';
import type { BookedRun } from '../device/run-book.ts';
import type { ExposureRow } from '../storage/rows.ts';
import type { Parts } from './parts.ts';
import { cellsIn } from './plain.ts';
import {
  type LiveEvents,
  type Snapshot,
  shotOf,
  viewDevice,
  viewExposure,
  viewRig,
  viewRun,
} from './views.ts';

/** Changes within this time are told at once: a poll sets many cells. */
const GATHER_MS = 100;
/** Events kept for those who come back; whoever has missed more gets a snapshot. */
const REPLAY = 256;
/** A page tells by its beats whether it still sees the present: browsers hide SSE comments from it. */
export const BEAT_MS = 3000;
const BEATS_PER_COMMENT = 5;
const MOST_READERS = 32;

interface Told {
  number: number;
  text: string;
}

interface Reader {
  /** Number of the last event it was sent; undefined: it needs a snapshot. */
  seen: number | undefined;
  beat: number;
  wake: () => void;
}

/**
 * What happens to the rig, as server-sent events (WHATWG HTML, section 9.2). There is one bounded log, and a reader is
 * a place in it: a slow one costs nothing, and when the log has moved past it, it is given the present instead.
 */
export class Live {
  readonly #parts: Parts;
  /** Ids of another process's events mean nothing here. */
  readonly #epoch = randomUUID().slice(0, 8);
  readonly #log: Told[] = [];
  #count = 0;
  #beat = 0;
  #endBeat: (() => void) | undefined;
  #gathering = false;
  readonly #readers = new Set<Reader>();
  readonly #changedDevices = new Set<Device>();
  readonly #changedRuns = new Set<BookedRun>();
  #changedRig = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { host, rig } = parts;
    const watched = new Set<Device>();
    const watchNew = (devices: readonly Device[]) => {
      for (const device of devices.filter((each) => !watched.has(each))) {
        watched.add(device);
        this.#watch(device);
        this.#deviceChanged(device);
      }
    };
    host.devices.watch(watchNew);
    watchNew(host.devices.value);
    host.runs.watch((run) => this.#runChanged(run));
    const rigChanged = () => {
      this.#changedRig = true;
      for (const device of host.devices.value) this.#deviceChanged(device);
    };
    const { site, siteSource, timeSource } = host.observatory;
    for (const source of [host.roles, rig.facts, site, siteSource, timeSource]) source.watch(rigChanged);
  }

  get full(): boolean {
    return this.#readers.size >= MOST_READERS;
  }

  /** @param lastEventId of the last event the reader has seen, as it was sent */
  read(lastEventId?: string): ReadableStream<Uint8Array> {
    const reader: Reader = { seen: this.#place(lastEventId), beat: this.#beat, wake: () => {} };
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(encoder.encode(`retry: 2000\n\n`)),
        pull: async (controller) => {
          // Here, and not before: a HEAD request makes a stream that nobody reads or cancels.
          if (!this.#readers.has(reader)) this.#join(reader);
          while (this.#readers.has(reader)) {
            const text = await this.#newsFor(reader);
            if (text) return controller.enqueue(encoder.encode(text));
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
          }
        },
        cancel: () => {
          this.#readers.delete(reader);
          reader.wake();
          if (this.#readers.size === 0) this.#endBeat?.();
        },
      },
      { highWaterMark: 1 },
    );
  }

  #join(reader: Reader): void {
    this.#readers.add(reader);
    if (this.#readers.size === 1) this.#beatOn();
  }

  #place(lastEventId: string | undefined): number | undefined {
    const [epoch, text] = lastEventId?.split('.') ?? [];
    const number = Number(text);
    const oldest = this.#log[0]?.number ?? this.#count + 1;
    const known = epoch === this.#epoch && number >= oldest - 1 && number <= this.#count;
    return known ? number : undefined;
  }

  async #newsFor(reader: Reader): Promise<string> {
    const { seen } = reader;
    let text = '';
    const oldest = this.#log[0]?.number ?? this.#count + 1;
    if (seen === undefined || seen < oldest - 1) {
      const snapshot = await this.#snapshot();
      text = this.#wording('snapshot', snapshot, this.#count);
    } else {
      const first = this.#log.length - (this.#count - seen);
      text = this.#log
        .slice(first)
        .map((told) => told.text)
        .join('');
    }
    reader.seen = this.#count;
    if (reader.beat !== this.#beat) {
      reader.beat = this.#beat;
      if (this.#beat % BEATS_PER_COMMENT === 0) text += ': keep-alive\n\n';
      text += `event: beat\ndata: ${this.#parts.clock.now()}\n\n`;
    }
    return text;
  }

  async #snapshot(): Promise<Snapshot> {
    const { host } = this.#parts;
    const row = await this.#latest();
    return {
      devices: host.devices.value.map((device) => viewDevice(host, device)),
      runs: host.runs
        .list()
        .filter(({ endedUtc }) => endedUtc === undefined)
        .map(({ run, device }) => viewRun(run, device)),
      rig: viewRig(this.#parts),
      ...(row && { exposure: viewExposure(row) }),
    };
  }

  /** A ledger that cannot be read must not keep anybody from the rig. */
  async #latest(): Promise<ExposureRow | undefined> {
    const { ledger, clock, log } = this.#parts;
    try {
      return (await clock.external(ledger.page({ limit: 1 })))[0];
    } catch (error) {
      log.warn({ err: error }, 'the latest exposure is not known');
      return undefined;
    }
  }

  #wording<E extends keyof LiveEvents>(event: E, data: LiveEvents[E], number: number): string {
    return `id: ${this.#epoch}.${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #tell<E extends keyof LiveEvents>(event: E, data: LiveEvents[E]): void {
    const number = ++this.#count;
    this.#log.push({ number, text: this.#wording(event, data, number) });
    if (this.#log.length > REPLAY) this.#log.shift();
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake();
  }

  #beatOn(): void {
    this.#endBeat = this.#parts.clock.after(BEAT_MS, () => {
      this.#beat++;
      // A mount that tracks stands still on the sky, but not above the horizon.
      for (const device of this.#parts.host.devices.value) {
        if (device.capabilities.value.mount) this.#deviceChanged(device);
      }
      this.#wakeAll();
      this.#beatOn();
    });
  }

  #watch(device: Device): void {
    const changed = () => this.#deviceChanged(device);
    let ends: (() => void)[] = [];
    const rewatch = () => {
      for (const end of ends) end();
      ends = cellsIn(device.capabilities.value).map((source) => source.watch(changed));
      changed();
    };
    device.capabilities.watch(rewatch);
    rewatch();
    for (const source of [device.label, device.status, device.settings, device.runs]) source.watch(changed);
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
      this.#tell('exposure', viewExposure(row));
      this.#wakeAll();
    } catch (error) {
      log.warn({ err: error, exposure: id }, 'the new exposure could not be told');
    }
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#parts.clock.after(GATHER_MS, () => {
      this.#gathering = false;
      const { host } = this.#parts;
      if (this.#changedRig) this.#tell('rig', viewRig(this.#parts));
      for (const device of this.#changedDevices) this.#tell('device', viewDevice(host, device));
      const booked = new Map(host.runs.list().map((entry) => [entry.run, entry]));
      for (const run of this.#changedRuns) {
        const entry = booked.get(run);
        if (entry) this.#tell('run', viewRun(run, entry.device, entry.endedUtc));
      }
      this.#changedRig = false;
      this.#changedDevices.clear();
      this.#changedRuns.clear();
      this.#wakeAll();
    });
  }
}
