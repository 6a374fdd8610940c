import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Message } from './message.ts';
import { escaped, print, printNumber } from './print.ts';
import { Reader } from './reader.ts';
import { unescaped } from './scanner.ts';

const STAMP = '2026-11-22T20:15:03';

function read(text: string | Uint8Array, step = Number.POSITIVE_INFINITY, blobBytes = 1e6) {
  const messages: Message[] = [];
  const complaints: string[] = [];
  const reader = new Reader(
    { receive: (message) => messages.push(message), complain: (reason) => complaints.push(reason) },
    { blobBytes },
  );
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
  return { messages, complaints };
}

const number = (text: string) => {
  const { messages } = read(
    `<newNumberVector device='D' name='P'><oneNumber name='N'>${text}</oneNumber></newNumberVector>`,
  );
  const [message] = messages;
  return message?.type === 'new' ? message.elements[0]?.value : undefined;
};

test('numbers: decimal, exponent and sexagesimal, the sign before the whole', () => {
  const corpus: [string, number | undefined][] = [
    ['0', 0],
    ['-1.5', -1.5],
    ['+2', 2],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    ['  12.25\n', 12.25],
    ['12:30', 12.5],
    ['12:30:36', 12.51],
    ['-0:30', -0.5],
    ['-00:00:36', -0.01],
    ['12 30 36', 12.51],
    ['12;30;36.0', 12.51],
    ['5:30.5', 5 + 30.5 / 60],
    ['', undefined],
    ['north', undefined],
    ['1:2:3:4', undefined],
    ['nan', undefined],
  ];
  for (const [text, value] of corpus) {
    const read = number(text);
    if (value === undefined) assert.equal(read, undefined, text);
    else assert.ok(Math.abs((read as number) - value) < 1e-12, `${text} → ${read}`);
  }
});

test('every finite number comes back as it was', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(number(printNumber(value)), value === 0 ? 0 : value);
    }),
    { seed: 1, numRuns: 500 },
  );
  assert.equal(printNumber(Number.NaN), '0');
});

const samples: Message[] = [
  { type: 'getProperties', version: '1.7' },
  { type: 'getProperties', version: '1.7', device: 'A & B', name: "it's" },
  { type: 'enableBLOB', device: 'CCD', name: 'CCD1', policy: 'Also' },
  { type: 'message', device: 'Mount', text: '<"°…">' },
  { type: 'delProperty', device: 'Mount' },
  { type: 'pingRequest', uid: 'SetBLOB/1' },
  {
    ...{
      type: 'def',
      kind: 'number',
      device: 'Mount',
      name: 'EQ',
      label: 'Eq',
      group: 'Main',
      state: 'Busy',
    },
    ...{ perm: 'rw', timeout: 60 },
    elements: [
      { name: 'RA', label: 'RA', value: 2.5, range: { format: '%010.6m', min: 0, max: 24, step: 0 } },
    ],
  } as Message,
  {
    ...{
      type: 'def',
      kind: 'switch',
      device: 'M',
      name: 'S',
      label: 'S',
      group: '',
      state: 'Idle',
      perm: 'rw',
    },
    ...{ rule: 'AtMostOne', timeout: 0 },
    elements: [{ name: 'ABORT', label: 'Abort!', value: false }],
  } as Message,
  {
    ...{
      type: 'def',
      kind: 'light',
      device: 'W',
      name: 'L',
      label: 'L',
      group: 'g',
      state: 'Ok',
      perm: 'ro',
    },
    ...{ timeout: 0, elements: [{ name: 'RAIN', label: 'Rain', value: 'Alert' }] },
  } as Message,
  {
    ...{ type: 'set', kind: 'text', device: 'W', name: 'T', state: 'Ok', message: 'a\nb' },
    elements: [{ name: 'A', value: 'x < y & "z"' }],
  } as Message,
  {
    ...{ type: 'set', kind: 'blob', device: 'C', name: 'CCD1', state: 'Ok' },
    elements: [{ name: 'CCD1', value: { format: '.fits', size: 5, bytes: Buffer.from('hello') } }],
  } as Message,
  {
    ...{ type: 'new', kind: 'switch', device: 'M', name: 'S' },
    elements: [{ name: 'ABORT', value: true }],
  } as Message,
];

test('what is printed is read as the same messages, cut at every byte', () => {
  const text = samples
    .map((message) => `<?xml version='1.0'?><!-- a > b -->\n${print(message, STAMP)}`)
    .join('');
  const whole = read(text);
  assert.deepEqual(whole.complaints, []);
  assert.deepEqual(whole.messages, samples);
  const bytes = Buffer.from(text);
  assert.deepEqual(read(bytes, 1).messages, samples);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const messages: Message[] = [];
    const reader = new Reader(
      { receive: (m) => messages.push(m), complain: assert.fail },
      { blobBytes: 1e6 },
    );
    reader.push(bytes.subarray(0, cut));
    reader.push(bytes.subarray(cut));
    assert.equal(messages.length, samples.length, `cut at ${cut}`);
  }
});

