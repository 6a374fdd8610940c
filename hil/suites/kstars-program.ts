import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import type { Site } from '../../src/sky/site.ts';
import { type Desk, openDesk, type Program } from './kstars-desk.ts';
import { PROFILE, writeProfile, writeSettings } from './kstars-home.ts';

/** KStars under a screen of its own, spoken to by D-Bus. Paths are relative to `/KStars/`: `Ekos/Mount`, `INDI`. */
export interface KStars {
  readonly home: string;
  /** A method with its answer, which is the first of what it returns. @param signature D-Bus types of the arguments */
  ask(path: string, method: string, signature?: string, ...args: (string | number)[]): Promise<unknown>;
  /** A method that answers nothing. */
  tell(path: string, method: string): Promise<void>;
  read(path: string, property: string): Promise<unknown>;
  /** Looks until it holds. @throws Error naming what was awaited, what was last seen, and its last words */
  until(what: string, seconds: number, look: () => Promise<Seen>): Promise<void>;
  /** What it has printed of itself and of INDI. */
  log(): string;
  /** Ends it and everything around it, and removes its home. */
  close(): Promise<void>;
}

export interface Seen {
  holds: boolean;
  seen: unknown;
}

const NAME = 'org.kde.kstars';
/** The entry of its menu that opens the window of Ekos. */
const EKOS_ACTION = [NAME, '/kstars/MainWindow_1/actions/ekos', 'org.qtproject.Qt.QAction'] as const;
const START_SECONDS = 30;
const MOST_TRIES = 3;
const LOOK_MS = 100;
const LAST_LINES = 25;
/** Lines of Qt and ALSA about themselves. */
const NOISE =
  /^(Skipped method|Unsupported return|Invalid return|ALSA |kf\.|libpng|.*Option ".*" not found!)/;

/** It ended when nobody had asked it to. */
class FellOver extends Error {}

/**
 * Starts it with a private home whose one profile is the INDI server at this port, its Ekos window open. About one in
 * forty starts of KStars 3.6 falls over (SIGSEGV) while it loads its catalogues, before it knows of any server: tried
 * again.
 */
export async function startKStars(port: number, site: Site, clock: Clock): Promise<KStars> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(port, site, clock);
    } catch (thrown) {
      if (tries === MOST_TRIES || !(thrown instanceof FellOver)) throw thrown;
      console.log(`     ${thrown.message.split('\n')[0]}: it is started again`);
    }
  }
}

async function start(port: number, site: Site, clock: Clock): Promise<KStars> {
  const home = mkdtempSync(join(tmpdir(), 'nightjar-kstars-'));
  let desk: Desk | undefined;
  let program: Program | undefined;
  async function close(): Promise<void> {
    await program?.end();
    await desk?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
  try {
    writeSettings(home, site);
    const opened = await openDesk(home, clock);
    desk = opened;
    // The first start makes the database, the second one finds the profile in it.
    program = opened.run('kstars');
    let kstars = speaker(home, opened, program, clock, close);
    await kstars.until('its first start', START_SECONDS, () => hasWindow(opened));
    await program.end();
    writeProfile(home, port);
    program = opened.run('kstars');
    kstars = speaker(home, opened, program, clock, close);
    await kstars.until('its start', START_SECONDS, () => hasWindow(opened));
    await opened.bus('--expect-reply=no', '--', 'call', ...EKOS_ACTION, 'trigger');
    await kstars.until('the window of Ekos', START_SECONDS, async () => {
      const profiles = await kstars.ask('Ekos', 'getProfiles').catch(String);
      return { holds: Array.isArray(profiles) && profiles.includes(PROFILE), seen: profiles };
    });
    return kstars;
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function hasWindow(desk: Desk): Promise<Seen> {
  const { stdout, stderr } = await desk.bus('--', 'get-property', ...EKOS_ACTION, 'enabled');
  return { holds: /true/.test(stdout), seen: stderr.trim() };
}

function speaker(home: string, desk: Desk, program: Program, clock: Clock, close: KStars['close']): KStars {
  const log = () =>
    program
      .output()
      .split('\n')
      .filter((line) => line !== '' && !NOISE.test(line))
      .join('\n');

  async function call(options: readonly string[], verb: string, path: string, rest: readonly string[]) {
    const on = [NAME, `/KStars/${path}`, `${NAME}.${path.replaceAll('/', '.')}`];
    const { code, stdout, stderr } = await desk.bus(...options, '--', verb, ...on, ...rest);
    if (code !== 0) throw new Error(`KStars ${path} ${rest[0]}: ${stderr.trim()}; ${lastWords()}`);
    return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as { data: unknown }).data;
  }
  const lastWords = () => `KStars said:\n${log().split('\n').slice(-LAST_LINES).join('\n')}`;

  return {
    ...{ home, log, close },
    async ask(path, method, signature, ...args) {
      const types = signature === undefined ? [] : [signature, ...args.map(String)];
      const answer = await call([], 'call', path, [method, ...types]);
      return Array.isArray(answer) ? answer[0] : answer;
    },
    async tell(path, method) {
      await call(['--expect-reply=no'], 'call', path, [method]);
    },
    read: (path, property) => call([], 'get-property', path, [property]),
    async until(what, seconds, look) {
      const deadline = clock.monotonic() + seconds * 1000;
      for (;;) {
        const { holds, seen } = await look();
        if (holds) return;
        const how = program.ending();
        if (how) throw new FellOver(`KStars ended by itself (${how}) before: ${what}\n${lastWords()}`);
        if (clock.monotonic() > deadline) {
          throw new Error(`not within ${seconds} s: ${what}; seen: ${JSON.stringify(seen)}; ${lastWords()}`);
        }
        await clock.sleep(LOOK_MS);
      }
    },
  };
}
