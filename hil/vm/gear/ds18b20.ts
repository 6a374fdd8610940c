/** A chip on a 1-wire bus, slot by slot. */
export interface OneWireChip {
  /** Family first, check sum last. */
  readonly rom: Uint8Array;
  reset(): void;
  /** @param bit what the master writes; a 1 is also how it reads @returns what the chip lets the line be */
  slot(bit: number): number;
}

/** Maxim DS18B20 datasheet (19-7487 Rev 6): a thermometer of 12 bits, powered by its own wire. */
export function ds18b20(serial: number, now: () => number, celsius: () => number): OneWireChip {
  const body = [0x28, ...Array.from({ length: 6 }, (_, index) => Math.floor(serial / 256 ** index) & 0xff)];
  const rom = Uint8Array.of(...body, crc8(body));
  // 85 °C until the first conversion; alarms, 12 bits.
  const scratchpad = [0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10];
  let state: 'rom' | 'match' | 'command' | 'settings' | 'asleep' = 'asleep';
  let incoming: number[] = [];
  let matched: number[] = [];
  let outgoing: number[] = [];
  let converting = 0;

  function finish(): void {
    if (converting === 0 || now() < converting) return;
    converting = 0;
    const raw = Math.round(celsius() * 16) & 0xffff;
    [scratchpad[0], scratchpad[1]] = [raw & 0xff, raw >> 8];
  }

  function receive(byte: number): void {
    if (state === 'rom') {
      if (byte === 0x33) outgoing = bitsOf([...rom]);
      state = byte === 0x55 ? 'match' : byte === 0xcc ? 'command' : 'asleep';
      matched = [];
    } else if (state === 'match') {
      matched.push(byte);
      if (matched.length === 8) state = matched.every((each, at) => each === rom[at]) ? 'command' : 'asleep';
    } else if (state === 'settings') {
      matched.push(byte);
      if (matched.length === 3) {
        scratchpad.splice(2, 3, ...matched);
        state = 'asleep';
      }
    } else if (state === 'command') {
      state = 'asleep';
      if (byte === 0x44) converting = now() + 750;
      if (byte === 0xbe) {
        finish();
        outgoing = bitsOf([...scratchpad, crc8(scratchpad)]);
      }
      if (byte === 0x4e) {
        matched = [];
        state = 'settings';
      }
    }
  }

  return {
    rom,
    reset() {
      state = 'rom';
      incoming = [];
      outgoing = [];
    },
    slot(bit) {
      finish();
      if (outgoing.length > 0) return bit === 1 ? outgoing.shift()! : 0;
      // A read while it converts is answered 0; whether it has its own power, with 1.
      if (state === 'asleep') return converting > 0 ? 0 : 1;
      incoming.push(bit);
      if (incoming.length === 8) receive(incoming.splice(0).reduceRight((byte, each) => byte * 2 + each, 0));
      return bit;
    },
  };
}

const bitsOf = (bytes: readonly number[]): number[] =>
  bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1));

/** x⁸ + x⁵ + x⁴ + 1, least significant bit first (Maxim application note 27). */
export function crc8(bytes: readonly number[]): number {
  let crc = 0;
  for (const bit of bitsOf(bytes)) crc = (crc >> 1) ^ ((crc ^ bit) & 1 ? 0x8c : 0);
  return crc;
}
