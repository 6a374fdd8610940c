import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimClock } from '../../core/clock.ts';
import type { DefVector, DelProperty, Message, NewVector, Notice, SetVector } from '../message.ts';
import { print } from '../print.ts';
import { Reader } from '../reader.ts';
import { ForeignDevice } from './device.ts';
import { defNumber, defSwitch, setNumber, setSwitch } from './fake-program.ts';

const D = 'Device';
const connection = ['CONNECT', 'DISCONNECT'];

function createDevice() {
  const clock = new SimClock(0);
  const published: Message[] = [];
  const told: string[] = [];
  const device = new ForeignDevice(D, {
    clock,
    say: (message) => {
      told.push(commandOf(message));
      return true;
    },
    publish: (message) => published.push(message),
    holder: () => () => () => {},
  });
  const complain = (reason: string) => assert.fail(reason);
  const receive = (message: Message) => device.take(message as DefVector | SetVector | DelProperty | Notice);
  const reader = new Reader({ receive, complain }, { blobBytes: 1000 });
  return {
    ...{ clock, device, told },
    hear: (xml: string) => reader.push(Buffer.from(xml)),
    /** What was published since the last look, as type, name and state. */
    news: () =>
      published
        .splice(0)
        .map((message) =>
          [message.type, 'name' in message ? message.name : '', stateOf(message)].join(' ').trim(),
        ),
    last: () => print(published.at(-1) as Message, ''),
  };
}

const stateOf = (message: Message): string => ('state' in message ? (message.state ?? '') : '');

const commandOf = (message: Message): string =>
  message.type === 'new'
    ? [message.name, ...message.elements.map((one) => `${one.name}=${one.value}`)].join(' ')
    : message.type;

const numberCommand = (name: string, value: number): NewVector => ({
  type: 'new',
  kind: 'number',
  device: D,
  name,
  elements: [{ name: 'V', value }],
});

test('what is defined again as it was is news to nobody; what has changed is an update; a new shape, a new property', () => {
  const { hear, news, last } = createDevice();
  hear(defNumber(D, 'GAIN', 'V', 1));
  assert.deepEqual(news(), ['def GAIN Idle']);
  hear(defNumber(D, 'GAIN', 'V', 1));
  assert.deepEqual(news(), []);
  hear(defNumber(D, 'GAIN', 'V', 2).replace("max='100'", "max='300'"));
  assert.match(last(), /^<setNumberVector .*<oneNumber name='V'.* max='300'.*>2</);
  assert.deepEqual(news(), ['set GAIN Idle']);
  hear(defNumber(D, 'GAIN', 'OTHER', 2));
  assert.deepEqual(news(), ['delProperty GAIN', 'def GAIN Idle']);
});

test('definitions are what is known now, ranges too', () => {
  const { hear, device } = createDevice();
  hear(defNumber(D, 'GAIN', 'V', 1) + defSwitch(D, 'MODE', ['A', 'B'], 'A'));
  hear(setNumber(D, 'GAIN', 'V', 5, 'Busy').replace("name='V'", "name='V' max='50'"));
  const [gain] = device.definitions('GAIN');
  assert.deepEqual([gain?.state, gain?.elements[0]?.value, gain?.elements[0]?.range?.max], ['Busy', 5, 50]);
  assert.deepEqual(
    device.definitions().map(({ name }) => name),
    ['GAIN', 'MODE'],
  );
  assert.deepEqual(device.definitions('OTHER'), []);
});

