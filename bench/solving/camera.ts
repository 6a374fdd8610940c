import type { Place } from '../../hil/sky/geometry.ts';
import { type Bayer, projection, type SensorModel, type Telescope } from '../../hil/sky/optics.ts';
import { cross, fromPlace, plus, scaled, toPlace, unit, type Vector } from '../../hil/sky/vector.ts';

/** Where a frame lies on the sky; as in `FrameSpec`. */
export interface Framing extends Place {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly rotation: number;
  readonly mirrored: boolean;
  readonly distortion: number;
  readonly bayer?: Bayer;
}

/** Corners at integers, as the world's canvas counts. */
export interface Spot {
  x: number;
  y: number;
}

const PIXEL_MICRONS = 3.76;
const FOCAL_RATIO = 6;

/** A camera with the world's own projection, which a lens then distorts about the frame's centre. */
export function cameraOf(framing: Framing) {
  const { width, height, scale, rotation, mirrored, bayer, distortion } = framing;
  const focalLengthMm = (206.264806 * PIXEL_MICRONS) / scale;
  const telescope: Telescope = {
    name: 'bench',
    focalLengthMm,
    apertureMm: focalLengthMm / FOCAL_RATIO,
    obstruction: 0.3,
  };
  const sensor: SensorModel = {
    name: 'bench',
    width,
    height,
    pixelMicrons: PIXEL_MICRONS,
    bits: 16,
    electronsPerAdu: 0.8,
    readNoise: 2.5,
    fullWell: 50_000,
    offsetAdu: 500,
    darkPerSecond: 0.05,
    hotPixels: Math.round((width * height) / 20_000),
    quantumEfficiency: 0.7,
    rotationDegrees: rotation,
    mirrored,
    ...(bayer ? { bayer } : {}),
  };
  const axis = fromPlace(framing);
  const north = northAt(framing);
  const project = projection({ axis, up: north }, telescope, sensor);
  const turn = (rotation * Math.PI) / 180;
  const top = plus(scaled(north, Math.cos(turn)), scaled(cross(north, axis), Math.sin(turn)));
  const right = scaled(cross(axis, top), mirrored ? -1 : 1);
  const pixels = (telescope.focalLengthMm * 1000) / sensor.pixelMicrons;
  const corner = (width * width + height * height) / 4;

  const distorted = ({ x, y }: Spot): Spot => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    const factor = 1 + (distortion * (dx * dx + dy * dy)) / corner;
    return { x: width / 2 + dx * factor, y: height / 2 + dy * factor };
  };
  return {
    telescope,
    sensor,
    distorted,
    /** Undefined behind the telescope. */
    spotOf(place: Place): Spot | undefined {
      const spot = project(fromPlace(place));
      return spot && distorted(spot);
    },
    /** The inverse, of a spot before the lens distorts it. */
    placeOf({ x, y }: Spot): Place {
      const across = scaled(right, (x - width / 2) / pixels);
      const up = scaled(top, (height / 2 - y) / pixels);
      return toPlace(unit(plus(axis, plus(across, up))));
    },
  };
}

function northAt({ ra, dec }: Place): Vector {
  const [a, d] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180];
  return [-Math.sin(d) * Math.cos(a), -Math.sin(d) * Math.sin(a), Math.cos(d)];
}
