import type { InsideLink, Port } from '../wire/link.ts';

/** Where a device is that is a part of this program: always there. */
export const inside: Port<InsideLink> = {
  kind: 'inside',
  name: 'inside',
  open: async () => ({ kind: 'inside', close: async () => {} }),
};
