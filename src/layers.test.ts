import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { test } from 'node:test';

/** Who may import whom: the layer table of the README as data. Imports point down only. */
const layers: Record<string, readonly string[]> = {
  'src/core': [],
  'src/wire': ['src/core'],
  'src/sky': ['src/core'],
  'src/imaging': ['src/core'],
  'src/device': ['src/core', 'src/wire', 'src/sky', 'types:src/imaging'],
  'src/solve': ['src/core', 'src/imaging', 'src/sky'],
  'src/storage': ['src/core', 'src/imaging', 'src/sky'],
  'src/engine': ['src/core', 'src/device', 'src/imaging', 'src/sky', 'src/solve', 'src/storage'],
  'src/indi': ['src/core', 'src/wire', 'src/device', 'src/imaging', 'src/sky'],
  'src/system': ['src/core', 'src/device', 'src/storage'],
  'src/phd2': ['src/core', 'src/wire', 'src/device', 'src/engine'],
  'src/api': [
    ...['core', 'device', 'engine', 'indi', 'solve', 'sky', 'storage', 'imaging', 'system'].map(
      (name) => `src/${name}`,
    ),
  ],
  'src/cli': ['src', 'drivers'],
  'src/main.ts': ['src', 'drivers', 'hil'],
  'src/assets.ts': [],
  'src/worker.ts': ['src/core', 'src/imaging', 'src/solve'],
  drivers: ['src/core', 'src/wire', 'src/device', 'src/sky', 'types:src/imaging'],
  web: ['types:src/api'],
  'hil/emulators': ['src/core', 'src/wire', 'hil/sky'],
  'hil/sky': ['src/core'],
  hil: ['src', 'drivers', 'hil'],
  scripts: ['src', 'drivers', 'hil', 'scripts'],
  bench: ['src', 'drivers', 'hil', 'bench'],
  image: ['src', 'hil/vm', 'image'],
};

/** Packages that exactly one folder or file may import. */
const owners: Record<string, string> = {
  'better-sqlite3': 'src/storage/',
  serialport: 'src/wire/serial.ts',
  usb: 'src/wire/usb.ts',
  'usb/index.js': 'src/wire/usb.ts',
  'i2c-bus': 'src/wire/i2c.ts',
  onoff: 'src/wire/gpio.ts',
  pino: 'src/core/log.ts',
  sharp: 'src/imaging/',
};

const root = normalize(join(import.meta.dirname, '..'));

function sources(): string[] {
  return ['src', 'drivers', 'web', 'hil', 'scripts', 'bench', 'image'].flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** The layer a file belongs to: the longest entry that contains it. */
function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((layer) => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  target: string;
  typesOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?([^'";]*?from\s+)?['"]([^'"]+)['"]/gm,
  )) {
    const named = /^\{([^}]*)\}/.exec((match[2] ?? '').trim())?.[1];
    const allTypes = named?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
    found.push({ target: match[3] as string, typesOnly: match[1] !== undefined || allTypes === true });
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    found.push({ target: match[1] as string, typesOnly: false });
  }
  return found;
}

const isTest = (file: string) => /\.test\.tsx?$|\.bench\.ts$/.test(file);

test('imports point down the layer table only', () => {
  const wrong: string[] = [];
  for (const file of sources().filter((name) => !isTest(name))) {
    const layer = layerOf(file);
    if (!layer) {
      wrong.push(`${file} belongs to no layer`);
      continue;
    }
    for (const { target, typesOnly } of importsOf(file)) {
      if (!target.startsWith('.') || target.endsWith('.json')) continue;
      const imported = normalize(join(dirname(file), target))
        .split(sep)
        .join('/');
      const other = layerOf(imported);
      if (other === layer) continue;
      const allowed = (layers[layer] ?? []).some((entry) => {
        const name = entry.replace('types:', '');
        return (
          (!entry.startsWith('types:') || typesOnly) && (imported === name || imported.startsWith(`${name}/`))
        );
      });
      if (!allowed) wrong.push(`${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('drivers never import each other, only what they share', () => {
  const wrong = sources()
    .filter((file) => /^drivers\/[^/]+\.ts$/.test(file) && !isTest(file) && file !== 'drivers/index.ts')
    .flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => /^\.\/[^/]+\.ts$/.test(target))
        .map(({ target }) => `${file} imports ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test('a native or foreign package has one owner', () => {
  const wrong = sources()
    .filter(
      (file) =>
        !isTest(file) &&
        !file.startsWith('scripts/') &&
        !file.startsWith('image/') &&
        !file.startsWith('hil/') &&
        !file.startsWith('bench/'),
    )
    .flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => owners[target] && !file.startsWith(owners[target]))
        .map(({ target }) => `${file} imports ${target}`),
    );
  assert.deepEqual(wrong, []);
});

test('only the clock touches time', () => {
  const time =
    /\bnew Date\b|\bDate\.(now|UTC|parse)\b|\bset(Timeout|Interval|Immediate)\(|['"]node:timers|AbortSignal\.timeout|\bperformance\.|\bhrtime\b/;
  const wrong = sources()
    .filter((file) => !/^src\/(core\/clock(\.test)?|layers\.test)\.ts$/.test(file))
    .filter((file) => !/^(web|scripts|bench|image)\//.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          time.test(line.replace(/^\s*(\/\/|\*|\/\*).*/, '')) ? [`${file}:${index + 1}`] : [],
        ),
    );
  assert.deepEqual(wrong, []);
});

test('no module of the appliance imports node:test', () => {
  const wrong = sources()
    .filter((file) => !isTest(file) && importsOf(file).some(({ target }) => target === 'node:test'))
    .filter((file) => file.startsWith('src/') || file.startsWith('drivers/') || file.startsWith('hil/'));
  assert.deepEqual(wrong, []);
});
