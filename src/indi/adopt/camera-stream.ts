import { cell, derived } from '../../core/cell.ts';
import type { StreamFrame, VideoStream } from '../../device/camera.ts';
import type { Blob } from '../message.ts';
import { type Chip, mainChip } from './camera-chip.ts';
import type { Hosted } from './hosted.ts';
import { choose, command, has, numberCell, numberIn, switchCell } from './tools.ts';

const STREAM = 'CCD_VIDEO_STREAM';

/** libindi sends pictures of a stream by the image's property, told by their format alone. */
export const isOfStream = ({ format }: Blob): boolean => format.startsWith('.stream');

/** CCD_VIDEO_STREAM, FPS and the pictures. */
export function adoptStream(hosted: Hosted): VideoStream | undefined {
  if (!has(hosted, STREAM, 'STREAM_ON')) return undefined;
  const on = switchCell(hosted, STREAM, 'STREAM_ON');
  const rate = numberCell(hosted, 'FPS', 'EST_FPS');
  const latest = cell<StreamFrame | undefined>(undefined);
  on.watch((now) => now || latest.set(undefined));
  hosted.watchBlobs(mainChip.image, (blob) => {
    const picture = isOfStream(blob) && on.value ? pictureOf(blob, sizeOf(hosted, mainChip)) : undefined;
    if (picture) latest.set(picture);
  });
  return {
    on,
    framesPerSecond: derived([on, rate], () => (on.value ? rate.value : undefined)),
    latest,
    async setOn(wanted, run) {
      if (wanted === on.value) return;
      const element = wanted ? 'STREAM_ON' : 'STREAM_OFF';
      // It is Busy for as long as it runs.
      await command(hosted, STREAM, choose(hosted, STREAM, element), run, { over: () => true });
    },
  };
}

/** Binned pixels: CCD_STREAM_FRAME, where the driver has it. */
function sizeOf(hosted: Hosted, chip: Chip): { width: number; height: number } {
  const stream = hosted.property('CCD_STREAM_FRAME');
  const seen = stream ?? hosted.property(chip.frame);
  const binning = stream ? 1 : (numberIn(hosted.property(chip.binning), 'HOR_BIN') ?? 1);
  const side = (element: string) => Math.floor((numberIn(seen, element) ?? 0) / binning);
  return { width: side('WIDTH'), height: side('HEIGHT') };
}

/** Undefined for bytes that are no picture of that size: the size has just changed, or a codec is unknown. */
function pictureOf(
  { format, bytes }: Blob,
  size: { width: number; height: number },
): StreamFrame | undefined {
  if (/^\.stream_jpe?g$/.test(format))
    return { ...size, channels: 3, bits: 8, encoding: 'jpeg', bytes: new Uint8Array(bytes) };
  const depth = bytes.length / (size.width * size.height);
  if (format !== '.stream' || ![1, 2, 3, 6].includes(depth)) return undefined;
  const channels = depth % 3 === 0 ? 3 : 1;
  return {
    ...size,
    channels,
    bits: depth === channels ? 8 : 16,
    encoding: 'raw',
    bytes: new Uint8Array(bytes),
  };
}
