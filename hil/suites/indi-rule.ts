import type { Peer } from './indi-peers.ts';
import type { IndiServer } from './indi-servers.ts';
import type { Form } from './suite.ts';

/** One rule of the protocol, judged the same way at every server. */
export interface Rule {
  name: string;
  holds(peer: Peer, form: Form): Promise<void>;
  /** Our server, too, needs indiserver's simulators for it. */
  simulators?: true;
  /** Where indiserver 1.9.9 does otherwise: what it does, and the proof. */
  differs?: Difference;
}

export interface Difference {
  /** What indiserver does; one line. */
  there: string;
  /** The driver decides, so that it is the same where our server hosts it. */
  hostedToo?: true;
  /** Why ours does not. */
  here: string;
  /** Holds at indiserver. It may start others of its own. */
  proof(peer: IndiServer): Promise<void>;
}
