import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { cell } from '../src/core/cell.ts';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import type { CameraState } from '../src/device/camera.ts';
import { allocateFrame } from '../src/imaging/frame.ts';
import { createIndiServer } from '../src/indi/server.ts';
import { createTestRig, pretendCamera, pretendMount, pretendWheel } from '../src/indi/test-rig.ts';

/**
 * Nightjar's INDI server in a process of its own, with in-memory devices under the names of indiserver's simulators, so
 * that a client says the same to both. A movement of its focuser is the flood: position after position, without end.
 */
const { values } = parseArgs({
  options: { width: { type: 'string', default: '1280' }, height: { type: 'string', default: '1024' } },
});

/** Positions said in one turn of the event loop. */
const BATCH = 100;
/** A client with so much unsent makes the source wait, as a full pipe makes indiserver's driver wait. */
const BEHIND_BYTES = 128 << 10;

const sockets = new Set<Socket>();
subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
const behind = () => [...sockets].some(({ writableLength }) => writableLength >= BEHIND_BYTES);

function floodingFocuser() {
  const position = cell(0);
  const moving = cell(false);
  return {
    position,
    moving,
    maxStep: Number.MAX_SAFE_INTEGER,
    async moveTo() {
      moving.set(true);
      for (;;) {
        for (let step = 0; step < BATCH && !behind(); step++) position.set(position.value + 1);
        await systemClock.turn();
      }
    },
    async halt() {},
  };
}

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
add('camera', 'CCD Simulator', { camera: readyCamera(Number(values.width), Number(values.height)) });
add('mount', 'Telescope Simulator', { mount: pretendMount().mount });
add('focuser', 'Focuser Simulator', { focuser: floodingFocuser() });
add('wheel', 'Filter Simulator', { wheel: pretendWheel().wheel });
await host.connectAll();
const parts = { host, rig, shutter, clock: systemClock, log: silentLog, bind: '127.0.0.1', port: 0 };
const server = await createIndiServer(parts);
console.log(server.port);
process.once('SIGTERM', () => process.exit(0));
