import { parseArgs } from 'node:util';
import { cell } from '../src/core/cell.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { CameraState } from '../src/device/camera.ts';
import { allocateFrame } from '../src/imaging/frame.ts';
import type { Programs } from '../src/indi/foreign/programs.ts';
import { Router } from '../src/indi/router.ts';
import { createIndiServer } from '../src/indi/server.ts';
import {
  createTestRig,
  pretendCamera,
  pretendFocuser,
  pretendMount,
  pretendWheel,
} from '../src/indi/test-rig.ts';
import { hostDriver } from './hosting.ts';

/**
 * Nightjar's INDI server in a process of its own, with in-memory devices under the names of indiserver's simulators, so
 * that a client says the same to both; or with a driver executable as its child.
 */
const { values } = parseArgs({
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '1024' },
    driver: { type: 'string' },
    home: { type: 'string', default: '' },
  },
});

/** Exposures end at once, with always the same frame. */
function readyCamera(width: number, height: number) {
  const state = cell<CameraState>('idle');
  const frame = allocateFrame({ width, height, format: 'u16' });
  new Uint8Array(frame.buffer).forEach((_, at, pixels) => {
    pixels[at] = (at * 31) >> 3;
  });
  return { ...pretendCamera(width, height).camera, state, expose: async () => frame };
}

const { host, rig, shutter, add } = createTestRig(systemClock);
const router = new Router(systemClock);
let programs: Programs | undefined;
if (values.driver) {
  programs = await hostDriver({ router, host, executable: values.driver, home: values.home });
} else {
  add('camera', 'CCD Simulator', { camera: readyCamera(Number(values.width), Number(values.height)) });
  add('mount', 'Telescope Simulator', { mount: pretendMount().mount });
  add('focuser', 'Focuser Simulator', { focuser: pretendFocuser().focuser });
  add('wheel', 'Filter Simulator', { wheel: pretendWheel().wheel });
  await host.connectAll();
}
const parts = { host, rig, shutter, router, clock: systemClock, log: silentLog, bind: '127.0.0.1', port: 0 };
const server = await createIndiServer(parts);
console.log(server.port);
process.once('SIGTERM', async () => {
  await programs?.close();
  process.exit(0);
});
