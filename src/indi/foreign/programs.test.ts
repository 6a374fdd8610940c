import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../core/errors.ts';
import { silentLog } from '../../core/log.ts';
import type { AnyDriver, OpenContext } from '../../device/driver.ts';
import type { ProgramLink } from '../../wire/link.ts';
import type { Hosted } from '../adopt/hosted.ts';
import type { NewVector } from '../message.ts';
import { createHarness } from '../project/harness.ts';
import type { ForeignDevice } from './device.ts';
import {
  defNumber,
  defSwitch,
  FakeProgram,
  focuserAnswer,
  focuserGreeting,
  setNumber,
} from './fake-program.ts';
import { type ProgramSpec, Programs } from './programs.ts';

const NAME = 'Focuser';

const connectionOf = (device: string, element: string): NewVector => ({
  type: 'new',
  kind: 'switch',
  device,
  name: 'CONNECTION',
  elements: [{ name: element, value: true }],
});

/** Connects as an adoption would, and has no capabilities. */
const adopt = (hosted: ForeignDevice): AnyDriver => ({
  id: 'foreign',
  label: hosted.device,
  transport: { kind: 'program' },
  pollMs: 1e9,
  provides: [],
  settings: {},
  async open({ run }: OpenContext<ProgramLink, never>) {
    if (!hosted.connected.value) hosted.send(connectionOf(hosted.device, 'CONNECT'));
    await run.sleep(400);
    if (!hosted.connected.value) throw new Fault('refused', 'it does not connect');
    return { close: async () => hosted.send(connectionOf(hosted.device, 'DISCONNECT')) };
  },
});

function createStage(fakes: Record<string, FakeProgram>) {
  const harness = createHarness();
  const programs = new Programs({
    ...{ router: harness.router, host: harness.host, clock: harness.clock, log: silentLog },
    directory: '/nowhere',
    driverOf: adopt,
    start: (spec: ProgramSpec) => (fakes[spec.id] as FakeProgram).start,
  });
  const add = (id: string) => programs.add({ id, remote: `${id}.local` });
  return { ...harness, addOwn: harness.add, programs, add };
}

function focuser(): FakeProgram {
  const fake = new FakeProgram(focuserGreeting(NAME));
  fake.answer = focuserAnswer(NAME);
  return fake;
}

test('what a program says reaches clients, what clients ask reaches the program', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    const ours = client();
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'Idle DISCONNECT');
    ours.set(NAME, 'CONNECTION', { CONNECT: true });
    assert.equal(ours.shows(NAME, 'SPEED'), 'Idle 1');
    ours.set(NAME, 'SPEED', { VALUE: 7 });
    assert.equal(ours.shows(NAME, 'SPEED'), 'Ok 7');
    assert.deepEqual(programs.list.value[0]?.devices, [NAME]);
    assert.equal(programs.list.value[0]?.state, 'running');
    await programs.close();
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'not defined');
    assert.ok(fake.life.closed);
  });
});

test('a client that connects brings the host along; one that disconnects takes it off', async () => {
  const { perform, programs, add, client, clock, host } = createStage({ one: focuser() });
  await perform(async () => {
    add('one');
    await clock.sleep(500);
    const device = host.find('indi/focuser');
    const ours = client();
    ours.set(NAME, 'CONNECTION', { CONNECT: true });
    await clock.sleep(1000);
    assert.equal(device?.status.value.state, 'connected');
    ours.set(NAME, 'CONNECTION', { DISCONNECT: true });
    await clock.sleep(1000);
    assert.equal(device?.status.value.state, 'disconnected');
    assert.equal(ours.shows(NAME, 'POSITION'), 'not defined');
    await programs.close();
  });
});

