import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, facts } from './facts.ts';

test('the last word of a line is its value, the rest its name; lines without a value are let go', () => {
  const read = facts('vda7 start 1 size 2048\nmachine-id 0af3\nnonsense\n');
  assert.deepEqual(
    [...read],
    [
      ['vda7 start 1 size', '2048'],
      ['machine-id', '0af3'],
    ],
  );
});

test('a lease may have empty words', () => {
  const offer = facts('ip=10.42.0.17\nrouter=\n', '=');
  assert.equal(offer.get('ip'), '10.42.0.17');
  assert.equal(offer.get('router'), '');
});

test('what changed, came or went is told', () => {
  const before = facts('unit a\nkey b\n');
  const after = facts('unit a\nkey c\nmore d\n');
  assert.deepEqual(differences(before, after), ['key was b and is c', 'more was undefined and is d']);
  assert.deepEqual(differences(before, facts('key b\nunit a\n')), []);
});
