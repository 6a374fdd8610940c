import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { Shutter } from '../../src/device/shutter.ts';
import { FrameBudget } from '../../src/imaging/budget.ts';
import { type Frame, pixelsOf } from '../../src/imaging/frame.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { createIndiServer } from '../../src/indi/server.ts';
import { createTestRig, pretendCamera } from '../../src/indi/test-rig.ts';
import { state } from './fuzz-watch.ts';
import type { Suite } from './suite.ts';

const WIDTH = 6000;
const HEIGHT = 4000;
/** Three frames of 48 MB, and what the next one needs. */
const BUDGET_BYTES = 200e6;
const PATIENCE_MS = 20_000;
/** A reader that takes a chunk now and then: it never sees a picture to its end before the next has come. */
const SLOW_PAUSE_MS = 25;
const MEGABYTE = 1 << 20;
/** Of the process, by a straight line through the second half of the soak. */
const STEEPEST_MB_PER_1000 = 25;

/** Many full frames to two clients that read and one that hardly does. */
export const soak: Suite = {
  name: 'soak',
  cases(form) {
    const count = form === 'full' ? 2000 : 24;
    return [
      {
        name: `${count} images of ${WIDTH}×${HEIGHT} to three clients, one of them slow: memory stays flat, nothing is lost`,
        run: () => soakWith(count),
      },
    ];
  },
};

async function soakWith(count: number): Promise<undefined> {
  const stage = await cameraStage();
  const asker = await IndiClient.connect(systemClock, stage.port);
  const fast = [await counter(stage.port), await counter(stage.port)];
  const slow = await counter(stage.port, SLOW_PAUSE_MS);
  try {
    asker.getProperties('Camera');
    await asker.until(() => asker.property('Camera', 'CCD_EXPOSURE') !== undefined, 'the camera');
    const resident: number[] = [];
    const start = systemClock.monotonic();
    for (let shot = 1; shot <= count; shot++) {
      asker.set('Camera', 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.001 });
      const deadline = systemClock.monotonic() + PATIENCE_MS;
      while (fast.some(({ images }) => images() < shot)) {
        assert.ok(systemClock.monotonic() < deadline, `image ${shot} did not come to every fast client`);
        await systemClock.sleep(1);
      }
      resident.push(process.memoryUsage.rss() / MEGABYTE);
    }
    const seconds = (systemClock.monotonic() - start) / 1000;
    const slope = 1000 * slopeOf(resident.slice(resident.length >> 1));
    state({
      images: count,
      'to the slow one': slow.images(),
      'MB/s of pixels to each fast one': (count * 2 * WIDTH * HEIGHT) / 1e6 / seconds,
      'MB resident at most': Math.max(...resident),
      'MB more in 1000 images': slope,
    });
    assert.deepEqual(
      fast.map(({ images }) => images()),
      [count, count],
    );
    assert.ok(slow.images() < count, 'the slow client was not slow');
    assert.ok(!slow.socket.destroyed, 'the slow client was dropped');
    // A few frames more or less at the end of a short run say nothing about a slope.
    if (count >= 500) assert.ok(slope <= STEEPEST_MB_PER_1000, `${slope} MB more in 1000 images`);
  } finally {
    for (const { socket } of [...fast, slow]) socket.destroy();
    asker.close();
    await stage.close();
  }
}

/** A server with one camera, whose frames are new memory each, within a budget. */
async function cameraStage() {
  const budget = new FrameBudget(BUDGET_BYTES);
  const { camera, state } = pretendCamera(WIDTH, HEIGHT);
  const expose = async () => {
    state.set('exposing');
    const frame = await budget.allocate({ width: WIDTH, height: HEIGHT, format: 'u16' });
    // Memory that nobody has written is not resident.
    pixelsOf(frame).fill(85);
    state.set('idle');
    return frame;
  };
  const { host, rig, add } = createTestRig(systemClock);
  add('camera', 'Camera', { camera: { ...camera, expose } });
  const lab = {
    seal: (frame: Frame) => new Uint8Array(frame.buffer),
    store: () => Promise.reject(new Error('a soak stores nothing')),
    release: (frame: Frame) => budget.release(frame),
  };
  const shutter = new Shutter(rig, lab, silentLog);
  await host.connectAll();
  const parts = { host, rig, shutter, clock: systemClock, log: silentLog };
  const server = await createIndiServer({ ...parts, port: 0, bind: '127.0.0.1' });
  return {
    port: server.port,
    async close() {
      await server.close();
      await host.close();
    },
  };
}

interface Counter {
  readonly socket: Socket;
  images(): number;
}

const END = Buffer.from('</oneBLOB>');

/** Takes bytes and counts the ends of images; a pause after each piece makes it slow. */
async function counter(port: number, pauseMs = 0): Promise<Counter> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let images = 0;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    // The mark may be cut in two: the last bytes of a piece are looked at again with the next.
    const joint = Buffer.concat([rest, chunk.subarray(0, END.length)]);
    if (rest.length > 0 && joint.indexOf(END) >= 0 && joint.indexOf(END) < rest.length) images++;
    for (let at = chunk.indexOf(END); at >= 0; at = chunk.indexOf(END, at + 1)) images++;
    rest = Buffer.from(chunk.subarray(-(END.length - 1)));
    if (pauseMs === 0) return;
    socket.pause();
    systemClock.after(pauseMs, () => socket.resume());
  });
  socket.on('error', () => socket.destroy());
  socket.write("<getProperties version='1.7' device='Camera'/><enableBLOB device='Camera'>Also</enableBLOB>");
  return { socket, images: () => images };
}

/** Of the straight line with the least squares, a value a step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  values.forEach((value, at) => {
    covariance += (at - middle) * (value - mean);
    variance += (at - middle) ** 2;
  });
  return covariance / variance;
}