test('a program that dies loses no property: all turn Alert, and come back, set as they were', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(500);
    const device = host.find('indi/focuser');
    await device?.connect();
    const ours = client();
    ours.set(NAME, 'SPEED', { VALUE: 7 });
    ours.set(NAME, 'DEVICE_PORT', { PORT: '/dev/y' });
    const names = [...ours.names].sort();
    const types: string[] = [];
    ours.watch((message) => types.push(message.type));

    fake.life.die('it was ended by SIGKILL');
    await clock.sleep(10);
    assert.equal(device?.status.value.state, 'recovering');
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'Alert CONNECT');
    assert.equal(ours.shows(NAME, 'SPEED'), 'Alert 7');
    assert.match(programs.list.value[0]?.message ?? '', /SIGKILL; it is started again in 1 s/);
    assert.ok(ours.messages.some((text) => /SIGKILL/.test(text)));
    ours.set(NAME, 'SPEED', { VALUE: 9 });
    assert.ok(ours.messages.some((text) => /not running/.test(text)));

    await clock.sleep(900);
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'Alert CONNECT');
    await clock.sleep(5000);
    assert.equal(fake.lives.length, 2);
    assert.equal(device?.status.value.state, 'connected');
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'Ok CONNECT');
    assert.equal(ours.shows(NAME, 'SPEED'), 'Ok 7');
    assert.equal(ours.shows(NAME, 'DEVICE_PORT'), 'Ok /dev/y');
    const { commands } = fake.life;
    assert.deepEqual(commands.slice(0, 2), ['DEVICE_PORT PORT=/dev/y', 'CONNECTION CONNECT=true']);
    assert.equal(commands[2], 'SPEED VALUE=7');
    await clock.sleep(11_000);
    assert.deepEqual([...ours.names].sort(), names);
    assert.ok(!types.includes('def') && !types.includes('delProperty'), types.join(' '));
    await programs.close();
  });
});

test('a property that the next life does not define any more goes, ten seconds after the connection is back', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(500);
    await host.find('indi/focuser')?.connect();
    fake.life.say(defNumber(NAME, 'EXTRA', 'VALUE', 1));
    const ours = client();
    fake.life.die('gone');
    await clock.sleep(8000);
    assert.equal(ours.shows(NAME, 'EXTRA'), 'Alert 1');
    assert.equal(ours.shows(NAME, 'POSITION'), 'Idle 10');
    await clock.sleep(10_000);
    assert.equal(ours.shows(NAME, 'EXTRA'), 'not defined');
    await programs.close();
  });
});

test('a disconnect asked for while the program is down ends the recovery', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(500);
    await host.find('indi/focuser')?.connect();
    const ours = client();
    fake.life.die('gone');
    await clock.sleep(10);
    ours.set(NAME, 'CONNECTION', { DISCONNECT: true });
    await clock.sleep(15_000);
    assert.equal(host.find('indi/focuser')?.status.value.state, 'disconnected');
    assert.equal(ours.shows(NAME, 'CONNECTION'), 'Idle DISCONNECT');
    assert.equal(ours.shows(NAME, 'POSITION'), 'not defined');
    await programs.close();
  });
});

test('a driver that gives up its hardware is connected anew', async () => {
  const fake = focuser();
  const { perform, programs, add, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(500);
    const device = host.find('indi/focuser');
    await device?.connect();
    fake.life.say(fake.answer(connectionOf(NAME, 'DISCONNECT')));
    await clock.sleep(10);
    assert.equal(device?.status.value.state, 'recovering');
    await clock.sleep(3000);
    assert.equal(device?.status.value.state, 'connected');
    await programs.close();
  });
});

test('a device never answers to the name of another', async () => {
  const [one, two] = [focuser(), focuser()];
  const stage = createStage({ one, two });
  await stage.perform(async () => {
    stage.rig.host.devices.watch(() => {});
    stage.add('one');
    await stage.clock.sleep(500);
    const ours = stage.client();
    stage.add('two');
    await stage.clock.sleep(500);
    assert.ok(ours.messages.some((text) => /that is the name of program "one"/.test(text)));
    two.life.say(setNumber(NAME, 'POSITION', 'STEPS', 99, 'Ok'));
    assert.equal(ours.property(NAME, 'POSITION'), undefined);
    assert.deepEqual(stage.programs.list.value[1]?.devices, []);
    await stage.programs.close();
  });
});

test('two programs of one kind and name, and what is no program, are refused in plain words', () => {
  const { programs, add, clock } = createStage({ one: focuser() });
  const drive = clock.drive(
    (async () => {
      add('one');
      assert.throws(() => add('one'), /is there twice/);
      assert.throws(
        () => programs.add({ id: 'two', remote: 'one.local' }),
        /there already, as program "one"/,
      );
      assert.throws(() => programs.add({ id: 'Two', remote: 'x' }), /small letters/);
      assert.throws(() => programs.add({ id: 'two', remote: 'x:y:z' }), /host:port/);
      assert.throws(() => programs.add({ id: 'two', executable: '../sh' }), /absolute path/);
      assert.throws(() => programs.add({ id: 'two', executable: 'sh', name: 'a\0b' }), /all of them visible/);
      const preload = { LD_PRELOAD: '/tmp/x.so' };
      assert.throws(() => programs.add({ id: 'two', executable: 'sh', environment: preload }), /LD_PRELOAD/);
      assert.throws(() => programs.restart('two'), /no program "two"/);
      await programs.close();
    })(),
  );
  return drive;
});

