import { BadInput } from '../../src/core/errors.ts';
import type { Place } from './geometry.ts';
import { layOut, type RenderRequest } from './layout.ts';
import type { SensorModel, Spot, Telescope } from './optics.ts';
import { openPhotographs, type Photographs, type Picture } from './photographs.ts';
import { render, type Scene } from './render.ts';
import { fromPlace } from './vector.ts';

export interface CameraBody {
  /** Its size is that of the photographs when they replace the sky. */
  readonly sensor: SensorModel;
  readonly telescope: Telescope;
  /** Of the sensor; whatever cools it sets this. */
  temperatureCelsius: number;
  /**
   * What left the sensor; to be called when the exposure ends, for the history of mount and focuser is asked.
   * Photographs are handed out for lights, cut to the region, in place of the sky. @throws BadInput off the sensor
   */
  expose(request: RenderRequest): Picture;
  /** Where an ICRS place falls, unbinned pixels (0, 0 the top left corner, centres at .5); undefined behind. */
  pixelOf(place: Place, utc?: number): Spot | undefined;
  readonly photographs?: Photographs;
}

export interface CameraOptions {
  telescope?: Partial<Telescope>;
  sensor?: Partial<SensorModel>;
  /** A FITS file or a folder of such. */
  photographs?: string;
}

/** @param scene what this camera looks at, given the optics it turns out to have */
export function createCameraBody(
  options: CameraOptions,
  usual: { telescope: Telescope; sensor: SensorModel; temperatureCelsius: number; now: () => number },
  scene: (telescope: Telescope, sensor: SensorModel) => Scene,
): CameraBody {
  const photographs = options.photographs === undefined ? undefined : openPhotographs(options.photographs);
  const telescope: Telescope = { ...usual.telescope, ...options.telescope };
  const size = photographs ? { width: photographs.width, height: photographs.height } : {};
  const sensor: SensorModel = { ...usual.sensor, ...options.sensor, ...size };
  const view = scene(telescope, sensor);
  const body: CameraBody = {
    sensor,
    telescope,
    temperatureCelsius: usual.temperatureCelsius,
    expose(request) {
      if (photographs && (request.type ?? 'light') === 'light') return cut(photographs.next(), request);
      const { width, height } = layOut(sensor, request);
      const samples = render(view, { temperatureCelsius: body.temperatureCelsius, ...request });
      return { width, height, format: 'u16', samples };
    },
    pixelOf: (place, utc = usual.now()) => view.projection(utc)(fromPlace(place)),
    ...(photographs ? { photographs } : {}),
  };
  return body;
}

function cut(picture: Picture, request: RenderRequest): Picture {
  const { x, y, width, height, binning } = layOut(picture, request);
  if (binning !== 1)
    throw new BadInput('photographs are handed out unbinned, so that their values stay unchanged');
  if (width === picture.width && height === picture.height) return picture;
  const samples = picture.samples.slice(0, width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * picture.width + x;
    samples.set(picture.samples.subarray(from, from + width), row * width);
  }
  return { ...picture, width, height, samples };
}
