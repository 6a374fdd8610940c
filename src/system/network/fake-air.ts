import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Answer, Command } from '../command.ts';
import { HOTSPOT_ID } from './keyfiles.ts';

export interface FakeNetwork {
  ssid: string;
  signal?: number;
  /** As nmcli's SECURITY says it. */
  security?: string;
  password?: string;
  /** It lets in and gives no address. */
  dumb?: boolean;
}

interface FakeProfile {
  uuid: string;
  name: string;
  type: string;
  ssid?: string;
  password?: string;
  autoconnect: boolean;
  zone: string;
  device?: string;
}

const JOIN_MS = 4000;
const REFUSE_MS = 20_000;

/**
 * A pretended NetworkManager and the air around it, as far as Nightjar asks nmcli and iw: it joins known networks by
 * itself while the radio is free, and answers in nmcli's words. For tests.
 */
export class FakeAir {
  networks: FakeNetwork[] = [];
  profiles: FakeProfile[] = [];
  radios = ['wlan0'];
  enabled = true;
  /** How often it was asked anything. */
  asked = 0;
  /** On the hotspot; undefined: there is no iw. */
  phones: number | undefined = 0;
  /** What was asked that changes anything. */
  readonly done: string[] = [];
  /** What the next `connection up` says instead of coming up. */
  broken: string | undefined;
  /** The profile whose `connection up` is never answered. */
  hangs: string | undefined;
  readonly #clock: Clock;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.know(HOTSPOT_ID, { ssid: 'Nightjar-7F3A', autoconnect: false, zone: 'trusted' });
  }

  know(name: string, more: Partial<FakeProfile> = {}): FakeProfile {
    const uuid = `00000000-0000-4000-8000-${String(++this.#count).padStart(12, '0')}`;
    const profile = { uuid, name, type: '802-11-wireless', ssid: name, autoconnect: true, zone: '', ...more };
    this.profiles.push(profile);
    return profile;
  }

  /** Name of what is on a radio. */
  on(radio = 'wlan0'): string | undefined {
    return this.profiles.find(({ device }) => device === radio)?.name;
  }

  readonly command: Command = async (program, args) => {
    this.asked++;
    this.#settle();
    if (program === 'iw') return this.#iw(args);
    const words = args.filter((arg) => arg !== '-t');
    const at = (word: string) => words[words.indexOf(word) + 1] ?? '';
    const verb = /(radio wifi|device status|wifi list|reapply|connection \w+)/.exec(words.join(' '))?.[1];
    switch (verb) {
      case 'radio wifi':
        this.enabled = at('wifi') === 'on';
        return said('');
      case 'device status':
        return said(this.#devices());
      case 'connection show':
        return said(words.includes('multiline') ? this.#details(words) : this.#list());
      case 'wifi list':
        return said(this.#inAir(at('ifname')));
      case 'reapply':
        this.done.push(`reapply ${at('reapply')}`);
        return said('');
      case 'connection up':
        return this.#up(at('uuid'), words.includes('ifname') ? at('ifname') : undefined);
      case 'connection down':
        this.done.push(`down ${this.#find(at('uuid'))?.name}`);
        delete this.#find(at('uuid'))?.device;
        return said('');
      case 'connection delete':
        this.done.push(`delete ${this.#find(at('uuid'))?.name}`);
        this.profiles = this.profiles.filter(({ uuid }) => uuid !== at('uuid'));
        return said('');
      case 'connection add': {
        const password = words.includes('802-11-wireless-security.psk')
          ? { password: at('802-11-wireless-security.psk') }
          : {};
        return added(this.know(at('con-name'), { ssid: at('ssid'), autoconnect: false, ...password }));
      }
      case 'connection import':
        return added(this.know('wg0', { type: 'wireguard' }));
      case 'connection modify':
        return this.#modify(words);
    }
    return refused(2, `not understood: ${words.join(' ')}`);
  };

  #find(wanted: string): FakeProfile | undefined {
    return this.profiles.find(({ uuid }) => uuid === wanted);
  }

  /** What happens by itself: lost networks, and known ones that a free radio joins. */
  #settle(): void {
    for (const profile of this.profiles) {
      const isGone = profile.name !== HOTSPOT_ID && profile.ssid !== undefined && !this.#there(profile);
      if (isGone && profile.type === '802-11-wireless') delete profile.device;
    }
    for (const radio of this.radios) {
      const able = this.profiles.find((each) => each.autoconnect && !each.device && this.#letsIn(each));
      if (able && this.on(radio) === undefined) able.device = radio;
    }
  }

  #there({ ssid }: FakeProfile): FakeNetwork | undefined {
    return this.networks.find((network) => network.ssid === ssid);
  }

  #letsIn(profile: FakeProfile): boolean {
    const network = profile.type === '802-11-wireless' && this.#there(profile);
    return network ? network.password === profile.password && !network.dumb : false;
  }

  #devices(): string {
    const wifi = this.radios.map((radio) => {
      const uuid = this.profiles.find(({ device }) => device === radio)?.uuid;
      const free = this.enabled ? 'disconnected' : 'unavailable';
      return `${radio}:wifi:${uuid ? 'connected' : free}:${uuid ?? ''}`;
    });
    return [...wifi, 'lo:loopback:connected (externally):', 'p2p-dev-wlan0:wifi-p2p:disconnected:'].join(
      '\n',
    );
  }

  #list(): string {
    return this.profiles
      .map(({ uuid, name, type, autoconnect }) =>
        [uuid, name.replace(/[\\:]/g, '\\$&'), type, autoconnect ? 'yes' : 'no'].join(':'),
      )
      .join('\n');
  }

  #details(words: readonly string[]): string {
    return this.profiles
      .filter(({ uuid }) => words.includes(uuid))
      .map(({ uuid, zone, ssid, type }) =>
        [
          `connection.uuid:${uuid}`,
          `connection.zone:${zone}`,
          ...(type === '802-11-wireless' ? [`802-11-wireless.ssid:${ssid}`] : []),
        ].join('\n'),
      )
      .join('\n\n');
  }

  #inAir(radio: string): string {
    if (this.on(radio) === HOTSPOT_ID) return '';
    return this.networks
      .map(({ ssid, signal = 50, security = 'WPA2' }) =>
        [ssid.replace(/[\\:]/g, '\\$&'), signal, security].join(':'),
      )
      .join('\n');
  }

  async #up(uuid: string, radio = 'wlan0'): Promise<Answer> {
    const profile = this.#find(uuid);
    if (!profile) return refused(10, `unknown connection '${uuid}'.`);
    this.done.push(`up ${profile.name}${radio === 'wlan0' ? '' : ` on ${radio}`}`);
    if (this.hangs === profile.name) throw new Fault('silent', 'nmcli did not answer in 50 s');
    if (this.broken) return refused(4, `Connection activation failed: ${this.broken}`);
    for (const other of this.profiles) if (other.device === radio) delete other.device;
    const network = this.#there(profile);
    const isOwn = profile.name === HOTSPOT_ID || profile.type === 'wireguard';
    await this.#clock.sleep(isOwn || (network && this.#letsIn(profile)) ? JOIN_MS : REFUSE_MS);
    if (!isOwn && !network)
      return refused(4, 'Connection activation failed: The Wi-Fi network could not be found.');
    if (!isOwn && network?.password !== profile.password)
      return refused(4, 'Connection activation failed: Secrets were required, but not provided.');
    if (!isOwn && network?.dumb)
      return refused(
        4,
        'Connection activation failed: IP configuration could not be reserved (no available address, timeout, etc.).',
      );
    profile.device = profile.type === 'wireguard' ? 'wg0' : radio;
    return said('Connection successfully activated');
  }

  #modify(words: readonly string[]): Answer {
    const profile = this.#find(words[words.indexOf('uuid') + 1] ?? '');
    if (!profile) return refused(10, 'unknown connection');
    const rest = words.slice(words.indexOf('uuid') + 2);
    for (let index = 0; index < rest.length; index += 2) {
      const value = rest[index + 1] ?? '';
      this.done.push(`${profile.name} ${rest[index]}=${value}`);
      if (rest[index] === 'connection.zone') profile.zone = value;
      if (rest[index] === 'connection.id') profile.name = value;
      if (rest[index] === 'connection.autoconnect') profile.autoconnect = value === 'yes';
    }
    return said('');
  }

  #iw(args: readonly string[]): Answer {
    if (this.phones === undefined) return { code: 1, stdout: '', stderr: 'no iw' };
    if (args[0] === 'reg') return said('global\ncountry AT: DFS-ETSI\n');
    const stations = Array.from({ length: this.phones }, (_, n) => `Station 02:00:00:00:00:0${n} (on wlan0)`);
    return said(stations.join('\n'));
  }
}

const said = (stdout: string): Answer => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });
const refused = (code: number, words: string): Answer => ({ code, stdout: '', stderr: `Error: ${words}\n` });
const added = ({ name, uuid }: FakeProfile) => said(`Connection '${name}' (${uuid}) successfully added.`);
