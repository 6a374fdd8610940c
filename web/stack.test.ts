import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { littleSolution } from '../src/api/little-examiner.ts';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { phone } from '../src/api/parts.ts';
import { systemClock } from '../src/core/clock.ts';
import vectors from '../src/sky/polar-vectors.json' with { type: 'json' };
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe('the live stack on the page', { skip }, () => {
  const rig = littleRig(systemClock);
  let stage: Stage;
  let page: Page;

  const shoot = (type: 'light' | 'dark' = 'light') =>
    rig.shutter.shoot(rig.host.find('camera')!, phone, { seconds: 0.05, type, object: 'M 31' }, 'store')
      .outcome;
  const fold = (name: string) => page.locator('details').filter({ hasText: name });
  const unfold = (name: string) => page.locator('summary').filter({ hasText: name }).click();
  const toggle = () => page.getByRole('button', { name: 'Stack what comes' });

  before(async () => {
    await rig.host.connectAll();
    stage = await openStage((web) => serveLittleRig(rig, web));
    page = await stage.open();
  });

  after(async () => {
    await stage?.close();
    await rig.host.close();
  });

  test('one tap begins it, and every light makes it grow', async () => {
    await unfold('Live stack');
    await toggle().click();
    await page.getByText('The next light begins it.').waitFor();
    await shoot();
    await fold('Live stack').getByText('1 frame ·').first().waitFor();
    await shoot();
    await fold('Live stack').locator('summary').getByText('2 frames · 0.1 s').waitFor();
    const picture = page.getByRole('img', { name: 'the live stack' });
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>('img[alt="the live stack"]');
      return image?.complete && image.naturalWidth === 720 && image.src.includes('frames=2');
    });
    await picture.scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Give it up' }).scrollIntoViewIfNeeded();
    await stage.picture(page, 'stack');
    await stage.sizes(page, 'Camera with a stack');
  });

  test('what is refused is told, with its reason', async () => {
    rig.stacker.offer({ ...rig.rows[0]!, id: 'red', filter: 'R' });
    await page.getByText('it was taken through R, the stack is of L').waitFor();
    await fold('Live stack').locator('summary').getByText('1 refused').waitFor();
    await stage.picture(page, 'stack-refused');
  });

  test('switched off it stays, to be downloaded or given up', async () => {
    await toggle().click();
    await page.getByText('on begins a new one').waitFor();
    await shoot();
    assert.equal(rig.stacker.state.value.frames, 2);
    const link = page.getByRole('link', { name: 'Download' });
    assert.equal(await link.getAttribute('href'), '/api/v1/stack/fits');
    await page.getByRole('button', { name: 'Give it up' }).click();
    await page.getByRole('img', { name: 'the live stack' }).waitFor({ state: 'detached' });
    assert.equal(rig.stacker.state.value.state, 'none');
    await unfold('Live stack');
  });

  test('the axis is measured by the last three solved pictures, and followed from then on', async () => {
    await stage.tab(page, 'Mount');
    await unfold('Polar alignment');
    await page.getByRole('button', { name: '0 of 3 pictures solved' }).waitFor();
    const sky = vectors.find(({ latitude }) => latitude === 60)!;
    const { latitude, longitude, metres } = sky;
    rig.observatory.offerSite({ latitude, longitude, elevationMetres: metres }, 'gps');
    const [shot] = rig.rows.splice(0);
    const solvedAt = (id: string, startUtc: number, ra: number, dec: number) =>
      rig.rows.unshift({
        ...{ ...shot!, id, startUtc, trust: 'gps' },
        solution: { ...littleSolution, ra, dec },
      });
    for (const [utc, ra, dec] of sky.sightings) solvedAt(`at ${utc}`, utc!, ra!, dec!);
    await page.reload();
    await stage.tab(page, 'Mount');
    await unfold('Polar alignment');
    await page.getByRole('button', { name: 'Measure by the last three' }).click();
    await fold('Polar alignment').getByText('Move the axis').waitFor();
    await fold('Polar alignment').getByText('from the pole, known to').waitFor();
    await fold('Polar alignment').scrollIntoViewIfNeeded();
    await stage.picture(page, 'polar');
    await stage.sizes(page, 'Mount with polar alignment');
    const before = await fold('Polar alignment').locator('.notice').textContent();
    const [utc, ra, dec] = sky.sightings.at(-1)!;
    solvedAt('turned', utc! + 60_000, ra! + 0.1, dec! + 0.05);
    delete rig.rows[0]!.analysis;
    await rig.examiner.stars(rig.rows[0]!, 1);
    await page.waitForFunction(
      (words) => document.querySelector('.folded .notice')?.textContent !== words,
      before,
    );
    await fold('Polar alignment').getByText('Move the axis').waitFor();
  });
});
