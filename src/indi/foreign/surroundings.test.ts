import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUtc } from '../../core/clock.ts';
import { createObservatory } from '../../device/observatory.ts';
import type { NewVector } from '../message.ts';
import { offerSurroundings } from './surroundings.ts';

const now = parseUtc('2026-11-22T20:00:00Z');

function command(name: string, values: Readonly<Record<string, number | string>>): NewVector {
  const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
  const kind = name === 'TIME_UTC' ? 'text' : 'number';
  return { type: 'new', kind, device: 'Mount', name, elements } as NewVector;
}

test('an observatory that knows nothing takes the site and the trust of a client, and lets them pass', () => {
  const observatory = createObservatory();
  const offer = (what: NewVector) => offerSurroundings(what, undefined, observatory, now);
  const far = command('TIME_UTC', { UTC: '2026-11-22T23:00:00', OFFSET: '0' });
  assert.equal(offer(far), undefined, 'two clocks that nobody trusts');
  assert.equal(observatory.timeSource.value, undefined);
  assert.equal(offer(command('TIME_UTC', { UTC: '2026-11-22T20:00:20', OFFSET: '0' })), undefined);
  assert.equal(observatory.timeSource.value, 'client');
  assert.match(offer(far) ?? '', /10800 s from this unit's, by client/);
  assert.equal(offer(command('GEOGRAPHIC_COORD', { LAT: -33, LONG: 289, ELEV: 2400 })), undefined);
  assert.deepEqual(observatory.site.value, { latitude: -33, longitude: -71, elevationMetres: 2400 });
  assert.equal(observatory.siteSource.value, 'client');
  assert.throws(() => offer(command('GEOGRAPHIC_COORD', { LAT: 91, LONG: 0 })), /nowhere on Earth/);
  const endless = command('GEOGRAPHIC_COORD', { LAT: 5, LONG: Number.POSITIVE_INFINITY });
  assert.throws(() => offer(endless), /nowhere on Earth/);
});

test('what is no site and no time passes, and what a client leaves out does not matter', () => {
  const observatory = createObservatory({ latitude: 50, longitude: -10, elevationMetres: 0 }, 'gps');
  for (const [name, values] of [
    ['TIME_UTC', { OFFSET: '1' }],
    ['GEOGRAPHIC_COORD', { LAT: 5 }],
    ['POLLING_PERIOD', { PERIOD_MS: 5 }],
  ] as const) {
    assert.equal(offerSurroundings(command(name, values), undefined, observatory, now), undefined, name);
  }
});
