import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

const root = join(import.meta.dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');

test('each step of the workflow is a target of the Makefile, or of the container itself', () => {
  const steps = [...text('.github/workflows/ci.yml').matchAll(/- run: (.+)/g)].map(([, step]) => step!);
  const targets = new Set(
    [...text('Makefile').matchAll(/^([a-z -]+):/gm)].flatMap(([, names]) => names!.trim().split(' ')),
  );
  assert.ok(steps.length > 8);
  for (const step of steps) {
    const target = /^make (\S+)/.exec(step)?.[1];
    if (target) assert.ok(targets.has(target), `make ${target} is no target`);
    else assert.match(step, /^(apt-get update|gh release create)/);
  }
});

test('the machine that proves a change here runs what the workflow runs', () => {
  const here = text('.ci/run');
  for (const target of ['make check', 'make test', 'make hil', 'make hil BENCH=vm']) {
    assert.match(here, new RegExp(`^${target}$`, 'm'));
  }
});
