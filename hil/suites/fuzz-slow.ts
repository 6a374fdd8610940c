import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { pretendCamera } from '../../src/indi/test-rig.ts';
import { indiStage } from './fuzz-indi.ts';
import { grown, state, survive } from './fuzz-watch.ts';

const WIDTH = 3000;
const HEIGHT = 2000;
const SHOTS = 8;
const UPDATES = 2000;
const MEGABYTES = (2 * WIDTH * HEIGHT * SHOTS) / 1e6;
/** Of the time without a neighbour: two cores do other things too. */
const SLOWER = 1.5;
const SPARE_MS = 500;
/** MB. Each image is one of 12: a client that does not read keeps three, and the next is on its way. */
const ALLOWED = { alive: 4 * 12 + 8, rss: 300 };

/** One client takes images and updates as fast as they come, beside one that stopped reading. */
export async function fastBesideSlow(): Promise<undefined> {
  const alone = await measure(false);
  const beside = await measure(true);
  state({
    [`ms for ${MEGABYTES} MB of images among ${UPDATES} updates alone`]: alone.ms,
    'beside a client that does not read': beside.ms,
    'longest ms between two updates alone': alone.longest,
    beside: beside.longest,
    ...grown(beside.growth),
  });
  assert.ok(
    beside.ms <= SLOWER * alone.ms + SPARE_MS,
    `${beside.ms} ms beside a slow client, ${alone.ms} alone`,
  );
}

async function measure(withSlow: boolean) {
  const stage = await indiStage(pretendCamera(WIDTH, HEIGHT));
  const { port } = stage.server;
  const fast = await IndiClient.connect(systemClock, port);
  const slow = await IndiClient.connect(systemClock, port);
  let longest = 0;
  let ms = 0;
  try {
    for (const client of [fast, slow]) {
      client.getProperties();
      client.enableBlob('Also', 'Camera');
      await client.until(() => client.property('Focuser', 'FOCUS_TEMPERATURE') !== undefined, 'definitions');
    }
    if (withSlow) slow.pause();
    else slow.close();
    const growth = await survive(ALLOWED, async (mark) => {
      await shoot(fast);
      await mark();
      const blobs = fast.blobs;
      let last = systemClock.monotonic();
      let updates = 0;
      const end = fast.watch((message) => {
        if (message.type !== 'set' || message.name !== 'FOCUS_TEMPERATURE') return;
        updates++;
        longest = Math.max(longest, systemClock.monotonic() - last);
        last = systemClock.monotonic();
      });
      const start = systemClock.monotonic();
      const traffic = warm(stage.focuser.temperature);
      for (let shots = 0; shots < SHOTS; shots++) await shoot(fast);
      ms = systemClock.monotonic() - start;
      await traffic;
      await fast.until(() => updates >= UPDATES, 'every update');
      end();
      assert.equal(fast.blobs - blobs, SHOTS);
    });
    return { ms, longest, growth };
  } finally {
    fast.close();
    slow.close();
    await stage.close();
  }
}

async function warm(temperature: { set(celsius: number): void }): Promise<void> {
  for (let update = 0; update < UPDATES; update++) {
    temperature.set(update / 100);
    await systemClock.sleep(1);
  }
}

async function shoot(client: IndiClient): Promise<void> {
  const blobs = client.blobs;
  client.set('Camera', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.01 });
  await client.until(() => client.blobs > blobs, 'the image', 20_000);
}
