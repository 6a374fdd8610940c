import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { checkInstalled } from '../../src/indi/foreign/spec.ts';
import { pretendCamera } from '../../src/indi/test-rig.ts';
import { expose } from './indi-blobs.ts';
import { type Hosting, hosting } from './indi-hosting.ts';
import { pointing } from './indi-images.ts';
import { childOf, connectDevice, type Peer, prepare } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { simulators, startIndiServer } from './indi-servers.ts';
import { SILENCE_MS, type Tap } from './indi-tap.ts';
import { until } from './programs-stage.ts';

const SETTLE_MS = 15_000;
const ANSWERED_MS = 3000;
const FLOOD = "exec yes \"<message device='Flood' message='and another one'/>\"";
const NONSENSE = "while :; do echo '<<<>>>'; sleep 0.1; done";

/** INDI protocol 1.7 and its servers: devices and drivers that are lost, missing or mad. */
export const loss: readonly Rule[] = [
  {
    name: 'unplugged in the middle of an exposure: Alert, nothing deleted, and it works when it is back',
    holds: () =>
      hosting([], async (peer) => {
        const { unplug } = peer.rig.add('camera', peer.camera, { camera: pretendCamera().camera });
        await peer.rig.host.connectAll();
        const tap = await peer.learnt();
        tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 20 });
        await tap.next({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Busy' }, 0);
        const from = tap.heard.length;
        unplug();
        await tap.next({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Alert' }, from);
        await tap.next({ verb: 'set', name: 'CONNECTION', state: 'Alert' }, from);
        await tap.next({ verb: 'set', name: 'CONNECTION', state: 'Ok' }, from, SETTLE_MS);
        assert.deepEqual(tap.all({ verb: 'delProperty' }), []);
        await expose(tap, peer);
      }),
    differs: {
      there:
        'the device and all its properties are deleted, and an exposure that somebody waits for has no end',
      here: 'clients wait for an end: it comes, in Alert',
      async proof(peer) {
        const tap = await peer.learnt(peer.camera);
        tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 20 });
        await tap.next({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Busy' }, 0);
        const from = tap.heard.length;
        process.kill(childOf(peer.pid, simulators.camera), 'SIGKILL');
        await tap.next({ verb: 'delProperty', device: peer.camera }, from);
        assert.deepEqual(tap.all({ verb: 'set', name: 'CCD_EXPOSURE', state: 'Alert' }, from), []);
        await prepare(peer);
      },
    },
  },
  {
    name: 'a driver that dies takes no property along, and its device is won back',
    simulators: true,
    holds: () =>
      hosting([simulators.wheel], async (peer) => {
        const tap = await peer.tap();
        tap.getProperties();
        await connectDevice(tap, peer.wheel, 'FILTER_NAME');
        const slot = { verb: 'set', device: peer.wheel, name: 'FILTER_SLOT' };
        await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
        await tap.next({ ...slot, state: 'Ok' }, 0);
        const from = tap.heard.length;
        const pid = peer.programs.list.value[0]?.pid;
        assert.ok(pid);
        process.kill(pid, 'SIGKILL');
        await tap.next({ ...slot, state: 'Alert' }, from);
        await tap.next({ verb: 'set', name: 'CONNECTION', state: 'Ok' }, from, SETTLE_MS);
        const well = () => tap.latest(peer.wheel, 'FILTER_SLOT')?.attributes.state !== 'Alert';
        await tap.until(well, 'FILTER_SLOT without Alert', SETTLE_MS);
        assert.deepEqual(tap.all({ verb: 'delProperty' }, from), []);
        await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 3 });
      }),
    differs: {
      there: 'the device is deleted and defined anew, disconnected',
      here: 'a client that is waiting on one of its properties goes on waiting for the right one',
      async proof(peer) {
        const tap = await peer.learnt(peer.wheel);
        const from = tap.heard.length;
        process.kill(childOf(peer.pid, simulators.wheel), 'SIGKILL');
        await tap.next({ verb: 'delProperty', device: peer.wheel }, from);
        const anew = await tap.next({ verb: 'def', device: peer.wheel, name: 'CONNECTION' }, from);
        assert.notEqual(anew.attributes.state, 'Ok');
        await prepare(peer);
      },
    },
  },
  {
    name: 'a driver that is not installed is reported at once, and the others serve',
    simulators: true,
    holds: () =>
      hosting([simulators.wheel], async (peer) => {
        const missing = { id: 'missing', executable: 'indi_no_such_driver' };
        assert.throws(() => checkInstalled(missing), /indi_no_such_driver is not installed/);
        peer.programs.add(missing);
        await until('it is told', () =>
          peer.programs.list.value.some(
            ({ id, message }) => id === 'missing' && /not installed/.test(message ?? ''),
          ),
        );
        await servesWheel(peer);
      }),
    differs: {
      there: 'it is started ten times over, and given up; only the log says so',
      here: 'whoever adds it is told what to install',
      async proof() {
        const server = await startIndiServer(['indi_no_such_driver', simulators.wheel]);
        try {
          await servesWheel(server);
          for (let wait = 0; wait < 150 && !/Terminated after #10/.test(server.output()); wait++)
            await systemClock.sleep(100);
          assert.match(server.output(), /indi_no_such_driver: .*Terminated after #10 restarts/);
        } finally {
          await server.close();
        }
      },
    },
  },
  {
    name: 'a driver gone mad is stopped, and no client feels it',
    simulators: true,
    holds: (_, form) =>
      hosting([simulators.wheel], async (peer) => {
        const tap = await servesWheel(peer);
        await stops(peer, tap, 'nonsense', NONSENSE, 5);
        // A flood is held back at once, and stopped when it does not end.
        await stops(peer, tap, 'flood', FLOOD, form === 'full' ? 30 : 1, form === 'full');
        await servesWheel(peer);
        const flooded = tap.all({ verb: 'message', device: 'Flood' }).length;
        assert.ok(flooded < 1000, `${flooded} messages of the flood came through`);
      }),
    differs: {
      there: 'what a driver floods with goes to every client, as fast as it comes',
      here: 'messages go out at a pace for people, and who says too much is stopped',
      async proof(peer) {
        const file = join(peer.home, 'flood');
        writeFileSync(
          file,
          `#!/bin/sh\nsleep 1\nfor i in $(seq 5000); do echo "<message device='Flood' message='$i'/>"; done\nsleep 5\n`,
        );
        chmodSync(file, 0o755);
        const server = await startIndiServer([file, simulators.wheel]);
        try {
          const tap = await server.tap();
          tap.getProperties();
          await tap.until(() => tap.all({ verb: 'message', device: 'Flood' }).length > 2000, 'the flood');
        } finally {
          await server.close();
        }
      },
    },
  },
  {
    name: 'what one driver asks of another reaches it',
    simulators: true,
    async holds(peer) {
      if (peer.name === 'indiserver') return pointing(peer);
      await hosting(Object.values(simulators), async (hosted) => {
        await prepare(hosted);
        await pointing(hosted);
      });
    },
  },
];

/** A program of these lines of shell is stopped in time, and meanwhile a client is answered as ever. */
async function stops(
  peer: Hosting,
  tap: Tap,
  id: string,
  shell: string,
  seconds: number,
  needed = true,
): Promise<void> {
  peer.programs.add({ id, executable: peer.script(id, shell) });
  const state = () => peer.programs.list.value.find((program) => program.id === id);
  const stopped = () => state()?.state === 'waiting';
  const deadline = systemClock.monotonic() + 1000 * seconds;
  while (!stopped() && systemClock.monotonic() < deadline) {
    assert.ok((await tap.ping()) < ANSWERED_MS, `beside ${id}`);
    await systemClock.sleep(50);
  }
  if (needed) assert.ok(stopped() && state()?.message, `${id}: ${JSON.stringify(state())}`);
  await peer.programs.remove(id);
}

/** A client learns and moves the wheel. */
async function servesWheel(peer: Peer): Promise<Tap> {
  const tap = await peer.tap();
  tap.getProperties();
  await connectDevice(tap, peer.wheel, 'FILTER_NAME');
  await systemClock.sleep(SILENCE_MS);
  const answer = await tap.ask('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
  assert.notEqual(answer.attributes.state, 'Alert');
  return tap;
}
