import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PixelView } from '../fits-read.ts';
import { referenceKernels } from '../kernels/kernels.ts';
import { darkField, donut, exposed, MOFFAT_HFR, moffat, paint, paintGrid, pairs } from './field.fixture.ts';
import { findStars } from './find.ts';
import { medianOf } from './summary.ts';

const NOISE = 20;

/** Light whose matched filter has that signal to noise ratio: the sky counts on 9.4 HFR². */
const fluxFor = (snr: number, hfr: number) => snr * NOISE * Math.sqrt(9.4 * (hfr ** 2 + 0.14));

const near = (value: number, expected: number, share: number, what = '') =>
  assert.ok(Math.abs(value / expected - 1) < share, `${what} ${value}, expected ${expected}`);

test('stars of every width are all found at SNR 10, and nothing else', () => {
  for (const fwhm of [1.5, 2.5, 4, 7]) {
    const field = darkField(480, 400, 11);
    const stars = paintGrid(field, moffat(fwhm), 8, 7, fluxFor(10, MOFFAT_HFR * fwhm), 5 * fwhm);
    const { stars: found } = findStars(exposed(field, NOISE));
    assert.ok(pairs(stars, found, fwhm).length >= 54, `${fwhm}: ${pairs(stars, found, fwhm).length}`);
    assert.ok(found.length <= 57, `${fwhm}: ${found.length}`);
  }
});

test('place, light, half-flux radius, width and noise are those painted', () => {
  // Moffat, β = 3, as square pixels gather it: by numerical integration.
  const recorded = { 1.6: 1.079, 2.5: 1.624, 4: 2.554, 7: 4.436 };
  for (const [fwhm, hfr] of Object.entries(recorded).map(([key, value]) => [Number(key), value] as const)) {
    const field = darkField(fwhm < 5 ? 480 : 840, fwhm < 5 ? 400 : 700, 12);
    const flux = fluxFor(100, MOFFAT_HFR * fwhm);
    const stars = paintGrid(field, moffat(fwhm), 6, 5, flux, 8 * fwhm);
    const result = findStars(exposed(field, NOISE));
    assert.equal(result.stars.length, 30);
    near(result.whole.hfr, hfr, 0.03, `HFR at ${fwhm}:`);
    near(result.whole.fwhm, fwhm, 0.08, `FWHM at ${fwhm}:`);
    near(result.noise, NOISE, 0.03, 'noise:');
    near(result.background, 1000, 0.001, 'sky:');
    assert.ok(result.whole.eccentricity < 0.4);
    const matched = pairs(stars, result.stars, 1);
    near(medianOf(matched.map(([, star]) => star.flux)), flux, 0.04, 'flux:');
    near(medianOf(matched.map(([, star]) => star.snr)), 100, 0.1, 'SNR:');
    assert.ok(medianOf(matched.map(([a, b]) => Math.hypot(a.x - b.x, a.y - b.y))) < 0.015 * fwhm + 0.02);
  }
});

test('a donut is one star with its centre in the hole', () => {
  for (const radius of [8, 15, 28]) {
    const field = darkField(600, 500, 13);
    const stars = paintGrid(field, donut(radius), 4, 3, fluxFor(150, 0.75 * radius), radius + 2);
    const { stars: found, whole } = findStars(exposed(field, NOISE));
    assert.equal(found.length, 12, `${radius}`);
    assert.equal(pairs(stars, found, 0.06 * radius).length, 12, `${radius}`);
    near(whole.hfr, Math.sqrt(5 / 9) * radius, 0.04, `HFR at ${radius}:`);
  }
});

