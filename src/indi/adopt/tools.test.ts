import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../core/errors.ts';
import { adoptRig } from './adopt-rig.ts';
import { lights, numbers, switches, texts } from './fake-hosted.ts';
import {
  chosenCell,
  command,
  halt,
  labelCell,
  numberCell,
  stateCell,
  switchCell,
  textCell,
} from './tools.ts';

const fault = (kind: Fault['kind'], words: RegExp) => (error: unknown) =>
  error instanceof Fault && error.kind === kind && words.test(error.message);
const withMotor = () =>
  adoptRig(numbers('POSITION', { STEPS: { value: 5, min: 0, max: 100 } }, { state: 'Ok' }));
const go = { STEPS: 50 };

test('cells follow their elements, and keep the last value when the property goes and comes', () => {
  const { hosted } = withMotor();
  const steps = numberCell(hosted, 'POSITION', 'STEPS', 0);
  const missing = numberCell(hosted, 'NOWHERE', 'STEPS');
  const heard: number[] = [];
  steps.watch((value) => heard.push(value));
  hosted.set('POSITION', 'Busy', { STEPS: 7 });
  hosted.del('POSITION');
  assert.deepEqual([steps.value, missing.value], [7, undefined]);
  hosted.def(numbers('POSITION', { STEPS: 9 }));
  hosted.def(numbers('NOWHERE', { STEPS: 1 }));
  assert.deepEqual([steps.value, missing.value], [9, 1]);
  assert.deepEqual(heard, [7, 9]);
});

test('switches, texts, states and choices', () => {
  const { hosted } = adoptRig(
    switches('MODE', { A: false, B: true }),
    texts('NAME', { N_1: 'one', N_2: '' }),
    lights('LIGHT', { L: 'Ok' }, { state: 'Alert' }),
  );
  const chosen = chosenCell(hosted, 'MODE');
  assert.deepEqual([switchCell(hosted, 'MODE', 'B').value, chosen.value], [true, 'B']);
  hosted.set('MODE', 'Ok', { B: false });
  assert.equal(chosen.value, undefined);
  assert.equal(textCell(hosted, 'NAME', 'N_1').value, 'one');
  assert.equal(stateCell(hosted, 'LIGHT').value, 'Alert');
  const unnamed = labelCell(hosted, 'NAME', '2', 'Port 2');
  assert.deepEqual([labelCell(hosted, 'NAME', '1', '').value, unnamed.value], ['one', 'Port 2']);
  hosted.set('NAME', 'Ok', { N_2: 'Dew' });
  assert.equal(unnamed.value, 'Dew');
});

test('a command ends when its property has answered and left Busy', async () => {
  const { hosted, clock, perform, later } = withMotor();
  hosted.react = () => {
    later(200, () => hosted.set('POSITION', 'Busy'));
    later(30_000, () => hosted.set('POSITION', 'Ok', go));
  };
  const begun = clock.monotonic();
  await perform((run) => command(hosted, 'POSITION', go, run));
  assert.equal(clock.monotonic() - begun, 30_000);
  assert.deepEqual(hosted.sent, [{ name: 'POSITION', values: go }]);
  assert.equal(hosted.watches, 0);
});

test('a routine report is not an answer where the caller knows better', async () => {
  const { hosted, clock, perform, later } = withMotor();
  hosted.react = () => {
    later(100, () => hosted.set('POSITION', 'Ok', { STEPS: 5 }));
    later(300, () => hosted.set('POSITION', 'Busy', { STEPS: 20 }));
    later(900, () => hosted.set('POSITION', 'Ok', { STEPS: 48 }));
  };
  const begun = clock.monotonic();
  const answered = () => numberCell(hosted, 'POSITION', 'STEPS', 0).value === 50;
  await perform((run) => command(hosted, 'POSITION', go, run, { answered }));
  assert.equal(clock.monotonic() - begun, 900);
});

test('Alert is refused with the words of the update, else of the device', async () => {
  const { hosted, perform } = withMotor();
  hosted.react = () => hosted.set('POSITION', 'Alert', {}, 'stall');
  await assert.rejects(
    perform((run) => command(hosted, 'POSITION', go, run)),
    fault('refused', /stall/),
  );
  hosted.react = () => {
    hosted.said.set('[ERROR] The motor is hot');
    hosted.set('POSITION', 'Alert');
  };
  await assert.rejects(
    perform((run) => command(hosted, 'POSITION', go, run)),
    fault('refused', /^Device: The motor/),
  );
  assert.equal(hosted.watches, 0);
});

test('silence, before the answer and after it', async () => {
  const { hosted, perform } = withMotor();
  await assert.rejects(
    perform((run) => command(hosted, 'POSITION', go, run)),
    fault('silent', /not answered/),
  );
  hosted.react = () => hosted.set('POSITION', 'Busy');
  await assert.rejects(
    perform((run) => command(hosted, 'POSITION', go, run, { timeoutMs: 20_000 })),
    fault('silent', /busy for more than 20 s/),
  );
});

test('a property or a program that is not there, or goes, is gone', async () => {
  const { hosted, perform, later } = withMotor();
  const ask = () => perform((run) => command(hosted, 'POSITION', go, run));
  await assert.rejects(
    perform((run) => command(hosted, 'NOWHERE', go, run)),
    fault('gone', /no NOWHERE/),
  );
  hosted.react = () => later(50, () => hosted.alive.set(false));
  await assert.rejects(ask(), fault('gone', /is gone/));
  hosted.alive.set(true);
  hosted.react = () => later(50, () => hosted.del('POSITION'));
  await assert.rejects(ask(), fault('gone', /no POSITION/));
  assert.equal(hosted.watches, 0);
});

test('a stopped run rejects after its halt was answered, whatever the answer', async () => {
  for (const answer of ['Ok', 'Alert', 'none'] as const) {
    const { hosted, clock, start, later } = withMotor();
    hosted.react = (name) => {
      if (name === 'POSITION') hosted.set('POSITION', 'Busy');
      else if (answer !== 'none') later(400, () => hosted.set('POSITION', answer));
    };
    hosted.def(switches('ABORT', { ABORT: false }));
    const run = start((own) =>
      command(hosted, 'POSITION', go, own, { halt: () => halt(hosted, clock, 'ABORT').catch(() => {}) }),
    );
    later(1000, () => run.stop('user'));
    await assert.rejects(clock.drive(run.outcome), { name: 'Stopped' });
    assert.equal(clock.monotonic(), answer === 'none' ? 6000 : 1400);
    assert.deepEqual(hosted.sent[1], { name: 'ABORT', values: { ABORT: true } });
  }
});
