import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { drivers } from '../../drivers/index.ts';
import { SimClock, utcOf } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { http, lines, oneWire, registers, serial } from '../device/driver.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { Claims } from '../wire/claims.ts';
import type { SerialPort } from '../wire/serial-ports.ts';
import { type BenchDevice, benchSchema } from './bench-file.ts';
import { fakeSettings } from './fake-settings.ts';
import { fakeSockets } from './fake-sockets.ts';
import { GearShelf } from './gear.ts';
import { isSerialName, seenPlaces } from './seen-places.ts';

const BY_ID = '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0';
const moonlite = { label: 'My MoonLite', driver: 'moonlite', port: { serial: BY_ID } };

/** A unit that can be started again and again, on one disk. */
function createUnit(t: TestContext) {
  const ledger = { settings: fakeSettings() };
  return {
    ledger,
    async start(devices: object[] = [], families = drivers) {
      const clock = new SimClock(utcOf(2026, 11, 22, 20));
      const { host } = createTestRig(clock);
      const sockets = fakeSockets(clock);
      const bench = benchSchema.parse({ name: 'test', devices });
      for (const entry of bench.devices as BenchDevice[]) {
        const driver = drivers.find(({ id }) => id === entry.driver)!;
        host.add({ ...entry, driver, port: sockets.portOf(entry, entry.port!) });
      }
      const lines: string[] = [];
      const log = createLog('error', { write: (line) => lines.push(line) });
      const forgotten: string[] = [];
      const shelf = await GearShelf.open({
        ...{ host, ledger, drivers: families, sockets, bench, log },
        forget: (id) => forgotten.push(id),
      });
      const stop = () => clock.drive(host.close());
      t.after(stop);
      return { clock, host, shelf, sockets, lines, forgotten, stop };
    },
  };
}

test('what the owner has added is there after a restart, with what was changed since', async (t) => {
  const unit = createUnit(t);
  const first = await unit.start();
  const device = await first.shelf.add({ ...moonlite, settings: { stepMode: 'half' } });
  assert.equal(device.id, 'my-moonlite');
  assert.notEqual(device.status.value.state, 'disconnected', 'it connects by itself');
  assert.equal(
    (await first.shelf.add({ ...moonlite, label: 'my moonlite!', port: { tcp: 'shed:9999' } })).id,
    'my-moonlite-2',
  );
  device.rename('The red one');
  await first.stop();

  const second = await unit.start();
  const again = second.host.find('my-moonlite');
  assert.equal(again?.label.value, 'The red one');
  assert.equal(again?.settings.value.stepMode, 'half');
  assert.equal(again?.port.name, BY_ID);
  assert.deepEqual(
    second.shelf.list.map(({ id, keptBy }) => [id, keptBy]),
    [
      ['my-moonlite', 'owner'],
      ['my-moonlite-2', 'owner'],
    ],
  );
});

test('what was removed is gone for good, and its place and its settings with it', async (t) => {
  const unit = createUnit(t);
  const { shelf, host, clock, sockets, forgotten, stop } = await unit.start();
  const device = await shelf.add({ ...moonlite, settings: { stepMode: 'half' } });
  device.rename('Old');
  await clock.drive(shelf.remove('my-moonlite'));
  assert.deepEqual(forgotten, ['my-moonlite']);
  assert.equal(host.find('my-moonlite'), undefined);
  assert.deepEqual(sockets.claims.list, []);
  await assert.rejects(shelf.remove('my-moonlite'), /there is no device "my-moonlite" of your own/);
  const next = await shelf.add(moonlite);
  assert.deepEqual([next.label.value, next.settings.value.stepMode], ['My MoonLite', 'full']);
  await clock.drive(shelf.remove('my-moonlite'));
  await stop();
  assert.deepEqual((await unit.start()).shelf.list, []);
});

test('it moves to another place and keeps its name, settings and roles', async (t) => {
  const unit = createUnit(t);
  const { shelf, host, clock, sockets, stop } = await unit.start();
  const device = await shelf.add(moonlite);
  host.assign('focuser', 'my-moonlite');
  device.rename('The red one');
  device.change({ stepMode: 'half' });
  const moved = await clock.drive(shelf.change('my-moonlite', { port: { tcp: 'shed:9999' } }));
  assert.equal(moved.port.name, 'tcp://shed:9999');
  assert.deepEqual([moved.label.value, moved.settings.value.stepMode], ['The red one', 'half']);
  assert.equal(host.roles.value.focuser, 'my-moonlite');
  assert.deepEqual(sockets.claims.list, []);
  const same = await clock.drive(
    shelf.change('my-moonlite', { label: 'Red', settings: { stepMode: 'full' } }),
  );
  assert.equal(same, moved, 'no new connection for a new name');
  await stop();
  const second = await unit.start();
  const again = second.host.find('my-moonlite');
  assert.deepEqual([again?.port.name, again?.label.value], ['tcp://shed:9999', 'Red']);
});

