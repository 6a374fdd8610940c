import { BadInput } from '../core/errors.ts';

/** A side of 65 535 pixels, four planes and 1 GB bound everything that is later allocated from a header. */
const SIDE_LIMIT = 65_535;
const PLANE_LIMIT = 4;
export const PIXEL_BYTE_LIMIT = 2 ** 30;

export interface ImageShape {
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  /** The colours of a pixel lie side by side (NAXIS1 counts them), not in planes. */
  readonly interleaved: boolean;
}

/**
 * What the axes of an image mean: columns and rows, then planes; or colours, columns and rows. Axes of length 1 behind
 * those say nothing.
 * @param axes NAXIS1, NAXIS2 …
 * @param size bytes of a pixel
 * @throws BadInput for what is no image or too large
 */
export function shapeOfAxes(axes: readonly number[], size: number): ImageShape {
  const beyond = axes.findIndex((length, index) => index >= 3 && length !== 1);
  if (beyond >= 0) throw new BadInput(`NAXIS${beyond + 1}: an image has at most three axes`);
  const [first = 0, second = 0, third = 1] = axes;
  const interleaved = third > PLANE_LIMIT && (first === 3 || first === 4);
  const [width, height, planes] = interleaved ? [second, third, first] : [first, second, third];
  if (width < 1 || height < 1 || width > SIDE_LIMIT || height > SIDE_LIMIT) {
    throw new BadInput(`image size ${width} x ${height}: each side must be 1 to ${SIDE_LIMIT}`);
  }
  if (planes < 1 || planes > PLANE_LIMIT) {
    throw new BadInput(`NAXIS3 = ${planes}: one to four planes can be read`);
  }
  if (width * height * planes * size > PIXEL_BYTE_LIMIT) {
    throw new BadInput(`image size ${width} x ${height} x ${planes}: more than 1 GB of pixels`);
  }
  return { width, height, planes, interleaved };
}
