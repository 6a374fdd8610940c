import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cell } from '../../src/core/cell.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { StreamLink } from '../../src/wire/link.ts';
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

/** Written from the protocol's description, never from our driver: a misreading must not be shared. */
export type EmulatorFamily =
  | { readonly family: string; readonly kind: 'stream'; create(context: EmulatorContext): StreamEmulator }
  | { readonly family: string; readonly kind: 'http'; create(context: EmulatorContext): HttpEmulator };
