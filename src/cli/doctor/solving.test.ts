import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { solvingFindings } from './solving.ts';

const extract = new URL('../../../hil/sky/data/stars.bin', import.meta.url);

test('a catalogue that is missing, without index, or whole; deeper ones and other solvers beside it', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'doctor-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const look = (deeper?: string) =>
    solvingFindings({ directory, ...(deeper !== undefined && { deeper }) }, (peer) =>
      peer === 'astap' ? '/usr/bin/astap_cli' : undefined,
    );
  assert.equal(look()[0]?.state, 'wrong');
  copyFileSync(extract, join(directory, 'stars.bin'));
  const [unindexed] = look();
  assert.equal(unindexed?.state, 'wrong');
  assert.match(unindexed.words, /\d{6} stars, all down to magnitude 11; its index .* is missing/);
  writeFileSync(join(directory, 'quads.bin'), '');
  const deeper = join(directory, 'deeper');
  mkdirSync(deeper);
  const findings = look(deeper);
  assert.deepEqual(
    findings.map(({ what, state }) => [what, state]),
    [
      ['star catalogue', 'ok'],
      ['deeper catalogues', 'ok'],
      ['other solvers', 'ok'],
    ],
  );
  assert.match(findings[1]!.words, /^none in /);
  assert.equal(findings[2]!.words, 'astap');
  writeFileSync(join(deeper, 'd50_0101.1476'), 'no such thing');
  assert.equal(look(deeper)[1]?.state, 'note');
});
