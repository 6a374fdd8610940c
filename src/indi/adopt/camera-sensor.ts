import { BAYER_PATTERNS, type BayerPattern, shiftBayer } from '../../core/bayer.ts';
import type { Region, Sensor } from '../../device/camera.ts';
import type { Frame } from '../../imaging/frame.ts';
import type { Chip } from './camera-chip.ts';
import type { Hosted } from './hosted.ts';
import { chosenIn, labelOf, numberIn, rangeOf, writable } from './tools.ts';

/** Formats whose pixels are no mosaic although the sensor is one (ASI's Y8, RGB24; QHY's and gphoto's likewise). */
const NO_MOSAIC = /(^|[^A-Z])(Y8|Y16|MONO|LUMA|GREY|GRAY|RGB ?\d*)([^A-Z]|$)/i;
const MOST_BINNING = 16;
/** A driver that names no limits: a day. */
const LONGEST_SECONDS = 86_400;
const SIXTEEN_BITS = 16;

/** What is known of a chip, read anew at each look: drivers complete it after they have defined it. */
export function sensorOf(hosted: Hosted, chip: Chip, seen: Size | undefined): Sensor {
  const info = hosted.property(chip.info);
  const number = (element: string) => numberIn(info, element) ?? 0;
  const pixel = number('CCD_PIXEL_SIZE');
  const bitsPerPixel = number('CCD_BITSPERPIXEL') || SIXTEEN_BITS;
  const bayer = mosaicOf(hosted);
  return {
    name: hosted.device,
    width: number('CCD_MAX_X') || (seen?.width ?? 0),
    height: number('CCD_MAX_Y') || (seen?.height ?? 0),
    pixelMicrons: { x: number('CCD_PIXEL_SIZE_X') || pixel, y: number('CCD_PIXEL_SIZE_Y') || pixel },
    bitsPerPixel,
    ...(bayer && chip.image === 'CCD1' && { bayer }),
    maxAdu: 2 ** Math.min(bitsPerPixel, 32) - 1,
  };
}

/** Unbinned pixels. Photo cameras do not know theirs before the first picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function binningsOf(hosted: Hosted, { binning }: Chip): readonly number[] {
  if (!writable(hosted, binning)) return [1];
  const most = Math.min(...['HOR_BIN', 'VER_BIN'].map((side) => rangeOf(hosted, binning, side)?.max ?? 1));
  const count = Math.max(1, Math.min(MOST_BINNING, Math.floor(most)));
  return Array.from({ length: count }, (_, index) => index + 1);
}

export function exposureLimits(hosted: Hosted, { exposure, seconds }: Chip): { min: number; max: number } {
  const { min, max } = rangeOf(hosted, exposure, seconds) ?? { min: 0, max: 0 };
  return max > min ? { min, max } : { min: 0, max: LONGEST_SECONDS };
}

/** The region that the camera has now; drivers round what they are asked for. */
export function regionNow(hosted: Hosted, { frame }: Chip): Region | undefined {
  const seen = hosted.property(frame);
  const [x, y, width, height] = ['X', 'Y', 'WIDTH', 'HEIGHT'].map((element) => numberIn(seen, element));
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return { x, y, width, height };
}

/** CCD_CFA: the colours at the sensor's corner. */
function mosaicOf(hosted: Hosted): BayerPattern | undefined {
  const values = hosted.property('CCD_CFA')?.values;
  const pattern = BAYER_PATTERNS.find((known) => known === values?.CFA_TYPE);
  return pattern && shiftBayer(pattern, Number(values?.CFA_OFFSET_X) || 0, Number(values?.CFA_OFFSET_Y) || 0);
}

/**
 * The frame with the colours of its own corner. libindi writes the sensor's BAYERPAT whatever the region; a driver that
 * writes another one has thought of the region itself, and of a binned frame only its header knows.
 */
export function withMosaic(
  frame: Frame,
  sensor: Sensor,
  region: Region | undefined,
  binning: number,
  mosaic: boolean,
): Frame {
  const { bayer, ...plain } = frame;
  const corner = sensor.bayer && region && shiftBayer(sensor.bayer, region.x, region.y);
  if (frame.planes !== 1 || binning !== 1 || !corner) return frame;
  if (bayer === undefined && !mosaic) return plain;
  return bayer === undefined || bayer === sensor.bayer ? { ...plain, bayer: corner } : frame;
}

/** Whether the chosen format keeps the sensor's mosaic. */
export function keepsMosaic(hosted: Hosted): boolean {
  return ['CCD_CAPTURE_FORMAT', 'CCD_VIDEO_FORMAT'].every((property) => {
    const chosen = chosenIn(hosted.property(property));
    return !chosen || !(NO_MOSAIC.test(chosen) || NO_MOSAIC.test(labelOf(hosted, property, chosen)));
  });
}
