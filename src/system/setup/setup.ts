import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { asError } from '../../core/errors.ts';
import { radioOffersSae } from '../network/air.ts';
import { DATA_LOST } from '../warnings.ts';
import { removeWhole, writeWhole } from '../whole-file.ts';
import { blanked } from './blank.ts';
import { Card } from './card.ts';
import type { Machine } from './machine.ts';
import { ProfileStore } from './networks.ts';
import { type Complaint, decoded, type Reading, readSettings } from './read.ts';
import type { Settings } from './settings.ts';
import { keepWrittenSite } from './site.ts';
import { Ssh } from './ssh.ts';
import { asAsked, makeUnit, type Unit, unitIn, unitText } from './unit.ts';
import { cardText, consoleText, type Told, toldIn } from './words.ts';

export interface SetupPlaces {
  /** Where the boot partition is. */
  boot: string;
  /** What the system keeps: `/data/system`. */
  system: string;
  /** Of this boot only: `/run/nightjar`. */
  run: string;
  /** Benches: the owner's, and the one that needs no hardware. */
  bench: { own: string; demo: string };
}

/**
 * Before NetworkManager, at every start: reads the owner's file, makes what a new unit needs, and says on card and screen
 * how to reach it. Done a second time it changes nothing. Each part does what it can whatever becomes of the others: a unit
 * that cannot be reached is of no use to anybody.
 */
export function setUp(places: SetupPlaces, machine: Machine, clock: Clock): Told {
  const { system, run } = places;
  const complaints: Complaint[] = [];
  const attempt: Attempt = (what, part) => {
    try {
      const words = part();
      if (words) complaints.push({ words });
      return !words;
    } catch (error) {
      complaints.push({ words: `${what}: ${asError(error).message}` });
      return false;
    }
  };
  const card = new Card(places.boot, machine);
  let file: Uint8Array | undefined;
  let reading = NOTHING;
  attempt('nightjar.toml', () => {
    file = card.read('nightjar.toml');
    if (file) reading = readSettings(file);
    return undefined;
  });
  const { settings, unclear } = reading;
  complaints.push(...reading.complaints);
  const profiles = join(system, 'network');
  attempt('the folders of the unit', () => {
    for (const folder of [run, system, join(system, 'time')]) mkdirSync(folder, { recursive: true });
    mkdirSync(profiles, { recursive: true, mode: 0o700 });
    return undefined;
  });

  const store = new ProfileStore(profiles);
  const { unit, isKept } = keepUnit(system, settings, { store, card, machine, clock, attempt });
  const ssids = new Set<string>();
  for (const wifi of settings.wifi ?? []) {
    if (attempt(`wifi "${wifi.ssid}"`, () => store.putWifi(wifi))) ssids.add(wifi.ssid);
  }
  if (unit.country) machine.run('iw', 'reg', 'set', unit.country);

  const ssh = new Ssh(system, machine);
  attempt('ssh', () => {
    if (settings.ssh) return ssh.allow(settings.ssh.key);
    if (file && !unclear.has('ssh')) ssh.allowNobody();
    return undefined;
  });
  attempt('time', () => {
    keepTimeSources(system, settings, file !== undefined && !unclear.has('time'));
    return undefined;
  });
  attempt('site', () => {
    keepWrittenSite(system, settings);
    return undefined;
  });
  attempt('rig', () => {
    writeEnvironment(places, settings);
    return undefined;
  });

  const hotspot = isKept && settings.hotspot_password !== undefined;
  // What is only in memory has to be read again at the next start.
  if (file && !existsSync(join(run, DATA_LOST)) && (hotspot || ssids.size > 0)) {
    const text = decoded(file);
    const after = blanked(text, { hotspot, ssids });
    if (after === undefined) complaints.push({ words: 'the passwords stay in it: blank them yourself' });
    else if (after !== text) attempt('nightjar.toml', () => card.write('nightjar.toml', after));
  }
  const told = { unit, complaints, ssh: ssh.on };
  attempt('nightjar.txt', () => card.write('nightjar.txt', cardText(told)));
  attempt('console.txt', () => {
    writeWhole(join(run, 'console.txt'), consoleText(told), { mode: 0o644 });
    return undefined;
  });
  return told;
}

const NOTHING: Reading = { settings: {}, complaints: [], unclear: new Set() };

/** @param part returns what is wrong, in plain words. @returns whether nothing was */
type Attempt = (what: string, part: () => string | undefined) => boolean;

interface UnitParts {
  store: ProfileStore;
  card: Card;
  machine: Machine;
  clock: Clock;
  attempt: Attempt;
}

/**
 * What the owner asks for comes first, then what NetworkManager has (changed on the page), then what the unit made, then
 * what the card has told people: a phone that knows the unit gets in though all of its data is lost.
 */
function keepUnit(
  system: string,
  settings: Settings,
  { store, card, machine, clock, attempt }: UnitParts,
): { unit: Unit; isKept: boolean } {
  const path = join(system, 'unit.json');
  let known: Unit | undefined;
  attempt('unit.json', () => {
    known = unitIn(path);
    return undefined;
  });
  attempt('the hotspot', () => {
    const told = known ? undefined : toldIn(decoded(card.read('nightjar.txt') ?? new Uint8Array()));
    known = { ...(known ?? makeUnit(clock)), ...told, ...store.hotspot() };
    return undefined;
  });
  const unit = asAsked(known ?? makeUnit(clock), settings);
  const isUp = attempt('the hotspot', () => {
    const there = store.hotspot();
    if (there?.ssid !== unit.ssid || there.password !== unit.password) {
      const driver = machine.driver('wlan0');
      const sae = driver !== undefined && radioOffersSae(machine.run('iw', 'phy') ?? '', driver);
      store.putHotspot(unit, sae);
    }
    store.putUsb();
    return undefined;
  });
  const isWritten = attempt('unit.json', () => {
    writeWhole(path, unitText(unit), { mode: 0o640, group: machine.group('nightjar') });
    return undefined;
  });
  return { unit, isKept: isUp && isWritten };
}

/** chrony.conf(5) `sourcedir`; gpsd's environment. @param said the owner's file is there, and what it leaves out is off */
function keepTimeSources(system: string, { time }: Settings, said: boolean): void {
  const servers = time?.servers?.map((server) => `server ${server} iburst\n`).join('');
  keepOrRemove(join(system, 'time', 'nightjar.sources'), servers, said);
  keepOrRemove(join(system, 'gpsd.env'), time?.gps && `GPS_DEVICES="${time.gps}"\n`, said);
}

function keepOrRemove(path: string, text: string | undefined, said: boolean): void {
  if (text) writeWhole(path, text, { mode: 0o644 });
  else if (said) removeWhole(path);
}

/** What `nightjar.service` is started with, besides what the image says. */
function writeEnvironment({ run, bench }: SetupPlaces, { rig }: Settings): void {
  const file = rig === 'demo' ? bench.demo : existsSync(bench.own) && bench.own;
  writeWhole(join(run, 'environment'), file ? `NIGHTJAR_BENCH=${file}\n` : '', { mode: 0o644 });
}
