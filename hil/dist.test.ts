import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import { photograph } from './photograph.ts';

const built = join(import.meta.dirname, '../dist');

/** The bundle must not lean on the source tree: it is copied away and run from there. */
describe('the bundle, copied away', { skip: existsSync(built) ? false : 'no dist/: run make dist' }, () => {
  let folder = '';
  let nightjar = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightjar-dist-'));
    cpSync(built, join(folder, 'dist'), { recursive: true, verbatimSymlinks: true });
    nightjar = join(folder, 'dist/nightjar');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const env = () => ({
    ...process.env,
    NIGHTJAR_DATA: join(folder, 'data'),
    NIGHTJAR_HTTP_PORT: '0',
    NIGHTJAR_INDI_PORT: '0',
    NIGHTJAR_LOG: 'error',
  });
  const run = (...args: string[]) =>
    spawnSync(nightjar, args, { cwd: folder, env: env(), encoding: 'utf8', timeout: 60_000 });
  const firstLine = async (child: ChildProcess) => {
    for await (const line of createInterface({ input: child.stdout! })) return line;
    return assert.fail('it ended without a word');
  };
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

  /** It does not outlive its test. */
  const started = (t: TestContext, ...args: string[]) => {
    const child = spawn(nightjar, args, { cwd: folder, env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    return child;
  };

  test('serves the demo rig, its page and its health, and stops on SIGTERM', async (t) => {
    const child = started(t, 'serve', '--demo');
    const url = /^Nightjar: (\S+)/.exec(await firstLine(child))?.[1];
    assert.ok(url);
    const health = (await (await fetch(`${url}/healthz`)).json()) as { status: string };
    assert.equal(health.status, 'ok');
    assert.match(await (await fetch(`${url}/`)).text(), /app\.js/);
    assert.equal((await fetch(`${url}/app.js`)).status, 200);
    const { devices } = (await (await fetch(`${url}/api/v1/devices`)).json()) as {
      devices: { id: string }[];
    };
    const there = devices.map(({ id }) => id);
    const demo = JSON.parse(readFileSync(join(built, 'share/benches/demo.json'), 'utf8'));
    for (const { id } of demo.devices) assert.ok(there.includes(id), `${id} is not among: ${there}`);
    const code = ended(child);
    child.kill('SIGTERM');
    assert.equal(await code, 0);
  });

  test('emulates a device for other programs', async (t) => {
    const child = started(t, 'emulate', 'moonlite', '--tcp', '0');
    assert.equal(typeof JSON.parse(await firstLine(child)).position, 'number');
    const code = ended(child);
    child.kill('SIGTERM');
    assert.equal(await code, 0);
  });

  test('solves an image and tells its stars, from its own catalogue', async () => {
    const image = join(folder, 'veil.fits');
    writeFileSync(image, await photograph({ ra: 312.75, dec: 30.7 }));
    const solved = run('solve', image, '--wcs', join(folder, 'placed.fits'));
    assert.equal(solved.status, 0, solved.stderr + solved.stdout);
    const place = JSON.parse(solved.stdout);
    assert.ok(Math.hypot((place.ra - 312.75) * Math.cos(0.536), place.dec - 30.7) < 0.05, solved.stdout);
    const again = JSON.parse(run('solve', join(folder, 'placed.fits'), '--blind').stdout);
    assert.ok(Math.abs(again.ra - place.ra) < 1e-4 && Math.abs(again.dec - place.dec) < 1e-4);
    const elsewhere = run('solve', image, '--ra', '10', '--dec', '-60', '--radius', '2');
    assert.equal(elsewhere.status, 2);
    assert.ok(JSON.parse(elsewhere.stdout).message.length > 20);
    const stars = run('stars', image);
    assert.equal(stars.status, 0, stars.stderr);
    const told = JSON.parse(stars.stdout);
    assert.ok(told.stars > 20 && told.list.length === told.stars && told.hfr > 0.8 && told.hfr < 4);
  });

  test('runs a HIL suite', () => {
    const { status, stdout } = run('hil', '--bench', 'memory', '--suite', 'contracts');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^\d+ passed, 0 failed, 0 skipped$/m);
  });

  test('says what is wrong in one line and exit 1, without a stack', () => {
    const wrong = [
      ['sing'],
      ['serve', '--volume', '11'],
      ['serve', '--bench', '/nowhere.json'],
      ['night', '/dev/null', '--bench', '/dev/null', '--from', '2026-01-15T20:00:00Z'],
      ['emulate', 'theremin', '--tcp', '0'],
      ['hil', '--suite', 'opera'],
      ['solve', '/nowhere.fits'],
      ['stars', built],
    ];
    for (const args of wrong) {
      const { status, stderr } = run(...args);
      assert.equal(status, 1, args.join(' '));
      assert.match(stderr, /^nightjar: /, args.join(' '));
      assert.doesNotMatch(stderr, /\n\s+at /, args.join(' '));
    }
  });
});
