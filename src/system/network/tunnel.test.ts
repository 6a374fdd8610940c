import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { SimClock, utcOf } from '../../core/clock.ts';
import type { Command } from '../command.ts';
import { FakeAir } from './fake-air.ts';
import { WIREGUARD_ID } from './keyfiles.ts';
import { Tunnel } from './tunnel.ts';
import { makeKeys, parseBook, peerConfig, withoutPeer, withPeer } from './wireguard.ts';

const field = (config: string, name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(config)?.[1] ?? '';

/** By the other way than it was made: a private key in PKCS 8 (RFC 8410), its public one taken from that. */
function publicOf(privateKey: string): string {
  const head = Buffer.from('302e020100300506032b656e04220420', 'hex');
  const der = Buffer.concat([head, Buffer.from(privateKey, 'base64')]);
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x, 'base64url').toString('base64');
}

describe('WireGuard', () => {
  test('keys belong together, and are others each time', () => {
    const [a, b] = [makeKeys(), makeKeys()];
    assert.equal(publicOf(a.privateKey), a.publicKey);
    assert.notEqual(a.privateKey, b.privateKey);
    assert.equal(Buffer.from(a.privateKey, 'base64').length, 32);
  });

  test('each has an address of its own, which is free again when it is out', () => {
    const empty = { ...makeKeys(), peers: [] };
    const first = withPeer(empty, 'phone', makeKeys().publicKey);
    const second = withPeer(first.book, 'laptop', makeKeys().publicKey);
    assert.deepEqual([first.peer.address, second.peer.address], ['10.44.0.2', '10.44.0.3']);
    const third = withPeer(withoutPeer(second.book, 'phone'), 'tablet', makeKeys().publicKey);
    assert.equal(third.peer.address, '10.44.0.2');
    assert.throws(() => withoutPeer(empty, 'phone'), /no "phone"/);
  });

  test('a name that is in gets new keys, and the old ones are out', () => {
    const old = makeKeys().publicKey;
    const { book } = withPeer({ ...makeKeys(), peers: [] }, 'phone', old);
    const again = withPeer(book, 'phone', makeKeys().publicKey).book;
    assert.equal(again.peers.length, 1);
    assert.notEqual(again.peers[0]?.publicKey, old);
  });

  test('no more than a unit can have friends', () => {
    let book = { ...makeKeys(), peers: [] } as Parameters<typeof withPeer>[0];
    for (let n = 0; n < 32; n++) book = withPeer(book, `p${n}`, makeKeys().publicKey).book;
    assert.throws(() => withPeer(book, 'one more', makeKeys().publicKey), /remove one/);
  });

  test('the address of the unit may be a name, IPv4, IPv6, each with a port or without', () => {
    const { book, peer } = withPeer({ ...makeKeys(), peers: [] }, 'phone', makeKeys().publicKey);
    const cases = {
      'home.example.org': 'home.example.org:51820',
      'home.example.org:4000': 'home.example.org:4000',
      '192.168.1.7': '192.168.1.7:51820',
      '2001:db8::7': '[2001:db8::7]:51820',
      '[2001:db8::7]:4000': '[2001:db8::7]:4000',
    };
    for (const [said, endpoint] of Object.entries(cases))
      assert.equal(field(peerConfig(book, peer, 'key', said), 'Endpoint'), endpoint);
  });

  test('what is no book of keys is none', () => {
    for (const text of ['', '{', '{}', '{"privateKey":"a","publicKey":"b","peers":[]}'])
      assert.equal(parseBook(text), undefined, text);
  });
});

function stage(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'wireguard.json');
  const clock = new SimClock(utcOf(2026, 11, 22));
  const air = new FakeAir(clock);
  const imported: { text: string; mode: number; path: string }[] = [];
  const command: Command = (program, args, timeout) => {
    const path = args.includes('import') ? (args.at(-1) ?? '') : undefined;
    if (path) imported.push({ path, text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 });
    return air.command(program, args, timeout);
  };
  const drive = <T>(work: Promise<T>) => clock.drive(work);
  return { air, file, imported, drive, open: () => new Tunnel({ command, file }) };
}

