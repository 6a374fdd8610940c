import type { Cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';

/** A byte stream to one device: a serial line, a TCP connection, or two ends in memory. */
export interface StreamLink {
  readonly kind: 'stream';
  /** False once the other side is gone or `close` was called; it never comes back: open a new link. */
  readonly alive: Cell<boolean>;
  /** Of the plug, where it can be known: the adapter's serial number, else its socket. */
  readonly identity?: string;
  /** @throws Fault `gone` */
  write(bytes: Uint8Array): Promise<void>;
  /** Sets the one reader; bytes that came before are delivered to it first. */
  read(reader: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

/** Single packets, neither ordered nor sure to arrive: discovery. */
export interface DatagramLink {
  readonly kind: 'datagram';
  send(bytes: Uint8Array, to: { host: string; port: number }): Promise<void>;
  read(reader: (bytes: Uint8Array, from: { host: string; port: number }) => void): void;
  close(): Promise<void>;
}

export interface HttpRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path with its query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Default 10 s from request to the last byte. */
  timeoutMs?: number;
}

export interface HttpReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Requests to one host. */
export interface HttpLink {
  readonly kind: 'http';
  /** @throws Fault `gone` (no connection), `silent` (time is over), `garbled` (no HTTP, or larger than allowed) */
  request(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

/** A device behind another program (an INDI driver): the program carries the bytes, the link says whether it is there. */
export interface ProgramLink {
  readonly kind: 'program';
  /** False once the program has ended; it never comes back: open a new link. */
  readonly alive: Cell<boolean>;
  close(): Promise<void>;
}

export type Link = StreamLink | HttpLink | ProgramLink;

/** A place where a link can be opened, again and again: what a bench names and the device host keeps. */
export interface Port<L extends Link = Link> {
  readonly kind: L['kind'];
  /** For people: `/dev/serial/by-id/…`, `tcp://…`, `memory:mount`. */
  readonly name: string;
  /**
   * Where it is plugged in now, where that can be seen without opening it: undefined when it is pulled, another value
   * when it was plugged in again.
   */
  readonly at?: Cell<string | undefined>;
  /** @throws Fault `gone` when nothing is there */
  open(clock: Clock, options: PortOptions): Promise<L>;
}

export interface PortOptions {
  /** Serial lines only; default 9600, 8N1. */
  baud?: number;
}

/** Sockets, ttys and processes live in real time; in simulated time only in-memory links may be used. */
export function requireRealTime(clock: Clock, what: string): void {
  if (clock.simulated)
    throw new Error(`${what} needs the system clock; simulated time uses in-memory links only`);
}
