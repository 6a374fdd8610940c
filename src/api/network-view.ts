import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { isoUtc } from '../core/clock.ts';
import type { UnitNetwork } from '../system/network/open.ts';
import type { Attempt, KnownNetwork, NetworkState } from '../system/network/state.ts';
import { WIREGUARD_PORT } from '../system/network/wireguard.ts';

/** The unit's network as its page shows it; no secret in it. */
export interface NetworkView {
  readonly hotspot: {
    readonly ssid: string;
    readonly state: NetworkState['hotspot'];
    readonly phones?: number;
  };
  readonly radios: number;
  readonly known: readonly KnownNetwork[];
  readonly seen: NetworkState['seen'];
  /** ISO 8601; absent: nobody has looked. */
  readonly seenUtc?: string;
  readonly looking: boolean;
  readonly attempt?: Attempt;
  /** ISO 3166. */
  readonly country?: string;
  readonly trouble?: string;
  /** Under which it is reached besides its name. */
  readonly addresses: readonly { readonly device: string; readonly address: string }[];
  readonly tunnel: {
    /** UDP. */
    readonly port: number;
    readonly peers: readonly { readonly name: string; readonly address: string }[];
  };
}

/** How to get into the unit's own WiFi. */
export interface HotspotView {
  readonly ssid: string;
  readonly password: string;
  /** An SVG. */
  readonly qr: string;
}

/** What somebody needs to come in by WireGuard; it is told this once. */
export interface PeerView {
  readonly name: string;
  readonly config: string;
  /** An SVG. */
  readonly qr: string;
}

export function viewNetwork({ wireless, tunnel, hotspot }: UnitNetwork): NetworkView {
  const { hotspot: state, phones, seenUtc, ...rest } = wireless.state.value;
  return {
    ...rest,
    hotspot: { ssid: hotspot.ssid, state, ...(phones !== undefined && { phones }) },
    ...(seenUtc !== undefined && { seenUtc: isoUtc(seenUtc) }),
    addresses: addressesIn(networkInterfaces()),
    tunnel: {
      port: WIREGUARD_PORT,
      peers: tunnel.book.value.peers.map(({ name, address }) => ({ name, address })),
    },
  };
}

/** IPv4 of every network but the unit's talk with itself: what people can type. */
export const addressesIn = (
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): NetworkView['addresses'] =>
  Object.entries(interfaces).flatMap(([device, list = []]) =>
    list
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ device, address })),
  );
