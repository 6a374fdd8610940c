import type { ExposureRequest } from '../../device/camera.ts';

/** What libindi calls the properties of a camera's chip (INDI protocol 1.7, CCD; libindi `indiccd.cpp`). */
export interface Chip {
  readonly info: string;
  readonly exposure: string;
  /** Element of `exposure`. */
  readonly seconds: string;
  readonly abort: string;
  readonly frame: string;
  readonly binning: string;
  readonly type: string;
  readonly compression: string;
  readonly image: string;
}

export const mainChip: Chip = {
  info: 'CCD_INFO',
  exposure: 'CCD_EXPOSURE',
  seconds: 'CCD_EXPOSURE_VALUE',
  abort: 'CCD_ABORT_EXPOSURE',
  frame: 'CCD_FRAME',
  binning: 'CCD_BINNING',
  type: 'CCD_FRAME_TYPE',
  compression: 'CCD_COMPRESSION',
  image: 'CCD1',
};

export const guideChip: Chip = {
  info: 'GUIDER_INFO',
  exposure: 'GUIDER_EXPOSURE',
  seconds: 'GUIDER_EXPOSURE_VALUE',
  abort: 'GUIDER_ABORT_EXPOSURE',
  frame: 'GUIDER_FRAME',
  binning: 'GUIDER_BINNING',
  type: 'GUIDER_FRAME_TYPE',
  compression: 'GUIDER_COMPRESSION',
  image: 'CCD2',
};

/** A dark for flats is a dark to the camera. */
export const FRAME_TYPES: Record<ExposureRequest['type'], string> = {
  light: 'FRAME_LIGHT',
  dark: 'FRAME_DARK',
  darkflat: 'FRAME_DARK',
  bias: 'FRAME_BIAS',
  flat: 'FRAME_FLAT',
};

/**
 * Switches by which a client may have sent images elsewhere or in another form, and what they must say for ours; of an
 * element's names (libindi's of today, before 1.9) the one that is there counts.
 */
export const forOurExposures = (chip: Chip): readonly (readonly [string, ...string[]])[] => [
  ['UPLOAD_MODE', 'UPLOAD_CLIENT'],
  ['CCD_TRANSFER_FORMAT', 'FORMAT_FITS'],
  ['TRANSFER_FORMAT', 'FORMAT_FITS'],
  [chip.compression, 'INDI_DISABLED', 'CCD_RAW'],
  ['CCD_FAST_TOGGLE', 'INDI_DISABLED'],
];