test('the few stars of a sparse field are found on a sky that is darker at its edges', () => {
  const field = darkField(1400, 900, 29);
  for (const [index, light] of field.pixels.entries()) {
    const [x, y] = [(index % 1400) / 700 - 1, Math.floor(index / 1400) / 450 - 1];
    field.pixels[index] = light * (1 - 0.15 * (x * x + y * y));
  }
  const stars = paintGrid(field, moffat(2), 3, 2, fluxFor(60, 2 * MOFFAT_HFR), 15);
  const { stars: found, noise } = findStars(exposed(field, NOISE));
  assert.equal(found.length, 6);
  assert.equal(pairs(stars, found, 0.2).length, 6);
  near(noise, NOISE, 0.03, 'noise:');
});

test('two stars, neither of them like their middle, are two stars', () => {
  const field = darkField(1400, 900, 31);
  const stars = paintGrid(field, moffat(8), 2, 1, fluxFor(12, MOFFAT_HFR * 8), 40);
  const { stars: found } = findStars(exposed(field, NOISE));
  assert.equal(pairs(stars, found, 4).length, 2);
  assert.equal(found.length, 2);
});

test('a Bayer frame gives the stars of the mono frame in stored pixels', () => {
  const field = darkField(480, 400, 14);
  const stars = paintGrid(field, moffat(3), 6, 5, fluxFor(100, 2), 24);
  const { stars: found, whole } = findStars(exposed(field, NOISE, 'GBRG'));
  assert.equal(found.length, 30);
  assert.equal(pairs(stars, found, 0.2).length, 30);
  near(whole.hfr, MOFFAT_HFR * 3, 0.04);
});

test('hot pixels, defective columns, a satellite and the Moon do not become stars', () => {
  const field = darkField(600, 500, 15);
  const stars = paintGrid(field, moffat(2.5), 8, 7, fluxFor(30, 1.6), 20);
  const { pixels, width, height, chance } = field;
  for (let i = 0; i < 300; i++) pixels[Math.floor(chance() * pixels.length)]! += 30_000 * chance();
  for (const [column, from] of [
    [77, 0],
    [300, 250],
    [301, 250],
  ] as const) {
    for (let y = from; y < height; y++) pixels[y * width + column]! += 150;
  }
  for (let x = 0; x < width; x++) {
    const y = 40 + 0.7 * x;
    for (let row = Math.floor(y - 4); row < y + 4; row++) {
      if (row >= 0 && row < height) pixels[row * width + x]! += 400 * Math.exp(-((row - y) ** 2) / 3);
    }
  }
  pixels.forEach((_, index) => {
    pixels[index]! += 0.3 * (index % width) + 0.2 * Math.floor(index / width);
  });
  const { stars: found } = findStars(exposed(field, NOISE));
  assert.ok(pairs(stars, found, 1).length >= 50, `${pairs(stars, found, 1).length}`);
  assert.ok(found.length <= 58, `${found.length}`);
});

test('two stars near each other are two, a full one is said to be full', () => {
  const field = darkField(300, 300, 16);
  const [a, b] = [
    { x: 100.2, y: 100.4, flux: 60_000 },
    { x: 107.1, y: 102.9, flux: 30_000 },
  ];
  const full = { x: 200, y: 200.3, flux: 3_000_000 };
  for (const star of [a, b, full]) paint(field, moffat(3), star, 40);
  const { stars, saturated } = findStars(exposed(field, NOISE));
  assert.equal(pairs([a, b, full], stars, 0.5).length, 3);
  assert.equal(saturated, 1);
  assert.ok(stars[0]!.saturated);
});

test('a full well below the top of the format is noticed', () => {
  const field = darkField(400, 300, 17);
  paintGrid(field, moffat(3), 5, 4, 20_000, 30);
  for (const x of [60, 180, 310]) paint(field, moffat(3), { x, y: 150.4, flux: 900_000 }, 40);
  field.pixels.forEach((value, index) => {
    field.pixels[index] = Math.min(value, 30_000);
  });
  assert.equal(findStars(exposed(field, NOISE)).saturated, 3);
});

