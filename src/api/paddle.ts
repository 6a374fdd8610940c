import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Clock } from '../core/clock.ts';
import type { Run } from '../core/run.ts';
import type { Device } from '../device/device.ts';
import type { DomeTurn } from '../device/dome.ts';
import type { Compass } from '../device/mount.ts';
import { endpoint } from './endpoint.ts';
import { phone } from './parts.ts';
import { Rejected } from './problem.ts';
import { compass } from './schemas.ts';

/** How late a sign of life may be before the motion ends (HOUSE, 'Held motion has a dead man'). */
export const DEAD_MAN_MS = 500;
/** Presses remembered after their end, so that a late request never starts a motion anew. */
const MOST_SPENT = 64;

export interface Press {
  device: Device;
  /** Two presses of the same device and words are the same. */
  what: string;
  begin(): Run<void>;
}

/** A direction of the hand paddle. @param rate index into the mount's rates */
export const paddling = (device: Device, direction: Compass, rate: number): Press => ({
  device,
  what: `${direction} ${rate}`,
  begin: () => device.operate(phone, 'mount', 'move', { direction, rate }),
});

/** A dome that turns for as long as it is held. */
export const turning = (device: Device, direction: DomeTurn): Press => ({
  device,
  what: direction,
  begin: () => device.operate(phone, 'dome', 'turn', { direction }),
});

interface Hold extends Press {
  run: Run<void>;
  feed(): void;
}

/**
 * Motion that lasts only while somebody says that it shall. Every press has its own key, is started by its first sign
 * of life, and once ended never begins again: requests overtake each other on a bad network, and what arrives late
 * must not move a mount whose owner has let go.
 */
export class Paddle {
  readonly #clock: Clock;
  readonly #held = new Map<string, Hold>();
  readonly #spent = new Map<string, Run<void> | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Starts the motion, or keeps it alive for another half second.
   * @throws Fault as the mount's `move`; Rejected 409 for a press that is over
   */
  press(key: string, press: Press): Run<void> {
    const held = this.#held.get(key);
    if (held) {
      if (!same(held, press))
        throw new Rejected(409, 'one press is one direction: use a new key for another');
      held.feed();
      return held.run;
    }
    if (this.#spent.has(key)) throw this.#whySpent(key);
    return this.#start(key, press);
  }

  /** A press by whoever has no key: saying the same again keeps it alive. */
  repeat(press: Press): Run<void> {
    for (const [key, held] of this.#held) if (same(held, press)) return this.press(key, press);
    return this.#start(`${press.device.id} ${press.what} ${this.#clock.monotonic()}`, press);
  }

  /** Lets go: of one press, even of one that has not arrived yet, or of all. */
  release(key?: string): void {
    for (const [name, { run }] of [...this.#held]) {
      if (key !== undefined && name !== key) continue;
      this.#end(name);
      run.stop('user', 'the paddle was let go');
    }
    if (key !== undefined) this.#spend(key, this.#spent.get(key));
  }

  #start(key: string, press: Press): Run<void> {
    const run = press.begin();
    const late = () => run.stop('user', `no sign of life for ${DEAD_MAN_MS} ms`);
    let cancel = this.#clock.after(DEAD_MAN_MS, late);
    const feed = () => {
      cancel();
      cancel = this.#clock.after(DEAD_MAN_MS, late);
    };
    this.#held.set(key, { ...press, run, feed });
    const over = () => {
      cancel();
      this.#end(key);
    };
    run.signal.addEventListener('abort', over, { once: true });
    run.outcome.then(over, over);
    return run;
  }

  #end(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#spend(key, held.run);
  }

  #spend(key: string, run: Run<void> | undefined): void {
    this.#spent.set(key, run);
    for (const oldest of this.#spent.keys()) {
      if (this.#spent.size <= MOST_SPENT) break;
      this.#spent.delete(oldest);
    }
  }

  #whySpent(key: string): Error {
    const ending = this.#spent.get(key)?.ending.value;
    if (ending?.state === 'threw') return ending.error;
    return new Rejected(409, 'the motion has stopped: lift the finger and press again');
  }
}

const same = (a: Press, b: Press) => a.device === b.device && a.what === b.what;

export function paddleRoutes(app: OpenAPIHono, paddle: Paddle, find: (id: string) => Device): void {
  const hold = z.string().min(1).max(64).describe('of one press; chosen by the page');
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/paddle',
      access: 'move',
      summary: `Hold a direction: repeat every 200 ms; the motion ends when it is ${DEAD_MAN_MS} ms late`,
      body: z.strictObject({
        hold,
        device: z.string(),
        direction: compass,
        rate: z.int().min(0).describe('index into the rates of the mount'),
      }),
      answers: { 202: { description: 'It moves', schema: z.object({ run: z.string() }) } },
    },
    ({ body, c }) => {
      const { direction, rate } = body;
      const run = paddle.press(body.hold, paddling(find(body.device), direction, rate));
      return c.json({ run: run.id }, 202);
    },
  );
  const released = { 204: { description: 'Let go' } };
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/paddle',
      access: 'move',
      summary: 'Let go of one press, or of all',
      query: z.strictObject({ hold: hold.optional() }),
      answers: released,
    },
    ({ query, c }) => {
      paddle.release(query.hold);
      return c.body(null, 204);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/paddle/release',
      access: 'move',
      summary: 'The same, for navigator.sendBeacon, which can only post',
      body: z.strictObject({ hold: hold.optional() }),
      answers: released,
    },
    ({ body, c }) => {
      paddle.release(body.hold);
      return c.body(null, 204);
    },
  );
}
