import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import { DeviceHost } from '../../device/host.ts';
import { Claims } from '../../wire/claims.ts';
import type { ProgramLink } from '../../wire/link.ts';
import { adoptionDriver } from './adopt.ts';
import { adoptRig } from './adopt-rig.ts';
import { type Declared, numbers, switches, texts } from './declared.ts';

const connection = (on: boolean) =>
  switches('CONNECTION', { CONNECT: on, DISCONNECT: !on }, { state: on ? 'Ok' : 'Idle' });
const information = (bits: number) =>
  texts('DRIVER_INFO', { DRIVER_NAME: 'Maker', DRIVER_INTERFACE: String(bits) }, { perm: 'ro' });
const focuser = numbers('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: { value: 5, min: 0, max: 100 } });
const place = numbers('GEOGRAPHIC_COORD', { LAT: 0, LONG: 0, ELEV: 0 });
const time = texts('TIME_UTC', { UTC: '', OFFSET: '' });

/** A program's device in a host; `online` comes one by one after its connection, `gap` ms apart. */
function hostedRig({ on = false, bits = 8, online = [focuser], gap = 100, claims }: Partial<Setting> = {}) {
  const rig = adoptRig(connection(on), information(bits));
  const { hosted, later, parts } = rig;
  const alive = cell(true);
  hosted.alive.watch((there) => alive.set(there));
  const link: ProgramLink = { kind: 'program', alive, close: async () => {} };
  const host = new DeviceHost({ ...parts });
  const port = { kind: 'program', name: 'indi_fake', open: async () => link } as const;
  const device = host.add({
    id: 'indi/device',
    label: 'Device',
    driver: adoptionDriver(hosted, claims),
    port,
  });
  if (on) for (const each of online) hosted.def(each);
  hosted.react = (name, values) => {
    if (name !== 'CONNECTION') return hosted.set(name, 'Ok', values);
    hosted.set(name, values.CONNECT ? 'Ok' : 'Idle', values);
    if (!values.CONNECT) return hosted.del(...online.map((each) => each.name));
    for (const [index, each] of online.entries()) later(gap * (index + 1), () => hosted.def(each));
  };
  return { ...rig, device, alive, connect: () => rig.clock.drive(device.connect()) };
}

interface Setting {
  on: boolean;
  bits: number;
  online: readonly Declared[];
  gap: number;
  claims: Claims;
}

const names = ({ sent }: { sent: readonly { name: string }[] }) => sent.map(({ name }) => name);

test('connecting: the search for ports is switched off, the port set, and what comes online adopted', async () => {
  const { hosted, device, connect } = hostedRig();
  hosted.def(switches('DEVICE_AUTO_SEARCH', { INDI_ENABLED: true, INDI_DISABLED: false }));
  hosted.def(switches('CONNECTION_MODE', { CONNECTION_SERIAL: false, CONNECTION_TCP: true }));
  hosted.def(texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }));
  device.change({ port: '/dev/serial/by-id/x' });
  assert.deepEqual(device.driver.provides, ['focuser']);
  await connect();
  assert.deepEqual(hosted.sent, [
    { name: 'DEVICE_AUTO_SEARCH', values: { INDI_ENABLED: false, INDI_DISABLED: true } },
    { name: 'CONNECTION_MODE', values: { CONNECTION_SERIAL: true, CONNECTION_TCP: false } },
    { name: 'DEVICE_PORT', values: { PORT: '/dev/serial/by-id/x' } },
    { name: 'CONNECTION', values: { CONNECT: true, DISCONNECT: false } },
  ]);
  assert.equal(device.capabilities.value.focuser?.position.value, 5);
});

test('a network address is told as such', async () => {
  const { hosted, device, connect } = hostedRig();
  hosted.def(switches('CONNECTION_MODE', { CONNECTION_SERIAL: true, CONNECTION_TCP: false }));
  hosted.def(texts('DEVICE_ADDRESS', { ADDRESS: '', PORT: '' }));
  device.change({ port: '10.0.0.5:4030' });
  await connect();
  assert.deepEqual(hosted.sent[1]?.values, { ADDRESS: '10.0.0.5', PORT: '4030' });
});

test('what its interface promises is waited for, although it comes late', async () => {
  const slow = switches('FLAT_LIGHT_CONTROL', { FLAT_LIGHT_ON: false, FLAT_LIGHT_OFF: true });
  const { device, connect } = hostedRig({ bits: 8 | 1024, online: [focuser, slow], gap: 1500 });
  await connect();
  assert.deepEqual(Object.keys(device.capabilities.value), ['focuser', 'light']);
});

test('a promise that is not kept costs five seconds, no more', async () => {
  const { clock, device, connect } = hostedRig({ bits: 8 | 1024 });
  await connect();
  assert.ok(clock.monotonic() < 6000);
  assert.deepEqual(Object.keys(device.capabilities.value), ['focuser']);
});

test('time and place are told to what was connected here; what was online is left as it is', async () => {
  const ours = hostedRig({ online: [focuser, place, time] });
  await ours.connect();
  const told = Object.fromEntries(ours.hosted.sent.map(({ name, values }) => [name, values]));
  assert.match(String(told.TIME_UTC?.UTC), /^2026-01-15T23:00:0\d$/);
  assert.ok(Math.abs(Number(told.GEOGRAPHIC_COORD?.LONG) - 342.1184) < 1e-9);
  const theirs = hostedRig({ on: true, online: [focuser, place, time] });
  await theirs.connect();
  assert.deepEqual(theirs.hosted.sent, []);
  assert.equal(theirs.device.status.value.state, 'connected');
});

