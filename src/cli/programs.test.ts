import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { when } from '../core/cell.ts';
import { systemClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { defText } from '../indi/foreign/fake-program.ts';
import { Router } from '../indi/router.ts';
import { createTestRig } from '../indi/test-rig.ts';
import type { Bench } from './bench-file.ts';
import { fakeSettings } from './fake-settings.ts';
import { ProgramShelf } from './programs.ts';

/** Nobody listens there: such a program is tried again and again, and brings nothing. */
const remote = (id: string) => ({ id, remote: `${id}@127.0.0.1:1` });

/** A unit that can be started again and again, on one disk. */
function createUnit(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-shelf-'));
  const ledger = { settings: fakeSettings() };
  const open: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const close of open) await close();
    rmSync(directory, { recursive: true });
  });
  return {
    ledger,
    /** A driver in shell, which says this and then listens. */
    script(name: string, says: string): string {
      const path = join(directory, name);
      writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${says}\nEND\nexec cat >/dev/null\n`);
      chmodSync(path, 0o755);
      return path;
    },
    async start(programs: Bench['programs'] = [], roles: Record<string, string> = {}) {
      const { host } = createTestRig(systemClock);
      for (const [role, id] of Object.entries(roles)) host.assign(role as 'camera', id);
      const lines: string[] = [];
      const works = {
        ...{ host, ledger, observatory: host.observatory },
        ...{ router: new Router(systemClock), guard: () => undefined },
      };
      const log = createLog('error', { write: (line) => lines.push(line) });
      const shelf = await ProgramShelf.open(works, { programs }, directory, log);
      const stop = async () => {
        await shelf.close();
        await host.close();
      };
      open.push(stop);
      return { host, shelf, lines, stop, ids: () => shelf.list.value.map(({ id }) => id) };
    },
  };
}

test('what the owner has added starts with the unit, until it is removed', async (t) => {
  const unit = createUnit(t);
  const first = await unit.start();
  await first.shelf.add(remote('one'));
  await first.shelf.add(remote('two'));
  await assert.rejects(first.shelf.add(remote('two')), /there twice/);
  await first.stop();

  const second = await unit.start();
  assert.deepEqual(second.ids(), ['one', 'two']);
  await second.shelf.remove('one');
  await assert.rejects(second.shelf.remove('one'), /there is no program "one"/);
  await second.stop();

  assert.deepEqual((await unit.start()).ids(), ['two']);
});

test('a program of the bench is not kept, and not removed: it would come back', async (t) => {
  const unit = createUnit(t);
  const bench = [{ ...remote('shed'), roles: {} }];
  const first = await unit.start(bench);
  await first.shelf.add(remote('own'));
  await assert.rejects(first.shelf.remove('shed'), /"shed" is in the bench file .* take it out there/);
  assert.deepEqual(first.ids(), ['shed', 'own']);
  await first.stop();
  assert.deepEqual((await unit.start()).ids(), ['own']);
});

test('a driver that is not installed any more is waited for, and can be removed; what makes no sense is passed over', async (t) => {
  const unit = createUnit(t);
  await unit.ledger.settings.set('programs', [
    { id: 'old', executable: 'indi_no_such_either' },
    remote('kept'),
  ]);
  const missing = { id: 'missing', executable: 'indi_no_such', roles: { camera: 'indi/its-camera' } };
  const nonsense = { id: 'nonsense', executable: 'a b; c', roles: {} };
  const { ids, lines, host, shelf } = await unit.start([missing, nonsense, { ...remote('shed'), roles: {} }]);
  assert.deepEqual(ids(), ['missing', 'shed', 'old', 'kept']);
  assert.match(lines[0] ?? '', /"program":"nonsense".*write its name alone/);
  assert.equal(host.roles.value.camera, 'indi/its-camera', 'it may be installed again');
  await when(shelf.list, ([first]) => /not installed/.test(first?.message ?? ''));
  await shelf.remove('old');
  assert.deepEqual(ids(), ['missing', 'shed', 'kept']);
  await assert.rejects(shelf.add({ id: 'new', executable: 'indi_no_such' }), /not installed/);
});

test('roles of the bench hold where the owner has given none', async (t) => {
  const bench = [{ ...remote('shed'), roles: { camera: 'indi/of-bench', mount: 'indi/mount' } }];
  const { host } = await createUnit(t).start(bench, { camera: 'indi/chosen' });
  assert.deepEqual(host.roles.value, { camera: 'indi/chosen', mount: 'indi/mount' });
});

test('the device that a program brings has its name of last time', async (t) => {
  const unit = createUnit(t);
  const executable = unit.script('driver', defText('Gadget', 'WORDS', 'WORD', 'hello'));
  const first = await unit.start();
  await first.shelf.add({ id: 'gadget', executable });
  await when(first.host.devices, ({ length }) => length === 1);
  const device = first.host.find('indi/gadget');
  assert.equal(device?.label.value, 'Gadget');
  // What was kept is read before it is connected.
  await when(device.status, ({ state }) => state !== 'disconnected');
  device.rename('The gadget of the pier');
  await first.stop();

  const second = await unit.start();
  await when(second.host.devices, ({ length }) => length === 1);
  const again = second.host.find('indi/gadget');
  assert.ok(again);
  await when(again.label, (label) => label === 'The gadget of the pier');
});
