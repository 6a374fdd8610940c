import { addStar, type Canvas } from '../../hil/sky/canvas.ts';
import type { Catalogue } from '../../hil/sky/catalogue.ts';
import { chance } from '../../hil/sky/random.ts';
import { readOut } from '../../hil/sky/sensor.ts';
import { createShaper, type Spread } from '../../hil/sky/spread.ts';
import { cameraOf, type Spot } from './camera.ts';
import type { FrameSpec, FrameTruth, TrueStar } from './frame-spec.ts';
import { addNebula, addSatellites, clouded, moonlit, sampled, spoilColumns } from './scenery.ts';
import { halfFluxRadius, pixelShares } from './shape.ts';

const SKY_MAGNITUDE = 20.3;
/** Photons a second and cm² of a star of magnitude 0, with what optics and sensor lose. */
const ELECTRONS = 3e6 * 0.8 * 0.7;
/** From here on the catalogue thins out, and field stars are drawn in its place. */
const FIELD_STARS_FROM = 11.7;
/** How many times more there are one magnitude fainter. */
const GROWTH = 10 ** 0.36;
const MOST_FIELD_STARS = 60_000;
/** Of a Bayer sensor, on the mean of its four filters. */
const BAYER_SHARE = 0.33;
const FAINTEST_TOLD = 3;
const VISIBLE_SNR = 10;

/** Draws a frame. `stars` of the truth are those of the picture: catalogue and field alike. */
export function drawFrame(
  spec: FrameSpec,
  catalogue: Catalogue,
): { samples: Uint16Array; truth: FrameTruth } {
  const { width, height, scale, seconds, seed } = spec;
  const { sensor, telescope } = cameraOf(spec);
  const area = Math.PI * (telescope.apertureMm / 20) ** 2 * (1 - telescope.obstruction ** 2);
  const zero = ELECTRONS * area * seconds;
  const canvas: Canvas = { width, height, light: new Float32Array(width * height) };
  const sky = addSky(spec, canvas, zero * scale * scale * 10 ** (-0.4 * SKY_MAGNITUDE));
  const spread = shapeOf(spec);
  const shares = pixelShares(spread);
  const haze = spec.kind === 'clouds' ? clouded(seed, 4, 3) : undefined;
  const colour = spec.bayer ? BAYER_SHARE : 1;

  if (spec.kind === 'nebula') addNebula(canvas, seed, sky(width / 2, height / 2) * 4);
  const drawn = starsOf(spec, catalogue, zero).flatMap((star) => {
    const { x, y } = star.spot;
    const reach = spread.side / 2 / spread.fine;
    if (x < -reach || y < -reach || x > width + reach || y > height + reach) return [];
    const inside = x >= 0 && y >= 0 && x < width && y < height;
    const through = haze && inside ? 1 - 0.85 * haze(x / width, y / height) : 1;
    // Before any star is added: what lies under it is sky.
    const under = inside ? canvas.light[Math.floor(y) * width + Math.floor(x)]! : 0;
    return [{ ...star, inside, under, electrons: zero * 10 ** (-0.4 * star.magnitude) * through }];
  });
  for (const { spot, electrons } of drawn) addStar(canvas, spread, spot.x, spot.y, electrons);
  const stars = drawn
    .filter(({ inside }) => inside)
    .map(({ spot, ra, dec, magnitude, catalogued, under, electrons }): TrueStar => {
      const gathered = electrons * colour;
      return {
        x: spot.x - 0.5,
        y: spot.y - 0.5,
        ra,
        dec,
        magnitude,
        flux: gathered / sensor.electronsPerAdu,
        snr:
          gathered / Math.sqrt(gathered + shares.effectivePixels * (under * colour + sensor.readNoise ** 2)),
        catalogued,
        saturated: electrons * shares.peak + under > sensor.fullWell * 0.9,
      };
    });
  const middle = sky(width / 2, height / 2) * colour;
  if (spec.kind === 'satellite') addSatellites(canvas, spread, seed, Math.sqrt(middle) * 4);
  const frame = { x: 0, y: 0, width, height, binning: 1 };
  const samples = readOut(
    sensor,
    seed,
    { startUtc: spec.utc + 1000 * seed, seconds, temperatureCelsius: 0 },
    frame,
    canvas,
  );
  if (spec.kind === 'columns') spoilColumns(samples, spec, seed);

  stars.sort((a, b) => b.flux - a.flux);
  const edge = Math.min(width, height) * 0.005;
  const visible = stars.filter(
    ({ x, y, snr, catalogued }) =>
      catalogued && snr >= VISIBLE_SNR && Math.min(x, y, width - x, height - y) > edge,
  );
  return {
    samples,
    truth: {
      spec,
      visible: visible.length,
      hfr: halfFluxRadius(spread),
      background: middle / sensor.electronsPerAdu,
      noise: Math.sqrt(middle + sensor.readNoise ** 2) / sensor.electronsPerAdu,
      stars: stars.filter(({ snr }) => snr >= FAINTEST_TOLD),
    },
  };
}