test('a refused connection says why and watches nothing', async () => {
  const { hosted, connect } = hostedRig();
  hosted.react = (name) => hosted.set(name, 'Alert', { CONNECT: false, DISCONNECT: true }, 'no such port');
  const why = (error: unknown) =>
    error instanceof Fault && error.kind === 'refused' && /no such port/.test(error.message);
  await assert.rejects(connect(), why);
  assert.equal(hosted.watches, 0);
});

test('disconnecting says so to the device; nothing goes on watching', async () => {
  const { hosted, clock, device, connect } = hostedRig();
  await connect();
  assert.ok(hosted.watches > 0);
  await clock.drive(device.disconnect());
  assert.deepEqual(hosted.sent.at(-1), { name: 'CONNECTION', values: { CONNECT: false, DISCONNECT: true } });
  assert.equal(hosted.watches, 0);
  assert.equal(device.capabilities.value.focuser?.position.value, 5, 'the last known stays');
});

test('a connection that is given up is taken back', async () => {
  const { hosted, clock, device, later } = hostedRig();
  hosted.react = (name, values) => {
    if (values.CONNECT) hosted.set(name, 'Busy', values);
    else hosted.set(name, 'Idle', values);
  };
  later(2000, () => void device.disconnect());
  await assert.rejects(clock.drive(device.connect()), { name: 'Stopped' });
  assert.deepEqual(names(hosted), ['CONNECTION', 'CONNECTION']);
  assert.deepEqual(hosted.sent.at(-1)?.values, { CONNECT: false, DISCONNECT: true });
});

test('a program that dies makes the device recover, without a word to it', async () => {
  const { hosted, pass, device, connect } = hostedRig();
  await connect();
  const said = hosted.sent.length;
  hosted.alive.set(false);
  await pass(100);
  assert.equal(device.status.value.state, 'recovering');
  assert.equal(hosted.watches, 0);
  assert.equal(hosted.sent.length, said);
});

test('a serial number is its identity', async () => {
  const serial = texts('DEVICE_ID', { MODEL: 'X', SERIAL_NUMBER: ' 00A7 ' }, { perm: 'ro' });
  const { device, connect } = hostedRig({ online: [focuser, serial] });
  await connect();
  assert.equal(device.identity, '00A7');
});

test('a place is a GPS only where the device says that it is one', async () => {
  const other = hostedRig({ bits: 8, online: [focuser, place] });
  await other.connect();
  assert.equal(other.device.capabilities.value.gps, undefined);
  const gps = hostedRig({ bits: 64, online: [place] });
  await gps.connect();
  assert.ok(gps.device.capabilities.value.gps);
});

test('a port that is another device’s is not opened by a program, however it came by it', async () => {
  const claims = new Claims();
  claims.add('focuser', () => '/dev/ttyUSB0');
  const why = { kind: 'refused', message: "/dev/ttyUSB0 is focuser's: give Device a port of its own" };
  const inMind = texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' });

  const byItself = hostedRig({ claims });
  byItself.hosted.def(inMind);
  await assert.rejects(byItself.connect(), why);
  assert.deepEqual(byItself.hosted.sent, []);
  assert.equal(byItself.hosted.watches, 0);

  // A client was faster than we: the driver is made to let go.
  const byClient = hostedRig({ claims, on: true });
  byClient.hosted.def(inMind);
  await assert.rejects(byClient.connect(), why);
  assert.deepEqual(byClient.hosted.sent, [
    { name: 'CONNECTION', values: { CONNECT: false, DISCONNECT: true } },
  ]);

  const byOwner = hostedRig({ claims });
  byOwner.hosted.def(inMind);
  byOwner.device.change({ port: '/dev/ttyUSB1' });
  await byOwner.connect();
  assert.equal(claims.holder('focuser', '/dev/ttyUSB1'), 'Device');
  await byOwner.clock.drive(byOwner.device.disconnect());
  assert.equal(claims.holder('focuser', '/dev/ttyUSB1'), undefined);
});

test('a port that a program outside has open is not opened; the driver’s own hold on it is no hindrance', async () => {
  const claims = new Claims({ program: async () => 'gpsd (process 5)' });
  const grabbed = hostedRig({ claims });
  grabbed.hosted.def(texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }));
  await assert.rejects(grabbed.connect(), {
    message: '/dev/ttyUSB0 is in use by gpsd (process 5): end that first',
  });
  assert.deepEqual(grabbed.hosted.sent, []);
  const online = hostedRig({ claims, on: true });
  online.hosted.def(texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }));
  await online.connect();
});

test('a program that only pretends, or goes by network, takes nobody’s port', async () => {
  const claims = new Claims();
  claims.add('focuser', () => '/dev/ttyUSB0');
  const elsewhere = [
    switches('SIMULATION', { ENABLE: true, DISABLE: false }),
    switches('CONNECTION_MODE', { CONNECTION_SERIAL: false, CONNECTION_TCP: true }),
  ];
  for (const each of elsewhere) {
    const { hosted, device, connect } = hostedRig({ claims });
    hosted.def(texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }));
    hosted.def(each);
    await connect();
    assert.equal(device.status.value.state, 'connected');
  }
  assert.deepEqual(claims.list, [{ by: 'focuser', place: '/dev/ttyUSB0' }]);
});

test('a program that dies lets its port go', async () => {
  const claims = new Claims();
  const { hosted, pass, connect } = hostedRig({ claims });
  hosted.def(texts('DEVICE_PORT', { PORT: '/dev/ttyUSB0' }));
  await connect();
  assert.equal(claims.list.length, 1);
  hosted.alive.set(false);
  await pass(100);
  assert.deepEqual(claims.list, []);
});
