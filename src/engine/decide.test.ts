import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide, type Situation, type Step } from './decide.ts';
import { type Plan, planSchema } from './plan.ts';

const plan: Plan = planSchema.parse({
  id: 'm42',
  target: { name: 'M 42', ra: 83.82, dec: -5.39 },
  sets: [
    { id: 'red', filter: 'R', seconds: 60, count: 2, focus: 5000 },
    { id: 'green', filter: 'G', seconds: 60, count: 1, focus: 5100 },
  ],
});

/** What the rig does about a step, if all goes well. */
function done(now: Situation, step: Step): Situation {
  switch (step.do) {
    case 'unpark':
      return { ...now, mount: 'elsewhere' };
    case 'slew':
      return { ...now, mount: 'on target' };
    case 'park':
      return { ...now, mount: 'parked' };
    case 'filter':
      return { ...now, filter: step.name };
    case 'focus':
      return { ...now, focus: step.steps };
    case 'expose':
      return { ...now, taken: { ...now.taken, [step.set.id]: (now.taken[step.set.id] ?? 0) + 1 } };
    case 'end':
      return now;
  }
}

function stepsFrom(now: Situation): string[] {
  const steps: string[] = [];
  for (let situation = now; steps.length < 50; ) {
    const step = decide(plan, situation);
    steps.push(step.do === 'expose' ? step.set.id : step.do);
    if (step.do === 'end') return steps;
    situation = done(situation, step);
  }
  return assert.fail(`no end: ${steps.join(' ')}`);
}

test('a whole night, from parked to parked', () => {
  const start: Situation = { taken: {}, mount: 'parked', filter: 'L', focus: 0 };
  assert.deepEqual(
    stepsFrom(start),
    'unpark slew filter focus red red filter focus green park end'.split(' '),
  );
});

test('it goes on where the ledger says, and does nothing when all is taken', () => {
  assert.deepEqual(
    stepsFrom({ taken: { red: 1 }, mount: 'on target', filter: 'R', focus: 5000 }),
    'red filter focus green park end'.split(' '),
  );
  assert.deepEqual(stepsFrom({ taken: { red: 2, green: 1 }, mount: 'parked', filter: 'R' }), ['end']);
});

test('a rig without wheel or focuser needs neither', () => {
  assert.deepEqual(stepsFrom({ taken: {}, mount: 'on target' }), 'red red green park end'.split(' '));
});

test('from any situation the night ends parked with every frame taken once', () => {
  const situation = fc.record({
    taken: fc.record({ red: fc.nat(3), green: fc.nat(2) }),
    mount: fc.constantFrom('parked' as const, 'elsewhere' as const, 'on target' as const),
    filter: fc.constantFrom('L', 'R', 'G', ''),
    focus: fc.nat(6000),
  });
  fc.assert(
    fc.property(situation, (start) => {
      const frames = stepsFrom(start).filter((step) => step === 'red' || step === 'green').length;
      assert.equal(frames, Math.max(0, 2 - start.taken.red) + Math.max(0, 1 - start.taken.green));
    }),
  );
});

test('plans that make no sense are refused', () => {
  const base = { id: 'p', target: { name: 't', ra: 0, dec: 0 }, sets: [{ id: 'a', seconds: 1, count: 1 }] };
  for (const wrong of [
    { ...base, id: '../x' },
    { ...base, target: { name: 't', ra: 360, dec: 0 } },
    { ...base, sets: [] },
    { ...base, sets: [base.sets[0], base.sets[0]] },
    { ...base, taken: 3 },
  ]) {
    assert.equal(planSchema.safeParse(wrong).success, false, JSON.stringify(wrong));
  }
});
