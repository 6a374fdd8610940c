import type { Cell } from '../../core/cell.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Darkroom } from '../../device/driver.ts';
import type { Observatory } from '../../device/observatory.ts';
import type { Blob, NewVector, SetVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

/**
 * The bytes are nobody's to change. They are there for the length of the call; who wants them for longer calls `hold`,
 * and what that returns when it has done with them: after that they become another image.
 */
export type BlobListener = (blob: Blob, hold: () => () => void) => void;

/** An INDI device of another program (a driver executable, another server), as its adoption sees it. */
export interface Hosted {
  /** Its INDI name. */
  readonly device: string;
  /** The program is there and speaks. */
  readonly alive: Cell<boolean>;
  /** Names of its properties, in the order of their definition. */
  readonly names: Cell<readonly string[]>;
  /** As it is now; the object is replaced, never changed, at every message. */
  property(name: string): Seen | undefined;
  /** After each definition, update (which then is given) and deletion of the property; returns the end of it. */
  watch(name: string, listener: (seen: Seen | undefined, update?: SetVector) => void): () => void;
  /** The latest `message` of the device: libindi explains an Alert there. Absent: not kept. */
  readonly said?: Cell<string | undefined>;
  /** False while the program is still defining what it has, or is being set again after a restart. Absent: not known. */
  readonly settled?: Cell<boolean>;
  /** Images, as they come. */
  watchBlobs(name: string, listener: BlobListener): () => void;
  /** The switch that this side has last asked to be On, client or not; '': none. Absent: not kept. */
  asked?(property: string): string | undefined;
  /** From this process, not from a client: no guard, no echo. */
  send(command: NewVector): void;
}

/** What an adoption needs of its surroundings. */
export interface AdoptionParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly observatory: Observatory;
  readonly darkroom: Darkroom;
}