test('a program hears of the devices it asks about, our own too, and never of its own', async () => {
  const [one, two] = [focuser(), new FakeProgram()];
  const { perform, programs, add, client, clock } = createStage({ one, two });
  await perform(async () => {
    add('one');
    add('two');
    await clock.sleep(500);
    two.life.say(defSwitch('Camera', 'CONNECTION', ['CONNECT', 'DISCONNECT'], 'DISCONNECT'));
    two.life.say(
      `<getProperties version='1.7' device='${NAME}'/><getProperties version='1.7' device='Camera'/>`,
    );
    const heard = () =>
      two.life.heard.map((message) => `${message.type} ${'name' in message ? message.name : ''}`);
    assert.deepEqual(heard(), ['getProperties ', 'def CONNECTION', 'def DEVICE_PORT']);
    const ours = client();
    ours.set(NAME, 'CONNECTION', { CONNECT: true });
    assert.ok(heard().includes('set CONNECTION') && heard().includes('def POSITION'));
    // The command itself was the focuser's alone.
    assert.deepEqual(two.life.commands, []);
    const before = two.life.heard.length;
    two.life.say(setNumber('Camera', 'CONNECTION', 'X', 1, 'Ok'));
    assert.equal(two.life.heard.length, before);
    await programs.close();
  });
});

test('images are held for clients, and the next one is asked for within the budget only', async () => {
  const fake = focuser();
  const harness = createHarness();
  const programs = new Programs({
    ...{ router: harness.router, host: harness.host, clock: harness.clock, log: silentLog },
    ...{ directory: '/nowhere', driverOf: adopt, budgetBytes: 5, start: () => fake.start },
  });
  await harness.perform(async () => {
    programs.add({ id: 'one', remote: 'x' });
    await harness.clock.sleep(100);
    const done: (() => void)[] = [];
    const slow = harness.client();
    slow.sendBlob = (parcel) => void done.push(parcel.done);
    slow.enableBlob(NAME);
    const quick = harness.client();
    quick.enableBlob(NAME);
    const kept: number[] = [];
    programs.devices.value[0]?.watchBlobs('IMAGE', ({ bytes }) => kept.push(bytes.length));
    fake.life.say(
      `<defBLOBVector device='${NAME}' name='IMAGE' state='Idle' perm='ro'><defBLOB name='IMAGE'/></defBLOBVector>`,
    );
    const image = (uid: string) =>
      `<setBLOBVector device='${NAME}' name='IMAGE' state='Ok'><oneBLOB name='IMAGE' size='4' format='.fits' ` +
      `enclen='8'>AAECAw==</oneBLOB></setBLOBVector><pingRequest uid='${uid}'/>`;
    const replies = () => fake.life.heard.flatMap((m) => (m.type === 'pingReply' ? [m.uid] : []));
    fake.life.say(image('a'));
    assert.deepEqual(replies(), ['a']);
    fake.life.say(image('b'));
    assert.deepEqual(replies(), ['a']);
    assert.equal(quick.blobs, 2);
    done[0]?.();
    assert.deepEqual(replies(), ['a', 'b']);
    assert.deepEqual(kept, [4, 4]);
    assert.deepEqual(quick.lastBlob?.bytes, Buffer.from([0, 1, 2, 3]));
    await programs.close();
  });
});

