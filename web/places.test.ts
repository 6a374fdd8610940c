import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drivers } from '../drivers/index.ts';
import type { FamilyView } from '../src/api/gear-view.ts';
import { grouped, placeHint, typedPlace } from './places.ts';

const family = (id: string, provides: FamilyView['provides']): FamilyView => ({
  ...{ id, label: id, provides, settings: {}, places: [], typed: [] },
});

test('families stand under the words of the field, in the order of a rig', () => {
  const families = [
    family('upb', ['weather', 'power', 'focuser']),
    family('odd', []),
    family('eq6', ['guide', 'mount']),
    family('flip', ['light', 'cover']),
    family('bme', ['weather']),
  ];
  assert.deepEqual(
    grouped(families).map(([kind, members]) => [kind, members.map(({ id }) => id)]),
    [
      ['Mounts', ['eq6']],
      ['Focusers', ['upb']],
      ['Dust covers and flat lights', ['flip']],
      ['Weather and sensors', ['bme']],
      ['Others', ['odd']],
    ],
  );
  const ours = drivers.map(({ id, provides }) => family(id, provides));
  assert.ok(!grouped(ours).some(([kind]) => kind === 'Others'), 'every family of ours has a word');
});

test('what is typed becomes the place it means, or none', () => {
  assert.deepEqual(typedPlace(['serial', 'tcp'], ' 10.0.0.5:4030 '), { tcp: '10.0.0.5:4030' });
  assert.deepEqual(typedPlace(['serial', 'tcp'], '/dev/ttyAMA0'), { serial: '/dev/ttyAMA0' });
  assert.deepEqual(typedPlace(['http'], 'http://shed.local:11111/'), { http: 'shed.local:11111' });
  assert.deepEqual(typedPlace(['i2c'], '0x76'), { i2c: { bus: 1, address: 118 } });
  assert.deepEqual(typedPlace(['i2c'], '4 0x40'), { i2c: { bus: 4, address: 64 } });
  assert.deepEqual(typedPlace(['gpio'], 'gpiochip4'), { gpio: { chip: 'gpiochip4' } });
  assert.deepEqual(typedPlace(['w1'], '28-0000000000FF'), { w1: '28-0000000000ff' });
  for (const text of ['shed', 'shed:', 'a b:1', '', 'http://shed:80']) {
    assert.equal(typedPlace(['serial', 'tcp'], text), undefined, text);
  }
  assert.equal(typedPlace(['i2c'], 'x76'), undefined);
  assert.equal(typedPlace(['w1'], '28'), undefined);
});

test('what to type is said', () => {
  assert.equal(placeHint(['serial', 'tcp']), '/dev/serial/by-id/…, or host:port');
});
