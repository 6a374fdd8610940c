import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { StreamEmulator } from '../emulators/emulator.ts';
import { emulatorOf } from '../emulators/index.ts';
import { servePty } from '../emulators/pty.ts';
import { serveTcp } from '../emulators/serve.ts';
import { createWorld, type World } from '../sky/world.ts';
import { type IndiDriver, launch } from './judges-driver.ts';
import { moveMount } from './judges-mount.ts';
import { moveFocuser, turnWheel } from './judges-moves.ts';
import { buildPreload } from './judges-preload.ts';
import type { Case, Suite } from './suite.ts';
import { present } from './tools.ts';

/** What a judge is given: the field's driver, connected to our emulator, and what is true behind it. */
export interface Court {
  driver: IndiDriver;
  truth: StreamEmulator['truth'];
  world: World;
}

interface Judge {
  family: string;
  executable: string;
  options?: Readonly<Record<string, unknown>>;
  /** Only in the full form: a dialect of one that is heard anyway. */
  full?: true;
  judge(court: Court): Promise<void>;
}

/** A goto takes a tenth of what it would take at the telescope. */
const hasty = { slewRate: 30 };

const judgements: readonly Judge[] = [
  {
    family: 'onstep',
    executable: 'indi_lx200_OnStep',
    options: hasty,
    judge: moveMount({ parks: true, tellsPierSide: true }),
  },
  {
    family: 'lx200autostar',
    executable: 'indi_lx200autostar',
    full: true,
    options: hasty,
    judge: moveMount({}),
  },
  { family: 'lx200', executable: 'indi_lx200classic', full: true, options: hasty, judge: moveMount({}) },
  { family: 'moonlite', executable: 'indi_moonlite_focus', judge: moveFocuser },
  { family: 'xagyl', executable: 'indi_xagyl_wheel', judge: turnWheel },
];

const wires = ['tcp', 'pty'] as const;

/**
 * INDI's own drivers, as packaged, connect to our emulators and move them. TCP first: it shows framing errors that a
 * pty hides.
 */
export const judges: Suite = {
  name: 'judges',
  cases: (form) =>
    wires.flatMap((wire) =>
      judgements
        .filter(({ full }) => form === 'full' || !full)
        .map(
          (judge): Case => ({
            name: `${judge.executable} moves our ${judge.family} over ${wire}`,
            run: () => hear(judge, wire),
          }),
        ),
    ),
};

async function hear(judge: Judge, wire: (typeof wires)[number]): Promise<string | undefined> {
  const needed = [judge.executable, 'setpriv', ...(wire === 'pty' ? ['socat', 'cc'] : [])];
  const missing = needed.find((program) => !present(program));
  if (missing) return `${missing} is not installed`;
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-court-'));
  const world = createWorld({ clock: systemClock });
  const family = emulatorOf(judge.family);
  assert.ok(family?.kind === 'stream', `there is no emulator ${judge.family}`);
  const emulator = family.create({ clock: systemClock, world, options: judge.options ?? {} });
  const path = join(folder, 'port');
  const preload = wire === 'pty' ? await buildPreload(folder) : undefined;
  const { served, at } = wire === 'tcp' ? await overTcp(emulator) : await overPty(emulator, path);
  try {
    const driver = await launch(judge.executable, systemClock, preload);
    try {
      await driver.connect(at);
      await judge.judge({ driver, truth: emulator.truth, world });
    } finally {
      await driver.close();
    }
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
  return undefined;
}

async function overTcp(emulator: StreamEmulator) {
  const served = await serveTcp(emulator, 0);
  return { served, at: { port: served.port } };
}

async function overPty(emulator: StreamEmulator, path: string) {
  return { served: await servePty(emulator, path), at: { path } };
}
