import { cell } from '../../../src/core/cell.ts';
import { Fault } from '../../../src/core/errors.ts';
import type { StreamLink } from '../../../src/wire/link.ts';
import { Fifo, type UsbGear } from './usb.ts';

/**
 * FT232R: the adapter in most astronomical cables. FTDI AN_232B-05 (baud rates) and the datasheet: each packet to the
 * host begins with modem and line status.
 */
export interface FtdiAdapter {
  gear: UsbGear;
  /** The end with the wires: what a device is soldered to. */
  line: StreamLink;
  /** As the host has set it. */
  baud(): number;
}

const CLEAR_TO_SEND = 0x01 | 0x10;
const EMPTY = 0x60;
const PACKET = 64;
const IN = 1;
/** Eighths by the code of the fraction. */
const FRACTIONS = [0, 4, 2, 1, 3, 5, 6, 7];
const requests = { setBaud: 3, modemStatus: 5, latency: 0x0a } as const;

export function ftdiAdapter(serial: string): FtdiAdapter {
  const toHost = new Fifo();
  let baud = 0;
  let reader: ((bytes: Uint8Array) => void) | undefined;
  const early: Uint8Array[] = [];
  const gear: UsbGear = {
    vid: 0x0403,
    pid: 0x6001,
    release: 0x0600,
    manufacturer: 'FTDI',
    product: 'FT232R USB UART',
    serial,
    alternates: [
      [
        { address: 0x81, kind: 'bulk', packet: PACKET },
        { address: 0x02, kind: 'bulk', packet: PACKET },
      ],
    ],
    control({ type, request, value, index }) {
      if (request === requests.setBaud) baud = baudOf(value, index);
      if (request === requests.modemStatus) return Uint8Array.of(CLEAR_TO_SEND, EMPTY);
      if (type & 0x80) return Uint8Array.of(request === requests.latency ? 16 : 0);
      return new Uint8Array(0);
    },
    out(_endpoint, bytes) {
      if (reader) reader(bytes);
      else early.push(bytes);
    },
    async in(endpoint, length, signal) {
      if (endpoint !== IN) return new Uint8Array(0);
      const bytes = await toHost.take(Math.min(length, PACKET) - 2, signal);
      return Uint8Array.of(CLEAR_TO_SEND, EMPTY, ...bytes);
    },
  };
  const alive = cell(true);
  const line: StreamLink = {
    kind: 'stream',
    alive,
    async write(bytes) {
      if (!alive.value) throw new Fault('gone', 'the adapter is gone');
      toHost.push(bytes);
    },
    read(next) {
      reader = next;
      for (const bytes of early.splice(0)) next(bytes);
    },
    close: async () => alive.set(false),
  };
  return { gear, line, baud: () => baud };
}

function baudOf(value: number, index: number): number {
  const eighths = FRACTIONS[(value >> 14) | ((index & 1) << 2)] ?? 0;
  const divisor = (value & 0x3fff) + eighths / 8;
  return Math.round(3_000_000 / (divisor === 0 ? 1 : divisor === 1 ? 1.5 : divisor));
}
