import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { when } from '../core/cell.ts';
import { systemClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { Router } from '../indi/router.ts';
import { createTestRig } from '../indi/test-rig.ts';
import { DriverKits } from '../system/drivers/kits.ts';
import { knownVendors } from '../system/drivers/vendors.ts';
import { fakeSettings } from './fake-settings.ts';
import { ProgramShelf, packagesIn } from './programs.ts';

const MIRROR = knownVendors.mirrors[0] as string;

async function reasonToSkip(): Promise<string | false> {
  if (!existsSync('/usr/share/indi/drivers.xml')) return 'INDI is not installed';
  const patience = new AbortController();
  const cancel = systemClock.after(5000, () => patience.abort());
  try {
    const { ok } = await fetch(MIRROR, { method: 'HEAD', signal: patience.signal });
    return ok ? false : `${MIRROR} does not answer as it should`;
  } catch {
    return `${MIRROR} cannot be reached`;
  } finally {
    cancel();
  }
}

const skip = await reasonToSkip();

test("ZWO's drivers come from Debian, and run out of the data directory", {
  skip,
  timeout: 60_000,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-zwo-'));
  const { host } = createTestRig(systemClock);
  const works = {
    ...{ host, ledger: { settings: fakeSettings() }, observatory: host.observatory },
    ...{ router: new Router(systemClock), guard: () => undefined },
  };
  const shelf = await ProgramShelf.open(works, { programs: [] }, directory, silentLog);
  t.after(async () => {
    await shelf.close();
    await host.close();
    rmSync(directory, { recursive: true });
  });
  const kits = await DriverKits.open({
    directory: packagesIn(directory),
    clock: systemClock,
    log: silentLog,
  });
  await kits.fetch('indi-asi').outcome;
  const { texts, digest } = await kits.licence('indi-asi');
  assert.match(texts.map(({ text }) => text).join(), /ZWO Company/);
  await kits.install('indi-asi', digest);

  const { entries, complaints } = await shelf.catalogue();
  const ours = entries.filter(({ executable }) => executable === 'indi_asi_ccd');
  assert.deepEqual(
    ours.map(({ label, installed }) => [label, installed]),
    [['ZWO CCD', true]],
  );
  assert.deepEqual(complaints, []);

  await shelf.add({ id: 'zwo', executable: 'indi_asi_ccd' });
  await shelf.add({ id: 'zwo-wheel', executable: 'indi_asi_wheel' });
  await when(shelf.list, (list) => list.every(({ state }) => state === 'running'));
  const [camera, wheel] = shelf.list.value;
  assert.ok(camera && wheel);
  const { pid } = camera;
  const ofItsMaker = () =>
    readFileSync(`/proc/${pid}/maps`, 'utf8').includes(join(packagesIn(directory), 'indi-asi/usr/lib'));
  // The process drops its rights first and becomes the driver then.
  for (let looks = 0; looks < 200 && !ofItsMaker(); looks++) await systemClock.sleep(50);
  assert.ok(readlinkSync(`/proc/${pid}/exe`).startsWith(packagesIn(directory)));
  assert.ok(ofItsMaker(), "with its maker's library");
  const bounds = /CapBnd:\s*([\da-f]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  assert.equal(BigInt(`0x${bounds}`) & (1n << 25n), 0n, 'it cannot set the clock');
  // No camera here: they look for one, and live.
  await when(shelf.list, ([, at]) => /Searching for HID Device VID: 0x3c3/.test(at?.lastWords.join() ?? ''));
  await systemClock.sleep(3000);
  const lives = shelf.list.value.map(({ state, restarts }) => [state, restarts]);
  assert.deepEqual(lives, [
    ['running', 0],
    ['running', 0],
  ]);
});
