import type { Clock } from '../../core/clock.ts';
import { asError, Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Run } from '../../core/run.ts';
import type { Device } from '../../device/device.ts';
import type { Guard } from '../../device/limits.ts';
import type { Observatory } from '../../device/observatory.ts';
import type { Claims } from '../../wire/claims.ts';
import type { Hosted } from '../adopt/hosted.ts';
import { motionOf } from '../adopt/motions.ts';
import type { NewVector, SetVector, State } from '../message.ts';
import type { Origin } from '../property.ts';
import { type Decision, decide } from './decide.ts';
import { offerSurroundings } from './surroundings.ts';
import { Turns } from './turns.ts';

/** INDI clients send no keep-alive: what nobody lets go of is let go. */
const MOST_HELD_SECONDS = 60;

export interface ForeignParts {
  readonly hosted: Hosted;
  /** The host's device of it; without the capabilities of what could not be adopted. */
  device(): Device;
  readonly guard: Guard;
  readonly observatory: Observatory;
  /** Within which clients may have files written; absolute. */
  readonly dataDirectory: string;
  /** Which serial ports are whose. */
  readonly claims?: Claims | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** To all clients, as if the device had said it. */
  publish(update: SetVector): void;
  /** Default 60. */
  readonly mostHeldSeconds?: number;
}

type Turn = Exclude<Decision, { do: 'refuse' | 'forward' }>;

/** What clients say to one foreign device: judged, and in its turn, as what they say to ours. */
export function receiveForeign(parts: ForeignParts): (command: NewVector, origin: Origin) => void {
  const commands = new ForeignCommands(parts);
  return (command, origin) => commands.receive(command, origin);
}

class ForeignCommands {
  readonly #parts: ForeignParts;
  readonly #turns: Turns;
  readonly #log: Log;
  /** Properties of which that was said. */
  readonly #unguarded = new Set<string>();

  constructor(parts: ForeignParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.hosted, parts.clock);
    this.#log = parts.log.child({ device: parts.hosted.device });
  }

  receive(command: NewVector, origin: Origin): void {
    const { hosted, guard, dataDirectory, clock, observatory, claims } = this.#parts;
    const device = this.#parts.device();
    const decision = decide(command, {
      property: (name) => hosted.property(name),
      asked: (name) => hosted.asked?.(name),
      ...{ guard, device, dataDirectory },
      holderOf: (port) => claims?.holder(hosted.device, port),
      utc: clock.now(),
      site: observatory.site.value,
    });
    try {
      if (decision.do === 'refuse') throw new Fault('refused', decision.reason);
      if (decision.do === 'forward') this.#forward(command, origin);
      else this.#take(command, origin, device, decision);
    } catch (error) {
      this.#refuse(command, origin, asError(error).message);
    }
  }

  #take(command: NewVector, origin: Origin, device: Device, turn: Turn): void {
    const head = turn.ofHead ? device.head.value : undefined;
    const owner = head ?? device;
    // Before its head is known, the second chip must not wait for the first.
    const lanes = turn.ofHead && !head ? ['guide-head'] : turn.lanes;
    const { title, halt, andHead } = turn;
    const second = andHead && device.head.value;
    if (second) this.#turns.check(second, second.laneNames);
    if (turn.do === 'moves' || turn.do === 'held') this.#warnUnguarded(command, origin, device);
    // It has nothing to follow, and says so itself.
    if (!this.#parts.hosted.alive.value) {
      this.#turns.touch(command, owner, lanes);
      return;
    }
    const beginning = { command, owner, lanes, title, ...(halt && { halt }) };
    switch (turn.do) {
      case 'stops':
        this.#turns.stop(command, owner, lanes);
        break;
      case 'touches':
        this.#turns.touch(command, owner, lanes);
        break;
      case 'released':
        this.#turns.release(command);
        break;
      case 'moves': {
        const calm = turn.reports ? 'reports' : 'answers';
        this.#turns.begin({ ...beginning, held: false, calm });
        break;
      }
      case 'held': {
        const run = this.#turns.begin({ ...beginning, held: true, calm: 'says nothing' });
        this.#endWithClient(run, origin, command.name);
      }
    }
  }

  /** Motion that a client holds has an end, whatever becomes of the client. */
  #endWithClient(run: Run<void>, origin: Origin, property: string): void {
    const { clock, hosted, mostHeldSeconds: seconds = MOST_HELD_SECONDS } = this.#parts;
    const gone = () => run.stop('user', 'the client that held it is gone');
    const cancel = clock.after(seconds * 1000, () => run.stop('user', `held for ${seconds} s`));
    const unwatch = origin.watchClosely(() => this.#publish(property, hosted.property(property)?.state));
    origin.gone.addEventListener('abort', gone);
    if (origin.gone.aborted) gone();
    const over = () => {
      cancel();
      unwatch();
      origin.gone.removeEventListener('abort', gone);
    };
    run.outcome.then(over, over);
  }

  /** What no capability of ours knows moves in its turn, but nothing watches it meanwhile. */
  #warnUnguarded({ name }: NewVector, origin: Origin, device: Device): void {
    const capability = motionOf(name)?.capability;
    if ((capability && device.capabilities.value[capability]) || this.#unguarded.has(name)) return;
    this.#unguarded.add(name);
    const kind = capability ? `not adopted as a ${capability}` : 'of no kind that is known';
    const words = `${name} is unguarded: this device is ${kind}, and nothing watches how it moves`;
    this.#log.warn(words);
    origin.tell(words, this.#parts.hosted.device);
  }

  /** What moves nothing. A site or time that is better known stays, and clients are not kept waiting for theirs. */
  #forward(command: NewVector, origin: Origin): void {
    const { hosted, observatory, clock } = this.#parts;
    const seen = hosted.property(command.name);
    const better = offerSurroundings(command, seen, observatory, clock.now());
    if (better === undefined || !hosted.alive.value) hosted.send(command);
    else {
      this.#publish(command.name, 'Ok');
      origin.tell(better, hosted.device);
    }
  }

  /** Answers as a driver would: clients wait for a property that is not Busy. */
  #refuse({ name, kind }: NewVector, origin: Origin, reason: string): void {
    this.#log.info({ property: name }, `refused: ${reason}`);
    const { hosted } = this.#parts;
    if (hosted.property(name)?.kind === kind) this.#publish(name, 'Alert', reason);
    else origin.tell(reason, hosted.device);
  }

  /** Says a property as it is, in a state and with words of ours. */
  #publish(name: string, state: State | undefined, message?: string): void {
    const { hosted, publish } = this.#parts;
    const seen = hosted.property(name);
    if (!seen || !state) return;
    const elements = Object.entries(seen.values).map(([element, value]) => ({ name: element, value }));
    const { kind } = seen;
    const update = { type: 'set', kind, device: hosted.device, name, state, elements };
    publish({ ...update, ...(message !== undefined && { message }) } as SetVector);
  }
}
