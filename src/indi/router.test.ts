import assert from 'node:assert/strict';
import test from 'node:test';
import { SimClock } from '../core/clock.ts';
import { Interest } from './interest.ts';
import type { Blob, SetVector } from './message.ts';
import type { Parcel } from './outbox.ts';
import { type Listener, Router } from './router.ts';

function listener(policy?: 'Also') {
  const texts: string[] = [];
  const parcels: Parcel[] = [];
  const interest = new Interest();
  interest.ask({ type: 'getProperties', version: '1.7' });
  if (policy) interest.enable({ type: 'enableBLOB', device: 'Cam', policy });
  const own: Listener = {
    interest,
    gone: new AbortController().signal,
    send: (text) => void texts.push(text.toString()),
    sendBlob: (parcel) => void parcels.push(parcel),
    tell: (text) => void texts.push(text),
    watchClosely: () => () => {},
  };
  return { own, texts, parcels };
}

const image = (format: string, fill: number): Blob => ({
  format,
  size: 3,
  bytes: new Uint8Array(3).fill(fill),
});
const vector = (elements: SetVector<'blob'>['elements']): SetVector => ({
  ...{ type: 'set', kind: 'blob', device: 'Cam', name: 'CCD1', state: 'Ok' },
  elements,
});

test('each image of a vector goes out as a vector of its own, held once for each client that wants it', () => {
  const router = new Router(new SimClock(0));
  const [one, two, none] = [listener('Also'), listener('Also'), listener()];
  for (const { own } of [one, two, none]) router.join(own);
  let held = 0;
  const hold = () => {
    held++;
    return () => void held--;
  };
  const elements = [
    { name: 'LEFT', value: image('.fits', 1) },
    { name: 'RIGHT', value: image('.stream_jpg', 2) },
  ];
  router.publish(vector(elements), hold);
  assert.equal(held, 4);
  for (const { parcels } of [one, two]) {
    assert.deepEqual(
      parcels.map(({ live, bytes }) => [live, bytes[0]]),
      [
        [false, 1],
        [true, 2],
      ],
    );
    assert.notEqual(parcels[0]?.property, parcels[1]?.property);
    for (const { head, tail } of parcels) {
      assert.match(head, /^<setBLOBVector device='Cam' name='CCD1' state='Ok'.*><oneBLOB [^>]*>$/);
      assert.equal(tail, '</oneBLOB></setBLOBVector>\n');
    }
  }
  assert.equal(none.parcels.length + none.texts.length, 0);
  for (const { parcels } of [one, two]) for (const { done } of parcels) done();
  assert.equal(held, 0);
});

test('an image vector that only says its state reaches those who take images', () => {
  const router = new Router(new SimClock(0));
  const [one, none] = [listener('Also'), listener()];
  for (const { own } of [one, none]) router.join(own);
  router.publish({ ...vector([]), state: 'Busy' });
  assert.match(
    one.texts.join(''),
    /^<setBLOBVector device='Cam' name='CCD1' state='Busy'[^<]*><\/setBLOBVector>\n$/,
  );
  assert.deepEqual(none.texts, []);
});
