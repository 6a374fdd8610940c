/**
 * Makes a folder of files ready to be published: checksums of all that is in it, signed with the project's key.
 *
 *     NIGHTJAR_RELEASE_KEY="$(cat key.pem)" node scripts/release.ts [FOLDER]
 *
 * Whoever has the public key checks both with common tools:
 *
 *     openssl pkeyutl -verify -pubin -inkey release.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
 *     sha256sum --check SHA256SUMS
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const SUMS = 'SHA256SUMS';
const SIGNATURE = `${SUMS}.sig`;
const PUBLIC_KEY = 'release.pub';
const ours = new Set([SUMS, SIGNATURE, PUBLIC_KEY]);

/** @param folder of files, none in folders below @param key Ed25519. @throws Error where there is nothing to publish */
export async function release(folder: string, key: KeyObject): Promise<string[]> {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`the release key is ${key.asymmetricKeyType}, not Ed25519`);
  const names = readdirSync(folder)
    .filter((name) => !ours.has(name))
    .sort();
  if (!names.some((name) => /\.img\.(zst|xz)$/.test(name))) throw new Error(`${folder}: no image is there`);
  const lines = [];
  for (const name of names) lines.push(`${await sha256(join(folder, name))}  ${name}\n`);
  const sums = Buffer.from(lines.join(''));
  const signature = sign(null, sums, key);
  const publicKey = createPublicKey(key);
  if (!verify(null, sums, publicKey, signature)) throw new Error('the signature does not verify');
  writeFileSync(join(folder, SUMS), sums);
  writeFileSync(join(folder, SIGNATURE), signature);
  writeFileSync(join(folder, PUBLIC_KEY), publicKey.export({ type: 'spki', format: 'pem' }));
  return names;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

if (import.meta.main) {
  const folder = process.argv[2] ?? 'dist-image';
  const pem = process.env.NIGHTJAR_RELEASE_KEY;
  if (!pem) {
    console.error(
      'NIGHTJAR_RELEASE_KEY is not set: a release is signed (openssl genpkey -algorithm ed25519 makes a key)',
    );
    process.exit(1);
  }
  const names = await release(folder, createPrivateKey(pem));
  console.log(`${folder}: ${names.length} files, ${SUMS} and ${SIGNATURE}`);
}
