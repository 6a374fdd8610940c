import { BadInput } from '../../src/core/errors.ts';

/** Unbinned pixels from the top left. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface RenderRequest {
  startUtc: number;
  seconds: number;
  /** Default the whole sensor. */
  region?: Region;
  /** Charges are added up; default 1. The image has ⌊width / binning⌋ × ⌊height / binning⌋ pixels. */
  binning?: number;
  /** 0.1 dB; default 0. */
  gain?: number;
  /** ADU. */
  offset?: number;
  /** `dark` and `bias` see no light; a `flat` sees what is in front of the telescope, as a `light` does. */
  type?: 'light' | 'dark' | 'bias' | 'flat';
  /** Of the sensor. */
  temperatureCelsius?: number;
}

/** In binned pixels: where the image lies on the sensor, and its size. */
export interface Layout {
  x: number;
  y: number;
  width: number;
  height: number;
  binning: number;
}

/** @throws BadInput when the request does not fit the sensor */
export function layOut(sensor: { width: number; height: number }, request: RenderRequest): Layout {
  const binning = request.binning ?? 1;
  const region = request.region ?? { x: 0, y: 0, width: sensor.width, height: sensor.height };
  const whole = [binning, region.x, region.y, region.width, region.height].every(Number.isInteger);
  const width = Math.floor(region.width / binning);
  const height = Math.floor(region.height / binning);
  const inside =
    region.x >= 0 &&
    region.y >= 0 &&
    region.x + region.width <= sensor.width &&
    region.y + region.height <= sensor.height;
  if (!whole || !inside || binning < 1 || width < 1 || height < 1) {
    throw new BadInput(
      `region ${JSON.stringify(region)} binned ${binning} does not fit ${sensor.width}×${sensor.height}`,
    );
  }
  if (!(request.seconds >= 0)) throw new BadInput(`an exposure of ${request.seconds} s`);
  return { x: Math.floor(region.x / binning), y: Math.floor(region.y / binning), width, height, binning };
}
