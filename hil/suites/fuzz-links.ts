import assert from 'node:assert/strict';
import { when } from '../../src/core/cell.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/lane.ts';
import { Run, Stopped } from '../../src/core/run.ts';
import type { AnyDriver } from '../../src/device/driver.ts';
import { expose } from '../../src/device/exposure.ts';
import { createRig } from '../../src/device/rig.ts';
import type { EmulatorFamily } from '../emulators/emulator.ts';
import { rigInMemory } from '../rig-in-memory.ts';
import { chance as chanceOf } from '../sky/random.ts';
import { below, type Chance, pick } from './fuzz-bytes.ts';
import { type Spoiler, spoiledFamily } from './fuzz-http.ts';
import { spoiling, spoilingBytes } from './fuzz-stream.ts';
import { grown, state, survive } from './fuzz-watch.ts';

const MINUTE_MS = 60_000;
/** No operation, whatever its device answers, is in progress longer than this. */
const OPERATION_MINUTES = 10;
/** From a clean line to a connected device: the longest back-off and a handshake. */
const RECOVERY_MINUTES = 2;
const ROUNDS_A_RIG = 20;
/** Frames are as small as a guide star's. */
const REGION = { width: 64, height: 48 };
const ALLOWED = { alive: 24, rss: 250 };

const someone: Actor = { name: 'fuzz', rank: 'person' };
type Rigged = ReturnType<typeof rigInMemory>;

/** A driver whose device answers nonsense, in every phase; whenever the line is clean again, so is the device. */
export async function fuzzLink(
  driver: AnyDriver,
  family: EmulatorFamily,
  count: number,
  seed: number,
): Promise<undefined> {
  const chance = chanceOf(seed);
  const spoiler: Spoiler = { chance, share: 0, tally: { strings: 0 } };
  const { tally } = spoiler;
  const outcomes: Record<string, number> = {};
  let minutes = 0;
  const growth = await survive(ALLOWED, async (mark) => {
    for (let rigs = 0; tally.strings < count; rigs++) {
      const rig = rigInMemory(driver, family.kind === 'http' ? spoiledFamily(family, spoiler) : family);
      const spoil = (share: number) => {
        spoiler.share = share;
        const { socket } = rig;
        if (socket.kind === 'stream') socket.mangle = share > 0 ? spoiling(chance, share, tally) : undefined;
        if (socket.kind === 'registers' || socket.kind === 'one-wire')
          socket.mangle = share > 0 ? spoilingBytes(chance, share, tally) : undefined;
      };
      await rig.clock.drive(session(rig, chance, spoil, () => tally.strings >= count, outcomes));
      minutes += rig.clock.monotonic() / MINUTE_MS;
      if (rigs >= 1) await mark();
    }
    await mark();
  });
  state({ strings: tally.strings, 'simulated hours': minutes / 60, ...outcomes, ...grown(growth) });
}

async function session(
  rig: Rigged,
  chance: Chance,
  spoil: (share: number) => void,
  enough: () => boolean,
  outcomes: Record<string, number>,
): Promise<void> {
  const { device, clock } = rig;
  // Half of the devices are met in their bad hour.
  spoil(chance() < 0.5 ? 0.5 : 0);
  await within(clock, OPERATION_MINUTES, settled(device.connect(true)), 'the first connect');
  for (let round = 0; round < ROUNDS_A_RIG && !enough(); round++) {
    spoil(0);
    const back = when(device.status, (status) => status.state === 'connected');
    await within(clock, RECOVERY_MINUTES, back, 'the way back').catch((error) => {
      throw new Error(`${JSON.stringify(device.status.value)} on a clean line`, { cause: error });
    });
    const makers = operationsOf(rig, chance);
    spoil(pick(chance, [0.05, 0.2, 0.5, 1]));
    if (chance() < 0.2) device.reopen('fuzz');
    for (let left = 1 + below(chance, 5); left > 0; left--) {
      const [name, start] = pick(chance, makers);
      const ending = await within(clock, OPERATION_MINUTES, endingOf(start), name);
      outcomes[ending] = (outcomes[ending] ?? 0) + 1;
      await clock.sleep(below(chance, 5000));
    }
    if (chance() < 0.3) await clock.sleep(below(chance, MINUTE_MS));
  }
  spoil(0);
  await within(clock, OPERATION_MINUTES, rig.host.close(), 'the end');
}

