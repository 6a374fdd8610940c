import assert from 'node:assert/strict';
import test from 'node:test';
import { Interest } from './interest.ts';

const ask = (device?: string, name?: string) => ({
  type: 'getProperties' as const,
  version: '1.7',
  ...(device && { device }),
  ...(name && { name }),
});
const enable = (policy: 'Never' | 'Also' | 'Only', device: string, name?: string) => ({
  type: 'enableBLOB' as const,
  device,
  ...(name && { name }),
  policy,
});

test('nothing comes to who asked for nothing', () => {
  const interest = new Interest();
  assert.equal(interest.wants('A', 'P'), false);
  assert.equal(interest.wants(undefined, undefined), false);
});

test('all, one device, or one property', () => {
  const all = new Interest();
  all.ask(ask());
  assert.ok(all.wants('A', 'P') && all.wants(undefined, undefined));

  const device = new Interest();
  device.ask(ask('A'));
  assert.ok(device.wants('A', 'P') && device.wants('A', undefined));
  assert.equal(device.wants('B', 'P'), false);

  const property = new Interest();
  property.ask(ask('A', 'P'));
  assert.ok(property.wants('A', 'P'));
  assert.equal(property.wants('A', 'Q'), false);
  assert.ok(property.wants('A', undefined), 'the whole device is gone: that concerns its properties');
  assert.equal(property.wants('AB', undefined), false);
});

test('a client that limited itself stays limited', () => {
  const interest = new Interest();
  interest.ask(ask('A'));
  interest.ask(ask());
  assert.equal(interest.wants('B', 'P'), false);
});

test('BLOBs: never unless enabled, for a device or a property, in scope only', () => {
  const interest = new Interest();
  interest.ask(ask());
  assert.equal(interest.wantsBlob('A', 'P'), false);
  interest.enable(enable('Also', 'A', 'P'));
  assert.ok(interest.wantsBlob('A', 'P'));
  assert.equal(interest.wantsBlob('A', 'Q'), false);
  interest.enable(enable('Also', 'A'));
  assert.ok(interest.wantsBlob('A', 'Q'));
  interest.enable(enable('Never', 'A', 'Q'));
  assert.equal(interest.wantsBlob('A', 'Q'), false);
  interest.enable(enable('Never', 'A'));
  assert.equal(interest.wantsBlob('A', 'P'), false, 'without a name, the whole device is reset');

  const limited = new Interest();
  limited.ask(ask('B'));
  limited.enable(enable('Also', 'A'));
  assert.equal(limited.wantsBlob('A', 'P'), false);
});

test('Only: nothing but BLOBs of that device', () => {
  const interest = new Interest();
  interest.ask(ask());
  interest.enable(enable('Only', 'A'));
  assert.ok(interest.wantsBlob('A', 'P'));
  assert.equal(interest.wants('A', 'P'), false);
  assert.ok(interest.wants('B', 'P'));
});
