/** Compiles `src/imaging/kernels/*.c` to the committed `kernels.wasm` and its manifest: `node scripts/kernels.ts`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEMORY_BYTES, ROOM_START } from '../src/imaging/kernels/room.ts';

export const kernelFolder = join(import.meta.dirname, '../src/imaging/kernels');
export const kernelBinary = join(kernelFolder, 'kernels.wasm');
const manifestFile = join(kernelFolder, 'kernels.json');

export interface KernelManifest {
  /** First line of `clang --version`: another one may order instructions otherwise. */
  compiler: string;
  /** SHA-256 in hexadecimal, by file name. */
  sources: Record<string, string>;
  binary: string;
}

// No contraction and no fast maths: sums are added in the order that the reference adds them.
const COMPILE = ['--target=wasm32', '-std=c17', '-O3', '-msimd128', '-ffreestanding', '-fno-builtin'];
const STRICT = ['-ffp-contract=off', '-fno-strict-aliasing', '-Wall', '-Wextra', '-Werror'];
const LINK = [
  ...['--no-entry', '--import-memory', '--stack-first', '--strip-all', '--export=__heap_base'],
  ...['-z', 'stack-size=16384', `--initial-memory=${MEMORY_BYTES}`, `--max-memory=${MEMORY_BYTES}`],
];

/** What is installed, or undefined without clang or its linker for WebAssembly. */
export function compilerVersion(): string | undefined {
  try {
    execFileSync('wasm-ld', ['--version'], { stdio: 'ignore' });
    return execFileSync('clang', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Compiles all sources into one binary, whose bytes depend on them and the compiler alone. */
export function compileKernels(binary: string): void {
  const objects = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const compiled = sourceNames('.c').map((name) => {
      const object = join(objects, `${name}.o`);
      execFileSync('clang', [...COMPILE, ...STRICT, '-c', name, '-o', object], { cwd: kernelFolder });
      return object;
    });
    const linked = join(objects, 'kernels.wasm');
    execFileSync('wasm-ld', [...LINK, ...compiled, '-o', linked]);
    writeFileSync(`${binary}.new`, readFileSync(linked));
    renameSync(`${binary}.new`, binary);
  } finally {
    rmSync(objects, { recursive: true });
  }
}

const sourceNames = (...endings: string[]) =>
  readdirSync(kernelFolder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort();

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The hashes of the sources as they are now. */
export const sourceHashes = (): Record<string, string> =>
  Object.fromEntries(sourceNames('.c', '.h').map((name) => [name, hashOf(join(kernelFolder, name))]));

export const binaryHash = (binary = kernelBinary): string => hashOf(binary);

export const readManifest = (): KernelManifest =>
  JSON.parse(readFileSync(manifestFile, 'utf8')) as KernelManifest;

if (import.meta.main) {
  const compiler = compilerVersion();
  if (!compiler) throw new Error('clang and wasm-ld are needed: apt install clang lld');
  compileKernels(kernelBinary);
  const manifest: KernelManifest = { compiler, sources: sourceHashes(), binary: binaryHash() };
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`${kernelBinary}: ${readFileSync(kernelBinary).length} bytes, room from ${ROOM_START}`);
}