test('a trailed frame has long stars that say which way', () => {
  const field = darkField(400, 400, 18);
  for (const { x, y } of paintGrid(darkField(400, 400, 18), moffat(2.5), 4, 4, 0, 0)) {
    for (let i = -10; i <= 10; i++)
      paint(field, moffat(2.5), { x: x + 0.8 * i, y: y - 0.8 * i, flux: 1500 }, 15);
  }
  const { whole, stars } = findStars(exposed(field, NOISE));
  assert.equal(stars.length, 16);
  assert.ok(whole.eccentricity > 0.9);
  assert.ok(Math.abs(whole.elongationDegrees - 135) < 3, `${whole.elongationDegrees}`);
});

test('corners that are less sharp show as tilt', () => {
  const field = darkField(600, 600, 19);
  const stars = paintGrid(darkField(600, 600, 19), moffat(1), 12, 12, 0, 0);
  for (const { x, y } of stars) paint(field, moffat(2.5 + x / 600), { x, y, flux: 30_000 }, 30);
  const { ninths, tilt } = findStars(exposed(field, NOISE));
  assert.ok(ninths[2]!.hfr > ninths[0]!.hfr && ninths[8]!.hfr > ninths[6]!.hfr);
  assert.ok(tilt > 0.12 && tilt < 0.35, `${tilt}`);
});

test('noise, a flat image and one too small for anything have no stars', () => {
  assert.deepEqual(findStars(exposed(darkField(300, 200, 20), NOISE)).stars, []);
  assert.deepEqual(findStars(exposed(darkField(300, 200, 20), 0)).stars, []);
  for (const [width, height] of [
    [1, 1],
    [1, 40],
    [40, 1],
    [7, 5],
  ] as const) {
    const { stars, whole, tilt } = findStars(exposed(darkField(width, height, 21), NOISE));
    assert.deepEqual(stars, []);
    assert.ok(Number.isNaN(whole.hfr) && Number.isNaN(tilt));
    assert.deepEqual(findStars(exposed(darkField(width, height, 21), NOISE, 'RGGB')).stars, []);
  }
});

test('every format gives the same stars', () => {
  const field = darkField(320, 260, 22);
  const stars = paintGrid(field, moffat(2.5), 4, 4, fluxFor(100, 1.6), 20);
  const view = exposed(field, NOISE);
  const native = new DataView(view.data.buffer);
  const values = Array.from({ length: 320 * 260 }, (_, i) => native.getInt16(2 * i) + 32_768);
  const stored = (
    bitpix: PixelView['bitpix'],
    planes: number,
    put: (data: DataView, index: number, value: number) => void,
  ) => {
    const data = new DataView(new ArrayBuffer((values.length * planes * Math.abs(bitpix)) / 8));
    for (let i = 0; i < values.length * planes; i++) put(data, i, values[i % values.length]!);
    return { ...view, bitpix, planes, zero: 0, data: new Uint8Array(data.buffer) };
  };
  const forms: PixelView[] = [
    { ...stored(8, 1, (data, i, value) => data.setUint8(i, (value - 900) / 10)), zero: 900, scale: 10 },
    stored(16, 1, (data, i, value) => data.setInt16(2 * i, value)),
    stored(32, 1, (data, i, value) => data.setInt32(4 * i, value)),
    { ...stored(-32, 1, (data, i, value) => data.setFloat32(4 * i, value / 65_535)), scale: 65_535 },
    stored(-64, 1, (data, i, value) => data.setFloat64(8 * i, i % 997 === 0 ? Number.NaN : value)),
    stored(-32, 3, (data, i, value) => data.setFloat32(4 * i, value)),
  ];
  for (const form of [view, ...forms]) {
    const { stars: found, whole } = findStars(form);
    assert.equal(pairs(stars, found, 0.2).length, 16, `BITPIX ${form.bitpix}, ${found.length} found`);
    assert.ok(found.length <= 17);
    near(whole.hfr, MOFFAT_HFR * 2.5, 0.04, `BITPIX ${form.bitpix}`);
  }
});

