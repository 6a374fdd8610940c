import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Site } from '../../src/sky/site.ts';

/** What Ekos calls the equipment that this suite connects to. */
export const PROFILE = 'Nightjar';
const PROFILE_ID = 2;

/** Its names are how Ekos finds the devices: they are the INDI names. */
export const RIG = {
  mount: 'Demo Mount',
  camera: 'Demo Camera',
  guideCamera: 'Demo Guide Camera',
  focuser: 'Demo Focuser',
  wheel: 'Demo Wheel',
} as const;

/** As the demo bench has them, in mm. */
export const TELESCOPES = {
  main: { model: 'Refractor', apertureMm: 106, focalLengthMm: 530 },
  guide: { model: 'Guidescope', apertureMm: 50, focalLengthMm: 200 },
} as const;

/**
 * Settings that keep KStars from asking a user who is not there: no wizard, no tip, no wallet; and the site, without
 * which it would ask whether a target below the horizon of Greenwich is meant.
 */
export function writeSettings(home: string, site: Site): void {
  const config = join(home, '.config');
  mkdirSync(config, { recursive: true });
  const groups = {
    GUI: { RunStartupWizard: false },
    TipOfDay: { RunOnStart: false },
    Location: {
      ...{ CityName: 'Bench', ProvinceName: '', CountryName: 'Nowhere', TimeZone: 0, DST: '--' },
      ...{ Latitude: site.latitude, Longitude: site.longitude, Elevation: site.elevationMetres },
    },
    // A new user of 3.6 gets 133 for these, a gain from before they were fractions: it swings for ever.
    Guide: { RAProportionalGain: 0.6, DECProportionalGain: 0.6 },
  };
  const lines = Object.entries(groups).flatMap(([group, entries]) => [
    `[${group}]`,
    ...Object.entries(entries).map(([key, value]) => `${key}=${value}`),
  ]);
  writeFileSync(join(config, 'kstarsrc'), `${lines.join('\n')}\n`);
  writeFileSync(join(config, 'kwalletrc'), '[Wallet]\nEnabled=false\nFirst Use=false\n');
}

/**
 * The remote profile, in the database that KStars made at its first start. `profilesettings` names the optical train
 * of each module: without it KStars 3.6 falls over when it captures.
 */
export function writeProfile(home: string, port: number): void {
  const database = new DatabaseSync(join(home, '.local/share/kstars/userdb.sqlite'));
  const insert = (table: string, row: Readonly<Record<string, string | number>>) => {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    database.prepare(sql).run(...Object.values(row));
  };
  try {
    insert('profile', {
      ...{ id: PROFILE_ID, name: PROFILE, host: '127.0.0.1', port, autoconnect: 1 },
      ...{ guidertype: 0, indihub: 0, portselector: 0 },
    });
    const roles = { Mount: RIG.mount, CCD: RIG.camera, Guider: RIG.guideCamera, Focuser: RIG.focuser };
    for (const [role, label] of Object.entries({ ...roles, Filter: RIG.wheel })) {
      insert('driver', { label, role, profile: PROFILE_ID });
    }
    for (const { model, apertureMm, focalLengthMm } of Object.values(TELESCOPES)) {
      insert('telescope', {
        ...{ Vendor: PROFILE, Model: model, Type: 'Refractor' },
        ...{ Aperture: apertureMm, FocalLength: focalLengthMm },
      });
    }
    const train = { profile: PROFILE_ID, mount: RIG.mount, guider: RIG.mount, dustcap: '--', lightbox: '--' };
    const main = { scope: scopeName(TELESCOPES.main), focuser: RIG.focuser, filterwheel: RIG.wheel };
    const guide = { scope: scopeName(TELESCOPES.guide), focuser: '--', filterwheel: '--' };
    insert('opticaltrains', { ...train, ...main, id: 1, name: 'Main', rotator: '--', camera: RIG.camera });
    insert('opticaltrains', {
      ...train,
      ...guide,
      id: 2,
      name: 'Guide',
      rotator: '--',
      camera: RIG.guideCamera,
    });
    // Modules 0–6: all, capture, focus, mount, guide, align, dark library.
    const trains = { 0: 1, 1: 1, 2: 1, 3: 1, 4: 2, 5: 1, 6: 1 };
    insert('profilesettings', { profile: PROFILE_ID, settings: JSON.stringify(trains) });
  } finally {
    database.close();
  }
}

/** As KStars composes it from the row of the telescope. */
const scopeName = ({ model, focalLengthMm, apertureMm }: (typeof TELESCOPES)['main' | 'guide']) =>
  `${PROFILE} ${model} ${focalLengthMm}@F/${(focalLengthMm / apertureMm).toFixed(1)}`;

export interface Sequence {
  seconds: number;
  count: number;
  filter: string;
  /** Where Ekos puts the files. */
  directory: string;
}

/** A sequence file of Ekos, whose frames go to the client and to the server's disk alike (UploadMode 2). */
export const sequenceQueue = ({ seconds, count, filter, directory }: Sequence): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<SequenceQueue version='2.4'>
<Job>
<Exposure>${seconds}</Exposure>
<Format>Mono</Format>
<Encoding>FITS</Encoding>
<Binning><X>1</X><Y>1</Y></Binning>
<Frame><X>0</X><Y>0</Y><W>1936</W><H>1216</H></Frame>
<Temperature force='false'>0</Temperature>
<Filter>${filter}</Filter>
<Type>Light</Type>
<Prefix><RawPrefix>ekos</RawPrefix><FilterEnabled>1</FilterEnabled><ExpEnabled>1</ExpEnabled><TimeStampEnabled>0</TimeStampEnabled></Prefix>
<Count>${count}</Count>
<Delay>0</Delay>
<FITSDirectory>${directory}</FITSDirectory>
<UploadMode>2</UploadMode>
<RemoteDirectory>/</RemoteDirectory>
<Calibration><FlatSource><Type>Manual</Type></FlatSource><FlatDuration><Type>Manual</Type></FlatDuration><PreMountPark>False</PreMountPark><PreDomePark>False</PreDomePark></Calibration>
</Job>
</SequenceQueue>
`;