/** Sky light, electrons a pixel, onto the canvas; back comes how much lies at a place. */
function addSky(
  { kind, seed }: FrameSpec,
  canvas: Canvas,
  electrons: number,
): (x: number, y: number) => number {
  const veil = clouded(seed, 4, 3);
  const moon = moonlit(seed);
  const field =
    kind === 'moon'
      ? (u: number, v: number) => 3 * moon(u, v)
      : kind === 'clouds'
        ? (u: number, v: number) => 1 + 2.5 * veil(u, v)
        : (u: number, v: number) => 1 + 0.06 * u - 0.05 * v;
  const shade = (u: number, v: number) => 1 - 0.24 * ((u - 0.5) ** 2 + (v - 0.5) ** 2);
  const level = sampled(canvas, (u, v) => electrons * field(u, v) * shade(u, v), 16);
  const { width, height, light } = canvas;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) light[y * width + x] = level(x, y);
  }
  return level;
}

/** Light that goes straight through `trail` pixels, at an angle told by the seed. */
function shapeOf({ fwhm, defocus, trail, seed }: FrameSpec): Spread {
  const angle = chance(seed + 3)() * Math.PI;
  const stops = trail > 0 ? 4 * Math.ceil(trail) : 1;
  const path = Array.from({ length: stops }, (_, i) => {
    const along = ((i + 0.5) / stops - 0.5) * trail;
    return { x: along * Math.cos(angle), y: along * Math.sin(angle) };
  });
  return createShaper()({ fwhm, radius: defocus, obstruction: defocus > 0 ? 0.3 : 0 }, path);
}

interface Drawn {
  ra: number;
  dec: number;
  magnitude: number;
  catalogued: boolean;
  /** Corners at integers, as the canvas counts. */
  spot: Spot;
}

function starsOf(spec: FrameSpec, catalogue: Catalogue, zero: number): Drawn[] {
  const { width, height, scale, seed } = spec;
  const camera = cameraOf(spec);
  const centre = { ra: spec.ra, dec: spec.dec };
  const radius = (Math.hypot(width, height) * scale * 0.55) / 3600;
  const catalogued = catalogue.near(centre, radius, undefined, spec.utc).flatMap((star): Drawn[] => {
    const spot = camera.spotOf(star);
    return spot ? [{ ...star, catalogued: true, spot }] : [];
  });
  const bright = catalogued.filter(({ magnitude }) => magnitude < 11).length / (Math.PI * radius * radius);
  const faintest = Math.min(19, 2.5 * Math.log10(zero / 30));
  const perDegree = Math.max(4, bright) * GROWTH ** (FIELD_STARS_FROM - 11);
  const degrees = (width * height * scale * scale) / 3600 ** 2;
  const count = Math.min(
    MOST_FIELD_STARS,
    Math.round(degrees * perDegree * (GROWTH ** (faintest - FIELD_STARS_FROM) - 1)),
  );
  const next = chance(seed + 17);
  const least = GROWTH ** (FIELD_STARS_FROM - faintest);
  const field = Array.from({ length: Math.max(0, count) }, (): Drawn => {
    const even = { x: next() * width, y: next() * height };
    const magnitude = faintest + Math.log(least + (1 - least) * next()) / Math.log(GROWTH);
    return { ...camera.placeOf(even), magnitude, catalogued: false, spot: camera.distorted(even) };
  });
  return [...catalogued, ...field];
}
