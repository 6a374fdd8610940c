import { addStar, type Canvas } from './canvas.ts';
import type { Catalogue } from './catalogue.ts';
import type { Place } from './geometry.ts';
import { type Layout, layOut, type RenderRequest } from './layout.ts';
import { normalAt } from './noise.ts';
import { type Projection, pixelArcsec, type SensorModel, type Telescope } from './optics.ts';
import { chance, instantKey, mixed } from './random.ts';
import { readOut } from './sensor.ts';
import type { Shaper } from './spread.ts';
import { fromPlace } from './vector.ts';

export type { Region, RenderRequest } from './layout.ts';

/** What the camera looks at, asked at the instants of an exposure. */
export interface Scene {
  catalogue: Catalogue;
  telescope: Telescope;
  sensor: SensorModel;
  seed: number;
  shape: Shaper;
  /** Where the optical axis points, ICRS. */
  centre(utc: number): Place;
  projection(utc: number): Projection;
  /** Seeing, diffraction not included, arc-seconds FWHM. */
  seeingArcsec(utc: number): number;
  defocusMicrons(utc: number): number;
  /** Share of the light that filter, air and clouds let through: of the stars, of the sky. */
  starlight(utc: number): number;
  skylight(utc: number): number;
  /** Magnitudes a square arc-second. */
  skyMagnitude(utc: number): number;
  /** A flat panel before the telescope shines: electrons a second and pixel; undefined: no cover in the way. */
  panelElectrons(): number | undefined;
}

/** Photons a second and cm² from a star of magnitude 0, 400–700 nm, and the share that optics hand on. */
const PHOTONS = 3e6 * 0.8;
const VIGNETTING = 0.12;
const GRADIENT = 0.04;

/** The frame as it leaves the sensor, row 0 on top. The same request in the same world gives the same samples. */
export function render(scene: Scene, request: RenderRequest): Uint16Array {
  const { sensor } = scene;
  const frame = layOut(sensor, request);
  const dark = request.type === 'dark' || request.type === 'bias';
  const seconds = request.type === 'bias' ? 0 : request.seconds;
  const canvas: Canvas = { ...frame, light: new Float32Array(frame.width * frame.height) };
  if (!dark && seconds > 0) expose(scene, request, frame, canvas);
  return readOut(sensor, scene.seed, { ...request, seconds }, frame, canvas);
}

function expose(scene: Scene, request: RenderRequest, frame: Layout, canvas: Canvas): void {
  const { sensor, telescope } = scene;
  const { startUtc, seconds } = request;
  const mid = startUtc + seconds * 500;
  const panel = scene.panelElectrons();
  if (panel !== undefined) {
    addEven(sensor, frame, canvas, panel * seconds, 0, 0);
    return;
  }
  const area = Math.PI * (telescope.apertureMm / 20) ** 2 * (1 - telescope.obstruction ** 2);
  const zero = PHOTONS * area * sensor.quantumEfficiency * seconds;
  const arcsec = pixelArcsec(telescope, sensor);
  const sky = zero * scene.skylight(mid) * arcsec * arcsec * 10 ** (-0.4 * scene.skyMagnitude(mid));
  const lean = 2 * Math.PI * chance(scene.seed)();
  addEven(sensor, frame, canvas, sky, GRADIENT * Math.cos(lean), GRADIENT * Math.sin(lean));
  const light = zero * scene.starlight(mid);
  if (light > 0) addStars(scene, request, frame, canvas, light);
}

