import { BadInput } from '../../core/errors.ts';

/** An instruction: 4 bits of operation, 12 of operand. */
const OPERAND = 0xfff;

/**
 * Unpacks one tile of PLIO_1 (FITS 4.0, section 10.4.3; IRAF pixel lists): 16-bit instructions of which most move
 * along the line, leaving zeros or the current level behind.
 * @throws BadInput for a list that is damaged
 */
export function unpackPlio(packed: Uint8Array, into: Int32Array): void {
  const words = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const count = packed.length >> 1;
  if (count < 3) throw new BadInput('a tile of packed mask pixels ends too early');
  const word = (index: number) => words.getInt16(2 * index);
  // Lists of older programs have their length in the third word; newer ones in two, with the header's length before.
  const old = word(2) > 0;
  if (!old && count < 5) throw new BadInput('a tile of packed mask pixels ends too early');
  const length = old ? word(2) : word(4) * 2 ** 15 + word(3);
  const first = old ? 3 : word(1);
  if (length > count || first < 3) throw new BadInput('a tile of packed mask pixels is damaged');
  into.fill(0);
  let level = 1;
  let at = 0;
  const run = (pixels: number, value: number) => {
    if (value !== 0) into.fill(value, at, at + pixels);
    at += pixels;
  };
  for (let index = first; index < length && at < into.length; index++) {
    const operand = word(index) & OPERAND;
    switch ((word(index) >> 12) & 0xf) {
      case 0:
        run(operand, 0);
        break;
      case 1:
        index++;
        if (index >= length) throw new BadInput('a tile of packed mask pixels ends too early');
        level = (word(index) << 12) + operand;
        break;
      case 2:
        level += operand;
        break;
      case 3:
        level -= operand;
        break;
      case 4:
        run(operand, level);
        break;
      case 5:
        if (operand > 0) run(operand - 1, 0);
        if (operand > 0) run(1, level);
        break;
      case 6:
        level += operand;
        run(1, level);
        break;
      case 7:
        level -= operand;
        run(1, level);
        break;
      default:
        throw new BadInput('a tile of packed mask pixels is damaged');
    }
  }
}
