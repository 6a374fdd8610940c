/** A DS18B20's scratchpad (Analog Devices DS18B20, figures 4 and 8), apart from the bus it came by. */

/** CRC-8 of the 1-wire bus: x⁸+x⁵+x⁴+1, reflected, from 0. Over bytes with their CRC it is 0. */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}

/** Before its first conversion, and after it has lost its power for a moment. */
export const POWER_ON_CELSIUS = 85;

/**
 * °C, in steps of 1/16 at 12 bits. @param scratchpad nine bytes
 * @returns undefined for what no DS18B20 says: a wrong CRC, or only zeros, whose CRC is right
 */
export function celsiusOf(scratchpad: Uint8Array): number | undefined {
  if (scratchpad.length !== 9 || crc8(scratchpad) !== 0) return undefined;
  const view = new DataView(scratchpad.buffer, scratchpad.byteOffset, 9);
  // The configuration is 0RR11111.
  const configuration = view.getUint8(4);
  if ((configuration & 0x9f) !== 0x1f) return undefined;
  // Bits below the resolution are undefined: 9 bits leave three, 12 none.
  const unsure = 3 - (configuration >> 5);
  const celsius = ((view.getInt16(0, true) >> unsure) << unsure) / 16;
  return celsius < -55 || celsius > 125 ? undefined : celsius;
}
