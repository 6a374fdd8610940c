import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { phone } from '../src/api/parts.ts';
import { systemClock } from '../src/core/clock.ts';
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe('what the page says of exposures', { skip }, () => {
  const rig = littleRig(systemClock);
  let stage: Stage;
  let page: Page;

  const shoot = async () => {
    const camera = rig.host.find('camera')!;
    await rig.shutter.shoot(camera, phone, { seconds: 0.05, type: 'light', object: 'M 31' }, 'store').outcome;
    await rig.examiner.idle();
  };
  const unfold = (name: string) => page.locator('summary').filter({ hasText: name }).click();
  const fold = (name: string) => page.locator('details').filter({ hasText: name });

  before(async () => {
    await rig.host.connectAll();
    for (let shot = 0; shot < 5; shot++) await shoot();
    stage = await openStage((web) => serveLittleRig(rig, web));
    page = await stage.open();
  });

  after(async () => {
    await stage?.close();
    await rig.host.close();
  });

  test('beside the picture stands how sharp it is', async () => {
    await page.locator('.image figcaption').getByText('HFR 2.58').waitFor();
    await page.locator('.image figcaption').getByText('224 stars').waitFor();
    await stage.picture(page, 'exposure');
  });

  test('the night is a curve; a touch on it shows that exposure, and there is a way back', async () => {
    await unfold('Sharpness');
    const plot = page.getByRole('img', { name: 'half-flux radius of the night' });
    assert.equal(await plot.locator('circle').count(), 5, 'those taken before the page was opened too');
    await plot.scrollIntoViewIfNeeded();
    await stage.picture(page, 'sharpness');
    const box = (await plot.boundingBox())!;
    await page.mouse.click(box.x + 8, box.y + box.height / 2);
    await page.getByRole('img', { name: 'an earlier exposure' }).waitFor();
    await page.locator('.image figcaption').getByText('HFR 2.10').waitFor();
    await page.getByRole('button', { name: 'Back to the latest' }).click();
    await page.getByRole('img', { name: 'the last exposure' }).waitFor();
  });

  test('the field is told by thirds, the softest corner stands out', async () => {
    const ninths = page.locator('.ninth');
    assert.deepEqual(await ninths.allInnerTexts(), [
      ...['2.89', '2.58', '2.89'],
      ...['2.58', '2.58', '2.58'],
      ...['2.89', '2.58', '3.48'],
    ]);
    await page.getByText('corners differ by 23 %').waitFor();
  });

  test('a new exposure takes its place in picture and curve by itself', async () => {
    await shoot();
    await page.locator('.image figcaption').getByText('HFR 2.70').waitFor();
    assert.equal(await page.locator('.plot circle').count(), 6);
    await unfold('Sharpness');
  });

  test('where it points is asked for with one tap and answered in words', async () => {
    await unfold('Where it points');
    await page.getByRole('button', { name: 'Find out by its stars' }).click();
    await page.getByRole('button', { name: 'Looking at the stars' }).waitFor();
    await page.getByText('00h 42m 48s').waitFor();
    await page.getByText('+41° 12′ 00″').waitFor();
    await page.getByText('17.3′ × 11.5′').waitFor();
    await fold('Where it points').scrollIntoViewIfNeeded();
    await stage.picture(page, 'solved');
    const link = await page.getByRole('link', { name: 'Download with its place' }).getAttribute('href');
    assert.equal(link, `/api/v1/exposures/${rig.rows[0]?.id}/fits?wcs=true`);
  });

  test('what is not found out is said with what to do; a search can be stopped', async () => {
    await page.getByRole('button', { name: 'Solve it again' }).click();
    await page.getByText('Only 4 stars were found').waitFor();
    await stage.picture(page, 'unsolved');
    await page.getByRole('button', { name: 'Solve it again' }).click();
    await page.getByRole('button', { name: 'Looking at the stars' }).click();
    await page.getByRole('button', { name: 'Solve it again' }).waitFor();
    await page.getByText('Only 4 stars were found').waitFor();
    await unfold('Where it points');
  });

  test('every picture of the night is there, and is shown as it is wanted', async () => {
    await unfold('Pictures');
    assert.equal(await page.locator('.entry').count(), 6);
    await page.locator('.entry').nth(2).click();
    await page.getByRole('img', { name: 'an earlier exposure' }).waitFor();
    await page.getByRole('button', { name: 'unstretched' }).click();
    await page.waitForFunction(() => document.querySelector('img')?.src.includes('stretch=none'));
    await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 600);
    await fold('Pictures').scrollIntoViewIfNeeded();
    await stage.picture(page, 'pictures');
    await stage.sizes(page, 'Camera');
  });

  test('the telescope is told whether its pictures can be solved', async () => {
    rig.rig.describe({ telescope: { name: 'RedCat', focalLengthMm: 250, apertureMm: 51 } });
    await stage.tab(page, 'Rig');
    await unfold('Telescope and filters');
    await page.getByText('suffices for your field of 0.62° × 0.41°').waitFor();
    await stage.picture(page, 'catalogue');
  });
});
