import { radians } from '../../src/core/units.ts';
import type { Attitude } from './mount-body.ts';
import { cross, dot, plus, scaled, type Vector } from './vector.ts';

export interface Telescope {
  name: string;
  focalLengthMm: number;
  apertureMm: number;
  /** Diameter of the central obstruction as a share of the aperture's; 0 for a refractor. */
  obstruction: number;
}

/** The colour of the first row and column, as it leaves the sensor. */
export type Bayer = 'RGGB' | 'GRBG' | 'GBRG' | 'BGGR';

export interface SensorModel {
  name: string;
  width: number;
  height: number;
  pixelMicrons: number;
  /** Samples run 0…2^bits − 1: not left-aligned. */
  bits: number;
  bayer?: Bayer;
  /** At gain 0. Gain counts 0.1 dB: the ADU double every 60.2. */
  electronsPerAdu: number;
  /** Electrons. */
  readNoise: number;
  fullWell: number;
  /** ADU, unless the request names another. */
  offsetAdu: number;
  /** Electrons a second and pixel at 20 °C; halves every 6 °C. */
  darkPerSecond: number;
  hotPixels: number;
  quantumEfficiency: number;
  /** Of the camera in the tube: the image's up is turned by so much from the tube's up, toward east. */
  rotationDegrees: number;
  /** An odd number of mirrors: east is right when north is up. */
  mirrored: boolean;
}

export const mainTelescope: Telescope = {
  name: 'Newtonian 106/530',
  focalLengthMm: 530,
  apertureMm: 106,
  obstruction: 0.3,
};

export const guideTelescope: Telescope = {
  name: 'Guide scope 50/200',
  focalLengthMm: 200,
  apertureMm: 50,
  obstruction: 0,
};

/** With the main telescope 1.23° × 0.77° at 2.3″ a pixel: enough stars to be solved anywhere. */
export const mainSensor: SensorModel = {
  name: 'Main 2.4 Mpx',
  width: 1936,
  height: 1216,
  pixelMicrons: 5.86,
  bits: 16,
  electronsPerAdu: 0.8,
  readNoise: 3,
  fullWell: 45_000,
  offsetAdu: 500,
  darkPerSecond: 0.1,
  hotPixels: 150,
  quantumEfficiency: 0.7,
  rotationDegrees: 0,
  mirrored: false,
};

export const guideSensor: SensorModel = {
  ...mainSensor,
  name: 'Guide 1.2 Mpx',
  width: 1280,
  height: 960,
  pixelMicrons: 3.75,
  bits: 12,
  electronsPerAdu: 4,
  fullWell: 16_000,
  offsetAdu: 60,
  hotPixels: 60,
};

/** Arc-seconds along one pixel at the centre of the field. */
export const pixelArcsec = (telescope: Telescope, sensor: SensorModel): number =>
  (206.264806 * sensor.pixelMicrons) / telescope.focalLengthMm;

/** Sensor coordinates in unbinned pixels: 0, 0 is the top left corner, pixel centres lie at .5. */
export interface Spot {
  x: number;
  y: number;
}

/** The tangent-plane image of a sky direction; undefined behind the telescope. */
export type Projection = (direction: Vector) => Spot | undefined;

/**
 * Seen from inside the celestial sphere: with rotation 0 and the tube's up at north, north is up and east is left.
 * @param turnDegrees of the camera in the tube, toward east
 */
export function projection(
  { axis, up }: Attitude,
  telescope: Telescope,
  sensor: SensorModel,
  turnDegrees = sensor.rotationDegrees,
): Projection {
  const turn = radians(turnDegrees);
  const east = cross(up, axis);
  const top = plus(scaled(up, Math.cos(turn)), scaled(east, Math.sin(turn)));
  const right = scaled(cross(axis, top), sensor.mirrored ? -1 : 1);
  const pixels = (telescope.focalLengthMm * 1000) / sensor.pixelMicrons;
  return (direction) => {
    const depth = dot(direction, axis);
    if (depth < 0.1) return undefined;
    return {
      x: sensor.width / 2 + (pixels * dot(direction, right)) / depth,
      y: sensor.height / 2 - (pixels * dot(direction, top)) / depth,
    };
  };
}
