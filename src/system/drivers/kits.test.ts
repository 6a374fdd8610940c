import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { type Command, systemCommand } from '../command.ts';
import { canBuild, type Files, type Made, makeDeb } from './deb.fixture.ts';
import { readReceipt, writeReceipt } from './kit.ts';
import { DriverKits } from './kits.ts';
import { knownVendors, ownArchitecture } from './vendors.ts';

const skip = canBuild ? false : 'there is no dpkg-deb to make packages with';
const driver: Files = {
  'usr/bin/indi_fake_ccd': { program: '/bin/true' },
  'usr/share/indi/indi_fake.xml': '<driversList/>',
};

/** A data directory, and a mirror that has these packages. */
async function createUnit(
  t: TestContext,
  packages: Made[],
  more: { command?: Command; get?: typeof fetch } = {},
) {
  const directory = join(mkdtempSync(join(tmpdir(), 'nightjar-kits-')), 'drivers');
  t.after(() => rmSync(dirname(directory), { recursive: true }));
  const asked: string[] = [];
  const get = (async (url: string) => {
    asked.push(url);
    const made = packages.find(
      ({ name }) => url === `http://mirror/${name}.deb` || url.endsWith(`/pool/${name}.deb`),
    );
    return made && !url.startsWith('http://gone/')
      ? new Response(made.bytes)
      : new Response(null, { status: 404 });
  }) as typeof fetch;
  const vendors = {
    mirrors: ['http://gone/', 'http://mirror/'],
    kits: [
      {
        ...{ id: 'indi-fake', maker: 'Fake', devices: 'Fake cameras', licence: 'kind' },
        packages: packages.map((made) => made.package),
      },
      { id: 'indi-own', maker: 'Own', devices: 'Others', licence: 'its own', note: 'Give it.', packages: [] },
    ],
  };
  const open = () =>
    DriverKits.open({ directory, clock: systemClock, log: silentLog, vendors, get, ...more });
  const kits = await open();
  const view = async (id: string) => (await kits.list()).find((kit) => kit.id === id);
  return { directory, asked, kits, view, open, vendors };
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

test('fetched, read, accepted, installed, removed', { skip }, async (t) => {
  const packages = [
    makeDeb('indi-fake', driver),
    makeDeb('libfake', { 'usr/lib/x86_64-linux-gnu/libfake.so.1': 'x' }),
  ];
  const { kits, view, directory, asked } = await createUnit(t, packages);
  assert.equal(
    (await view('indi-fake'))?.downloadBytes,
    packages[0]!.bytes.length + packages[1]!.bytes.length,
  );
  const run = kits.fetch('indi-fake');
  assert.equal((await view('indi-fake'))?.run?.id, run.id);
  assert.throws(() => kits.fetch('indi-fake'), { kind: 'busy' });
  await assert.rejects(kits.install('indi-fake', ''), { kind: 'busy' });
  await run.outcome;
  assert.deepEqual(asked, [
    'http://gone/pool/indi-fake.deb',
    'http://mirror/pool/indi-fake.deb',
    'http://gone/pool/libfake.deb',
    'http://mirror/pool/libfake.deb',
  ]);
  assert.ok(!existsSync(join(directory, 'indi-fake')), 'nothing is in its place before the licence was read');
  const { texts, digest } = await kits.licence('indi-fake');
  assert.deepEqual(
    texts.map(({ text }) => text),
    ['Licence of indi-fake: be kind.', 'Licence of libfake: be kind.'],
  );
  await assert.rejects(kits.install('indi-fake', 'another text'), { kind: 'refused' });
  await kits.install('indi-fake', digest);
  const { installed, ready } = (await view('indi-fake'))!;
  assert.deepEqual([installed?.executables, ready], [['indi_fake_ccd'], undefined]);
  assert.match(installed?.acceptedUtc ?? '', /^20\d\d-/);
  assert.deepEqual(installed?.packages, [
    { name: 'indi-fake', version: '1.0' },
    { name: 'libfake', version: '1.0' },
  ]);
  assert.ok(existsSync(join(directory, 'indi-fake/usr/bin/indi_fake_ccd')));
  await kits.remove('indi-fake');
  await assert.rejects(kits.remove('indi-fake'), /are not here/);
  assert.deepEqual(
    readdirSync(directory).filter((name) => !/^\.ready$/.test(name)),
    [],
  );
});

test('only drivers, libraries, rules, catalogues and licences are taken, and no script runs', {
  skip,
}, async (t) => {
  const flag = join(tmpdir(), `nightjar-ran-${process.pid}`);
  const made = makeDeb(
    'indi-fake',
    {
      ...driver,
      'usr/bin/helper': { program: '/bin/true', mode: 0o4755 },
      'etc/cron.d/evil': '* * * * * root true',
      'usr/lib/systemd/system/evil.service': '[Service]',
      'usr/sbin/evil': 'x',
      'usr/lib/libgood.so': { link: 'libgood.so.1' },
      'usr/lib/libgood.so.1': 'x',
      'usr/lib/libbad.so': { link: '/etc/passwd' },
      'usr/lib/libworse.so': { link: '../../../../etc/passwd' },
      'lib/udev/rules.d/99-fake.rules': 'x',
    },
    { postinst: `#!/bin/sh\ntouch ${flag}\n` },
  );
  const { kits, directory } = await createUnit(t, [made]);
  await kits.fetch('indi-fake').outcome;
  await kits.install('indi-fake', (await kits.licence('indi-fake')).digest);
  const kit = join(directory, 'indi-fake');
  const files = readdirSync(kit, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(kit.length + 1));
  assert.deepEqual(files.sort(), [
    ...['lib/udev/rules.d/99-fake.rules', 'nightjar.json', 'usr/bin/helper', 'usr/bin/indi_fake_ccd'],
    ...[
      'usr/lib/libgood.so',
      'usr/lib/libgood.so.1',
      'usr/share/doc/indi-fake/copyright',
      'usr/share/indi/indi_fake.xml',
    ],
  ]);
  assert.equal(statSync(join(kit, 'usr/bin/helper')).mode & 0o7777, 0o755);
  assert.ok(!existsSync(flag));
});

test('what is not what was promised is not used, and said', { skip }, async (t) => {
  const good = makeDeb('indi-fake', driver);
  const changed = Buffer.from(good.bytes);
  changed[changed.length - 1]! ^= 1;
  const bodies: [BodyInit, RegExp, string][] = [
    [changed, /not what it should be/, 'garbled'],
    [good.bytes.subarray(0, 100), /not what it should be/, 'garbled'],
    [Buffer.concat([good.bytes, good.bytes]), /longer than it should be/, 'garbled'],
  ];
  for (const [body, message, kind] of bodies) {
    const get = (async () => new Response(body)) as typeof fetch;
    const { kits, view, directory } = await createUnit(t, [good], { get });
    await assert.rejects(kits.fetch('indi-fake').outcome, { kind, message });
    assert.match((await view('indi-fake'))?.trouble ?? '', message);
    assert.deepEqual(readdirSync(join(directory, '.fetched')), []);
    await assert.rejects(kits.licence('indi-fake'), /not fetched yet/);
  }
  const get = (() =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('ENOTFOUND') }))) as typeof fetch;
  const { kits } = await createUnit(t, [good], { get });
  await assert.rejects(kits.fetch('indi-fake').outcome, {
    kind: 'gone',
    message: /gone cannot be reached \(ENOTFOUND\)/,
  });
});