describe('the tunnel', () => {
  test('lets in whom the owner names, with keys that fit on both sides', async (t) => {
    const { air, imported, drive, open, file } = stage(t);
    const config = await drive(open().add('phone', '192.168.1.7'));
    const [unit] = imported;
    assert.ok(unit);
    assert.equal(field(unit.text, 'PublicKey'), publicOf(field(config, 'PrivateKey')));
    assert.equal(field(config, 'PublicKey'), publicOf(field(unit.text, 'PrivateKey')));
    assert.equal(field(unit.text, 'AllowedIPs'), field(config, 'Address'));
    assert.equal(field(config, 'AllowedIPs'), '10.44.0.1/32', 'the rest of its traffic stays out of it');
    const profile = air.profiles.find(({ name }) => name === WIREGUARD_ID);
    assert.deepEqual([profile?.zone, profile?.device], ['trusted', 'wg0']);
    assert.ok(!readFileSync(file, 'utf8').includes(field(config, 'PrivateKey')), 'nor is it kept');
  });

  test('leaves no key lying about', async (t) => {
    const { imported, drive, open, file } = stage(t);
    await drive(open().add('phone', 'home.example.org'));
    assert.match(imported[0]?.path ?? '', /\/wg0\.conf$/);
    assert.equal(imported[0]?.mode, 0o600);
    assert.throws(() => statSync(imported[0]?.path ?? ''), /ENOENT/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  test('keeps its own key and who is in over a restart', async (t) => {
    const { imported, drive, open } = stage(t);
    await drive(open().add('phone', 'a'));
    const again = open();
    assert.deepEqual(
      again.book.value.peers.map(({ name }) => name),
      ['phone'],
    );
    await drive(again.add('laptop', 'a'));
    const [before, after] = imported.map(({ text }) => field(text, 'PrivateKey'));
    assert.equal(before, after);
    assert.equal(imported[1]?.text.match(/^\[Peer\]$/gm)?.length, 2);
  });

  test('is one profile however often it changes, and none when nobody is left', async (t) => {
    const { air, drive, open } = stage(t);
    const tunnel = open();
    const profiles = () => air.profiles.filter(({ name }) => name === WIREGUARD_ID).length;
    await drive(Promise.all([tunnel.add('phone', 'a'), tunnel.add('laptop', 'a')]));
    assert.equal(profiles(), 1);
    assert.equal(tunnel.book.value.peers.length, 2);
    await drive(Promise.all([tunnel.remove('phone'), tunnel.remove('laptop')]));
    assert.equal(profiles(), 0);
  });

  test('that does not come up lets nobody in, and says why', async (t) => {
    const { air, drive, open } = stage(t);
    air.broken = 'Kernel module missing';
    const tunnel = open();
    await assert.rejects(drive(tunnel.add('phone', 'a')), /does not come up: .*Kernel module missing/);
    assert.deepEqual(tunnel.book.value.peers, []);
    assert.ok(!air.profiles.some(({ name }) => name === WIREGUARD_ID));
  });

  test('that does not come up keeps those who are in already', async (t) => {
    const { air, drive, open } = stage(t);
    const tunnel = open();
    await drive(tunnel.add('phone', 'a'));
    air.broken = 'no memory';
    await assert.rejects(drive(tunnel.add('laptop', 'a')), /does not come up/);
    assert.deepEqual(
      tunnel.book.value.peers.map(({ name }) => name),
      ['phone'],
    );
    assert.equal(air.profiles.filter(({ name }) => name === WIREGUARD_ID).length, 1);
  });

  test('begins anew where its keys were lost', (t) => {
    const { open, file } = stage(t);
    writeFileSync(file, '{"privateKey": 7');
    assert.deepEqual(open().book.value.peers, []);
  });
});
