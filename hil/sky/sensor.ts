import type { Canvas } from './canvas.ts';
import type { Layout, RenderRequest } from './layout.ts';
import { normalAt } from './noise.ts';
import type { Bayer, SensorModel } from './optics.ts';
import { chance, instantKey, mixed } from './random.ts';

/** Of the filters on a colour sensor, next to none. */
const bayerShare: Record<string, number> = { R: 0.3, G: 0.37, B: 0.28 };

/** Turns the gathered light into samples: colour filters, dark current, hot pixels, noise, converter. */
export function readOut(
  sensor: SensorModel,
  seed: number,
  request: RenderRequest,
  frame: Layout,
  canvas: Canvas,
): Uint16Array {
  if (sensor.bayer && frame.binning === 1) colour(sensor.bayer, frame, canvas);
  addDarkCurrent(sensor, seed, request, frame, canvas);
  return digitised(sensor, seed, request, frame, canvas);
}

function addDarkCurrent(
  sensor: SensorModel,
  seed: number,
  request: RenderRequest,
  frame: Layout,
  canvas: Canvas,
): void {
  const { binning, width, height } = frame;
  const warmth = 2 ** (((request.temperatureCelsius ?? 20) - 20) / 6);
  const dark = sensor.darkPerSecond * warmth * request.seconds;
  const even = dark * binning * binning;
  for (let i = 0; i < canvas.light.length; i++) canvas.light[i]! += even;
  const next = chance(mixed(seed, 0x407));
  for (let i = 0; i < sensor.hotPixels; i++) {
    const column = Math.floor((next() * sensor.width) / binning) - frame.x;
    const row = Math.floor((next() * sensor.height) / binning) - frame.y;
    const heat = 20 * 30 ** next();
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    canvas.light[row * width + column]! += heat * dark;
  }
}

function colour(bayer: Bayer, frame: Layout, canvas: Canvas): void {
  const share = [...bayer].map((letter) => bayerShare[letter]!);
  for (let row = 0; row < frame.height; row++) {
    const odd = ((frame.y + row) & 1) * 2;
    for (let column = 0; column < frame.width; column++) {
      canvas.light[row * frame.width + column]! *= share[odd + ((frame.x + column) & 1)]!;
    }
  }
}

/** Full well, shot and read noise, gain, offset, saturation. */
function digitised(
  sensor: SensorModel,
  seed: number,
  request: RenderRequest,
  frame: Layout,
  canvas: Canvas,
): Uint16Array {
  const { width, height } = frame;
  const top = 2 ** Math.min(16, sensor.bits) - 1;
  const perElectron = 10 ** ((request.gain ?? 0) / 200) / sensor.electronsPerAdu;
  const offset = (request.offset ?? sensor.offsetAdu) + 0.5;
  const readVariance = sensor.readNoise ** 2;
  const { fullWell } = sensor;
  const key = mixed(seed, instantKey(request.startUtc));
  const { light } = canvas;
  const samples = new Uint16Array(width * height);
  for (let row = 0; row < height; row++) {
    const rowKey = mixed(key, frame.y + row);
    const start = row * width;
    for (let column = 0; column < width; column++) {
      const well = light[start + column]!;
      const electrons = Math.min(well, fullWell);
      const noise = normalAt(rowKey, frame.x + column) * Math.sqrt(electrons + readVariance);
      const adu = offset + perElectron * (electrons + noise);
      samples[start + column] = Math.max(0, Math.min(adu, top));
    }
  }
  return samples;
}
