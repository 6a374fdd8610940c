import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { release } from './release.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'nightjar-release-'));

test('what is released checks with openssl and sha256sum, until one byte of it changes', async () => {
  const into = folder();
  writeFileSync(join(into, 'nightjar-1.0-arm64.img.zst'), 'an image');
  writeFileSync(join(into, 'nightjar-1.0.spdx.json'), '{}');
  const { privateKey } = generateKeyPairSync('ed25519');
  await release(into, privateKey);
  await release(into, privateKey);
  const tool = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: into, stdio: 'pipe' });
  const verify = ['pkeyutl', '-verify', '-pubin', '-inkey', 'release.pub', '-rawin', '-in', 'SHA256SUMS'];
  tool('openssl', ...verify, '-sigfile', 'SHA256SUMS.sig');
  tool('sha256sum', '--check', '--strict', 'SHA256SUMS');
  writeFileSync(join(into, 'nightjar-1.0-arm64.img.zst'), 'An image');
  assert.throws(() => tool('sha256sum', '--check', 'SHA256SUMS'));
  writeFileSync(join(into, 'SHA256SUMS'), readFileSync(join(into, 'SHA256SUMS'), 'utf8').replace('-', '_'));
  assert.throws(() => tool('openssl', ...verify, '-sigfile', 'SHA256SUMS.sig'));
});

test('a folder without an image and a key of another kind are refused', async () => {
  await assert.rejects(release(folder(), generateKeyPairSync('ed25519').privateKey), /no image/);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await assert.rejects(release(folder(), privateKey), /rsa, not Ed25519/);
});
