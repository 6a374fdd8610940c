import type { OneWireChip } from './ds18b20.ts';
import { type Endpoint, Fifo, type Setup, type UsbGear } from './usb.ts';

/** Control requests by type (Maxim DS2490 datasheet, appendices 1–3). */
const CONTROL = 0;
const COMMUNICATION = 1;
const RESET_DEVICE = 0;
/** Communication commands: bits 4–7 of the value. */
const commands = { bit: 2, reset: 4, byte: 5, block: 7, search: 0xf } as const;
const WITH_RESET = 0x0100;
const NO_ANSWER = 0x0200;
const ONE = 0x0008;
const STATUS = 1;
const IDLE = 0x20;

const endpoints = (packet: number, interval: number): Endpoint[] => [
  { address: 0x81, kind: 'interrupt', packet: 32, interval },
  { address: 0x02, kind: 'bulk', packet },
  { address: 0x83, kind: 'bulk', packet },
];

/** DS2490, in the blue adapter DS9490R: the 1-wire bus behind a USB plug. Everything it is told it does at once. */
export function ds2490(chips: readonly OneWireChip[]): UsbGear {
  const toHost = new Fifo();
  let fromHost: number[] = [];
  const reset = () => {
    for (const chip of chips) chip.reset();
  };
  /** Open drain: the line is low while anybody holds it. */
  const slot = (bit: number) => chips.reduce((line, chip) => line & chip.slot(bit), bit);
  const exchange = (byte: number) => {
    let read = 0;
    for (let bit = 0; bit < 8; bit++) read |= slot((byte >> bit) & 1) << bit;
    return read;
  };

  function communicate({ value, index }: Setup): void {
    const command = (value >> 4) & 0xf;
    if (command === commands.reset || value & WITH_RESET) reset();
    const read: number[] = [];
    if (command === commands.bit) read.push(slot(value & ONE ? 1 : 0));
    if (command === commands.byte) read.push(exchange(index & 0xff));
    if (command === commands.block) read.push(...fromHost.splice(0, index).map(exchange));
    if (command === commands.search) {
      fromHost = [];
      const most = index >> 8 || chips.length;
      // Chips with an alarm are asked for by another command; none of ours has one.
      if ((index & 0xff) === 0xf0) for (const { rom } of chips.slice(0, most)) read.push(...rom);
    }
    if (!(value & NO_ANSWER)) toHost.push(read);
  }

  return {
    vid: 0x04fa,
    pid: 0x2490,
    release: 0x0002,
    manufacturer: 'Dallas Semiconductor',
    product: 'USB to 1-Wire',
    serial: '',
    alternates: [endpoints(16, 10), endpoints(64, 10), endpoints(16, 1), endpoints(64, 1)],
    control(setup) {
      if (setup.request === COMMUNICATION) communicate(setup);
      if (setup.request === CONTROL && setup.value === RESET_DEVICE) {
        fromHost = [];
        toHost.clear();
      }
      return new Uint8Array(0);
    },
    out(_endpoint, bytes) {
      fromHost.push(...bytes);
    },
    async in(endpoint, length, signal) {
      if (endpoint !== STATUS) return toHost.take(length, signal);
      const status = new Uint8Array(16);
      status[8] = IDLE;
      status[13] = toHost.length;
      return status.subarray(0, length);
    },
  };
}
