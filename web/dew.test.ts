import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { DewSampleView } from '../src/api/dew.ts';
import { driverOf } from '../src/api/fake-shelf.ts';
import { littleRig, socketOf } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { systemClock } from '../src/core/clock.ts';
import type { Capabilities } from '../src/device/capabilities.ts';
import { DewKeeper } from '../src/engine/dew-keeper.ts';
import { pretendAmbient, pretendHeater, pretendProbe } from '../src/indi/pretend/dew.ts';
import { CHROMIUM } from './chromium.ts';
import { dewLines } from './dew-lines.ts';
import { openStage, type Stage } from './stage.ts';

const MINUTE = 60_000;
const sample = (minute: number, glassCelsius?: number, duty = 50): DewSampleView => ({
  utc: minute * MINUTE,
  ambientCelsius: 5,
  dewPointCelsius: 2,
  channels: { box: { duty, ...(glassCelsius !== undefined && { glassCelsius }) } },
});

test('the last hours: one scale for all temperatures, from left to right, heat from the bottom', () => {
  const lines = dewLines([sample(0, 2), sample(2, 4), sample(4, 6, 100)], 'box', 100, 80);
  assert.ok(lines);
  assert.deepEqual([lines.low, lines.high, lines.hours], [2, 6, 4 / 60]);
  assert.deepEqual(lines.paths, [
    { name: 'air', d: 'M0 20L50 20L100 20' },
    { name: 'dew point', d: 'M0 80L50 80L100 80' },
    { name: 'glass', d: 'M0 80L50 40L100 0' },
  ]);
  assert.equal(lines.duty, 'M0 80L0 40L50 40L100 0L100 80Z');
});

test('a line is broken where nothing was known, or the unit was off; nothing at all is no picture', () => {
  const lines = dewLines([sample(0, 3), sample(2), sample(4, 3), sample(60, 3)], 'box', 60, 80);
  assert.match(lines?.paths.find(({ name }) => name === 'glass')?.d ?? '', /^M0 [\d.]+M4 [\d.]+M60 [\d.]+$/);
  assert.equal(dewLines([sample(0), sample(2)], 'box', 60, 80)?.paths.length, 2);
  assert.equal(dewLines([], 'box', 60, 80), undefined);
  assert.equal(dewLines([sample(0)], 'box', 60, 80), undefined);
  const still = dewLines([sample(0, 5), sample(2, 5)], 'other', 60, 80);
  assert.equal(still?.duty, 'M0 80L0 80L60 80L60 80Z');
});

const skip = existsSync(CHROMIUM) ? false : `the page is not tried: there is no ${CHROMIUM}`;

describe('dew control, on a phone', { skip }, () => {
  const rig = littleRig(systemClock);
  const { host } = rig;
  const [air, lens, box] = [pretendAmbient(), pretendProbe(), pretendHeater(systemClock)];
  let keeper: DewKeeper;
  let stage: Stage;
  let page: Page;

  before(async () => {
    const place = (id: string, able: Capabilities) =>
      host.add({ id, label: `My ${id}`, driver: driverOf(id, able), port: socketOf(id) });
    place('ambient', { weather: air.weather });
    place('lens', { weather: lens.weather });
    place('box', { power: box.power });
    keeper = new DewKeeper({ host, log: rig.log });
    for (const minutes of [40, 38, 36]) {
      keeper.history.add(
        systemClock.now() - minutes * MINUTE,
        { ambientCelsius: 5, dewPointCelsius: 1.8 },
        [],
      );
    }
    await host.connectAll();
    stage = await openStage((web) => serveLittleRig(rig, web, { dew: keeper }));
    page = await stage.open();
    await stage.tab(page, 'Gear');
  });

  after(async () => {
    keeper?.close();
    await stage?.close();
    await host.close();
  });

  const card = () => page.getByRole('region', { name: 'Dew control' });
  const heater = () => card().getByRole('group', { name: 'My box: Main' });

  test('air, dew point and heater are told; by hand at first', async () => {
    await card().getByText('5.0 °C · 80 %').waitFor();
    await card().getByText('1.8 °C').first().waitFor();
    await heater().getByText('By hand: off.').waitFor();
  });

  test('a probe is put on the glass, the margin raised, and it is switched to automatic', async () => {
    await card().getByText('Sensors', { exact: true }).click();
    await card()
      .getByRole('group', { name: 'probe of My box: Main' })
      .getByRole('button', { name: 'My lens' })
      .click();
    await stage.until('it is kept', () => keeper.options.channels[0]?.probe?.device === 'lens');
    await heater().getByRole('button', { name: 'more margin' }).click();
    await heater().getByText('2.5 °C').waitFor();
    await heater()
      .getByRole('button', { name: /^Automatic/ })
      .click();
    await stage.until('it heats', () => box.duty.value > 0);
    await heater()
      .getByText(/^Glass 0\.2 °C above the dew point: heating at \d+ %\.$/)
      .waitFor();
    await heater().getByText('0.2° above the dew point').waitFor();
    await stage.picture(page, 'dew');
  });

  test('the last hours are drawn', async () => {
    await card().getByText('The last hours').click();
    await card().getByRole('img', { name: 'temperatures and heat' }).waitFor();
    await card().getByText('dew point', { exact: true }).last().waitFor();
    await stage.picture(page, 'dew-hours');
    await stage.sizes(page, 'dew');
  });

  test('set by hand at the box, it is by hand', async () => {
    const duty = page
      .getByRole('region', { name: 'My box' })
      .getByRole('group', { name: 'Main', exact: true });
    await duty.getByRole('button', { name: 'more duty' }).click();
    await heater()
      .getByText(/^By hand: heating at/)
      .waitFor();
    assert.equal(keeper.choices.value.channels['box/dew-1']?.automatic, false);
  });
});
