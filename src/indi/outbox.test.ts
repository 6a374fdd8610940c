import assert from 'node:assert/strict';
import test from 'node:test';
import { Outbox, type Sink } from './outbox.ts';

/** A socket that takes only what it is allowed to. */
function slowSink() {
  let text = '';
  let waiting = '';
  let longest = 0;
  const sink: Sink = {
    get writableLength() {
      return waiting.length;
    },
    write(bytes) {
      const piece = bytes.toString();
      longest = Math.max(longest, piece.length);
      waiting += piece;
      return false;
    },
    cork() {},
    uncork() {},
  };
  const drain = () => {
    text += waiting;
    waiting = '';
  };
  return {
    sink,
    drain,
    get text() {
      return text;
    },
    get longest() {
      return longest;
    },
  };
}

const parcel = (size: number, done: () => void, property = 'P', fill = 65) => ({
  property,
  head: '<b>',
  bytes: Buffer.alloc(size, fill),
  tail: '</b>',
  done,
});

test('texts and an image go out in order, the image in slices of its own encoding', async () => {
  const slow = slowSink();
  const outbox = new Outbox(slow.sink);
  let done = 0;
  outbox.send(Buffer.from('one'));
  outbox.sendBlob(parcel(200_000, () => done++));
  outbox.send(Buffer.from('two'));
  await undefined;
  assert.equal(done, 0);
  for (let turn = 0; turn < 20 && !outbox.empty; turn++) {
    slow.drain();
    outbox.feed();
  }
  slow.drain();
  assert.equal(slow.text, `one<b>${Buffer.alloc(200_000, 65).toString('base64')}</b>two`);
  assert.equal(done, 1);
  assert.ok(slow.longest <= 65_536);
  assert.ok(outbox.empty);
});

test('a client that does not read is given no more than it has room for', async () => {
  const slow = slowSink();
  const outbox = new Outbox(slow.sink);
  for (let index = 0; index < 1000; index++) outbox.send(Buffer.alloc(1000));
  await undefined;
  assert.ok(slow.sink.writableLength < 300_000);
  assert.equal(outbox.waitingBytes, 1_000_000);
});

test('of images that wait, the oldest is skipped; the one on its way is finished', async () => {
  const slow = slowSink();
  const outbox = new Outbox(slow.sink);
  const ended: string[] = [];
  const send = (name: string) => outbox.sendBlob(parcel(300_000, () => ended.push(name)));
  send('a');
  await undefined;
  for (const name of ['b', 'c', 'd', 'e']) send(name);
  assert.deepEqual(ended, ['b', 'c']);
  assert.equal(outbox.skipped, 2);
  outbox.sendBlob(parcel(10, () => ended.push('other'), 'Q'));
  for (let turn = 0; turn < 50 && !outbox.empty; turn++) {
    slow.drain();
    outbox.feed();
  }
  assert.deepEqual(ended, ['b', 'c', 'a', 'd', 'e', 'other']);
  assert.equal(slow.text.split('</b>').length, 5);
});

test('a socket that is destroyed is given nothing, though nothing waits in it', async () => {
  const written: number[] = [];
  const gone = {
    destroyed: false,
    writableLength: 0,
    write(bytes: Buffer | string) {
      written.push(bytes.length);
      // As when the other side hangs up while it is fed.
      gone.destroyed = true;
      return false;
    },
    cork() {},
    uncork() {},
  };
  const outbox = new Outbox(gone);
  let done = 0;
  outbox.sendBlob(parcel(3_000_000, () => done++));
  await undefined;
  outbox.send(Buffer.from('more'));
  await undefined;
  assert.ok(written.length <= 2, `${written.length} writes`);
  assert.equal(done, 0);
  outbox.clear();
  assert.equal(done, 1);
});

test('when the client is gone, every image is let go', async () => {
  const slow = slowSink();
  const outbox = new Outbox(slow.sink);
  let done = 0;
  outbox.sendBlob(parcel(300_000, () => done++));
  outbox.sendBlob(parcel(300_000, () => done++));
  await undefined;
  outbox.clear();
  assert.equal(done, 2);
});

test('a live picture is left out for a client 5 MB behind, and replaced while it waits', async () => {
  const slow = slowSink();
  const outbox = new Outbox(slow.sink);
  const ended: string[] = [];
  const live = (name: string, size: number) =>
    outbox.sendBlob({ ...parcel(size, () => ended.push(name)), live: true });
  live('a', 300_000);
  await undefined;
  live('b', 300_000);
  live('c', 300_000);
  assert.deepEqual(ended, ['b'], 'the newer one takes the place of the one that waited');
  live('large', 6_000_000);
  assert.deepEqual(ended, ['b', 'c']);
  live('late', 10);
  assert.deepEqual(ended, ['b', 'c', 'late']);
  outbox.sendBlob(parcel(10, () => ended.push('image'), 'Q'));
  assert.equal(outbox.skipped, 3);
  for (let turn = 0; turn < 300 && !outbox.empty; turn++) {
    slow.drain();
    outbox.feed();
  }
  assert.deepEqual(ended, ['b', 'c', 'late', 'a', 'large', 'image']);
});

test('what is fed before its turn is not written again in it', async () => {
  const slow = slowSink();
  let turn = () => {};
  const outbox = new Outbox(slow.sink, (feed) => {
    turn = feed;
  });
  outbox.send(Buffer.from('one'));
  outbox.feed();
  turn();
  outbox.send(Buffer.from('two'));
  turn();
  slow.drain();
  assert.equal(slow.text, 'onetwo');
});