function addStars(
  scene: Scene,
  { startUtc, seconds }: RenderRequest,
  frame: Layout,
  canvas: Canvas,
  light: number,
) {
  const { sensor, telescope } = scene;
  const { binning } = frame;
  const mid = startUtc + seconds * 500;
  const arcsec = pixelArcsec(telescope, sensor) * binning;
  const seeing = scene.seeingArcsec(mid);
  const diffraction = (0.115 * 1000) / telescope.apertureMm;
  const outOfFocus =
    (Math.abs(scene.defocusMicrons(mid)) * telescope.apertureMm) / (2 * telescope.focalLengthMm);
  const spread = scene.shape(
    {
      fwhm: Math.hypot(seeing, diffraction) / arcsec,
      radius: outOfFocus / sensor.pixelMicrons / binning,
      obstruction: telescope.obstruction,
    },
    drift(scene, startUtc, seconds).map(({ x, y }) => ({ x: x / binning, y: y / binning })),
  );
  // The air moves the whole image a little; long exposures average it out.
  const restless = chance(mixed(scene.seed, instantKey(startUtc)));
  const sway = (0.15 * seeing) / Math.sqrt(1 + seconds) / arcsec;
  const [swayX, swayY] = [normalAt(0, restless() * 2 ** 31) * sway, normalAt(1, restless() * 2 ** 31) * sway];

  const project = scene.projection(mid);
  const margin = spread.side / 2 / spread.fine;
  const [middleX, middleY] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
  const corner = Math.hypot(
    Math.abs(middleX - sensor.width / binning / 2) + frame.width / 2 + margin,
    Math.abs(middleY - sensor.height / binning / 2) + frame.height / 2 + margin,
  );
  const radius = (Math.atan((corner * arcsec) / 206264.8) * 180) / Math.PI;
  for (const star of scene.catalogue.near(scene.centre(mid), radius, undefined, mid)) {
    const spot = project(fromPlace(star));
    if (!spot) continue;
    const [x, y] = [spot.x / binning + swayX - frame.x, spot.y / binning + swayY - frame.y];
    if (x < -margin || y < -margin || x > frame.width + margin || y > frame.height + margin) continue;
    const shade = vignette(sensor, spot.x, spot.y);
    addStar(canvas, spread, x, y, light * shade * 10 ** (-0.4 * star.magnitude));
  }
}

/** Where a star in the middle stood through the exposure, unbinned pixels from its place at mid-exposure. */
function drift(scene: Scene, startUtc: number, seconds: number): { x: number; y: number }[] {
  const star = fromPlace(scene.centre(startUtc + seconds * 500));
  const samples = Math.min(64, 1 + 2 * Math.ceil(2 * seconds));
  const { width, height } = scene.sensor;
  return Array.from({ length: samples }, (_, i) => {
    const spot = scene.projection(startUtc + ((i + 0.5) / samples) * seconds * 1000)(star);
    return spot ? { x: spot.x - width / 2, y: spot.y - height / 2 } : { x: Number.MAX_SAFE_INTEGER, y: 0 };
  });
}

/** Light that falls evenly but for vignetting and a gradient (shares of it at the edge of the frame). */
function addEven(
  sensor: SensorModel,
  frame: Layout,
  canvas: Canvas,
  electrons: number,
  gx: number,
  gy: number,
): void {
  const { binning, width, height } = frame;
  const full = electrons * binning * binning;
  const [halfX, halfY] = [sensor.width / 2 / binning, sensor.height / 2 / binning];
  const k = VIGNETTING / (halfX * halfX + halfY * halfY);
  const { light } = canvas;
  for (let row = 0; row < height; row++) {
    const dy = frame.y + row + 0.5 - halfY;
    const start = row * width;
    for (let column = 0; column < width; column++) {
      const dx = frame.x + column + 0.5 - halfX;
      light[start + column] =
        full * (1 - k * (dx * dx + dy * dy)) * (1 + (gx * dx) / halfX + (gy * dy) / halfY);
    }
  }
}

function vignette(sensor: SensorModel, x: number, y: number): number {
  const [halfX, halfY] = [sensor.width / 2, sensor.height / 2];
  return Math.max(
    0,
    1 - (VIGNETTING * ((x - halfX) ** 2 + (y - halfY) ** 2)) / (halfX * halfX + halfY * halfY),
  );
}
