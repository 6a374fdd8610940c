import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readOptions } from '../src/cli/options.ts';
import { systemClock } from '../src/core/clock.ts';
import { BadInput } from '../src/core/errors.ts';
import { darkestSite } from './bench.ts';
import { emulatorOf, emulators } from './emulators/index.ts';
import { servePty } from './emulators/pty.ts';
import { type Served, serveHttp, serveTcp } from './emulators/serve.ts';
import { createWorld, type WorldState } from './sky/world.ts';

const usage = 'usage: nightjar emulate FAMILY (--pty PATH | --tcp PORT | --http PORT) [--state FILE]';

/**
 * `nightjar emulate`: one of our emulators for any other program. Prints one JSON line per change of the device's
 * true state, until stopped; with `--state` the world is kept in a file from one time to the next.
 */
export async function emulate(args: string[]): Promise<Served> {
  const { values, positionals } = readOptions(args, {
    pty: { type: 'string' },
    tcp: { type: 'string' },
    http: { type: 'string' },
    state: { type: 'string' },
  });
  const family = emulatorOf(positionals[0] ?? '');
  const known = emulators.map((emulator) => emulator.family).join(' ');
  if (!family) throw new BadInput(`${usage}\nfamilies: ${known}`);
  const clock = systemClock;
  const world = createWorld({ clock, site: darkestSite(clock.now()) });
  const { state } = values;
  if (state) restore(state, (saved) => world.restore(saved as WorldState));
  const context = { clock, world, options: {} };
  let served: Served | { close(): Promise<void> };
  let truth: { readonly value: unknown; watch(listener: (value: unknown) => void): unknown };
  if (family.kind === 'http') {
    const emulator = family.create(context);
    if (values.http === undefined) throw new BadInput(`${family.family} speaks HTTP: use --http PORT`);
    truth = emulator.truth;
    served = await serveHttp(emulator, Number(values.http));
  } else if (family.kind !== 'stream') {
    const words = 'it sits on a bus of the board, and no program can put it there: emulate it in a bench';
    throw new BadInput(`${family.family} speaks no bytes on a line: ${words}`);
  } else {
    const emulator = family.create(context);
    truth = emulator.truth;
    if (values.pty !== undefined) served = await servePty(emulator, values.pty);
    else if (values.tcp !== undefined) served = await serveTcp(emulator, Number(values.tcp));
    else throw new BadInput(`${family.family} speaks bytes: use --pty PATH or --tcp PORT`);
  }
  const print = (value: unknown) => {
    console.log(JSON.stringify(value));
    if (state) save(state, world.save());
  };
  truth.watch(print);
  // Its first word says that it can be used, and stopped: whoever waits for it may do either at once.
  systemClock.turn().then(() => print(truth.value));
  return { port: 'port' in served ? served.port : 0, close: () => served.close() };
}

function restore(file: string, into: (saved: unknown) => void): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new BadInput(`${file}: ${(error as Error).message}`);
  }
  try {
    into(JSON.parse(text));
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`);
  }
}

function save(file: string, state: unknown): void {
  writeFileSync(`${file}.tmp`, JSON.stringify(state));
  renameSync(`${file}.tmp`, file);
}
