import assert from 'node:assert/strict';
import test from 'node:test';
import { queuedIn, Silence } from './acknowledged.ts';

test('reads the send queue of one socket from the table of the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1DC8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:1DC8 0100007F:C350 01 000001F4:00000000 01:00000014 00000000     0        0 2
   2: 0100007F:C350 0100007F:1DC8 01 00000000:00000007 00:00000000 00000000     0        0 3
`;
  assert.equal(queuedIn(table, 7624, 50_000), 500);
  assert.equal(queuedIn(table, 50_000, 7624), 0);
  assert.equal(queuedIn(table, 7624, 50_001), undefined);
  assert.equal(queuedIn('', 7624, 50_000), undefined);
});

test('silence is counted while something waits and none of it is acknowledged', () => {
  const silence = new Silence();
  assert.equal(silence.lasts(1000, 0, 0), 0);
  assert.equal(silence.lasts(1500, 500, 500), 500);
  assert.equal(silence.lasts(1500, 500, 1000), 1000);
  assert.equal(silence.lasts(2000, 1000, 2500), 2500);
  assert.equal(silence.lasts(2000, 900, 3000), 0, 'slow, but alive');
  assert.equal(silence.lasts(2000, 900, 3500), 500);
  assert.equal(silence.lasts(2000, 0, 4000), 0);
});
