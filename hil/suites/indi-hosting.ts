import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { adoptionDriver } from '../../src/indi/adopt/adopt.ts';
import { Programs } from '../../src/indi/foreign/programs.ts';
import { Router } from '../../src/indi/router.ts';
import { createIndiServer } from '../../src/indi/server.ts';
import { createTestRig, type TestRig } from '../../src/indi/test-rig.ts';
import { lines, type Peer, SIMULATORS } from './indi-peers.ts';

/** Our server in this process, with driver executables as its children, and devices that a test can unplug. */
export interface Hosting extends Peer {
  readonly programs: Programs;
  readonly rig: TestRig;
  /** An executable of these lines of shell. @returns its path */
  script(name: string, body: string): string;
}

/** @param executables each becomes a program of that name */
export async function hosting(
  executables: readonly string[],
  body: (hosting: Hosting) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-hosting-'));
  const clock = systemClock;
  const rig = createTestRig(clock);
  const router = new Router(clock);
  const { host, shutter } = rig;
  const programs = new Programs({ router, host, clock, log: silentLog, directory, driverOf: adoptionDriver });
  const server = await createIndiServer({
    ...{ host, rig: rig.rig, shutter, router, clock, log: silentLog },
    ...{ port: 0, bind: '127.0.0.1' },
  });
  const close = async () => {
    peer.hangUp();
    await programs.close();
    await server.close();
    await host.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const peer: Hosting = {
    ...{ name: 'Nightjar', port: server.port, pid: process.pid, limitBytes: 128 << 20, ...SIMULATORS },
    ...{ programs, rig, close },
    ...lines(server.port),
    script(name, text) {
      const path = join(directory, name);
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
      return path;
    },
  };
  try {
    for (const executable of executables) programs.add({ id: executable.replaceAll('_', '-'), executable });
    await body(peer);
  } finally {
    await close();
  }
}
