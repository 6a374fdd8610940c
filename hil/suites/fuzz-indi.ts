import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { IndiClient } from '../../src/indi/client.ts';
import type { DefVector } from '../../src/indi/message.ts';
import { createIndiServer } from '../../src/indi/server.ts';
import {
  createTestRig,
  pretendCamera,
  pretendFocuser,
  pretendGuide,
  pretendMount,
  pretendWheel,
} from '../../src/indi/test-rig.ts';
import { chance as chanceOf } from '../sky/random.ts';
import { below, type Chance, pick } from './fuzz-bytes.ts';
import { grown, state, survive } from './fuzz-watch.ts';
import { strangers } from './fuzz-xml.ts';

/** A fresh client has to know every property within this time, whatever the others did before. */
const ANSWERED_MS = 2000;
const BATCHES = 10;
const AT_ONCE = 4;
/** MB. The book of runs keeps, for seconds, what they returned: small frames, but many. */
const ALLOWED = { alive: 96, rss: 250 };

/** A server with one device of each kind, on a real socket. */
export async function indiStage(camera = pretendCamera()) {
  const stage = createTestRig(systemClock);
  const focuser = pretendFocuser();
  const mount = pretendMount();
  stage.add('mount', 'Mount', { mount: mount.mount, guide: pretendGuide().guide });
  stage.add('camera', 'Camera', { camera: camera.camera });
  stage.add('focuser', 'Focuser', { focuser: focuser.focuser });
  stage.add('wheel', 'Wheel', { wheel: pretendWheel().wheel });
  const { host, rig, shutter } = stage;
  await host.connectAll();
  const server = await createIndiServer({
    ...{ host, rig, shutter, clock: systemClock, log: silentLog },
    ...{ port: 0, bind: '127.0.0.1' },
  });
  return {
    ...stage,
    focuser,
    mount,
    server,
    /** What the pretenders remember for their tests is not the server's memory. */
    forget() {
      for (const list of [stage.stored, stage.released, mount.moves]) list.length = 0;
    },
    async close() {
      await server.close();
      await host.close();
    },
  };
}

/** Seeded strings into the INDI port; in the end it serves an honest client as before. */
export async function fuzzIndi(count: number, seed: number): Promise<undefined> {
  const chance = chanceOf(seed);
  const stage = await indiStage();
  const { port } = stage.server;
  let slowest = 0;
  let connections = 0;
  try {
    const definitions = await definitionsAt(port);
    const next = strangers(chance, definitions);
    const growth = await survive(ALLOWED, async (mark) => {
      for (let batch = 0; batch < BATCHES; batch++) {
        const share = Math.ceil(count / BATCHES / AT_ONCE);
        const storms = Array.from({ length: AT_ONCE }, () => storm(port, chance, next, share));
        for (const made of await Promise.all(storms)) connections += made;
        // A stranger may have disconnected what it liked.
        await stage.host.connectAll();
        stage.forget();
        const start = systemClock.monotonic();
        await definitionsAt(port, definitions);
        slowest = Math.max(slowest, systemClock.monotonic() - start);
        if (batch >= 1) await mark();
      }
      await obeys(port);
    });
    state({ strings: count, connections, 'ms to all definitions': slowest, ...grown(growth) });
  } finally {
    await stage.close();
  }
}

/** All that a fresh client is told. @param expected what it has to know before the time is over */
async function definitionsAt(port: number, expected: readonly DefVector[] = []): Promise<DefVector[]> {
  const client = await IndiClient.connect(systemClock, port);
  try {
    const names = () => new Set(client.names);
    client.getProperties();
    const missing = () => expected.filter(({ device, name }) => !names().has(`${device}.${name}`));
    await client
      .until(() => missing().length === 0, 'all definitions', ANSWERED_MS)
      .catch((error: unknown) => {
        const lacking = missing().map(({ device, name }) => `${device}.${name}`);
        throw new Error(`not defined: ${lacking.join(', ')}`, { cause: error });
      });
    if (expected.length === 0) await systemClock.sleep(300);
    return client.names.flatMap((key) => {
      const [device = '', name = ''] = key.split('.');
      return client.property(device, name)?.definition ?? [];
    });
  } finally {
    client.close();
  }
}

/** One connection after the other, each as long as the server bears it. @returns how many it took */
async function storm(port: number, chance: Chance, next: () => Uint8Array, count: number): Promise<number> {
  let connections = 0;
  let left = count;
  while (left > 0) {
    const socket = await dial(port);
    connections++;
    let ended = false;
    socket.on('close', () => {
      ended = true;
    });
    socket.on('end', () => {
      ended = true;
    });
    // Some never read what they are told.
    if (chance() < 0.95) socket.resume();
    for (let strings = 1 + below(chance, 60); strings > 0 && left > 0 && !ended; strings--, left--) {
      await say(socket, next(), chance);
    }
    await leave(socket, chance);
  }
  return connections;
}

async function say(socket: Socket, bytes: Uint8Array, chance: Chance): Promise<void> {
  const cut = chance() < 0.2 ? below(chance, bytes.length + 1) : bytes.length;
  for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    if (part.length === 0 || socket.destroyed) continue;
    socket.write(part);
    // Long enough for the server, in this same process, to take it and to hang up.
    for (let turns = 3; turns > 0; turns--) await systemClock.turn();
  }
}

async function leave(socket: Socket, chance: Chance): Promise<void> {
  if (socket.destroyed) return;
  if (pick(chance, ['politely', 'politely', 'politely', 'at once']) === 'at once')
    return void socket.destroy();
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const late = systemClock.after(3000, () => socket.destroy());
  socket.end();
  await closed;
  late();
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      // Being hung up on is what strangers are used to.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** After all that, a client's command is still performed. */
async function obeys(port: number): Promise<void> {
  const client = await IndiClient.connect(systemClock, port);
  try {
    client.getProperties('Focuser');
    const at = () => client.property('Focuser', 'ABS_FOCUS_POSITION');
    await client.until(() => at() !== undefined, 'the focuser');
    client.set('Focuser', 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 1234 });
    await client.until(() => at()?.state === 'Busy', 'the focuser moves');
    await client.untilState('Focuser', 'ABS_FOCUS_POSITION', 'Ok');
    assert.equal(at()?.values.FOCUS_ABSOLUTE_POSITION, 1234);
  } finally {
    client.close();
  }
}
