import { BadInput, Fault } from '../../core/errors.ts';
import type { Command } from '../command.ts';
import { countryIn, stationsIn, type VisibleNetwork } from './air.ts';
import { HOTSPOT_ID, USB_ID, WIREGUARD_ID } from './keyfiles.ts';
import type { Nmcli, NmDevice, NmProfile } from './nmcli.ts';
import type { KnownNetwork, NetworkState } from './state.ts';

/** Names of the profiles that the unit has made for itself. */
const own: ReadonlySet<string> = new Set([HOTSPOT_ID, USB_ID, WIREGUARD_ID]);

/** What the system last said about radios, profiles and who is on the hotspot. */
export class Survey {
  readonly #nmcli: Nmcli;
  readonly #command: Command;
  #devices: readonly NmDevice[] = [];
  #profiles: readonly NmProfile[] = [];

  constructor(nmcli: Nmcli, command: Command) {
    this.#nmcli = nmcli;
    this.#command = command;
  }

  async read(): Promise<void> {
    this.#devices = await this.#nmcli.devices();
    this.#profiles = await this.#nmcli.profiles();
  }

  get radios(): readonly NmDevice[] {
    return this.#devices.filter(
      ({ type, state }) => type === 'wifi' && state !== 'unmanaged' && state !== 'unavailable',
    );
  }

  /** Other people's WiFis that the unit knows. */
  get wifis(): readonly NmProfile[] {
    return this.#profiles.filter(({ name, type }) => type === 'wifi' && !own.has(name));
  }

  /** The one of them that is joined. */
  get joined(): NmProfile | undefined {
    return this.wifis.find(({ uuid }) => this.on(uuid)?.state === 'connected');
  }

  get joining(): boolean {
    return this.wifis.some(({ uuid }) => this.on(uuid)?.state === 'connecting');
  }

  /** @throws Fault `gone`: the setup of the unit has not made it */
  get hotspot(): NmProfile {
    const found = this.#profiles.find(({ name }) => name === HOTSPOT_ID);
    if (!found) throw new Fault('gone', 'the hotspot is not set up: restart the unit, which makes it anew');
    return found;
  }

  get hotspotState(): NetworkState['hotspot'] {
    const profile = this.#profiles.find(({ name }) => name === HOTSPOT_ID);
    const state = profile && this.on(profile.uuid)?.state;
    return state === 'connected' ? 'up' : state === 'connecting' ? 'starting' : 'down';
  }

  /** The radio that is not the hotspot's, where there are two. */
  get spareRadio(): string | undefined {
    const hotspot = this.on(this.hotspot.uuid);
    return this.radios.length > 1 ? this.radios.find(({ name }) => name !== hotspot?.name)?.name : undefined;
  }

  get known(): readonly KnownNetwork[] {
    return this.#homes.map(({ uuid, name, ssid, type, trusted }) => ({
      ...{ uuid, name: ssid ?? name, type: type === 'ethernet' ? type : 'wifi', trusted },
      joined: this.on(uuid)?.state === 'connected',
    }));
  }

  /** @throws BadInput when the unit knows no such network, or has made it for itself */
  home(uuid: string): NmProfile {
    const found = this.#homes.find((profile) => profile.uuid === uuid);
    if (!found) throw new BadInput('there is no such network any more');
    return found;
  }

  /** The device that a profile is on. */
  on(uuid: string): NmDevice | undefined {
    return this.#devices.find(({ profile }) => profile === uuid);
  }

  /** What is in the air. @param rescan looks anew, which no access point can */
  async seen(rescan: boolean): Promise<readonly VisibleNetwork[]> {
    const lists = await Promise.all(this.radios.map(({ name }) => this.#nmcli.seen(name, rescan)));
    return lists.flat();
  }

  /** On the hotspot; undefined: it is not up, or nobody can tell. */
  async phones(): Promise<number | undefined> {
    const device = this.hotspotState === 'up' ? this.on(this.hotspot.uuid) : undefined;
    const dump = device && (await this.#iw('dev', device.name, 'station', 'dump'));
    return dump === undefined ? undefined : stationsIn(dump);
  }

  async country(): Promise<string | undefined> {
    const regulations = await this.#iw('reg', 'get');
    return regulations === undefined ? undefined : countryIn(regulations);
  }

  get #homes(): readonly NmProfile[] {
    return this.#profiles.filter(
      ({ name, type }) => !own.has(name) && (type === 'wifi' || type === 'ethernet'),
    );
  }

  async #iw(...args: string[]): Promise<string | undefined> {
    try {
      const { code, stdout } = await this.#command('iw', args, 5000);
      return code === 0 ? stdout : undefined;
    } catch (error) {
      if (error instanceof Fault && error.kind === 'unsupported') return undefined;
      throw error;
    }
  }
}
