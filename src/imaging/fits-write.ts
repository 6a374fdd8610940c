import { Fault } from '../core/errors.ts';
import { CHECKSUM_ZERO, sign } from './checksum.ts';
import { type Card, formatCard, formatCards, text } from './fits-card.ts';
import { bufferBytes, FITS_BLOCK, type Frame, HEADER_ROOM } from './frame.ts';

/**
 * Writes the header into the room before the pixels and returns the whole FITS file: a view, no copy. DATASUM and
 * CHECKSUM (FITS 4.0, section 4.4.2.7) are added where the frame's data sum is known. A frame is sealed once,
 * before anyone else is given its bytes.
 * @throws Fault `refused` when the cards do not fit into the room
 */
export function sealFrame(frame: Frame, cards: readonly Card[]): Uint8Array {
  const records = formatCards(cards);
  if (frame.dataSum !== undefined) {
    records.push(...formatCard(text('CHECKSUM', CHECKSUM_ZERO, 'HDU checksum')));
    records.push(...formatCard(text('DATASUM', String(frame.dataSum), 'data unit checksum')));
  }
  records.push('END'.padEnd(80));
  const length = Math.ceil((records.length * 80) / FITS_BLOCK) * FITS_BLOCK;
  if (length > HEADER_ROOM) {
    throw new Fault('refused', `the FITS header has ${records.length} records, ${HEADER_ROOM / 80} fit`);
  }
  const start = HEADER_ROOM - length;
  const header = Buffer.from(frame.buffer, start, length);
  header.write(records.join('').padEnd(length), 'latin1');
  if (frame.dataSum !== undefined) sign(header, frame.dataSum);
  return new Uint8Array(frame.buffer, start, bufferBytes(frame) - start);
}
