import { chance } from '../../sky/random.ts';

/** Unbinned, from the top left. */
export interface Window {
  x: number;
  y: number;
  width: number;
  height: number;
}

const STARS = 150;
const SIGMA = 1.6;
const REACH = 6;
const [READ_NOISE, SKY_PER_SECOND, FLUX] = [6, 12, 60_000];

/** A field of stars that is always the same, as a chip sees it: 16 bits, binned by sums, brighter with gain and time. */
export function starField(
  chip: { width: number; height: number },
  window: Window,
  exposure: { binning: number; seconds: number; gain: number; offset: number; light: boolean },
): Uint16Array {
  const { binning, seconds, gain, offset, light } = exposure;
  const width = Math.floor(window.width / binning);
  const height = Math.floor(window.height / binning);
  const random = chance(7);
  const noise = chance(Math.round(seconds * 1000) + window.x);
  const amplification = 10 ** (gain / 200);
  const sky = light ? SKY_PER_SECOND * seconds * binning * binning : 0;
  const electrons = new Float32Array(width * height).fill(sky);
  for (let star = 0; star < STARS && light; star++) {
    const [x, y] = [random() * chip.width, random() * chip.height];
    const flux = (FLUX * seconds) / (1 + 200 * random());
    paint(
      electrons,
      width,
      height,
      (x - window.x) / binning,
      (y - window.y) / binning,
      flux,
      SIGMA / binning,
    );
  }
  const level = 10 * offset;
  return Uint16Array.from(electrons, (value) => {
    const seen = level + amplification * (value + READ_NOISE * (noise() + noise() + noise() - 1.5));
    return Math.max(0, Math.min(65_535, Math.round(seen)));
  });
}

function paint(
  into: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  flux: number,
  sigma: number,
): void {
  const peak = flux / (2 * Math.PI * sigma * sigma);
  for (let row = Math.max(0, Math.ceil(y - REACH)); row < Math.min(height, y + REACH); row++) {
    for (let column = Math.max(0, Math.ceil(x - REACH)); column < Math.min(width, x + REACH); column++) {
      const distance = (column - x) ** 2 + (row - y) ** 2;
      into[row * width + column]! += peak * Math.exp(-distance / (2 * sigma * sigma));
    }
  }
}
