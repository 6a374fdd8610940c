import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { BadInput } from '../../core/errors.ts';

/** Everybody in the tunnel: the unit is the first, peers follow. */
const NET = '10.44.0';
export const WIREGUARD_ADDRESS = `${NET}.1`;
export const WIREGUARD_PORT = 51820;
const FIRST_PEER = 2;
const LAST_PEER = 254;
const MOST_PEERS = 32;
/** So that the way through a home router stays open (wireguard.com, 'NAT and Firewall Traversal Persistence'). */
const KEEPALIVE_SECONDS = 25;

/** Curve25519 (RFC 7748), base64 as wg(8) writes it. */
const key = z.base64().length(44);

/** Somebody who may come in. Its private key is told once and kept nowhere here. */
const peerSchema = z.object({ name: z.string(), publicKey: key, address: z.ipv4() }).readonly();
export type Peer = z.infer<typeof peerSchema>;

/** All that the unit keeps of its tunnel. */
const bookSchema = z
  .object({ privateKey: key, publicKey: key, peers: z.array(peerSchema).max(MOST_PEERS).readonly() })
  .readonly();
export type TunnelBook = z.infer<typeof bookSchema>;

/** @returns undefined for what is no such book */
export function parseBook(text: string): TunnelBook | undefined {
  try {
    return bookSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function makeKeys(): Pick<TunnelBook, 'privateKey' | 'publicKey'> {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const secret = privateKey.export({ format: 'jwk' });
  const open = publicKey.export({ format: 'jwk' });
  return { privateKey: base64(secret.d), publicKey: base64(open.x) };
}

const base64 = (urlSafe: string | undefined) => Buffer.from(urlSafe ?? '', 'base64url').toString('base64');

/** The same book with one peer more. A name that is there already gets new keys: the lost phone is out. */
export function withPeer(
  book: TunnelBook,
  name: string,
  publicKey: string,
): { book: TunnelBook; peer: Peer } {
  const others = book.peers.filter((peer) => peer.name !== name);
  if (others.length >= MOST_PEERS)
    throw new BadInput(`more than ${MOST_PEERS} are not let in: remove one first`);
  const taken = new Set(others.map(({ address }) => address));
  const host = Array.from({ length: LAST_PEER - FIRST_PEER + 1 }, (_, index) => index + FIRST_PEER).find(
    (number) => !taken.has(`${NET}.${number}`),
  );
  const peer = { name, publicKey, address: `${NET}.${host}` };
  return { book: { ...book, peers: [...others, peer] }, peer };
}

/** @throws BadInput for a name that is not there */
export function withoutPeer(book: TunnelBook, name: string): TunnelBook {
  const peers = book.peers.filter((peer) => peer.name !== name);
  if (peers.length === book.peers.length) throw new BadInput(`there is no "${name}"`);
  return { ...book, peers };
}

/** The unit's side, as wg-quick(8) has it; NetworkManager imports that. */
export const unitConfig = ({ privateKey, peers }: TunnelBook): string =>
  [
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `ListenPort = ${WIREGUARD_PORT}`,
    `Address = ${NET}.1/24`,
    ...peers.flatMap(({ publicKey, address }) => [
      '',
      '[Peer]',
      `PublicKey = ${publicKey}`,
      `AllowedIPs = ${address}/32`,
    ]),
    '',
  ].join('\n');

/**
 * The other side, for the WireGuard app. Only the unit is reached through it: all else goes its usual way.
 * @param endpoint host or address under which the unit is reached; the port is the tunnel's unless it says another
 */
export function peerConfig(unit: TunnelBook, peer: Peer, privateKey: string, endpoint: string): string {
  const bare = endpoint.includes(':') && !endpoint.includes('.') && !endpoint.startsWith('[');
  const host = bare ? `[${endpoint}]` : endpoint;
  return [
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `Address = ${peer.address}/32`,
    '',
    '[Peer]',
    `PublicKey = ${unit.publicKey}`,
    `AllowedIPs = ${NET}.1/32`,
    `Endpoint = ${/:\d+$/.test(host) ? host : `${host}:${WIREGUARD_PORT}`}`,
    `PersistentKeepalive = ${KEEPALIVE_SECONDS}`,
    '',
  ].join('\n');
}
