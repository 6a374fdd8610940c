import type { Message } from '../message.ts';
import type { Parcel } from '../outbox.ts';

/** Who listens to a program. */
export interface Hearing {
  receive(message: Message): void;
  /** A line for people: of its stderr, or about something that could not be read. */
  note(line: string): void;
  /** Of so many bytes at least, for an image that comes. */
  memory(bytes: number): Buffer;
}

/** One life of a program, a child or a connection to another server, from its start to its end. */
export interface Life {
  /** Of a child. */
  readonly pid?: number;
  /** Bytes that came from it. */
  readonly bytesRead: number;
  /** Bytes of messages to it which it has not taken. */
  readonly waitingBytes: number;
  write(text: Buffer): void;
  /** An image that it listens for, written as fast as it takes it. */
  writeImage(parcel: Parcel): void;
  /** Asks it to end, and makes it; resolves when nothing of it is left. */
  close(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
  /** Resolves with the reason, in plain words. */
  readonly ended: Promise<string>;
}

/** Begins a life. @throws Fault `gone` when it cannot be started */
export type Start = (hearing: Hearing) => Promise<Life>;

/** The largest image a program may send: 150 Mpx of 16 bits. */
export const BLOB_BYTES = 300e6;
