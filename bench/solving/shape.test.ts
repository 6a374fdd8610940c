import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShaper } from '../../hil/sky/spread.ts';
import { halfFluxRadius, pixelShares } from './shape.ts';

const shape = createShaper();
const still = [{ x: 0, y: 0 }];

/** Moffat's β = 3: half of the light within α √(√2 − 1). */
const moffatHalf = (fwhm: number) => (fwhm / 2 / Math.sqrt(2 ** (1 / 3) - 1)) * Math.sqrt(Math.SQRT2 - 1);

test('the half-flux radius of a wide star is that of its profile, the pixel hardly matters', () => {
  const measured = halfFluxRadius(shape({ fwhm: 10, radius: 0, obstruction: 0 }, still));
  assert.ok(Math.abs(measured / moffatHalf(10) - 1) < 0.01, `${measured} and ${moffatHalf(10)}`);
});

test('the pixel widens a sharp star', () => {
  const widened = halfFluxRadius(shape({ fwhm: 1.6, radius: 0, obstruction: 0 }, still)) / moffatHalf(1.6);
  assert.ok(widened > 1.05 && widened < 1.12, `${widened}`);
});

test('a donut holds half of its light within the radius that halves its area', () => {
  const [radius, hole] = [20, 0.3];
  const measured = halfFluxRadius(shape({ fwhm: 1.6, radius, obstruction: hole }, still));
  const expected = radius * Math.sqrt((1 + hole * hole) / 2);
  assert.ok(Math.abs(measured / expected - 1) < 0.02, `${measured} and ${expected}`);
});

test('a star is as good as spread over some pixels, more of them the wider it is', () => {
  const [sharp, wide] = [2, 6].map((fwhm) => pixelShares(shape({ fwhm, radius: 0, obstruction: 0 }, still)));
  assert.ok(sharp!.effectivePixels > 4 && sharp!.effectivePixels < 25, `${sharp!.effectivePixels}`);
  assert.ok(wide!.effectivePixels > 5 * sharp!.effectivePixels);
  assert.ok(wide!.peak < sharp!.peak && sharp!.peak < 0.5);
});