test('a large image stays while a client, or who watches, still reads it; then another takes its memory', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    fake.life.say(
      `<defBLOBVector device='${NAME}' name='IMAGE' state='Idle' perm='ro'><defBLOB name='IMAGE'/></defBLOBVector>`,
    );
    const slow = client();
    const parcels: { bytes: Uint8Array; done(): void }[] = [];
    slow.sendBlob = (parcel) => void parcels.push(parcel);
    slow.enableBlob(NAME);
    const held: { bytes: Uint8Array; letGo(): void }[] = [];
    programs.devices.value[0]?.watchBlobs('IMAGE', ({ bytes }, hold) => held.push({ bytes, letGo: hold() }));
    const size = 1_500_000;
    const say = (fill: number) =>
      fake.life.say(
        `<setBLOBVector device='${NAME}' name='IMAGE' state='Ok'><oneBLOB name='IMAGE' size='${size}' ` +
          `format='.fits'>${Buffer.alloc(size, fill).toString('base64')}</oneBLOB></setBLOBVector>`,
      );
    const filled = (bytes: Uint8Array | undefined, fill: number) =>
      assert.ok(Buffer.alloc(size, fill).equals(bytes ?? new Uint8Array(0)), `of ${fill}`);
    say(1);
    parcels[0]?.done();
    say(2);
    held[1]?.letGo();
    say(3);
    for (const index of [0, 1, 2]) filled(held[index]?.bytes, index + 1);
    held[0]?.letGo();
    say(4);
    assert.equal(held[3]?.bytes.buffer, held[0]?.bytes.buffer);
    filled(parcels[1]?.bytes, 2);
    filled(parcels[2]?.bytes, 3);
    await programs.close();
  });
});

test('images go to a program that asked for them, and not to their own', async () => {
  const [one, two] = [new FakeProgram(), new FakeProgram()];
  const blob = (what: string) => `<${what}BLOBVector device='Camera' name='IMAGE' state='Ok' perm='ro'>`;
  one.greeting = `${blob('def')}<defBLOB name='IMAGE'/></defBLOBVector>`;
  const { perform, programs, add, clock } = createStage({ one, two });
  await perform(async () => {
    add('one');
    add('two');
    await clock.sleep(100);
    const ask = "<getProperties version='1.7' device='Camera'/>";
    const enable = "<enableBLOB device='Camera'>Also</enableBLOB>";
    const image = `${blob('set')}<oneBLOB name='IMAGE' size='4' format='.fits'>AAECAw==</oneBLOB></setBLOBVector>`;
    const images = (fake: FakeProgram) => fake.life.heard.filter(({ type }) => type === 'set').length;
    one.life.say(ask + enable);
    two.life.say(ask);
    one.life.say(image);
    assert.deepEqual([images(one), images(two)], [0, 0]);
    two.life.say(enable);
    one.life.say(image);
    assert.deepEqual([images(one), images(two)], [0, 1]);
    await programs.close();
  });
});

/** The names under which the host and adoption know it. */
test('ids of devices are made of their names, and unique', async () => {
  const fake = new FakeProgram(
    ['My CCD #1', 'My CCD 1', '†'].map((name) => defNumber(name, 'X', 'Y', 1)).join(''),
  );
  const { perform, programs, add, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    assert.deepEqual(
      host.devices.value.map(({ id }) => id),
      ['indi/my-ccd-1', 'indi/my-ccd-1-2', 'indi/device'],
    );
    const hosted: Hosted | undefined = programs.devices.value[0];
    assert.equal(hosted?.property('X')?.values.Y, 1);
    await programs.close();
  });
});

test('a device that comes while its program is being removed does not stay behind', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock, host } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    const ours = client();
    ours.set(NAME, 'CONNECTION', { CONNECT: true });
    await clock.sleep(1000);
    fake.answer = (message) => focuserAnswer(NAME)(message) + defNumber('Late', 'X', 'Y', 1);
    await programs.remove('one');
    assert.deepEqual([programs.list.value, programs.devices.value], [[], []]);
    assert.equal(host.find('indi/late'), undefined);
    assert.equal(ours.shows('Late', 'X'), 'not defined');
  });
});

test('a device of ours does not take the INDI name of a foreign one that its owner calls something else', async () => {
  const { perform, programs, add, client, clock, host, addOwn } = createStage({ one: focuser() });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    host.find('indi/focuser')?.rename('My focuser');
    addOwn('own', NAME, {});
    const ours = client();
    assert.ok(ours.names.includes(`${NAME} (own).CONNECTION`), ours.names.join(' '));
    ours.set(NAME, 'CONNECTION', { CONNECT: true });
    assert.equal(ours.shows(NAME, 'SPEED'), 'Idle 1');
    await programs.close();
  });
});

test('what another server says of nobody is kept, and not said to all: it might be ourselves', async () => {
  const fake = focuser();
  const { perform, programs, add, client, clock } = createStage({ one: fake });
  await perform(async () => {
    add('one');
    await clock.sleep(100);
    const ours = client();
    fake.life.say("<message message='round and round'/>");
    assert.deepEqual(ours.messages, []);
    assert.deepEqual(programs.list.value[0]?.lastWords, ['round and round']);
    await programs.close();
  });
});
