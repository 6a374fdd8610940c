import { Fault } from '../../core/errors.ts';
import type { Answer, Command } from '../command.ts';
import { securityOf, strongest, type VisibleNetwork, type WifiSecurity } from './air.ts';
import { TRUSTED_ZONE } from './keyfiles.ts';

export interface NmDevice {
  readonly name: string;
  /** `wifi`, `ethernet`, `wireguard`, and what else NetworkManager knows. */
  readonly type: string;
  readonly state: 'connected' | 'connecting' | 'disconnected' | 'unavailable' | 'unmanaged';
  /** UUID of the profile that is on it. */
  readonly profile?: string;
}

export interface NmProfile {
  readonly uuid: string;
  /** `connection.id`. */
  readonly name: string;
  readonly type: 'wifi' | 'ethernet' | 'wireguard' | 'other';
  readonly autoconnect: boolean;
  readonly trusted: boolean;
  readonly ssid?: string;
}

/** Why a WiFi was not joined; the password is the one that can be told apart for certain. */
export type JoinFailure = 'password' | 'not-found' | 'no-address' | 'no-answer' | 'other';

const ASK_MS = 10_000;
/** A scan of all channels, of which NetworkManager waits for the end. */
const SCAN_MS = 12_000;

/**
 * NetworkManager, by its command line (nmcli(1)): terse, tables with `:` and `\` escaped, lists of one profile's
 * properties raw. Tried with NetworkManager 1.42; 1.52 is on the image.
 */
export class Nmcli {
  readonly #command: Command;

  constructor(command: Command) {
    this.#command = command;
  }

  /** An image may come with its radios switched off. */
  async enableWifi(): Promise<void> {
    await this.#ask(['radio', 'wifi', 'on']);
  }

  async devices(): Promise<readonly NmDevice[]> {
    const rows = await this.#table('DEVICE,TYPE,STATE,CON-UUID', ['device', 'status']);
    return rows.map(([name = '', type = '', state = '', profile = '']) => ({
      ...{ name, type, state: stateOf(state) },
      ...(profile !== '' && { profile }),
    }));
  }

  async profiles(): Promise<readonly NmProfile[]> {
    const rows = await this.#table('UUID,NAME,TYPE,AUTOCONNECT', ['connection', 'show']);
    if (rows.length === 0) return [];
    const details = await this.#details(rows.map(([uuid = '']) => uuid));
    return rows.map(([uuid = '', name = '', type = '', autoconnect]) => {
      const { zone, ssid = '' } = details.get(uuid) ?? {};
      return {
        ...{ uuid, name, type: types[type] ?? 'other' },
        ...{ autoconnect: autoconnect === 'yes', trusted: zone === TRUSTED_ZONE },
        ...(ssid !== '' && { ssid }),
      };
    });
  }

  /** @param rescan whether to look anew, which takes seconds and which a radio cannot while it is an access point */
  async seen(device: string, rescan: boolean): Promise<readonly VisibleNetwork[]> {
    const list = ['device', 'wifi', 'list', 'ifname', device, '--rescan', rescan ? 'yes' : 'no'];
    const rows = await this.#table('SSID,SIGNAL,SECURITY', list, SCAN_MS);
    const networks = rows.map(([ssid = '', signal, security = '']) => ({
      ...{ ssid, signal: Number(signal) || 0, security: securityOf(security) },
    }));
    return strongest(networks);
  }

  /**
   * Brings a profile up. Not to get in is an answer. @param profile its UUID
   * @throws Fault `refused` for a profile that does not exist
   */
  async up(
    profile: string,
    seconds: number,
    device?: string,
  ): Promise<{ failure?: JoinFailure; words?: string }> {
    const on = device === undefined ? [] : ['ifname', device];
    const args = ['--wait', String(seconds), 'connection', 'up', 'uuid', profile, ...on];
    const answer = await this.#command('nmcli', args, (seconds + 5) * 1000);
    if (answer.code === 0) return {};
    if (answer.code === 10) throw refusal(answer);
    return { failure: failureOf(answer), words: complaint(answer) };
  }

  /** That it is not up is no error. */
  async down(profile: string): Promise<void> {
    const answer = await this.#command('nmcli', ['connection', 'down', 'uuid', profile], ASK_MS);
    if (answer.code !== 0 && answer.code !== 10) throw refusal(answer);
  }