type Start = () => Run<unknown>;

/** What the device can do, with arguments by chance; what would last is stopped after a while. */
function operationsOf(rig: Rigged, chance: Chance): [string, Start][] {
  const { device, clock, host } = rig;
  const { focuser, wheel, mount, guide, camera } = device.capabilities.value;
  const operate = (capability: string, name: string, args: () => object): [string, Start] => [
    `${capability}.${name}`,
    () => {
      const run = device.operate(
        someone,
        capability as never,
        name as never,
        args() as never,
      ) as Run<unknown>;
      if (name === 'move' || chance() < 0.2) clock.after(below(chance, 5000), () => run.stop('user'));
      return run;
    },
  ];
  const none = () => ({});
  const place = () => ({ ra: 360 * chance(), dec: 180 * chance() - 90 });
  const direction = () => pick(chance, ['north', 'south', 'east', 'west']);
  const steps = () => ({ steps: below(chance, focuser?.maxStep ?? 1) });
  const corner = { x: below(chance, 100), y: below(chance, 100) };
  // What only measures is polled meanwhile.
  const wait = () => Run.start(clock, 'wait', (run) => run.sleep(below(chance, 30_000)));
  const order = { seconds: chance() * 3, type: 'light', region: { ...corner, ...REGION } } as const;
  const measures = device.capabilities.value.weather ?? device.capabilities.value.power;
  return [
    ...(measures ? [['wait', wait] as [string, Start]] : []),
    ...(focuser
      ? [
          operate('focuser', 'moveTo', steps),
          operate('focuser', 'sync', steps),
          operate('focuser', 'halt', none),
        ]
      : []),
    ...(wheel ? [operate('wheel', 'select', () => ({ slot: 1 + below(chance, wheel.slots) }))] : []),
    ...(mount
      ? [
          // No sync: on a place that a spoiled answer made up, it would bend the emulated mount for good.
          operate('mount', 'slewTo', place),
          operate('mount', 'track', () => ({ on: chance() < 0.7 })),
          operate('mount', 'trackAt', () => ({ rate: pick(chance, ['sidereal', 'solar', 'lunar']) })),
          operate('mount', 'park', none),
          operate('mount', 'unpark', none),
          operate('mount', 'move', () => ({
            direction: direction(),
            rate: below(chance, mount.rates.length),
          })),
          operate('mount', 'halt', none),
        ]
      : []),
    ...(guide
      ? [
          operate('guide', 'pulse', () => ({
            direction: direction(),
            milliseconds: 1 + below(chance, 3000),
          })),
        ]
      : []),
    ...(camera
      ? [
          ['camera exposure', () => expose(createRig(host), device, someone, order)] as [string, Start],
          ['camera exposure', () => expose(createRig(host), device, someone, order)] as [string, Start],
          operate('camera', 'abort', none),
          operate('camera', 'gain', () => ({ value: below(chance, 300) })),
          operate('camera', 'cool', () => ({ celsius: -below(chance, 30) })),
        ]
      : []),
  ];
}

/** `done`, `stopped` or the fault's kind. @throws AssertionError for any other ending */
async function endingOf(start: Start): Promise<string> {
  try {
    await start().outcome;
    return 'done';
  } catch (error) {
    if (error instanceof Stopped) return 'stopped';
    if (error instanceof Fault) return error.kind;
    throw new assert.AssertionError({
      message: `neither value nor Fault: ${String((error as Error).stack)}`,
    });
  }
}

const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

async function within<T>(clock: Clock, minutes: number, work: Promise<T>, what: string): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(minutes * MINUTE_MS, over.signal).then(() => {
    throw new Error(`${what} is not over after ${minutes} minutes`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
