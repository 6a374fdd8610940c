import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, phone, setUp } from './command-rig.ts';

const north = { MOTION_NORTH: true, MOTION_SOUTH: false };
const letGo = { MOTION_NORTH: false, MOTION_SOUTH: false };
const endings: Record<string, (s: ReturnType<typeof setUp>) => Promise<void> | void> = {
  'the client lets go': ({ say }) => say('TELESCOPE_MOTION_NS', letGo),
  'its connection is gone': ({ client }) => client.leaving.abort(),
  'it was held for a minute': ({ clock }) => clock.sleep(60_000),
  'a person stops everything': async ({ device }) =>
    void (await device.operate(phone, 'mount', 'halt', {}).outcome),
  'the device fails': ({ hosted }) => hosted.set('TELESCOPE_MOTION_NS', 'Alert'),
  'the driver ends it by itself': ({ hosted }) => hosted.set('TELESCOPE_MOTION_NS', 'Idle', letGo),
};

for (const [name, end] of Object.entries(endings)) {
  test(`held motion ends with both switches Off: ${name}`, async () => {
    const s = setUp();
    const { play, say, hosted, sent, clock, client, published } = s;
    await play(async () => {
      say('TELESCOPE_MOTION_NS', north);
      hosted.set('TELESCOPE_MOTION_NS', 'Busy', north);
      await clock.sleep(30_000);
      assert.deepEqual(sent(), ['TELESCOPE_MOTION_NS +-']);
      assert.equal(client.watched, 1);
      client.stir();
      assert.deepEqual(published, ['TELESCOPE_MOTION_NS Busy']);
      hosted.react = (property, values) => {
        if (property === 'TELESCOPE_MOTION_NS') hosted.set(property, 'Idle', values);
      };
      await end(s);
      await clock.sleep(1);
      assert.deepEqual(sent(), ['TELESCOPE_MOTION_NS --']);
    });
  });
}

test('held motion: an abort ends it, a change of direction goes through rest, a client that is gone never begins', async () => {
  const { play, say, hosted, sent, clock, running } = setUp();
  await play(async () => {
    say('TELESCOPE_MOTION_NS', north);
    hosted.set('TELESCOPE_MOTION_NS', 'Busy', north);
    await clock.sleep(100);
    say('TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: true });
    hosted.set('TELESCOPE_MOTION_NS', 'Busy', north);
    assert.deepEqual(sent(), ['TELESCOPE_MOTION_NS +-', 'TELESCOPE_MOTION_NS --', 'TELESCOPE_MOTION_NS -+']);
    await clock.sleep(100);
    assert.deepEqual(running(), ['indi/box mount.move']);
    say('TELESCOPE_ABORT_MOTION', { ABORT: true });
    await clock.sleep(1);
    assert.deepEqual(sent(), ['TELESCOPE_ABORT_MOTION +']);
    assert.deepEqual(running(), []);
    const gone = new Client();
    gone.leaving.abort();
    say('TELESCOPE_MOTION_NS', north, gone);
    await clock.sleep(6000);
    assert.deepEqual(sent(), ['TELESCOPE_MOTION_NS +-', 'TELESCOPE_MOTION_NS --']);
    assert.deepEqual([running(), gone.watched], [[], 0]);
  });
});

test('two taps that arrive at once end as two do', async () => {
  const { play, say, sent, clock, running } = setUp();
  await play(async () => {
    for (const values of [north, letGo, north, letGo]) say('TELESCOPE_MOTION_NS', values);
    await clock.sleep(1);
    assert.deepEqual(sent().slice(-2), ['TELESCOPE_MOTION_NS +-', 'TELESCOPE_MOTION_NS --']);
    await clock.sleep(6000);
    assert.deepEqual(running(), []);
  });
});
