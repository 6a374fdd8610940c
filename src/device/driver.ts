import type { Log } from '../core/log.ts';
import type { Run } from '../core/run.ts';
import type { Header } from '../imaging/fits-header.ts';
import type { Frame, FrameShape } from '../imaging/frame.ts';
import type {
  HttpLink,
  LinesLink,
  Link,
  OneWireLink,
  PortOptions,
  RegisterLink,
  StreamLink,
} from '../wire/link.ts';
import type { Capabilities, CapabilityName } from './capabilities.ts';
import type { Observatory } from './observatory.ts';
import type { Settings, Values } from './settings.ts';

/** How a driver reaches its device; the type of its link follows from it. */
export interface Transport<L extends Link = Link> extends PortOptions {
  readonly kind: L['kind'];
}

/** A serial line, or the same bytes over TCP. */
export const serial = (options: PortOptions = {}): Transport<StreamLink> => ({ kind: 'stream', ...options });
export const http = (): Transport<HttpLink> => ({ kind: 'http' });
/** A chip on an I2C bus. */
export const registers = (): Transport<RegisterLink> => ({ kind: 'registers' });
/** Lines of a GPIO chip. */
export const lines = (): Transport<LinesLink> => ({ kind: 'lines' });
/** A 1-wire thermometer. */
export const oneWire = (): Transport<OneWireLink> => ({ kind: 'one-wire' });

/** How a camera's raw bytes lie: elements in little-endian order, rows (or, by Alpaca, columns) one after the other. */
export interface RawLayout {
  element: 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32' | 'f64';
  order: 'row-major' | 'column-major';
}

/** Where frames come from: within the memory budget, filled outside the main thread. */
export interface Darkroom {
  develop(shape: FrameShape, raw: Uint8Array, layout: RawLayout): Promise<Frame>;
  /** A FITS file of another program, which is given away. @throws BadInput for bytes that are no FITS image */
  developFits(file: Uint8Array, signal?: AbortSignal): Promise<{ frame: Frame; header: Header }>;
  /** A picture file (JPEG), which stays the caller's. @throws BadInput for bytes that are no picture */
  developPicture(file: Uint8Array, signal?: AbortSignal): Promise<Frame>;
  /** A photo camera's raw file, which stays the caller's. @throws BadInput for bytes that are no raw file */
  developRaw(file: Uint8Array, signal?: AbortSignal): Promise<Frame>;
}

export interface OpenContext<L extends Link, S extends Settings> {
  link: L;
  settings: Values<S>;
  /** The opening itself: its clock is the driver's clock; stopped when the owner disconnects meanwhile. */
  run: Run;
  observatory: Observatory;
  darkroom: Darkroom;
  log: Log;
}

/** What `open` returns: the device's capabilities and how the host keeps them fresh. */
export interface Opened extends Capabilities {
  /** What the handshake says it is (serial number, UniqueID): compared at every re-plug. */
  identity?: string;
  model?: string;
  /** Chips beside the camera's own, on the same link; each becomes a device of its own (`<id>/guide`). */
  heads?: { guide?: Capabilities };
  /** Reads the device's state into its cells; called every `pollMs`, never twice at once. */
  poll?(): Promise<void>;
  /** Last words to the device before the link is closed. */
  close?(): Promise<void>;
}

export interface Driver<L extends Link = Link, S extends Settings = Settings> {
  /** The family name of the contract, `[a-z0-9-]+`. */
  readonly id: string;
  readonly label: string;
  readonly transport: Transport<L>;
  readonly usb?: readonly { vid: number; pid: number }[];
  readonly pollMs: number;
  /** What such a device can do at the least, before it was ever connected. */
  readonly provides: readonly CapabilityName[];
  readonly settings: S;
  /** Shakes hands and reads what is fixed. @throws Fault */
  open(context: OpenContext<L, S>): Promise<Opened>;
}

/** A driver as the host holds it, its link and settings no longer typed. */
export type AnyDriver = Omit<Driver, 'open'> & { open(context: OpenContext<never, never>): Promise<Opened> };

export function defineDriver<L extends Link, const S extends Settings>(driver: Driver<L, S>): Driver<L, S> {
  return driver;
}
