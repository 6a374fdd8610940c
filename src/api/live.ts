import { randomUUID } from 'node:crypto';
import type { ExposureRow } from '../storage/rows.ts';
import { Changes } from './changes.ts';
import { viewExposure } from './exposure-view.ts';
import type { Parts } from './parts.ts';
import { viewProgram } from './program-view.ts';
import { viewStack } from './stack-view.ts';
import { type LiveEvents, type Snapshot, viewDevice, viewRig, viewRun } from './views.ts';

/** Events kept for those who come back; whoever has missed more gets a snapshot. */
const REPLAY = 256;
/** A page tells by its beats whether it still sees the present: browsers hide SSE comments from it. */
const BEAT_MS = 3000;
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
  readonly #readers = new Set<Reader>();
  readonly #changes: Changes;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#changes = new Changes(parts, {
      tell: (event, data) => this.#tell(event, data),
      told: () => this.#wakeAll(),
    });
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
    const { host, programs, stacker } = this.#parts;
    const row = await this.#latest();
    return {
      devices: host.devices.value.map((device) => viewDevice(this.#parts, device)),
      runs: host.runs
        .list()
        .filter(({ endedUtc }) => endedUtc === undefined)
        .map(({ run, device }) => viewRun(run, device)),
      rig: viewRig(this.#parts),
      ...(row && { exposure: viewExposure(row) }),
      ...(programs && { programs: programs.list.value.map(viewProgram) }),
      ...(stacker && { stack: viewStack(stacker.state.value) }),
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
      this.#changes.mountsChanged();
      this.#wakeAll();
      this.#beatOn();
    });
  }
}
