import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { systemClock } from '../src/core/clock.ts';
import { brightest, CHROMIUM, touches } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe('the page on a phone', { skip }, () => {
  const rig = littleRig(systemClock);
  const { world, host } = rig;
  let stage: Stage;
  let page: Page;

  before(async () => {
    await host.connectAll();
    stage = await openStage((web) => serveLittleRig(rig, web));
    page = await stage.open();
  });

  after(async () => {
    await stage?.close();
    await host.close();
  });

  const picture = (name: string) => stage.picture(page, name);
  const tab = (name: string) => stage.tab(page, name);
  const until: Stage['until'] = (...about) => stage.until(...about);
  const motion = () => host.find('mount')!.capabilities.value.mount!.motion.value;
  const holdNorth = async () => {
    const box = (await page.getByRole('button', { name: 'move north' }).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await until('it moves', () => motion() === 'moving');
    await systemClock.sleep(900);
    assert.equal(motion(), 'moving', 'kept alive beyond the dead man');
  };

  test('weighs at most 60 kB', () => {
    const bytes = gzipSync(readFileSync(join(stage.web, 'app.js'))).length;
    assert.ok(bytes <= 60_000, `${bytes} bytes`);
  });

  test('offers the time of the phone to the unit', () => {
    assert.equal(rig.observatory.timeSource.value, 'person');
  });

  test('takes an exposure, shows how far it is, then the image', async () => {
    await picture('empty');
    await page.getByRole('button', { name: 'less exposure' }).click();
    await page.getByRole('button', { name: 'Start the exposure' }).click();
    await page.getByRole('button', { name: 'Stop the exposure' }).filter({ hasText: '2' }).waitFor();
    await picture('exposing');
    const image = page.getByRole('img', { name: 'the last exposure' });
    await image.waitFor();
    await until('one is stored', () => rig.rows.length === 1);
    assert.equal(rig.rows[0]?.seconds, 3);
    await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 600);
    await page.getByRole('button', { name: 'Start the exposure' }).waitFor();
    await picture('camera');
    const box = (await image.boundingBox())!;
    await page.mouse.dblclick(box.x + 300, box.y + 100);
    assert.ok((await image.boundingBox())!.width > 3 * box.width, 'two taps go in');
    await page.mouse.dblclick(box.x + 100, box.y + 100);
    assert.equal((await image.boundingBox())!.width, box.width, 'and out');
  });

  test('two fingers zoom into the image, one moves it', async () => {
    const image = page.getByRole('img', { name: 'the last exposure' });
    const before = (await image.boundingBox())!;
    const fingers = await touches(page);
    await fingers('touchStart', [150, 180], [200, 180]);
    for (let apart = 50; apart <= 150; apart += 10) {
      await fingers('touchMove', [175 - apart / 2, 180 - apart / 8], [175 + apart / 2, 180 + apart / 8]);
    }
    await fingers('touchEnd');
    const near = (await image.boundingBox())!;
    assert.ok(near.width > 2.5 * before.width, `${near.width}`);
    await fingers('touchStart', [200, 200]);
    for (let by = 0; by <= 60; by += 20) await fingers('touchMove', [200 + by, 200]);
    await fingers('touchEnd');
    const moved = (await image.boundingBox())!.x - near.x;
    assert.ok(Math.abs(moved - 60) < 2, `${moved} pixels`);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.mouse.dblclick(100, 200);
    assert.equal((await image.boundingBox())!.width, before.width);
  });

  test('stops an exposure', async () => {
    await page.getByRole('button', { name: '2 min' }).click();
    await page.getByRole('button', { name: 'Start the exposure' }).click();
    const stop = page.getByRole('button', { name: 'Stop the exposure' });
    await stop.click();
    await systemClock.sleep(600);
    assert.equal(host.find('camera')!.runs.value.length, 2, 'a trembling thumb stops nothing');
    await stop.click();
    await page.getByRole('button', { name: 'Start the exposure' }).waitFor();
    assert.equal(rig.rows.length, 1);
  });

  test('turns the wheel and moves the focuser', async () => {
    await page.getByRole('button', { name: 'Hα' }).click();
    await until('it turns', () => host.find('wheel')!.capabilities.value.wheel?.slot.value === 5);
    await tab('Focus');
    await page.getByRole('button', { name: '+1000', exact: true }).click();
    await page.getByText('26 000').waitFor();
    await page.getByLabel('focuser position').fill('25500');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await page.getByText('25 500').waitFor();
    await picture('focus');
  });

  test('the paddle moves while it is pressed', async () => {
    await tab('Mount');
    await picture('mount');
    await holdNorth();
    await picture('moving');
    await page.mouse.up();
    const took = await until('it stops', () => motion() !== 'moving');
    assert.ok(took < 500, `${took} ms`);
  });

  test('a thumb moves it too, and when it slides off it stops', async () => {
    const { x, y } = (await page.getByRole('button', { name: 'move west' }).boundingBox())!;
    const fingers = await touches(page);
    await fingers('touchStart', [x + 30, y + 30]);
    await until('it moves', () => motion() === 'moving');
    await systemClock.sleep(900);
    await fingers('touchMove', [x + 35, y + 35]);
    assert.equal(motion(), 'moving', 'a long press is a long press');
    await fingers('touchMove', [x + 35, y + 200]);
    const took = await until('it stops', () => motion() !== 'moving');
    assert.ok(took < 500, `${took} ms`);
    await fingers('touchEnd');
  });

  test('a finger that slides off, a page that hides or loses focus: it stops', async () => {
    const endings: [string, () => Promise<unknown>][] = [
      ['slides off', () => page.mouse.move(10, 200)],
      ['blur', () => page.evaluate(() => window.dispatchEvent(new Event('blur')))],
      ['pagehide', () => page.evaluate(() => window.dispatchEvent(new Event('pagehide')))],
      [
        'hidden',
        () =>
          page.evaluate(() => {
            Object.defineProperty(document, 'hidden', { value: true, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
            Object.defineProperty(document, 'hidden', { value: false, configurable: true });
          }),
      ],
    ];
    for (const [name, end] of endings) {
      await holdNorth();
      await end();
      const took = await until(`${name}: it stops`, () => motion() !== 'moving');
      assert.ok(took < 500, `${name}: ${took} ms`);
      await page.mouse.up();
    }
  });

  test('a connection that drops: the unit stops by itself', async () => {
    await holdNorth();
    await page.context().setOffline(true);
    const took = await until('it stops', () => motion() !== 'moving');
    assert.ok(took < 750, `${took} ms`);
    await page.mouse.up();
    await page.context().setOffline(false);
    const moves = world.moves.length;
    await systemClock.sleep(1000);
    assert.equal(world.moves.length, moves, 'it does not begin again');
  });

  test('a page that is killed: the unit stops by itself', async () => {
    const other = await stage.open();
    await other.locator('nav').getByRole('button', { name: 'Mount', exact: true }).click();
    const box = (await other.getByRole('button', { name: 'move east' }).boundingBox())!;
    await other.mouse.move(box.x + 20, box.y + 20);
    await other.mouse.down();
    await until('it moves', () => motion() === 'moving');
    await other.context().close();
    const took = await until('it stops', () => motion() !== 'moving');
    assert.ok(took < 750, `${took} ms`);
  });

  test('goes to what is up now; STOP halts it; what is refused is said in plain words', async () => {
    await page.getByRole('status').filter({ hasText: 'ready' }).waitFor({ timeout: 15_000 });
    await page.getByLabel('coordinates').fill('nowhere');
    await page.getByRole('button', { name: 'Go to' }).click();
    await page.getByRole('alert').filter({ hasText: 'right ascension in hours' }).waitFor();
    await picture('error');
    await page.getByRole('alert').click();
    await page.getByRole('button', { name: 'Up now' }).click();
    await picture('targets');
    await page.locator('.targets button').first().click();
    await until('it slews', () => motion() === 'slewing');
    await page.getByRole('button', { name: 'STOP', exact: true }).click();
    await until('it halts', () => motion() === 'tracking' && world.halts > 0);
  });

  test('shows the rig, and is red all over at night', async () => {
    await tab('Rig');
    await page.getByText('connected · Little mount').waitFor();
    const line = page.locator('.line').filter({ hasText: 'Filter wheel' });
    await line.getByRole('button', { name: 'Disconnect' }).click();
    await line.getByText('not connected').waitFor();
    await picture('rig');
    await line.getByRole('button', { name: 'Connect' }).click();
    await line.getByText('connected · Little wheel', { exact: true }).waitFor();
    await tab('Camera');
    await page.getByRole('button', { name: 'red night mode' }).click();
    await picture('red');
    const [red, green, blue] = await brightest(page);
    assert.ok(red > 100 && green < 3 && blue < 3, `${red} ${green} ${blue}`);
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'ready' }).waitFor();
    assert.equal(await page.locator('html.red').count(), 1, 'remembered');
  });

  test('every target is as large as a cold thumb, and nothing is wider than the phone', async () => {
    for (const name of ['Camera', 'Focus', 'Mount', 'Rig']) {
      await tab(name);
      await stage.sizes(page, name);
    }
  });
});
