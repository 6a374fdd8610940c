import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { confined } from '../../src/indi/foreign/executable.ts';
import { onStage, until } from './programs-stage.ts';

const FOCUSER = 'Focuser Simulator';

/** indiserver with two simulators, of which one is ours; it ends, and comes back. */
export const remote = () =>
  onStage(async ({ programs, bring, client, directory }) => {
    const port = await freePort();
    let server = startServer(port, directory);
    try {
      const device = await bring({ id: 'there', remote: `${FOCUSER}@127.0.0.1:${port}` }, FOCUSER);
      const ours = await client();
      await ours.until(() => ours.property(FOCUSER, 'ABS_FOCUS_POSITION') !== undefined, 'its position');
      assert.deepEqual(programs.list.value[0]?.devices, [FOCUSER]);
      ours.set(FOCUSER, 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 52_000 });
      await ours.until(
        () => ours.property(FOCUSER, 'ABS_FOCUS_POSITION')?.values.FOCUS_ABSOLUTE_POSITION === 52_000,
        'it has moved',
        15_000,
      );
      const names = [...ours.names].sort();
      await endOf(server);
      await ours.untilState(FOCUSER, 'ABS_FOCUS_POSITION', 'Alert');
      assert.equal(device.status.value.state, 'recovering');
      server = startServer(port, directory);
      await until('it is back', () => device.status.value.state === 'connected', 30);
      assert.deepEqual([...ours.names].sort(), names);
      return undefined;
    } finally {
      await programs.close();
      await endOf(server);
    }
  });

function startServer(port: number, home: string): ChildProcess {
  const [command, ...args] = confined('/usr/bin/indiserver');
  const drivers = ['indi_simulator_focus', 'indi_simulator_wheel'];
  return spawn(command, [...args, '-p', String(port), '-u', `${home}/indiserver`, ...drivers], {
    env: { PATH: process.env.PATH ?? '', HOME: home, TZ: 'UTC', LC_ALL: 'C' },
    stdio: 'ignore',
  });
}

/** Its drivers end with it. */
async function endOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
