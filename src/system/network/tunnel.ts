import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cell, cell } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Command } from '../command.ts';
import { readIfThere, writeWhole } from '../whole-file.ts';
import { WIREGUARD_ID } from './keyfiles.ts';
import { Nmcli } from './nmcli.ts';
import {
  makeKeys,
  parseBook,
  peerConfig,
  type TunnelBook,
  unitConfig,
  withoutPeer,
  withPeer,
} from './wireguard.ts';

/** The interface is named after the file that is imported. */
const CONFIG_NAME = 'wg0.conf';
const UP_SECONDS = 10;

/**
 * WireGuard, by which the owner reaches the unit from elsewhere. The unit makes all keys; what it keeps is its own and
 * the public ones of those who may come in. NetworkManager's profile is made anew from that with each change: nmcli
 * cannot change peers.
 */
export class Tunnel {
  readonly #nmcli: Nmcli;
  readonly #file: string;
  readonly #book: ReturnType<typeof cell<TunnelBook>>;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param file where the keys are kept, readable by nobody else; its folder is there */
  constructor({ command, file }: { command: Command; file: string }) {
    this.#nmcli = new Nmcli(command);
    this.#file = file;
    // Keys that cannot be read any more are no keys: the phones are to be let in anew.
    this.#book = cell<TunnelBook>(parseBook(readIfThere(file) ?? '') ?? { ...makeKeys(), peers: [] });
  }

  /** Who may come in; the first member, the unit's own private key, is for nobody. */
  get book(): Cell<Omit<TunnelBook, 'privateKey'>> {
    return this.#book;
  }

  /**
   * Lets somebody in, or gives a name that is in new keys.
   * @returns the configuration for the app on the phone, which is told this once
   * @throws BadInput, Fault (the tunnel does not come up: nobody is let in)
   */
  add(name: string, endpoint: string): Promise<string> {
    const keys = makeKeys();
    return this.#change((old) => {
      const { book, peer } = withPeer(old, name, keys.publicKey);
      return { book, answer: peerConfig(book, peer, keys.privateKey, endpoint) };
    });
  }

  /** @throws BadInput for a name that is not there */
  remove(name: string): Promise<void> {
    return this.#change((old) => ({ book: withoutPeer(old, name), answer: undefined }));
  }

  #change<T>(make: (old: TunnelBook) => { book: TunnelBook; answer: T }): Promise<T> {
    const done = this.#turn.then(async () => {
      const { book, answer } = make(this.#book.value);
      await this.#apply(book);
      writeWhole(this.#file, JSON.stringify(book), { mode: 0o600 });
      this.#book.set(book);
      return answer;
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  async #apply(book: TunnelBook): Promise<void> {
    const profiles = await this.#nmcli.profiles();
    const old = profiles.filter(({ name }) => name === WIREGUARD_ID);
    const made = book.peers.length > 0 ? await this.#import(book) : undefined;
    const { failure, words } = made === undefined ? {} : await this.#nmcli.up(made, UP_SECONDS);
    // The new one is up before the old one goes: where it does not come up, all stays as it was.
    for (const { uuid } of failure ? [] : old) await this.#nmcli.remove(uuid);
    if (!made || !failure) return;
    await this.#nmcli.remove(made);
    for (const { uuid } of old) await this.#nmcli.up(uuid, UP_SECONDS);
    throw new Fault('unsupported', `the tunnel does not come up: ${words}`);
  }

  async #import(book: TunnelBook): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'nightjar-tunnel-'));
    try {
      const file = join(folder, CONFIG_NAME);
      writeFileSync(file, unitConfig(book), { mode: 0o600, flag: 'wx' });
      return await this.#nmcli.importWireguard(file, WIREGUARD_ID);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
