import type { Socket } from 'node:net';
import { HOTSPOT_ADDRESS, USB_ADDRESS } from '../system/network/keyfiles.ts';
import { WIREGUARD_ADDRESS } from '../system/network/wireguard.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';

interface Reached {
  readonly address: string;
  readonly port: number | undefined;
}

/** Where on the unit a request came in; undefined where there is no socket. @param env of a request's context */
export function reachedAt(env: unknown): Reached | undefined {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: Pick<Socket, 'localAddress' | 'localPort'> } };
  const { localAddress, localPort } = incoming?.socket ?? {};
  const address = localAddress?.replace(/^::ffff:/, '');
  return address === undefined ? undefined : { address, port: localPort };
}

/** Packets to these come in by their own interfaces only (the image's nftables.conf). */
const own = new Set([USB_ADDRESS, WIREGUARD_ADDRESS, '127.0.0.1', '::1']);

/** Whether a request came over the unit's own networks, or over ones that the owner trusts; a laptop is its owner's affair. */
export function fromTrusted({ network }: Pick<Parts, 'network'>, env: unknown): boolean {
  const at = reachedAt(env);
  if (!network || (at && own.has(at.address))) return true;
  const { hotspot, known } = network.wireless.state.value;
  // The same radio joins other people's WiFis, where a hostile router may give us this address.
  if (at?.address === HOTSPOT_ADDRESS && hotspot === 'up') return true;
  const joined = known.filter((each) => each.joined);
  return joined.length > 0 && joined.every(({ trusted }) => trusted);
}

/** Before what opens the unit to others, or runs what they bring. @throws Rejected 403, saying where it can be done */
export function onlyTrusted(parts: Pick<Parts, 'network'>, { env }: { env: unknown }): void {
  if (fromTrusted(parts, env)) return;
  const ssid = parts.network?.hotspot.ssid;
  throw new Rejected(
    403,
    `this is done over ${ssid}, the unit's own WiFi, or a network that you trust already`,
  );
}
