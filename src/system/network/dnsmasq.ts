import { probeHosts } from './probes.ts';

/** Under which the unit is reached. */
export const UNIT_HOST = 'nightjar.local';

/**
 * What people on the unit's own networks are told beside their address
 * (`/etc/NetworkManager/dnsmasq-shared.d/nightjar.conf`, dnsmasq(8); NetworkManager's dnsmasq reads it for each).
 *
 * No router: a phone that is told one sends all its traffic to a unit that leads nowhere, and leaves it sooner or
 * later. Without one it keeps its mobile data for the internet; Android and iOS take an address without it.
 * Only the hosts by which phones judge a network get an answer (what is said there: `probes.ts`), and the unit's own
 * name. All else does not exist, said at once, also while the unit itself has a way out over Ethernet.
 */
export function dnsmasqConfig(devices: readonly string[] = ['wlan0', 'usb0']): string {
  // `interface-name` and not an address: each network is told the unit's address in that network.
  const names = [UNIT_HOST, ...probeHosts].flatMap((host) =>
    devices.map((device) => `interface-name=${host},${device}`),
  );
  return ['dhcp-option=option:router', 'no-resolv', 'local=/#/', 'localise-queries', ...names, ''].join('\n');
}