test('one port, one owner; the bench file stays as it is', async (t) => {
  const unit = createUnit(t);
  const bench = [{ id: 'focus', label: 'Bench focuser', driver: 'moonlite', port: { serial: BY_ID } }];
  const { shelf, host } = await unit.start(bench);
  await assert.rejects(shelf.add(moonlite), {
    kind: 'refused',
    message: /Bench focuser is there already: choose another place/,
  });
  const usb = { usb: { vid: '0403', pid: '6001' } };
  await assert.rejects(shelf.add({ ...moonlite, port: usb }), /Bench focuser is there/, 'by another name');
  await assert.rejects(shelf.remove('focus'), /in the bench file .* change it there/);
  await assert.rejects(shelf.change('focus', { label: 'x' }), /in the bench file/);
  const air = { label: 'Air', driver: 'bme280', port: { i2c: { address: 118, bus: 1 } } };
  await shelf.add(air);
  const twin = { ...air, label: 'Air 2', port: { i2c: { bus: 1, address: 118 } } };
  await assert.rejects(shelf.add(twin), /Air is there already/, 'in another order');
  await shelf.add({ ...moonlite, port: { tcp: 'shed:9999' } });
  await assert.rejects(
    shelf.add({ ...moonlite, label: 'Another', port: { tcp: 'shed:9999' } }),
    /My MoonLite is there/,
  );
  await assert.rejects(shelf.change('my-moonlite', { port: { serial: BY_ID } }), /Bench focuser is there/);
  assert.equal(host.find('my-moonlite')?.port.name, 'tcp://shed:9999', 'it stays where it was');
  const camera = { driver: 'alpaca-camera', port: { http: 'shed:11111' } };
  await shelf.add({ ...camera, label: 'Main' });
  await shelf.add({ ...camera, label: 'Guide', settings: { device: 1 } });
  assert.equal(shelf.list.length, 5, 'one Alpaca server has many devices');
});

test('what makes no sense is refused in words, and nothing is kept of it', async (t) => {
  const unit = createUnit(t);
  const { shelf, lines } = await unit.start();
  const bad: [object, RegExp][] = [
    [{ driver: 'nothing' }, /no driver "nothing"; there are: moonlite/],
    [{ port: { http: 'shed:80' } }, /MoonLite.*: its place is one of serial, tcp/],
    [{ port: { serial: '/etc/shadow' } }, /no serial port: choose one of the list/],
    [{ port: { serial: '/dev/watchdog' } }, /no serial port/],
    [{ port: { tcp: 'nowhere' } }, /is no place/],
    [{ port: {} }, /is no place/],
    [{ settings: { stepMode: 'third' } }, /"third" is not one of/],
    [{ settings: { other: 1 } }, /no setting "other"/],
    [{ label: ' ' }, /1 to 63 characters/],
    [{ id: '../x' }, /small letters/],
  ];
  for (const [change, message] of bad) await assert.rejects(shelf.add({ ...moonlite, ...change }), message);
  assert.deepEqual(shelf.list, []);
  await shelf.add(moonlite);
  await assert.rejects(shelf.add({ ...moonlite, port: { tcp: 'a:1' } }), /could not tell them apart/);
  await assert.rejects(shelf.add({ ...moonlite, id: 'my-moonlite', label: 'B' }), /there twice/);
  assert.deepEqual(lines, []);
});

test('a disk that is full: it is not added, and says so', async (t) => {
  const unit = createUnit(t);
  const { shelf, host } = await unit.start();
  const { set } = unit.ledger.settings;
  unit.ledger.settings.set = () => Promise.reject(new Error('the disk is full'));
  await assert.rejects(shelf.add(moonlite), /disk is full/);
  assert.deepEqual([shelf.list, host.devices.value], [[], []]);
  unit.ledger.settings.set = set;
  await shelf.add(moonlite);
});

