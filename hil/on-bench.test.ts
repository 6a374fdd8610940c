import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { systemClock } from '../src/core/clock.ts';
import { parseTranscript } from '../src/wire/transcript.ts';
import { lx200 } from './emulators/lx200.ts';
import { serveTcp } from './emulators/serve.ts';
import { xagyl } from './emulators/xagyl.ts';
import { benchSuite } from './on-bench.ts';
import { createWorld, heidelberg } from './sky/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'nightjar-bench-'));

function fileOf(bench: object): string {
  const file = join(folder, 'rig.json');
  writeFileSync(file, JSON.stringify({ name: 'rig', ...bench }));
  return file;
}

test('a file of real devices: each through its contract, its words written down; what is large stands still', async (t) => {
  const context = { clock: systemClock, world: createWorld({ clock: systemClock }), options: {} };
  const served = [];
  for (const family of [xagyl, lx200]) {
    assert.ok(family.kind === 'stream');
    const one = await serveTcp(family.create(context), 0);
    t.after(() => one.close());
    served.push({
      id: family.family,
      label: family.family,
      driver: family.family,
      port: { tcp: `127.0.0.1:${one.port}` },
    });
  }
  const into = join(folder, 'transcripts');
  const suite = benchSuite(fileOf({ site: heidelberg, devices: served }), { record: into });
  const outcomes = new Map<string, string | undefined>();
  for (const { name, run } of await suite.cases('quick')) {
    if (/xagyl|mount/.test(name)) outcomes.set(name, await run());
  }
  assert.ok([...outcomes.keys()].some((name) => name.startsWith('xagyl wheel:')));
  for (const [name, skipped] of outcomes)
    assert.equal(skipped !== undefined, /^lx200 mount:/.test(name), name);
  const files = readdirSync(join(into, 'xagyl'));
  assert.ok(files.length > 0);
  const { source, lines } = parseTranscript(readFileSync(join(into, 'xagyl', files[0]!), 'utf8'));
  assert.match(source, /^hardware "xagyl", captured \d{4}-\d\d-\d\d$/);
  assert.ok(lines.some(({ kind }) => kind === '>') && lines.some(({ kind }) => kind === '<'));
});

test('a file that names no real device, or no place where the rig stands, is refused', () => {
  const device = { id: 'wheel', label: 'Wheel', driver: 'xagyl' };
  assert.throws(() => benchSuite(fileOf({ devices: [device] }), {}), /no device names a port/);
  assert.throws(() => benchSuite(fileOf({ site: 'night', devices: [device] }), {}), /where the rig stands/);
});
