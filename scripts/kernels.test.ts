import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  binaryHash,
  compileKernels,
  compilerVersion,
  kernelBinary,
  kernelFolder,
  readManifest,
  sourceHashes,
} from './kernels.ts';

const again = 'changed without `node scripts/kernels.ts`';

test('the committed kernels are those of the committed sources', () => {
  const { sources, binary } = readManifest();
  assert.deepEqual(sourceHashes(), sources, again);
  assert.equal(binaryHash(), binary, again);
});

test('the sources compile to the committed bytes, or with another compiler to equal kernels', (t) => {
  const compiler = compilerVersion();
  if (!compiler) return t.skip('clang and wasm-ld are not installed');
  const folder = mkdtempSync(join(tmpdir(), 'rebuilt-'));
  const rebuilt = join(folder, 'kernels.wasm');
  try {
    compileKernels(rebuilt);
    if (compiler === readManifest().compiler) {
      assert.ok(readFileSync(rebuilt).equals(readFileSync(kernelBinary)), again);
      return;
    }
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = spawnSync(process.execPath, ['--test', `${kernelFolder}/*.test.ts`], {
      env: { ...env, NIGHTJAR_KERNELS: rebuilt },
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, `${compiler}: ${run.stdout}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
