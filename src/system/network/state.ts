import type { VisibleNetwork } from './air.ts';

/** A network that the unit knows how to join, its own ones left out. */
export interface KnownNetwork {
  readonly uuid: string;
  readonly name: string;
  readonly type: 'wifi' | 'ethernet';
  /** Whether INDI and PHD2 may be reached from it. */
  readonly trusted: boolean;
  readonly joined: boolean;
}

/** The owner's last wish to join a WiFi, and what has come of it. */
export interface Attempt {
  readonly ssid: string;
  readonly state: 'leaving' | 'trying' | 'joined' | 'failed';
  /** Why it failed, for people. */
  readonly words?: string;
}

export interface NetworkState {
  readonly hotspot: 'up' | 'starting' | 'down';
  /** On the hotspot; undefined: not known. */
  readonly phones?: number;
  readonly radios: number;
  readonly known: readonly KnownNetwork[];
  /** In the air when somebody last looked: a radio that is an access point cannot. */
  readonly seen: readonly VisibleNetwork[];
  /** UTC milliseconds; undefined: nobody has looked yet. */
  readonly seenUtc?: number;
  readonly looking: boolean;
  readonly attempt?: Attempt;
  /** ISO 3166, of the radio's rules; undefined: those that hold everywhere. */
  readonly country?: string;
  /** What is wrong with the unit's network, for people. */
  readonly trouble?: string;
}
