import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cell } from '../../src/core/cell.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { StreamLink } from '../../src/wire/link.ts';
import type { LinesBody } from '../../src/wire/memory-chips.ts';
import type { World } from '../sky/world.ts';

export interface EmulatorContext {
  clock: Clock;
  world: World;
  /** What a bench file says about this one device. */
  options: Readonly<Record<string, unknown>>;
}

/** The device's true state, one JSON object: what `nightjar emulate` prints at each change. */
export type Truth = Cell<Readonly<Record<string, unknown>>>;

/** An emulated device that speaks bytes. It outlives its connections, as a device does. */
export interface StreamEmulator {
  readonly truth: Truth;
  attach(link: StreamLink): void;
}

export interface HttpEmulator {
  readonly truth: Truth;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** A chip on an I2C bus. */
export interface RegisterEmulator {
  readonly truth: Truth;
  /** One exchange; undefined: it does not acknowledge. */
  transfer(write: Uint8Array, length: number): Uint8Array | undefined;
}

/** What hangs on the lines of a GPIO chip. */
export interface LinesEmulator extends LinesBody {
  readonly truth: Truth;
}

/** A probe on a 1-wire bus. */
export interface OneWireEmulator {
  readonly truth: Truth;
  scratchpad(): Uint8Array;
}

/** An emulator by the kind of link that it is reached by. */
export interface Emulators {
  stream: StreamEmulator;
  http: HttpEmulator;
  registers: RegisterEmulator;
  lines: LinesEmulator;
  'one-wire': OneWireEmulator;
}
export type Emulator = Emulators[keyof Emulators];

/** Written from the protocol's description, never from our driver: a misreading must not be shared. */
export type EmulatorFamily = {
  [K in keyof Emulators]: {
    readonly family: string;
    readonly kind: K;
    /** How such a device is wired: what its owner tells the driver. */
    readonly settings?: Readonly<Record<string, string | number | boolean>>;
    create(context: EmulatorContext): Emulators[K];
  };
}[keyof Emulators];
