import { type Cell, cell } from '../core/cell.ts';
import { asError } from '../core/errors.ts';
import type { Actor } from '../core/lane.ts';
import type { Log } from '../core/log.ts';
import { Run } from '../core/run.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import type { Frame } from '../imaging/frame.ts';
import type { Device } from './device.ts';
import { type ExposureOrder, expose } from './exposure.ts';
import type { Rig } from './rig.ts';

/** A finished exposure: its pixels and the whole FITS file are one piece of memory. */
export interface Shot {
  readonly facts: ExposureFacts;
  readonly frame: Frame;
  /** The FITS file as it will be on disk and on the wire; a view, never copied. */
  readonly file: Uint8Array;
  /** Where it was stored; absent while it only is in memory. */
  readonly path?: string;
  /** Keeps the pixels in the memory budget until the returned function is called. */
  hold(): () => void;
}

/** What becomes of frames; composed in `main.ts` from imaging and storage. */
export interface Lab {
  seal(frame: Frame, facts: ExposureFacts): Uint8Array;
  /** File, then row; resolves with the file's path when both are durable. */
  store(shot: Shot): Promise<string>;
  release(frame: Frame): void;
}

/** An exposure under way: it ends when the shot is stored, the sensor is free before. */
export interface Shooting extends Run<Shot> {
  readonly sensorFree: Promise<void>;
}

/** The one place where exposures begin, whoever asks. It remembers the last shot of every camera. */
export class Shutter {
  readonly #rig: Rig;
  readonly #lab: Lab;
  readonly #log: Log;
  readonly #last = cell<Readonly<Record<string, Shot>>>({});
  readonly #letGo = new Map<string, () => void>();

  constructor(rig: Rig, lab: Lab, log: Log) {
    this.#rig = rig;
    this.#lab = lab;
    this.#log = log;
  }

  /** By device id. */
  get last(): Cell<Readonly<Record<string, Shot>>> {
    return this.#last;
  }

  /**
   * @param keep `store`: a file and a ledger row; `memory`: the last image only (INDI's UPLOAD_CLIENT, focus loops)
   * @throws Fault at once for a request outside the camera's ranges, a busy or absent camera
   */
  shoot(device: Device, actor: Actor, order: ExposureOrder, keep: 'store' | 'memory'): Shooting {
    const exposing = expose(this.#rig, device, actor, order);
    const sensorFree = exposing.outcome.then(() => {});
    sensorFree.catch(() => {});
    const run = Run.start<Shot>(this.#rig.host.clock, `${device.id} exposure`, async (own) => {
      own.signal.addEventListener('abort', () =>
        exposing.stop(own.signal.reason.reason, own.signal.reason.message),
      );
      const forward = exposing.progress.watch((progress) => own.report(progress));
      const frame = await exposing.outcome.finally(forward);
      const { shot, done } = await this.#shot(frame, exposing.facts);
      try {
        this.#remember(device.id, shot);
        return keep === 'store' ? { ...shot, path: await this.#lab.store(shot) } : shot;
      } finally {
        done();
      }
    });
    run.outcome.catch((error) =>
      this.#log.warn({ device: device.id }, `exposure: ${asError(error).message}`),
    );
    return Object.assign(device.track(run), { sensorFree });
  }

  /** The shot, held until `done` is called. */
  async #shot(frame: Frame, gathered: Promise<ExposureFacts>): Promise<{ shot: Shot; done: () => void }> {
    let holders = 0;
    const hold = () => {
      holders++;
      let held = true;
      return () => {
        if (held && --holders === 0) this.#lab.release(frame);
        held = false;
      };
    };
    // A frame that cannot be described must give its memory back all the same.
    const done = hold();
    try {
      const facts = await gathered;
      return { shot: { facts, frame, file: this.#lab.seal(frame, facts), hold }, done };
    } catch (error) {
      done();
      throw error;
    }
  }

  #remember(id: string, shot: Shot): void {
    const previous = this.#letGo.get(id);
    this.#letGo.set(id, shot.hold());
    this.#last.set({ ...this.#last.value, [id]: shot });
    previous?.();
  }
}
