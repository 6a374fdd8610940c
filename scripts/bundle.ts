/** Makes `dist/`: the process, its workers, the page, and the native modules beside them. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { bakeDirectory } from './quads.ts';

const root = join(import.meta.dirname, '..');
/** For a board of another kind (`image/lib/bundle.sh`): its architecture, where its node_modules are, and where to put it all. */
const target = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    modules: { type: 'string', default: root },
    out: { type: 'string', default: join(root, 'dist') },
  },
}).values;
const dist = target.out;
/** Staged and swapped at the end, so that a running appliance never sees half a bundle. */
const stage = `${dist}.new`;

interface Lock {
  packages: Record<string, { version?: string; license?: string; dev?: boolean }>;
}
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;

/** Runtime packages: native modules and what they load. The pinned Node itself is laid beside them. */
function nativePackages(): string[] {
  return Object.entries(lock.packages)
    .filter(
      ([path, { dev }]) => path.startsWith('node_modules/') && !dev && existsSync(join(target.modules, path)),
    )
    .map(([path]) => path)
    .filter((path) => !path.includes('node-linux-') && !idle.test(path));
}

/** Needed to compile or to type, never to run. */
const idle = /^node_modules\/(@types\/.*|nan|node-addon-api)$/;

/** C sources, prebuilt binaries of other systems and what compiling left behind stay here. */
function wanted(path: string): boolean {
  const name = path.slice(path.lastIndexOf('node_modules'));
  if (/\/prebuilds\/[^/]+/.test(name)) return name.includes(`/prebuilds/linux-${target.arch}`);
  if (/^node_modules\/(better-sqlite3|i2c-bus|epoll)\/(deps|src)$/.test(name)) return false;
  return !/\/(obj\.target|\.deps|node_gyp_bins)(\/|$)|\.(md|gypi?|c|cc|cpp|h|o|a|map|log)$/.test(name);
}

/** Every npm package that went in, woven in or laid beside, with its licence: for the image's list of parts. */
function partsOf(inputs: readonly string[]): { name: string; version?: string; license?: string }[] {
  const paths = inputs.flatMap((input) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set([...paths, ...modules, `node_modules/node-linux-${target.arch}`])].sort().map((path) => {
    const { version, license } = lock.packages[path] ?? {};
    return {
      name: path.slice('node_modules/'.length),
      ...(version ? { version } : {}),
      ...(license ? { license } : {}),
    };
  });
}

/** The extract of the star catalogue and the solver's index of it, which takes seconds to bake and is kept. */
function layCatalogue(): void {
  const baked = join(root, '.cache/extract');
  mkdirSync(baked, { recursive: true });
  copyFileSync(join(root, 'hil/sky/data/stars.bin'), join(baked, 'stars.bin'));
  bakeDirectory(baked);
  for (const file of ['stars.bin', 'quads.bin']) copyFileSync(join(baked, file), join(stage, 'share', file));
}

const modules = nativePackages();
const external = modules.map((path) => path.slice('node_modules/'.length));

const node: BuildOptions = {
  bundle: true,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  external,
  logLevel: 'warning',
  legalComments: 'none',
  // CommonJS packages in an ES module bundle still call `require`.
  banner: {
    js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
  },
};

/** Programs of their own: the suites run them as children. */
const standIns = Object.fromEntries(
  readdirSync(join(root, 'hil/stand-ins'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`stand-ins/${name.slice(0, -3)}`, join(root, 'hil/stand-ins', name)]),
);

rmSync(stage, { recursive: true, force: true });
mkdirSync(join(stage, 'share/web'), { recursive: true });

const built = await Promise.all([
  build({
    ...node,
    entryPoints: {
      nightjar: join(root, 'src/main.ts'),
      worker: join(root, 'src/worker.ts'),
      storage: join(root, 'src/storage/worker.ts'),
      hil: join(root, 'hil/index.ts'),
      ...standIns,
    },
    outdir: stage,
    // One copy of each class: a Fault thrown by an emulator is a Fault to the appliance.
    splitting: true,
    outExtension: { '.js': '.mjs' },
  }),
  build({
    bundle: true,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: [join(root, 'web/main.tsx')],
    outfile: join(stage, 'share/web/app.js'),
    logLevel: 'warning',
    legalComments: 'none',
  }),
]);

for (const file of ['index.html', 'style.css', 'manifest.webmanifest', 'icon.svg']) {
  if (existsSync(join(root, 'web', file)))
    copyFileSync(join(root, 'web', file), join(stage, 'share/web', file));
}
cpSync(join(root, 'hil/benches'), join(stage, 'share/benches'), { recursive: true });
layCatalogue();
copyFileSync(join(root, 'src/imaging/kernels/kernels.wasm'), join(stage, 'share/kernels.wasm'));
for (const path of modules) {
  cpSync(join(target.modules, path), join(stage, path), {
    recursive: true,
    dereference: true,
    filter: (from) => wanted(from),
  });
}

const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
writeFileSync(join(stage, 'share/packages.json'), `${JSON.stringify(partsOf(inputs), null, 1)}\n`);

mkdirSync(join(stage, 'bin'));
const pinned = join(target.modules, `node_modules/node-linux-${target.arch}/bin/node`);
try {
  linkSync(pinned, join(stage, 'bin/node'));
} catch {
  // Another file system: a copy serves as well.
  copyFileSync(pinned, join(stage, 'bin/node'));
}
writeFileSync(
  join(stage, 'nightjar'),
  `#!/bin/sh
# Runs Nightjar with the Node it was built for. A young generation of at least 8 MiB: with V8's smaller default, one
# command in two hundred waits for the collector, which is most of the latency that anybody sees.
# Few heaps, and what is large given back at once: a frame that is gone shall not stay in memory.
export MALLOC_ARENA_MAX="\${MALLOC_ARENA_MAX:-2}" MALLOC_MMAP_THRESHOLD_="\${MALLOC_MMAP_THRESHOLD_:-1048576}"
here=$(dirname "$(readlink -f "$0")")
exec "$here/bin/node" --min-semi-space-size=8 "$here/nightjar.mjs" "$@"
`,
);
chmodSync(join(stage, 'nightjar'), 0o755);
rmSync(dist, { recursive: true, force: true });
renameSync(stage, dist);
