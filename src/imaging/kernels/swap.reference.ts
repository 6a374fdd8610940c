export function swapReference(memory: ArrayBuffer) {
  const words = new Uint16Array(memory);
  return {
    /**
     * Big-endian int16 with BZERO 32768 (FITS 4.0, section 4.4.2.5) to native u16; in place where `to` is `from`.
     * @param count pixels
     */
    swap16(from: number, to: number, count: number): void {
      const [source, target] = [from >> 1, to >> 1];
      for (let index = 0; index < count; index++) {
        const word = words[source + index]! ^ 0x80;
        words[target + index] = (word << 8) | (word >> 8);
      }
    },
  };
}