test('without WebAssembly the same stars are found to the last bit', () => {
  const field = darkField(300, 260, 23);
  paintGrid(field, moffat(2.5), 5, 5, fluxFor(40, 1.6), 20);
  for (const view of [exposed(field, NOISE), exposed(field, NOISE, 'RGGB')]) {
    assert.deepEqual(findStars(view, {}, referenceKernels()), findStars(view));
    assert.deepEqual(findStars(view, { binning: 2 }, referenceKernels()), findStars(view, { binning: 2 }));
  }
});

test('the brightest are given where only so many are wanted, and the work stops when it is to stop', () => {
  const field = darkField(500, 400, 24);
  const stars = paintGrid(field, moffat(2.5), 8, 8, 0, 0).map((star, i) => ({
    ...star,
    flux: 5000 + 500 * i,
  }));
  for (const star of stars) paint(field, moffat(2.5), star, 20);
  const view = exposed(field, NOISE);
  const { stars: found, found: all } = findStars(view, { most: 10, binning: 2 });
  assert.equal(pairs(stars.slice(50), found, 1).length, 10);
  assert.ok(all >= 55 && all <= 66, `${all}`);
  let calls = 0;
  const check = () => {
    if (++calls === 5) throw new Error('enough');
  };
  assert.throws(() => findStars(view, { check }), /enough/);
});

test('defocused and faint broad stars on a vignetted sky are found, few or many', () => {
  const cases = [
    { profile: donut(20), columns: 5, rows: 1, flux: fluxFor(150, 15), reach: 24, hfr: 14.9 },
    { profile: donut(20), columns: 8, rows: 3, flux: fluxFor(150, 15), reach: 24, hfr: 14.9 },
    { profile: moffat(8), columns: 8, rows: 1, flux: fluxFor(12, 8 * MOFFAT_HFR), reach: 40, hfr: 5.07 },
  ];
  for (const { profile, columns, rows, flux, reach, hfr } of cases) {
    const field = darkField(1400, 900, 31);
    for (const [index, light] of field.pixels.entries()) {
      const [x, y] = [(index % 1400) / 700 - 1, Math.floor(index / 1400) / 450 - 1];
      field.pixels[index] = light * (1 - 0.15 * (x * x + y * y));
    }
    const stars = paintGrid(field, profile, columns, rows, flux, reach);
    const { stars: found, whole } = findStars(exposed(field, NOISE));
    assert.equal(pairs(stars, found, 5).length, columns * rows);
    assert.ok(found.length <= columns * rows + 1, `${found.length} of ${columns * rows}`);
    near(whole.hfr, hfr, 0.08, 'HFR:');
  }
});

test('a border without values, as stacks have, costs no stars and makes none', () => {
  const field = darkField(700, 560, 23);
  const stars = paintGrid(field, moffat(3), 7, 5, fluxFor(60, 2), 24);
  const view = exposed(field, NOISE);
  const native = new DataView(view.data.buffer);
  const data = new DataView(new ArrayBuffer(4 * 700 * 560));
  for (let index = 0; index < 700 * 560; index++) {
    const inside = index % 700 >= 45 && index % 700 < 655 && index >= 45 * 700 && index < 515 * 700;
    data.setFloat32(4 * index, inside ? native.getInt16(2 * index) + 32_768 : Number.NaN);
  }
  const bordered: PixelView = { ...view, bitpix: -32, zero: 0, data: new Uint8Array(data.buffer) };
  const { stars: found, noise } = findStars(bordered);
  const whole = stars.filter(({ x, y }) => x > 52 && x < 647 && y > 52 && y < 507);
  assert.ok(whole.length >= 15);
  assert.equal(pairs(whole, found, 1).length, whole.length);
  assert.ok(found.length <= 35, `${found.length} where 35 were painted`);
  near(noise, NOISE, 0.05, 'noise:');
});
