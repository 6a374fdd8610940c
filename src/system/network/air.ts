/** How a WiFi is protected, as far as joining it is concerned. `other`: not with a password alone. */
export type WifiSecurity = 'open' | 'wpa2' | 'wpa3' | 'other';

/** A WiFi in the air. */
export interface VisibleNetwork {
  readonly ssid: string;
  /** 0–100. */
  readonly signal: number;
  readonly security: WifiSecurity;
}

/** A list that people read on a phone; the strongest are kept. */
const MOST_NETWORKS = 60;

/** @param text of nmcli's SECURITY column: `WPA2`, `WPA2 WPA3`, `WPA2 802.1X`, empty */
export function securityOf(text: string): WifiSecurity {
  if (text === '' || text === '--' || text === 'OWE-TM') return 'open';
  const words = text.split(' ');
  if (words.includes('802.1X')) return 'other';
  if (words.includes('WPA2') || words.includes('WPA1')) return 'wpa2';
  return words.includes('WPA3') ? 'wpa3' : 'other';
}

/** One entry a name, its strongest; hidden ones have none and are left out. */
export function strongest(networks: readonly VisibleNetwork[]): readonly VisibleNetwork[] {
  const byName = new Map<string, VisibleNetwork>();
  for (const network of networks) {
    if (network.ssid !== '' && network.signal > (byName.get(network.ssid)?.signal ?? -1))
      byName.set(network.ssid, network);
  }
  return [...byName.values()].sort((a, b) => b.signal - a.signal).slice(0, MOST_NETWORKS);
}

/** Who is on the access point, by `iw dev wlan0 station dump`. */
export const stationsIn = (dump: string): number => dump.match(/^Station [\da-f:]{17} /gm)?.length ?? 0;

/** The country whose rules the radio follows, by `iw reg get`; undefined: the world's smallest common ones. */
export const countryIn = (regulations: string): string | undefined =>
  /^country ([A-Z]{2}):/m.exec(regulations)?.[1];

/**
 * Whether this radio can be an access point with SAE, that is WPA3, beside WPA2. wpa_supplicant does SAE itself where
 * the kernel lets it (`iw phy`: "Device supports SAE with AUTHENTICATE command"); protected management frames need the
 * cipher CMAC. Broadcom's, that is the Raspberry Pi's own, never: with such frames offered as access point, phones fail
 * to join it (github.com/raspberrypi/linux, issues 3619 and 4718).
 * @param phy what `iw phy` says of it. @param driver the kernel's name of its driver: `brcmfmac`
 */
export const radioOffersSae = (phy: string, driver: string): boolean =>
  driver !== 'brcmfmac' &&
  /Device supports SAE with AUTHENTICATE command/.test(phy) &&
  /^\s*\* AP$/m.test(phy) &&
  /00-0f-ac:6\)/.test(phy);
