import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { rules } from './indi.ts';
import { differencesPage } from './indi-differences.ts';

test('docs/indi-differences.md lists exactly the rules that differ', () => {
  const page = readFileSync(new URL('../../docs/indi-differences.md', import.meta.url), 'utf8');
  assert.equal(page, differencesPage(rules));
});

test('no two rules have one name', () => {
  const names = rules.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
});