test('a fetch that is stopped leaves nothing, and the next one works', { skip }, async (t) => {
  const good = makeDeb('indi-fake', driver);
  let hang = true;
  const get = (async (_: string, { signal }: { signal: AbortSignal }) => {
    if (!hang) return new Response(good.bytes);
    return new Response(
      new ReadableStream({ start: (c) => signal.addEventListener('abort', () => c.error(signal.reason)) }),
    );
  }) as typeof fetch;
  const { kits, view } = await createUnit(t, [good], { get });
  const run = kits.fetch('indi-fake');
  await systemClock.sleep(50);
  run.stop('user', 'by phone');
  await assert.rejects(run.outcome, { name: 'Stopped' });
  assert.equal((await view('indi-fake'))?.trouble, undefined);
  hang = false;
  await kits.fetch('indi-fake').outcome;
  assert.ok((await view('indi-fake'))?.ready);
});

test('a driver that is given waits for its library; together they are ready', { skip }, async (t) => {
  let libraryThere = false;
  const command: Command = async (program, args, ms) =>
    program.includes('/ld-') && !libraryThere
      ? {
          code: 1,
          stdout: '',
          stderr:
            'indi_own: error while loading shared libraries: libown.so.2: cannot open shared object file',
        }
      : systemCommand(program, args, ms);
  const { kits, view } = await createUnit(t, [], { command });
  const own = makeDeb(
    'indi-own',
    { 'usr/bin/indi_own': { program: '/bin/true' } },
    { depends: 'libindidriver1 (>= 1.9), libown (>= 2) | libown2' },
  );
  const library = makeDeb('libown', { 'usr/lib/libown.so.2': 'x' }, { depends: 'libc6' });
  const [first] = await kits.give('indi-own.deb', once(own.bytes));
  assert.match(first?.lacks ?? '', /indi_own needs libown.so.2, .* give the package that brings it too/);
  assert.match((await view('indi-own'))?.trouble ?? '', /libown.so.2/);
  libraryThere = true;
  assert.deepEqual(await kits.give('libown.deb', once(library.bytes)), [{ id: 'indi-own' }]);
  const { ready, trouble } = (await view('indi-own'))!;
  assert.deepEqual([ready?.packages.map(({ name }) => name), trouble], [['indi-own', 'libown'], undefined]);
});

