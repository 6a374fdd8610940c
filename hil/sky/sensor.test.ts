import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadInput } from '../../src/core/errors.ts';
import { exposure, night, one, pleiades, sky } from './steady-night.ts';

test('bias and dark see no light: offset, read noise, dark current and hot pixels', async () => {
  const { world } = await night(pleiades);
  const { sensor } = world.main;
  const bias = statistics(world.main.expose({ ...exposure, type: 'bias' }).samples);
  assert.ok(Math.abs(bias.mean - sensor.offsetAdu) < 0.1);
  assert.ok(Math.abs(bias.sigma - sensor.readNoise / sensor.electronsPerAdu) < 0.1);
  const cold = world.main.expose({ ...exposure, type: 'dark', seconds: 300, temperatureCelsius: -10 });
  const warm = world.main.expose({ ...exposure, type: 'dark', seconds: 300, temperatureCelsius: 8 });
  const above = (samples: ArrayLike<number>) => statistics(samples).mean - sensor.offsetAdu;
  assert.ok(above(warm.samples) > 6 * above(cold.samples));
  const hot = [...warm.samples].filter((value) => value > sensor.offsetAdu + 150).length;
  assert.ok(hot > sensor.hotPixels * 0.8 && hot <= sensor.hotPixels * 1.1, `${hot} hot pixels`);
});

test('gain, offset and saturation follow the sensor', async () => {
  const { world } = await night(pleiades, { catalogue: sky([one(2)]) });
  const { samples } = world.guide.expose({ ...exposure, seconds: 10, gain: 60.2 });
  assert.equal(largest(samples), 4095);
  const sigma = (gain: number) =>
    statistics(world.main.expose({ ...exposure, type: 'bias', gain }).samples).sigma;
  assert.ok(Math.abs(sigma(160.2) / sigma(100) - 2) < 0.05);
  const raised = world.main.expose({ ...exposure, type: 'bias', offset: 1000 });
  assert.ok(Math.abs(statistics(raised.samples).mean - 1000) < 0.5);
});

test('a lit panel gives an even field darker at the corners, a Bayer sensor its colours', async () => {
  const { world } = await night(pleiades, { main: { sensor: { bayer: 'RGGB' } } });
  world.panel.closed = true;
  world.panel.lamp = 0.4;
  const { samples, width } = world.main.expose({ ...exposure, seconds: 1, type: 'flat' });
  const mean = (x: number, y: number) => {
    let sum = 0;
    for (let i = 0; i < 400; i++)
      sum += samples[(y + 2 * Math.floor(i / 20)) * width + x + 2 * (i % 20)]! - 500;
    return sum / 400;
  };
  const [red, green] = [mean(960, 600), mean(961, 600)];
  assert.ok(green > red * 1.15);
  assert.ok(Math.abs(mean(960, 601) / green - 1) < 0.02 && mean(961, 601) < red);
  assert.ok(mean(0, 0) < red * 0.92);
});

test('a region off the sensor or a broken binning is refused in words', async () => {
  const { world } = await night(pleiades);
  for (const wrong of [
    { region: { x: 1900, y: 0, width: 100, height: 10 } },
    { region: { x: -1, y: 0, width: 10, height: 10 } },
    { region: { x: 0.5, y: 0, width: 10, height: 10 } },
    { binning: 0 },
    { binning: 4000 },
    { seconds: -1 },
    { seconds: Number.NaN },
  ]) {
    assert.throws(() => world.main.expose({ ...exposure, ...wrong }), BadInput);
  }
});

/** Mean and deviation of all but the brightest thousandth. */
function statistics(samples: ArrayLike<number>) {
  const kept = Float64Array.from(samples)
    .sort()
    .subarray(0, Math.ceil(samples.length * 0.999));
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length;
  return { mean, sigma: Math.sqrt(variance) };
}

const largest = (samples: ArrayLike<number>) => Array.from(samples).reduce((a, b) => Math.max(a, b), 0);
