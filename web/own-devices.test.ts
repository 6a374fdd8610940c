import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { drivers } from '../drivers/index.ts';
import { fakeShelf } from '../src/api/fake-shelf.ts';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { fakeSettings } from '../src/cli/fake-settings.ts';
import { fakeSockets } from '../src/cli/fake-sockets.ts';
import { GearShelf } from '../src/cli/gear.ts';
import { systemClock } from '../src/core/clock.ts';
import { pretendCamera } from '../src/indi/pretend/camera.ts';
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe("Nightjar's own devices, on a phone", { skip }, () => {
  const rig = littleRig(systemClock);
  const { host, log } = rig;
  let gear: GearShelf;
  let stage: Stage;
  let page: Page;

  before(async () => {
    await host.connectAll();
    const camera = {
      id: 'camera',
      label: 'Camera',
      driver: 'alpaca-camera',
      role: [],
      settings: {},
      emulate: {},
    };
    const ledger = { settings: fakeSettings() };
    const sockets = fakeSockets(systemClock);
    gear = await GearShelf.open({ host, drivers, sockets, log, ledger, bench: { devices: [camera] } });
    const programs = fakeShelf(host, () => ({ camera: pretendCamera().camera }));
    stage = await openStage((web) => serveLittleRig(rig, web, { gear, programs }));
    page = await stage.open();
    await stage.tab(page, 'Rig');
  });

  after(async () => {
    await stage?.close();
    await host.close();
  });

  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });

  test('a focuser is added where it was seen', async () => {
    await page.getByText('Add a device', { exact: true }).click();
    await page
      .getByRole('group', { name: 'Focusers' })
      .getByRole('button', { name: /MoonLite/ })
      .click();
    await stage.picture(page, 'H_add');
    await page.getByLabel('Name').fill('The red focuser');
    await button(/FTDI FT232R USB UART A50285BI/).click();
    await button('half').click();
    await stage.sizes(page, 'the form');
    await stage.picture(page, 'H_form');
    await button('Add').click();
    await page.locator('.line').filter({ hasText: 'The red focuser' }).waitFor();
    const device = host.find('the-red-focuser');
    assert.equal(device?.settings.value.stepMode, 'half');
    assert.match(device.port.name, /A50285BI/);
  });

  test('a place that is taken says by whom, and nothing chosen says what to do', async () => {
    await page
      .getByRole('group', { name: 'Focusers' })
      .getByRole('button', { name: /MoonLite/ })
      .click();
    assert.ok(await button(/A50285BI.*The red focuser is there/).isDisabled());
    await button('Add').click();
    await page.getByRole('alert').filter({ hasText: 'Choose where it is plugged in' }).click();
    await page.getByLabel('its address').fill('shed.local:9999');
    await button('Add').click();
    await stage.until('it is there', () => host.find('moonlite-focuser') !== undefined);
  });

  test('it moves, and goes', async () => {
    const line = page.locator('.line').filter({ hasText: 'The red focuser' });
    await line.getByLabel('The red focuser: settings').click();
    await line.getByRole('button', { name: 'Change' }).click();
    await line.getByLabel('its address').fill('10.0.0.5:4030');
    await stage.picture(page, 'H_change');
    await line.getByRole('button', { name: 'Save', exact: true }).last().click();
    await stage.until('it moved', () => host.find('the-red-focuser')?.port.name === 'tcp://10.0.0.5:4030');
    const words = line.getByText('At tcp://10.0.0.5:4030');
    await words.waitFor({ state: 'attached' });
    if (!(await words.isVisible())) await line.getByLabel('The red focuser: settings').click();
    await line.getByRole('button', { name: 'Remove' }).click();
    assert.ok(host.find('the-red-focuser'), 'a slip of the thumb removes nothing');
    await line.getByRole('button', { name: 'Remove it?' }).click();
    await stage.until('it is gone', () => !host.find('the-red-focuser'));
    await line.waitFor({ state: 'detached' });
  });

  test('a device of the bench file stays', async () => {
    const line = page.locator('.line').filter({ hasText: 'Little camera' });
    await line.getByLabel('Camera: settings').click();
    await line.getByText('named in the bench file').waitFor();
    assert.equal(await line.getByRole('button', { name: 'Remove' }).count(), 0);
    await stage.sizes(page, 'the rig');
    await stage.picture(page, 'H_rig');
  });
});