test('reads as libindi writes: one attribute a line, values on lines of their own, either quotes', () => {
  const { messages } = read(`<?xml version='1.0'?>
<defNumberVector
  device="Telescope Simulator"
  name='EQUATORIAL_EOD_COORD'
  label='Eq. &quot;Coordinates&quot; &#176;&#xB0;'
  group='Main' state='Idle' perm='rw' timeout='60' timestamp='2026-11-22T20:15:03'>
    <defNumber name='RA' label='RA' format='%010.6m' min='0' max='24' step='0'>
      12:30:00
    </defNumber>
</defNumberVector>`);
  const [message] = messages;
  assert.ok(message?.type === 'def' && message.kind === 'number');
  assert.equal(message.label, 'Eq. "Coordinates" °°');
  assert.equal(message.device, 'Telescope Simulator');
  assert.equal(message.elements[0]?.value, 12.5);
});

test('base64 with line breaks anywhere', () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index & 0xff));
  const lines = bytes.toString('base64').replace(/(.{72})/g, '$1\n');
  const text = `<setBLOBVector device='C' name='B'><oneBLOB name='B' size='1000' enclen='9' format='.x'>\n${lines}\n</oneBLOB></setBLOBVector>`;
  for (const step of [1, 7, 1000]) {
    const [message] = read(text, step).messages;
    assert.ok(message?.type === 'set' && message.kind === 'blob');
    assert.deepEqual(Buffer.from(message.elements[0]?.value.bytes ?? []), bytes);
  }
});

test('what makes no sense but is whole is complained about, and reading goes on', () => {
  const good = "<pingRequest uid='1'/>";
  for (const bad of [
    "<newNumberVector name='P'/>",
    "<newSwitchVector device='D' name='P'><oneSwitch name='A'>maybe</oneSwitch></newSwitchVector>",
    "<newNumberVector device='D' name='P'><oneNumber name='A'>many</oneNumber></newNumberVector>",
    "<newNumberVector device='D' name='P'><oneNumber>1</oneNumber></newNumberVector>",
    "<enableBLOB device='D'>Sometimes</enableBLOB>",
    `<delProperty device='${'x'.repeat(300)}'/>`,
  ]) {
    const { messages, complaints } = read(bad + good);
    assert.equal(complaints.length, 1, bad);
    assert.equal(messages.length, 1, bad);
  }
  assert.equal(read(`noise<future><a><b>1</b></a></future>noise${good}`).messages.length, 1);
});

test('a number without end is left out of what a driver says, with a complaint; a client is answered whole', () => {
  const endless = (verb: string, one: string) => {
    const ones = `<${one}Number name='A'>1e999</${one}Number><${one}Number name='B' max='1e999'>2</${one}Number>`;
    const { messages, complaints } = read(
      `<${verb}NumberVector device='D' name='P'>${ones}</${verb}NumberVector>`,
    );
    const [message] = messages;
    assert.ok(message && 'elements' in message);
    return { elements: message.elements, complaints };
  };
  const complaints = ['D.P.A: "1e999" is no number'];
  const defined = endless('def', 'def');
  assert.deepEqual(defined.complaints, complaints);
  assert.deepEqual(defined.elements, [
    { name: 'B', label: 'B', value: 2, range: { format: '%g', min: 0, max: 0, step: 0 } },
  ]);
  assert.deepEqual(endless('set', 'one'), { elements: [{ name: 'B', value: 2, range: {} }], complaints });
  const asked = endless('new', 'one');
  assert.deepEqual(asked.complaints, []);
  assert.deepEqual(asked.elements[0], { name: 'A', value: Number.POSITIVE_INFINITY });
});

test('what cannot be read, or would fill the memory, ends the stream with a reason', () => {
  const blob = (text: string) =>
    `<newBLOBVector device='D' name='P'><oneBLOB name='A' size='3' enclen='4' format='.x'>${text}</oneBLOB></newBLOBVector>`;
  const one = "<oneText name='A'>x</oneText>";
  for (const [bad, reason] of [
    ['<a></b>', /closes/],
    ['</a>', /closes nothing/],
    ['<a b=c/>', /no attribute/],
    ['<1/>', /no tag/],
    ['<![CDATA[x]]>', /no part/],
    ['<!DOCTYPE a>', /no part/],
    ['<a>'.repeat(9), /too deep/],
    [`<${'a'.repeat(20_000)}`, /longer/],
    [`<newTextVector device='D' name='P'><oneText name='A'>${'x'.repeat(70_000)}`, /longer/],
    [`<newTextVector device='D' name='P'>${one.repeat(1025)}`, /more than 1024/],
    [blob('A'.repeat(1_400_000)), /larger/],
    [blob('****'), /no base64/],
    [blob('QUJ'), /middle/],
    [blob('QQ==QUJD'), /goes on|no base64/],
  ] as const) {
    assert.throws(() => read(bad), { name: 'Fault', kind: 'garbled', message: reason }, bad.slice(0, 60));
  }
});

