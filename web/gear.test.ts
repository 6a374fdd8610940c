import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { driverOf, fakeShelf } from '../src/api/fake-shelf.ts';
import { littleRig, socketOf } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { cell } from '../src/core/cell.ts';
import { systemClock } from '../src/core/clock.ts';
import type { Camera } from '../src/device/camera.ts';
import type { Capabilities } from '../src/device/capabilities.ts';
import { LimitBook } from '../src/device/limits/book.ts';
import type { LimitState } from '../src/device/limits/watch.ts';
import type { Reading, Verdict, Weather } from '../src/device/weather.ts';
import { pretendCamera } from '../src/indi/pretend/camera.ts';
import { pretendDome } from '../src/indi/pretend/dome.ts';
import { pretendLines, pretendPower } from '../src/indi/pretend/power.ts';
import { pretendCover, pretendLight, pretendRotator } from '../src/indi/pretend/small.ts';
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe('what stands round the telescope, on a phone', { skip }, () => {
  const rig = littleRig(systemClock);
  const { host } = rig;
  const cooled = pretendCamera();
  const iso = cell(1);
  let finished = 0;
  const photo: Camera = {
    ...cooled.camera,
    gain: { value: iso, min: 0, max: 2, names: ['ISO 400', 'ISO 800', 'ISO 1600'], set: async () => {} },
    finish: async () => void finished++,
  };
  const shelf = fakeShelf(host, () => ({ camera: photo }));
  const dome = pretendDome();
  const rotator = pretendRotator();
  const cover = pretendCover();
  const light = pretendLight();
  const box = pretendPower();
  const sky = pretendWeather();
  const limits = new LimitBook();
  const states = cell<Readonly<Record<string, LimitState>>>({});
  let stage: Stage;
  let page: Page;

  before(async () => {
    const place = (id: string, able: Capabilities) => {
      const driver = driverOf(`Pretended ${id}`, able);
      host.add({ id, label: `My ${id}`, driver, port: socketOf(id) });
    };
    place('dome', { dome: dome.dome });
    place('rotator', { rotator: rotator.rotator });
    place('cover', { cover: cover.cover, light: light.light });
    place('box', { power: box.power, lines: pretendLines().lines });
    place('station', { weather: sky.weather, gps: { fix: cell(undefined) } });
    await host.connectAll();
    stage = await openStage((web) =>
      serveLittleRig(rig, web, { programs: shelf, limits, watch: { states } }),
    );
    page = await stage.open();
  });

  after(async () => {
    await stage?.close();
    await host.close();
  });

  const card = (name: string) => page.getByRole('region', { name });
  const button = (name: string, within = page.locator('main')) =>
    within.getByRole('button', { name, exact: true });

  test('a driver is looked for, added, looked at, restarted and removed', async () => {
    await stage.tab(page, 'Rig');
    await page.getByText('None yet.').waitFor();
    await page.getByText('Add a driver').click();
    await page.getByLabel('search drivers').fill('zwo');
    const missing = page.getByRole('button', { name: /ZWO CCD/ });
    await missing.filter({ hasText: 'add the package that brings indi_asi_ccd' }).waitFor();
    assert.ok(await missing.isDisabled());
    await stage.picture(page, 'catalogue');
    await page.getByLabel('search drivers').fill('ccd simulator');
    await page.getByRole('button', { name: /CCD Simulator/ }).click();
    const drivers = card('INDI drivers');
    await drivers.getByText('running · 3 % CPU · 12 MB').waitFor();
    await card('devices').getByText('Device of simulator-ccd', { exact: true }).waitFor();
    await drivers.getByText('indi_simulator_ccd').click();
    await drivers.getByText('giving up').waitFor();
    await stage.picture(page, 'drivers');
    await button('Restart').click();
    await drivers.getByText('restarted once').waitFor();
    shelf.change('simulator-ccd', { state: 'waiting', message: 'it ended: signal SIGSEGV' });
    await drivers.getByText('it ended: signal SIGSEGV').waitFor();
    await button('Remove').click();
    assert.equal(shelf.list.value.length, 1, 'a slip of the thumb removes nothing');
    await button('Remove it?').click();
    await drivers.getByText('None yet.').waitFor();
    await card('devices').getByText('Device of simulator-ccd').waitFor({ state: 'detached' });
  });

  test('the same driver again gets another name, another server its address', async () => {
    const again = page.getByRole('button', { name: /CCD Simulator/ });
    await again.click();
    await card('INDI drivers').getByText('indi_simulator_ccd').waitFor();
    await again.click();
    await page.getByText('runs already').waitFor();
    await button('Add it once more').click();
    await stage.until('two run', () => shelf.list.value.length === 2);
    await page.getByText('Join another INDI server').click();
    await page.getByLabel('address of the server').fill('shed.local:7624');
    await button('Join').click();
    await card('INDI drivers').getByText('joined').waitFor();
    assert.deepEqual(
      shelf.list.value.map(({ id }) => id),
      ['simulator-ccd', 'simulator-ccd-2', 'shed-local-7624'],
    );
    await shelf.remove('simulator-ccd-2');
    await shelf.remove('shed-local-7624');
  });

  test('a port is typed and kept', async () => {
    const device = host.find('indi/simulator-ccd')!;
    await card('devices').getByText('Device of simulator-ccd', { exact: true }).click();
    await page.getByLabel('Port', { exact: true }).and(page.locator(':visible')).fill('/dev/ttyUSB7');
    await stage.picture(page, 'settings');
    await card('devices').getByRole('button', { name: 'Save' }).and(page.locator(':enabled')).click();
    await stage.until('it is kept', () => device.settings.value.port === '/dev/ttyUSB7');
    await page.getByRole('alert').filter({ hasText: 'Kept' }).click();
  });

  test('a role is given to another camera, which then takes the pictures', async () => {
    const roles = card('roles');
    await roles.getByText('Takes the pictures: Camera').waitFor();
    await roles
      .getByRole('group', { name: 'Takes the pictures' })
      .getByRole('button', { name: 'Device of simulator-ccd', exact: true })
      .click();
    await roles.getByText('Takes the pictures: Device of simulator-ccd').waitFor();
    assert.equal(host.roles.value.camera, 'indi/simulator-ccd');
    await stage.picture(page, 'roles');
  });

  test('telescope and filters are named', async () => {
    await page.getByText('Telescope and filters').click();
    const telescope = page.getByRole('form', { name: 'Telescope', exact: true });
    await telescope.getByLabel('Telescope').fill('Newton');
    await telescope.getByLabel('focal length, mm').fill('800');
    await button('Save', telescope).click();
    await page.getByRole('alert').filter({ hasText: 'millimetres' }).waitFor();
    await telescope.getByLabel('aperture, mm').fill('200');
    await button('Save', telescope).click();
    await stage.until('it is kept', () => rig.rig.facts.value.telescope?.apertureMm === 200);
    const filters = page.getByRole('form', { name: 'filters' });
    await filters.getByLabel('filter 5').fill('SII');
    await button('Save', filters).click();
    await stage.until('it is kept', () => rig.rig.facts.value.filters[4] === 'SII');
    await stage.picture(page, 'facts');
  });

  test('the cooler is set and switched', async () => {
    await stage.tab(page, 'Camera');
    await button('less cool to').click();
    assert.equal(cooled.on.value, false, 'a figure alone switches nothing on');
    await button('Cooling off').click();
    await stage.until('it cools', () => cooled.on.value && cooled.setpoint.value === -15);
    await button('Cooling on').waitFor();
    await button('less cool to').click();
    await stage.until('it is told at once', () => cooled.setpoint.value === -20);
    await stage.picture(page, 'cooler');
    await button('Cooling on').click();
    await stage.until('it is off', () => !cooled.on.value);
  });

  test('a gain has its names, and an exposure can end early', async () => {
    await page.getByText('ISO 800').waitFor();
    await button('more gain').click();
    await page.getByText('ISO 1600').waitFor();
    await button('Start the exposure').click();
    await button('Finish early and keep it').click();
    await stage.until('it is told', () => finished === 1);
    await systemClock.sleep(500);
    await button('Stop the exposure').click();
    await button('Start the exposure').waitFor();
  });

  test('rotator, cover and light do what they are told; Stop is there', async () => {
    await stage.tab(page, 'Gear');
    const turning = card('My rotator');
    await turning.getByLabel('angle').fill('90,5');
    await button('Turn to', turning).click();
    await stage.until('it turns', () => rotator.moving.value);
    await button('Stop', turning).click();
    await stage.until('it stops', () => !rotator.moving.value);
    await button('+10°', turning).click();
    await stage.until('it arrives', () => rotator.angle.value > 19);
    const lid = card('My cover').first();
    await button('Open', lid).click();
    await lid.getByText('open', { exact: true }).waitFor();
    await button('Light off').click();
    await stage.until('it is lit', () => light.on.value);
    await stage.picture(page, 'gear');
  });

  test('the roof opens; against the weather it asks first', async () => {
    const house = card('My dome');
    await house.getByLabel('dome azimuth').fill('181');
    await button('Turn to', house).click();
    await house.getByText('181.0°').waitFor();
    sky.verdict.set('unsafe');
    await card('My station').getByText('not safe').waitFor();
    await button('Open roof', house).click();
    assert.equal(dome.roof.value, 'closed');
    await button('Unsafe weather: open?', house).click();
    await house.getByText('roof open', { exact: true }).waitFor();
    await button('Close roof', house).click();
    await house.getByText('roof closing').waitFor();
    await page.getByRole('button', { name: 'STOP', exact: true }).click();
    await stage.until('STOP halts the roof', () => dome.roof.value === 'unknown');
  });

  test('the power box shows what it measures and switches what it has', async () => {
    const outputs = card('My box').first();
    await outputs.getByText('12.5 V').waitFor();
    await outputs.getByText('0.25 A').waitFor();
    await outputs.getByRole('button', { name: /^Mount/ }).click();
    await stage.until('the port is on', () => box.power.ports[0]!.on.value);
    await button('more duty', outputs.getByRole('group', { name: 'Main mirror' })).click();
    await stage.until('it heats', () => box.power.heaters[0]!.duty.value === 10);
    await outputs.getByLabel('volts of Fan').fill('99');
    await button('Set', outputs).click();
    await page.getByRole('alert').filter({ hasText: 'from 3 to 12' }).click();
    await card('My box').nth(1).getByText('45.5').waitFor();
    await stage.picture(page, 'power');
  });

  test('a mount says how far its limit is, and why it was stopped', async () => {
    await stage.tab(page, 'Mount');
    await page.getByText('Limits', { exact: true }).click();
    await button('more lowest altitude').click();
    await stage.until('it is kept', () => limits.of('mount').lowestAltitude === 15);
    await button('Solar mode').click();
    assert.equal(limits.solarMode.value, false);
    await button('A solar filter is on every telescope and finder?').click();
    await button('End solar mode').click();
    await stage.until('it has ended', () => !limits.solarMode.value);
    states.set({ mount: { state: 'within', minutesLeft: 34 } });
    await page.getByText('34 min to its limit.').waitFor();
    const blind = 'the mount does not say on which side of the pier it is: the meridian is not watched';
    states.set({ mount: { state: 'within', blind } });
    await page.getByText(`Beware: ${blind}.`).waitFor();
    await page.getByText('No other limit within the hour.').waitFor();
    const reason = '9.9° high there, the limit is 10.0°';
    states.set({ mount: { state: 'near', minutesLeft: 0, reason } });
    await page.getByText(`Less than a minute to its limit: ${reason}`).waitFor();
    states.set({ mount: { state: 'stopped', reason } });
    await page.getByText(`Stopped at a limit: ${reason}. Slew or paddle it back.`).waitFor();
    await stage.picture(page, 'limits');
  });

  test('every target is as large as a cold thumb, and nothing is wider than the phone', async () => {
    for (const name of ['Camera', 'Mount', 'Gear', 'Rig']) {
      await stage.tab(page, name);
      await page.evaluate(() => {
        for (const fold of document.querySelectorAll('details')) fold.open = true;
      });
      await stage.sizes(page, name);
    }
  });

  test('the page says nothing that is not in its bundle', () => {
    assert.ok(
      !/https?:\/\/(?!www\.w3\.org|nightjar\.local)/.test(readFileSync(join(stage.web, 'app.js'), 'utf8')),
    );
  });
});

function pretendWeather() {
  const verdict = cell<Verdict>('safe');
  const humidity: Reading = {
    ...{ id: 'humidity', label: 'Humidity', kind: 'humidity', unit: '%' },
    value: cell<number | undefined>(61.4),
  };
  return { weather: { verdict, readings: [humidity] } satisfies Weather, verdict };
}
