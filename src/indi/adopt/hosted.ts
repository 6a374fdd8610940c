import type { Cell } from '../../core/cell.ts';
import type { Blob, NewVector, SetVector } from '../message.ts';
import type { Seen } from '../mirror.ts';

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
  /** Images, as they come; the bytes are the listener's to keep. */
  watchBlobs(name: string, listener: (blob: Blob) => void): () => void;
  /** From this process, not from a client: no guard, no echo. */
  send(command: NewVector): void;
}