test('bytes of any kind neither crash nor hang it', () => {
  const corpus = Buffer.from(samples.map((message) => print(message, STAMP)).join(''));
  const start = process.cpuUsage().user;
  let faults = 0;
  // A small generator of its own: fast-check would take minutes for so many.
  let seed = 12_345;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 100_000; round++) {
    const from = random(corpus.length - 200);
    const bytes = Buffer.from(corpus.subarray(from, from + 1 + random(200)));
    for (let change = random(6); change > 0; change--) bytes[random(bytes.length)] = random(256);
    try {
      read(bytes, 1 + random(64));
    } catch (error) {
      if ((error as Error).name !== 'Fault') throw error;
      faults++;
    }
  }
  assert.ok(faults > 100);
  assert.ok((process.cpuUsage().user - start) / 1e6 < 20);
});

test('texts come back as they were, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const plain = text.replace(/\p{Cc}/gu, '_');
      assert.equal(unescaped(escaped(plain)), plain);
      assert.ok(!/[<>'"]/.test(escaped(text)));
    }),
    { seed: 2, numRuns: 500 },
  );
});

/** libindi's layout: one attribute a line, values on lines of their own. */
const spread = (text: string) =>
  text.replaceAll(/ (?=\w+='[^']*')/g, '\n  ').replaceAll(/>(?=[^<]*<)/g, '>\n    ');

test('the same messages, however the stream is cut and laid out', () => {
  const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'ab >&\'"<é°/=') });
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.constantFrom(...samples),
    fc.record({ name: word, value: fc.double({ noNaN: true, noDefaultInfinity: true }) }).map(
      ({ name, value }): Message => ({
        ...{ type: 'set', kind: 'number', device: 'D', name, state: 'Busy' },
        elements: [{ name: 'X', value: value === 0 ? 0 : value }],
      }),
    ),
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 });
  const property = fc.property(fc.array(message, { maxLength: 12 }), cuts, (messages, steps) => {
    const text = messages.map((one) => print(one, STAMP)).join('');
    for (const laid of [text, spread(text)]) {
      const seen: Message[] = [];
      const reader = new Reader(
        { receive: (one) => seen.push(one), complain: assert.fail },
        { blobBytes: 1e6 },
      );
      const bytes = Buffer.from(laid);
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        // Node gives its buffers to others once they are read.
        const chunk = Uint8Array.from(bytes.subarray(at, at + (steps[turn % steps.length] as number)));
        reader.push(chunk);
        at += chunk.length;
        chunk.fill(0x3c);
      }
      assert.deepEqual(seen, read(laid).messages);
      if (laid === text) assert.deepEqual(seen, messages);
    }
  });
  fc.assert(property, { seed: 3, numRuns: 300 });
});

test('a tag that comes again, and again after many others, is read as the first time', () => {
  const one = (name: string, text: string) =>
    `<setTextVector device='D' name='${name}'><oneText name='A'>${text}</oneText></setTextVector>`;
  const names = ['P', 'P', ...Array.from({ length: 200 }, (_, index) => `P${index}`), 'P'];
  const { messages } = read(names.map((name, index) => one(name, `t${index}`)).join(''));
  assert.deepEqual(
    messages.map((message) => message.type === 'set' && [message.name, message.elements[0]?.value]),
    names.map((name, index) => [name, `t${index}`]),
  );
});

test('an update may change ranges, each limit by itself', () => {
  const update: Message = {
    ...{ type: 'set', kind: 'number', device: 'D', name: 'P', state: 'Ok' },
    elements: [
      { name: 'A', value: 1, range: { min: -1, max: 2.5, step: 0 } },
      { name: 'B', value: 2, range: { max: 7 } },
      { name: 'C', value: 3 },
    ],
  };
  assert.deepEqual(read(print(update, STAMP)).messages, [update]);
  const [bad] = read(
    "<setNumberVector device='D' name='P'><oneNumber name='A' min='x' max='3'>1</oneNumber></setNumberVector>",
  ).messages;
  assert.deepEqual(bad?.type === 'set' && bad.elements, [{ name: 'A', value: 1, range: { max: 3 } }]);
  const [command] = read(
    "<newNumberVector device='D' name='P'><oneNumber name='A' min='0'>1</oneNumber></newNumberVector>",
  ).messages;
  assert.deepEqual(command?.type === 'new' && command.elements, [{ name: 'A', value: 1 }]);
});

test('timestamps with or without fractions and zone are read', () => {
  for (const stamp of [
    '2026-11-22T20:15:03',
    '2026-11-22T20:15:03.25',
    '2026-11-22T20:15:03Z',
    'yesterday',
  ]) {
    const { messages, complaints } = read(
      `<setTextVector device='D' name='P' timestamp='${stamp}'><oneText name='A'>x</oneText></setTextVector>`,
    );
    assert.equal(messages.length, 1);
    assert.deepEqual(complaints, []);
  }
});
