import { SimClock, utcOf } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { Faces } from '../faces.ts';
import { Interest } from '../interest.ts';
import type { NewVector } from '../message.ts';
import { Mirror } from '../mirror.ts';
import { Reader } from '../reader.ts';
import { type Listener, Router } from '../router.ts';
import { createTestRig } from '../test-rig.ts';

export const START = utcOf(2026, 11, 22, 20);

/** A client without a socket: everything printed for it is read back into a mirror. */
export class TestClient extends Mirror implements Listener {
  readonly interest = new Interest();
  readonly #router: Router;
  readonly #gone = new AbortController();
  readonly #reader: Reader;
  watched = 0;

  constructor(router: Router) {
    super();
    this.#router = router;
    const complain = (reason: string) => {
      throw new Error(reason);
    };
    this.#reader = new Reader({ receive: (message) => this.take(message), complain }, { blobBytes: 1e9 });
    router.join(this);
    router.receive({ type: 'getProperties', version: '1.7' }, this);
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  send(text: Buffer): void {
    this.#reader.push(text);
  }

  sendBlob({ head, bytes, tail, done }: Parameters<Listener['sendBlob']>[0]): void {
    this.#reader.push(Buffer.from(head + Buffer.from(bytes).toString('base64') + tail));
    done();
  }

  tell(text: string): void {
    this.note(text);
  }

  watchClosely(): () => void {
    this.watched++;
    return () => void this.watched--;
  }

  leave(): void {
    this.#gone.abort();
  }

  set(device: string, name: string, values: Record<string, string | number | boolean>): void {
    const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
    const first = typeof elements[0]?.value;
    const kind = first === 'number' ? 'number' : first === 'boolean' ? 'switch' : 'text';
    this.#router.receive({ type: 'new', kind, device, name, elements } as NewVector, this);
  }

  enableBlob(device: string): void {
    this.#router.receive({ type: 'enableBLOB', device, policy: 'Also' }, this);
  }

  /** `state value value …` of a property, numbers rounded to a thousandth. */
  shows(device: string, name: string): string {
    const seen = this.property(device, name);
    if (!seen) return 'not defined';
    const values = Object.entries(seen.values).map(([key, value]) => {
      if (typeof value === 'boolean') return value ? key : '';
      return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value);
    });
    return [seen.state, ...values.filter(Boolean)].join(' ');
  }
}

/** A rig of pretenders in simulated time, and its faces. */
export function createHarness() {
  const clock = new SimClock(START);
  const rig = createTestRig(clock);
  const router = new Router(clock);
  const faces = new Faces({ ...rig, clock, log: silentLog }, router);
  return {
    ...rig,
    clock,
    router,
    faces,
    client: () => new TestClient(router),
    /** Runs the body in simulated time. */
    async perform(body: () => Promise<void>): Promise<void> {
      await clock.drive(
        (async () => {
          await rig.host.connectAll();
          await body();
          faces.close();
          await rig.host.close();
        })(),
      );
    },
  };
}
