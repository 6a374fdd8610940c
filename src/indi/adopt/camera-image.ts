import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Clock } from '../../core/clock.ts';
import { asError, BadInput, Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import type { Darkroom } from '../../device/driver.ts';
import type { Frame } from '../../imaging/frame.ts';
import type { Blob } from '../message.ts';

/** Decompressed: 150 Mpx of 32 bits. */
const MOST_BYTES = 600e6;
/** Copied at a time: a millisecond or two. */
const SLICE = 4 << 20;
const readers: readonly { extensions: RegExp; develop?: 'developPicture' | 'developRaw' }[] = [
  { extensions: /^\.(fits?|fts)$/ },
  { extensions: /^\.jpe?g$/, develop: 'developPicture' },
  { extensions: /^\.(cr[23w]|nef|nrw|arw|srf|sr2|dng|raf|orf|pef|rw2|raw)$/, develop: 'developRaw' },
];
const inflated = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);

/**
 * What a camera's program sent, as a frame that has nothing of it. A picture that is no FITS file is kept as it came,
 * beside its pixels.
 * @throws Fault `garbled` for bytes that are no image, `unsupported` for a format that is not read here
 */
export async function developBlob(blob: Blob, device: string, darkroom: Darkroom, run: Run): Promise<Frame> {
  const named = blob.format.toLowerCase();
  const extension = named.replace(/\.z$/, '');
  const { clock, signal } = run;
  const reader = readers.find(({ extensions }) => extensions.test(extension));
  if (!reader) throw unread(extension, device);
  try {
    const bytes =
      named === extension ? await copied(blob.bytes, clock) : await clock.external(unpacked(blob));
    if (!reader.develop) return (await darkroom.developFits(bytes, signal)).frame;
    return { ...(await darkroom[reader.develop](bytes, signal)), native: { extension, bytes } };
  } catch (thrown) {
    throw thrown instanceof BadInput ? new Fault('garbled', `${device}: ${thrown.message}`) : thrown;
  }
}

function unread(extension: string, device: string): Fault {
  const what = extension === '' ? 'an image without a format' : `its image as ${extension}`;
  const remedy =
    extension === '.fits.fz'
      ? 'switch its compression (CCD_COMPRESSION) off'
      : 'set its encoding (CCD_TRANSFER_FORMAT) to FITS';
  return new Fault('unsupported', `${device} sent ${what}, which cannot be read here: ${remedy}`);
}

async function unpacked({ bytes, size, format }: Blob): Promise<Uint8Array> {
  try {
    return await inflated(bytes, { maxOutputLength: Math.min(size > 0 ? size : MOST_BYTES, MOST_BYTES) });
  } catch (thrown) {
    throw new BadInput(`an image as ${format} that does not unpack: ${asError(thrown).message}`);
  }
}

/** To be kept or given away: clients may still be reading the same image. */
async function copied(bytes: Uint8Array, clock: Clock): Promise<Uint8Array> {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += SLICE) {
    if (at > 0) await clock.turn();
    copy.set(bytes.subarray(at, at + SLICE), at);
  }
  return copy;
}
