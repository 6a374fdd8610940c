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

/** To a part of this program that is a device like any other: there is nothing to lose. */
export interface InsideLink {
  readonly kind: 'inside';
  close(): Promise<void>;
}

/** One chip on an I2C bus. Exchanges with the chips of one bus take turns. */
export interface RegisterLink {
  readonly kind: 'registers';
  /** False once the bus is gone or `close` was called; it never comes back: open a new link. */
  readonly alive: Cell<boolean>;
  /**
   * One exchange: writes the bytes (a register's number, and what goes into it), then reads `length` bytes after a repeated
   * start. The forms that every adapter has: 1 to 33 bytes written and none read, 1 written and up to 32 read, none
   * written and 1 read.
   * @throws Fault `silent` (no acknowledge), `gone`, `busy` (a driver of the kernel has the chip), `unsupported`
   */
  transfer(write: Uint8Array, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface InputOptions {
  /** Also a line that is known for another function of the board (I2C, SPI, UART, 1-wire). Default: it is refused. */
  reserved?: boolean;
}

export interface OutputOptions extends InputOptions {
  /** The level that does no harm, true: high; driven from the first moment on, and again at close. */
  safe: boolean;
  /** A line that is driven already keeps its level, at opening and at close: a mount's power outlives a restart. */
  keep?: boolean;
}

export interface OutputLine {
  /** What is driven; true: high. */
  readonly level: boolean;
  /** @throws Fault `gone` */
  write(level: boolean): Promise<void>;
}

export interface InputLine {
  /** @throws Fault `gone` */
  read(): Promise<boolean>;
}

/**
 * Lines of one GPIO chip, by their offset in it: on a Raspberry Pi's header the BCM number. Levels are electrical, true:
 * high. Outputs stay driven after `close` and after the process: a line that is let go may float, and what hangs on it too.
 */
export interface LinesLink {
  readonly kind: 'lines';
  /** False once the chip is gone or `close` was called; it never comes back: open a new link. */
  readonly alive: Cell<boolean>;
  /**
   * @throws Fault `busy` (the kernel or another program has the line), `refused` (it is known for another function, or
   * another device's), `unsupported` (there is no such line), `gone`
   */
  output(line: number, options: OutputOptions): Promise<OutputLine>;
  /** @throws Fault as `output` */
  input(line: number, options?: InputOptions): Promise<InputLine>;
  /** Leaves each output at its safe level, or as it is where it is kept. */
  close(): Promise<void>;
}

/** A thermometer on a 1-wire bus. */
export interface OneWireLink {
  readonly kind: 'one-wire';
  /** False once the probe is gone or `close` was called; it never comes back: open a new link. */
  readonly alive: Cell<boolean>;
  /**
   * Converts, then reads the nine bytes of the scratchpad, the last its CRC, unjudged: 0.75 s on a real bus.
   * @throws Fault `silent` (the bus does not answer), `gone`, `garbled` (not what the kernel writes)
   */
  scratchpad(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export type Link = StreamLink | HttpLink | ProgramLink | InsideLink | RegisterLink | LinesLink | OneWireLink;

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

/** Sockets, ttys, buses and processes live in real time; in simulated time only in-memory links may be used. */
export function requireRealTime(clock: Clock, what: string): void {
  if (clock.simulated)
    throw new Error(`${what} needs the system clock; simulated time uses in-memory links only`);
}