test('a device whose driver is gone does not keep the rig from starting, and is not forgotten', async (t) => {
  const unit = createUnit(t);
  const first = await unit.start();
  await first.shelf.add(moonlite);
  await first.stop();
  const second = await unit.start(
    [],
    drivers.filter(({ id }) => id !== 'moonlite'),
  );
  assert.match(second.lines[0] ?? '', /no driver \\"moonlite\\"/);
  assert.match(second.shelf.list[0]?.trouble ?? '', /no driver "moonlite"/);
  assert.deepEqual(second.host.devices.value, []);
  const third = await unit.start();
  assert.ok(third.host.find('my-moonlite'));
  await third.clock.drive(third.shelf.remove('my-moonlite'));
  assert.deepEqual(third.shelf.list, []);
});

test('the places of a family: what is likely first, what is taken last', async () => {
  const ftdi = {
    vid: 0x0403,
    pid: 0x6001,
    manufacturer: 'FTDI',
    product: 'FT232R USB UART',
    bus: 1,
    address: 4,
  };
  const port = (path: string, names: string[], more: Partial<SerialPort> = {}): SerialPort => ({
    path,
    names,
    ...more,
  });
  const ports = [
    port('/dev/ttyAMA0', []),
    port('/dev/ttyUSB0', [BY_ID], { usb: { ...ftdi, socket: '1-1.2', serial: 'A50285BI' }, interface: 0 }),
    port('/dev/ttyUSB1', ['/dev/serial/by-id/x'], {
      usb: { ...ftdi, pid: 0x6015, socket: '1-1.3' },
      interface: 1,
    }),
  ];
  const claims = new Claims();
  claims.add('mount', () => '/dev/ttyAMA0');
  claims.add('air', () => 'i2c:1:0x76');
  const board = {
    buses: [
      { bus: 1, adapter: 'bcm2835', path: '/dev/i2c-1', found: { answering: [0x40, 0x76], held: [0x68] } },
    ],
    chips: [
      { label: 'raspberrypi-exp-gpio', name: 'gpiochip1', base: 600, lines: 8 },
      { label: 'pinctrl-bcm2711', name: 'gpiochip0', base: 512, lines: 58 },
    ],
    probes: ['28-0316a2794bff'],
  };
  const around = { serial: ports, board, claims, label: (id: string) => `the ${id}` };
  const usb = [{ vid: 0x0403, pid: 0x6015 }];
  assert.deepEqual(seenPlaces({ usb, transport: serial() }, around), [
    {
      place: { serial: '/dev/serial/by-id/x' },
      title: 'FTDI FT232R USB UART in socket 1-1.3 port 2',
      likely: true,
    },
    { place: { serial: BY_ID }, title: 'FTDI FT232R USB UART A50285BI in socket 1-1.2', likely: false },
    {
      ...{ place: { serial: '/dev/ttyAMA0' }, title: '/dev/ttyAMA0, a port of the board' },
      ...{ likely: false, user: 'the mount' },
    },
  ]);
  assert.deepEqual(seenPlaces({ transport: registers() }, around), [
    {
      ...{ place: { i2c: { bus: 1, address: 0x40 } }, likely: false },
      title: '0x40 (may be: INA219) on I2C bus 1, bcm2835',
    },
    {
      ...{ place: { i2c: { bus: 1, address: 0x76 } }, likely: false, user: 'the air' },
      title: '0x76 (may be: BME280) on I2C bus 1, bcm2835',
    },
  ]);
  assert.deepEqual(seenPlaces({ transport: lines() }, around), [
    { place: { gpio: {} }, title: 'the 40 pins (pinctrl-bcm2711)', likely: true },
    { place: { gpio: { chip: 'gpiochip1' } }, title: 'raspberrypi-exp-gpio, 8 lines', likely: false },
  ]);
  assert.deepEqual(seenPlaces({ transport: oneWire() }, around), [
    { place: { w1: '28-0316a2794bff' }, title: 'thermometer 28-0316a2794bff', likely: true },
  ]);
  assert.deepEqual(seenPlaces({ transport: http() }, around), []);
});

test('only serial ports may be named', () => {
  for (const name of [BY_ID, '/dev/ttyUSB7', '/dev/ttyACM0', '/dev/serial/by-path/pci-0:1.2'])
    assert.ok(isSerialName(name), name);
  for (const name of [
    '/dev/null',
    '/dev/watchdog',
    'ttyUSB0',
    '/dev/serial/by-id/../../sda',
    '/dev/tty1',
    '/tmp/x',
  ]) {
    assert.ok(!isSerialName(name), name);
  }
});
