import type { Clock } from '../../core/clock.ts';
import type { Run } from '../../core/run.ts';
import type { Device } from '../../device/device.ts';
import { indi } from '../actor.ts';
import type { Hosted } from '../adopt/hosted.ts';
import type { Halt } from '../adopt/motion.ts';
import type { NewVector } from '../message.ts';
import { type Calm, type Followed, follow } from './follow.ts';

/** For so long a stopped motion keeps its lanes while the device comes to rest. */
const REST_MS = 5000;

/** The motion that a command begins. */
interface Beginning {
  readonly command: NewVector;
  readonly owner: Device;
  readonly lanes: readonly string[];
  readonly title: string;
  /** It lasts until it is released, and ends with all its switches Off. */
  readonly held: boolean;
  readonly calm: Calm;
  readonly halt?: Halt;
}

interface Motion extends Beginning {
  readonly run: Run<void>;
  readonly followed: Followed;
  /** Nothing more is to be said and nothing waited for: the client itself has gone on. */
  handedOver: boolean;
}

/** What clients have set in motion on one foreign device, as Runs on its lanes. */
export class Turns {
  readonly #hosted: Hosted;
  readonly #clock: Clock;
  readonly #motions = new Set<Motion>();

  constructor(hosted: Hosted, clock: Clock) {
    this.#hosted = hosted;
    this.#clock = clock;
  }

  /**
   * Sends the command and holds its lanes until what it begins is over. Everything is said within the call, so that
   * commands keep their order: what the client had in motion there ends now, and nobody waits for it.
   * @throws Fault `busy`
   */
  begin(beginning: Beginning): Run<void> {
    const { command, owner, lanes, title, calm, held } = beginning;
    this.check(owner, lanes);
    for (const motion of this.#on(owner, lanes)) {
      // A driver takes a new target of the same motion by itself.
      if (held || motion.command.name !== command.name) this.#end(motion);
      motion.handedOver = true;
    }
    const followed = follow(this.#hosted, this.#clock, command, calm);
    this.#hosted.send(command);
    const run = owner.occupy<void>(indi, lanes, title, (own) => this.#untilOver(own));
    const motion: Motion = { ...beginning, run, followed, handedOver: false };
    this.#motions.add(motion);
    // Not in the body: a Run that is stopped before it begins has none, and the command is on its way already.
    run.signal.addEventListener('abort', () => motion.handedOver || this.#end(motion), { once: true });
    const over = () => {
      // One that the driver has ended, or that was lost, is pressed for nobody any more.
      if (held && !motion.handedOver && !run.signal.aborted) this.#end(motion);
      followed.forget();
      this.#motions.delete(motion);
    };
    run.outcome.then(over, over);
    return run;
  }

  /** Sends what is over at once. @throws Fault `busy` */
  touch(command: NewVector, owner: Device, lanes: readonly string[]): void {
    this.check(owner, lanes);
    this.#hosted.send(command);
  }

  /** Sends what ends a motion, and ends whatever holds the lanes, whoever does. */
  stop(command: NewVector, owner: Device, lanes: readonly string[]): void {
    this.#hosted.send(command);
    for (const motion of this.#on(owner, lanes)) motion.handedOver = true;
    for (const lane of lanes) owner.lane(lane).stop(`by ${indi.name}`);
  }

  /** Lets go of what was held by this property. */
  release(command: NewVector): void {
    // One that was let go of is here until its Run has ended: a second tap is another one's.
    const held = [...this.#motions].find(
      (motion) => motion.held && !motion.run.signal.aborted && motion.command.name === command.name,
    );
    if (held) held.run.stop('user', 'the paddle was let go');
    else this.#hosted.send(command);
  }

  /** @throws Fault `busy` */
  check(owner: Device, lanes: readonly string[]): void {
    for (const lane of lanes) owner.lane(lane).check(indi);
  }

  #on(owner: Device, lanes: readonly string[]): Motion[] {
    return [...this.#motions].filter(
      (motion) => motion.owner === owner && motion.lanes.some((lane) => lanes.includes(lane)),
    );
  }

  async #untilOver(run: Run<void>): Promise<void> {
    const motion = [...this.#motions].find((each) => each.run === run) as Motion;
    const { over } = motion.followed;
    const stopped = new Promise<void>((resolve) => {
      run.signal.addEventListener('abort', () => resolve(), { once: true });
      if (run.signal.aborted) resolve();
    });
    await Promise.race([over, stopped]);
    if (!run.signal.aborted) return;
    if (!motion.handedOver) await Promise.race([over.catch(() => {}), this.#clock.sleep(REST_MS)]);
    run.signal.throwIfAborted();
  }

  #end({ command, held, halt }: Motion): void {
    if (held) {
      const names = Object.keys(this.#hosted.property(command.name)?.values ?? {});
      this.#switch(command.name, Object.fromEntries(names.map((name) => [name, false])));
    } else if (halt) this.#switch(halt.property, { [halt.element]: true });
  }

  #switch(name: string, values: Readonly<Record<string, boolean>>): void {
    if (!this.#hosted.property(name)) return;
    const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
    this.#hosted.send({ type: 'new', kind: 'switch', device: this.#hosted.device, name, elements });
  }
}