test('an archive of packages, and a maker nobody knows', { skip }, async (t) => {
  const { kits, view, directory } = await createUnit(t, []);
  const made = makeDeb('indi-strange', { 'usr/bin/indi_strange': { program: '/bin/true' } });
  const folder = dirname(directory);
  const tar = join(folder, 'all.tar.gz');
  writeFileSync(join(folder, 'strange.deb'), made.bytes);
  execFileSync('tar', ['-czf', tar, '-C', folder, 'strange.deb']);
  assert.deepEqual(await kits.give('all.tar.gz', once(readFileSync(tar))), [{ id: 'indi-strange' }]);
  await kits.install('indi-strange', (await kits.licence('indi-strange')).digest);
  assert.deepEqual((await view('indi-strange'))?.installed?.executables, ['indi_strange']);
});

test('what is no driver of this unit is not taken', { skip }, async (t) => {
  const { kits, directory } = await createUnit(t, []);
  const other = ownArchitecture === 'arm64' ? 'amd64' : 'arm64';
  const bad: [string, Uint8Array, RegExp][] = [
    ['x.deb', Buffer.from('no package'), /no Debian package/],
    ['x.tar', Buffer.from('no archive'), /holds no Debian package/],
    [
      'x.deb',
      makeDeb('indi-far', driver, { architecture: other }).bytes,
      new RegExp(`built for ${other}, this unit is`),
    ],
    ['x.deb', makeDeb('bash', driver).bytes, /neither an INDI driver/],
    ['x.deb', makeDeb('indi-odd', driver, { depends: 'libc6' }).bytes, /neither an INDI driver/],
    ['x.deb', makeDeb('indi-empty', {}).bytes, /holds no INDI driver/],
  ];
  for (const [name, bytes, message] of bad) await assert.rejects(kits.give(name, once(bytes)), message);
  const endless = async function* () {
    for (;;) yield new Uint8Array(1 << 20);
  };
  await assert.rejects(kits.give('x.deb', endless()), /more than 64 MB/);
  assert.deepEqual(readdirSync(join(directory, '.given')), []);
});

test('a power cut in the middle of an installation: it is finished at the next start', {
  skip,
}, async (t) => {
  const { kits, open, directory } = await createUnit(t, [makeDeb('indi-fake', driver)]);
  await kits.fetch('indi-fake').outcome;
  const { digest } = await kits.licence('indi-fake');
  const ready = join(directory, '.ready/indi-fake');
  await writeReceipt(ready, { ...(await readReceipt(ready))!, acceptedUtc: '2026-11-22T20:00:00Z' });
  mkdirSync(join(directory, '.work-abc'));
  const again = await open();
  const kit = (await again.list()).find(({ id }) => id === 'indi-fake');
  assert.equal(kit?.installed?.licence, digest);
  assert.ok(!existsSync(join(directory, '.work-abc')));
});

test('the known makers: exact versions, for both architectures', () => {
  for (const { id, packages, note } of knownVendors.kits) {
    assert.ok(packages.length > 0 || note, `${id}: fetched, or said how to get it`);
    for (const { name, version, files } of packages) {
      for (const architecture of ['amd64', 'arm64']) {
        const { path, size, sha256 } = files[architecture]!;
        const file = `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`;
        assert.ok(path.endsWith(`/${file}`), path);
        assert.match(sha256, /^[0-9a-f]{64}$/);
        assert.ok(size > 1000);
      }
    }
  }
});
