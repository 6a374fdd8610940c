import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../core/clock.ts';
import { createLog, silentLog } from '../core/log.ts';
import { LimitBook } from '../device/limits/book.ts';
import { safeLimits } from '../device/limits/mount-limits.ts';
import { createObservatory } from '../device/observatory.ts';
import { pretendAmbient } from '../indi/pretend/dew.ts';
import { createTestRig, pretendFocuser } from '../indi/test-rig.ts';
import { fakeSettings } from './fake-settings.ts';
import { keepChoices, keepDew, keepFacts, keepLimits, keepRoles, keepSite } from './keep.ts';

const focuserRig = () => {
  const rig = createTestRig(new SimClock(0));
  return { ...rig, device: rig.add('focus', 'Focuser', { focuser: pretendFocuser().focuser }).device };
};

test('the name and the settings of a device outlive the process', async () => {
  const ledger = { settings: fakeSettings() };
  const first = focuserRig();
  await keepChoices(first.device, ledger, silentLog);
  assert.equal(first.device.label.value, 'Focuser', 'nothing is kept yet');
  first.device.rename('The good one');
  first.device.change({ backlash: 40 });

  const second = focuserRig();
  await keepChoices(second.device, ledger, silentLog);
  assert.equal(second.device.label.value, 'The good one');
  assert.equal(second.device.settings.value.backlash, 40);
});

test('a kept setting that the driver has no more is told, and costs nothing but the settings', async () => {
  const ledger = { settings: fakeSettings() };
  await ledger.settings.set('device/focus', { label: 'Mine', settings: { nonsense: 1 } });
  const lines: string[] = [];
  const { device } = focuserRig();
  await keepChoices(device, ledger, createLog('warn', { write: (line) => lines.push(line) }));
  assert.equal(device.label.value, 'Mine');
  assert.match(lines[0] ?? '', /"device":"focus".*kept settings: .*nonsense/);
});

test('roles are kept, also of a device that is not there yet, and go when they are taken', async () => {
  const ledger = { settings: fakeSettings() };
  const first = focuserRig();
  await keepRoles(first.host, ledger, silentLog);
  first.host.assign('focuser', 'focus');
  first.host.assign('camera', 'indi/late');
  first.host.assign('wheel', 'focus');
  first.host.unassign('wheel');

  const second = focuserRig();
  await keepRoles(second.host, ledger, silentLog);
  assert.deepEqual(second.host.roles.value, { focuser: 'focus', camera: 'indi/late' });
  assert.equal(second.host.inRole('focuser'), second.device);
});

test('the owner’s words about the rig hold over those of the bench', async () => {
  const ledger = { settings: fakeSettings() };
  const first = focuserRig();
  await keepFacts(first.rig, ledger, silentLog);
  assert.deepEqual(first.rig.facts.value.filters, ['L', 'R', 'G', 'B', 'Ha']);
  first.rig.describe({ filters: ['Ha'] });

  const second = focuserRig();
  await keepFacts(second.rig, ledger, silentLog);
  assert.deepEqual(second.rig.facts.value.filters, ['Ha']);
});

test('limits are kept, solar mode is not; where they cannot be read the safe ones hold', async () => {
  const ledger = { settings: fakeSettings() };
  const first = new LimitBook();
  await keepLimits(first, ledger, silentLog);
  first.change('mount', { lowestAltitude: 25 });
  first.setSolarMode(true);

  const second = new LimitBook();
  await keepLimits(second, ledger, silentLog);
  assert.equal(second.of('mount').lowestAltitude, 25);
  assert.equal(second.solarMode.value, false);

  await ledger.settings.set('limits', { bad: { lowestAltitude: 900 }, good: { lowestAltitude: 12 } });
  const third = new LimitBook();
  const lines: string[] = [];
  await keepLimits(third, ledger, createLog('error', { write: (line) => lines.push(line) }));
  assert.deepEqual(third.of('bad'), safeLimits);
  assert.equal(third.of('good').lowestAltitude, 12);
  assert.match(lines[0] ?? '', /"device":"bad".*the safe ones hold/);
});

test('a disk that takes nothing is told, and stops nobody', async () => {
  const full = { ...fakeSettings(), set: () => Promise.reject(new Error('the disk is full')) };
  const lines: string[] = [];
  const { host } = focuserRig();
  await keepRoles(host, { settings: full }, createLog('error', { write: (line) => lines.push(line) }));
  host.assign('focuser', 'focus');
  await host.clock.turn();
  assert.match(lines[0] ?? '', /"key":"roles".*not kept: the disk is full/);
});

test('what the owner said of the dew control is kept', async () => {
  const ledger = { settings: fakeSettings() };
  const clock = new SimClock(0);
  const rig = createTestRig(clock);
  const first = await keepDew(rig.host, ledger, silentLog);
  const { device } = rig.add('ambient', 'Ambient', { weather: pretendAmbient().weather });
  await clock.drive(device.connect());
  first.setSensor('ambient');
  first.close();

  const second = await keepDew(createTestRig(clock).host, ledger, silentLog);
  assert.deepEqual(second.choices.value, { sensor: 'ambient', channels: {} });
  second.close();
});

test('where the unit stands is kept; what is newly written on the card holds over it', async () => {
  const ledger = { settings: fakeSettings() };
  const at = (latitude: number) => ({ latitude, longitude: 16, elevationMetres: 200 });
  const start = async (written?: number) => {
    const observatory = createObservatory();
    await keepSite(observatory, ledger, silentLog, written === undefined ? undefined : at(written));
    return observatory;
  };
  const first = await start();
  assert.equal(first.site.value, undefined);
  first.offerSite(at(40), 'gps');
  const second = await start();
  assert.deepEqual([second.site.value, second.siteSource.value], [at(40), 'person']);
  assert.deepEqual((await start(50)).site.value, at(50), 'the owner has written it since');
  const carried = await start(50);
  carried.offerSite(at(60), 'person');
  assert.deepEqual((await start(50)).site.value, at(60), 'the phone came later');

  const bench = createObservatory(at(1));
  await keepSite(bench, ledger, silentLog);
  bench.offerSite(at(2), 'person');
  assert.deepEqual((await start(50)).site.value, at(60), 'another rig keeps its own');
});