  /** A profile that does not come up by itself. @returns its UUID */
  async addWifi(wifi: {
    ssid: string;
    security: WifiSecurity;
    password?: string;
    hidden?: boolean;
  }): Promise<string> {
    const { ssid, security, password = '', hidden } = wifi;
    const key = security === 'wpa3' ? 'sae' : 'wpa-psk';
    const added = await this.#ask([
      ...[
        'connection',
        'add',
        'type',
        'wifi',
        'con-name',
        ssid,
        'ssid',
        ssid,
        'connection.autoconnect',
        'no',
      ],
      ...(hidden ? ['802-11-wireless.hidden', 'yes'] : []),
      ...(security === 'open'
        ? []
        : ['802-11-wireless-security.key-mgmt', key, '802-11-wireless-security.psk', password]),
    ]);
    return uuidIn(added);
  }

  async remove(profile: string): Promise<void> {
    await this.#ask(['connection', 'delete', 'uuid', profile]);
  }

  async setAutoconnect(profile: string, on: boolean): Promise<void> {
    await this.#ask(['connection', 'modify', 'uuid', profile, 'connection.autoconnect', on ? 'yes' : 'no']);
  }

  /** @param device that it is up on: it is told at once */
  async setTrusted(profile: string, on: boolean, device?: string): Promise<void> {
    const zone = on ? TRUSTED_ZONE : '';
    await this.#ask(['connection', 'modify', 'uuid', profile, 'connection.zone', zone]);
    if (device !== undefined) await this.#ask(['device', 'reapply', device]);
  }

  /** Peers of WireGuard are no properties that nmcli could set. @param file as wg-quick(8) has it. @returns the UUID */
  async importWireguard(file: string, name: string): Promise<string> {
    const uuid = uuidIn(await this.#ask(['connection', 'import', 'type', 'wireguard', 'file', file]));
    const settings = ['connection.id', name, 'connection.zone', TRUSTED_ZONE];
    await this.#ask(['connection', 'modify', 'uuid', uuid, ...settings]);
    return uuid;
  }

  async #ask(args: readonly string[], timeoutMs = ASK_MS): Promise<string> {
    const answer = await this.#command('nmcli', args, timeoutMs);
    if (answer.code !== 0) throw refusal(answer);
    return answer.stdout;
  }

  async #table(fields: string, args: readonly string[], timeoutMs = ASK_MS): Promise<string[][]> {
    const text = await this.#ask(['-t', '-e', 'yes', '-f', fields, ...args], timeoutMs);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map(cells);
  }

  /** In this form alone several profiles are told at once with all that is asked. */
  async #details(uuids: readonly string[]): Promise<Map<string, { zone?: string; ssid?: string }>> {
    const fields = 'connection.uuid,connection.zone,802-11-wireless.ssid';
    const text = await this.#ask(['-t', '-m', 'multiline', '-f', fields, 'connection', 'show', ...uuids]);
    const found = new Map<string, { zone?: string; ssid?: string }>();
    let at: { zone?: string; ssid?: string } = {};
    for (const line of text.split('\n')) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1);
      switch (line.slice(0, colon)) {
        case 'connection.uuid':
          at = {};
          found.set(value, at);
          break;
        case 'connection.zone':
          at.zone = value;
          break;
        case '802-11-wireless.ssid':
          at.ssid = value;
      }
    }
    return found;
  }
}

const types: Readonly<Record<string, NmProfile['type']>> = {
  '802-11-wireless': 'wifi',
  '802-3-ethernet': 'ethernet',
  wireguard: 'wireguard',
};

/** `a\:b:c` → `a:b`, `c`. */
export function cells(line: string): string[] {
  const found = [''];
  for (const [, escaped, plain] of line.matchAll(/\\(.)|(.)/gsu)) {
    if (plain === ':') found.push('');
    else found[found.length - 1] += escaped ?? plain ?? '';
  }
  return found;
}

/** `connecting (getting IP configuration)`, `connected (externally)`. */
function stateOf(text: string): NmDevice['state'] {
  const [word] = text.split(' ');
  switch (word) {
    case 'connected':
    case 'connecting':
    case 'unavailable':
    case 'unmanaged':
      return word;
    default:
      // `disconnected`, `deactivating`, `connection failed`.
      return 'disconnected';
  }
}

function uuidIn(text: string): string {
  const uuid = /\(([\da-f]{8}-[\da-f-]{27})\)/.exec(text)?.[1];
  if (uuid === undefined) throw new Fault('garbled', 'nmcli did not say which profile it has made');
  return uuid;
}

/** By the words of nmcli(1) in the C locale, which are those of NetworkManager's reasons for a device's state. */
function failureOf(answer: Answer): JoinFailure {
  const words = complaint(answer);
  if (/secrets were required|supplicant/i.test(words)) return 'password';
  if (/network could not be found/i.test(words)) return 'not-found';
  if (/IP configuration could not be reserved/i.test(words)) return 'no-address';
  return answer.code === 3 ? 'no-answer' : 'other';
}

const complaint = ({ stderr, stdout }: Answer): string =>
  (stderr.trim() || stdout.trim()).split('\n')[0]?.replace(/^Error: /, '') ?? '';

const refusal = (answer: Answer) => new Fault('refused', `NetworkManager: ${complaint(answer)}`);