test('after a restart it is told what it was told before: settings once, never buttons, motions or what it refused', async () => {
  const { clock, hear, device, told } = createDevice();
  const greeting =
    defNumber(D, 'GAIN', 'V', 1) +
    defNumber(D, 'FOCUS_TIMER', 'V', 0) +
    defNumber(D, 'BAD', 'V', 0) +
    defSwitch(D, 'RESET', ['GO'], '', 'AtMostOne') +
    defSwitch(D, 'MODE', ['A', 'B'], 'A') +
    defNumber(D, 'INFO', 'V', 0, 'ro');
  await clock.drive(
    (async () => {
      hear(greeting);
      await clock.sleep(1000);
      for (const name of ['GAIN', 'FOCUS_TIMER', 'BAD', 'INFO']) device.send(numberCommand(name, 7));
      const press = (name: string, element: string): NewVector => ({
        ...{ type: 'new', kind: 'switch', device: D, name },
        elements: [{ name: element, value: true }],
      });
      device.forward(press('RESET', 'GO'));
      device.forward(press('MODE', 'A'));
      device.forward(press('MODE', 'B'));
      hear(setNumber(D, 'BAD', 'V', 0, 'Alert'));
      told.length = 0;
      device.die('gone');
      device.send(numberCommand('GAIN', 9));
      assert.deepEqual(told, []);
      hear(greeting);
      assert.equal(device.settled.value, false);
      // It takes GAIN for something else each time, and is not told for ever.
      await clock.sleep(5000);
      assert.deepEqual(told, ['GAIN V=7', 'MODE B=true']);
      assert.equal(device.settled.value, true);
      device.close();
    })(),
  );
});

test('an image reaches who watches for it; without bytes it is a state like any other', () => {
  const { hear, device, news } = createDevice();
  const sizes: number[] = [];
  const end = device.watchBlobs('IMAGE', ({ bytes }) => sizes.push(bytes.length));
  hear(
    `<defBLOBVector device='${D}' name='IMAGE' state='Idle' perm='ro'><defBLOB name='I'/></defBLOBVector>`,
  );
  const image = (body: string) =>
    `<setBLOBVector device='${D}' name='IMAGE' state='Ok'>${body}</setBLOBVector>`;
  hear(image("<oneBLOB name='I' size='3' format='.x'>AAEC</oneBLOB>"));
  hear(image(''));
  end();
  hear(image("<oneBLOB name='I' size='3' format='.x'>AAEC</oneBLOB>"));
  assert.deepEqual(sizes, [3]);
  assert.equal(device.property('IMAGE')?.state, 'Ok');
  assert.deepEqual(news(), ['def IMAGE Idle', 'set IMAGE Ok', 'set IMAGE Ok']);
});

test('a connection that comes up again is told once', async () => {
  const { clock, hear, device, news } = createDevice();
  await clock.drive(
    (async () => {
      hear(defSwitch(D, 'CONNECTION', connection, 'DISCONNECT'));
      hear(setSwitch(D, 'CONNECTION', connection, 'CONNECT', 'Ok'));
      device.die('gone');
      news();
      hear(defSwitch(D, 'CONNECTION', connection, 'DISCONNECT'));
      assert.deepEqual(news(), []);
      hear(setSwitch(D, 'CONNECTION', connection, 'DISCONNECT', 'Alert'));
      assert.deepEqual(news(), ['set CONNECTION Alert']);
      assert.equal(device.definitions('CONNECTION')[0]?.elements[0]?.value, true);
      hear(setSwitch(D, 'CONNECTION', connection, 'CONNECT', 'Ok'));
      assert.deepEqual(news(), ['set CONNECTION Ok']);
      device.close();
    })(),
  );
});

test('a device that its program gives up as a whole is asked for anew: some drivers begin so at each disconnect', () => {
  const { hear, told, news, device } = createDevice();
  hear(defSwitch(D, 'CONNECTION', connection, 'CONNECT', 'Ok') + defNumber(D, 'GAIN', 'V', 1));
  news();
  hear(`<delProperty device='${D}'/>`);
  assert.deepEqual(told, ['getProperties']);
  assert.equal(device.alive.value, false);
  assert.equal(device.property('GAIN')?.state, 'Alert');
  hear(defSwitch(D, 'CONNECTION', connection, 'DISCONNECT', 'Idle'));
  assert.equal(device.alive.value, true);
});
