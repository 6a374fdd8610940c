import { cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import type { Run } from '../core/run.ts';
import type { CameraState } from '../device/camera.ts';
import type { DeviceEntry } from '../device/device.ts';
import { type AnyDriver, defineDriver, serial } from '../device/driver.ts';
import { DeviceHost } from '../device/host.ts';
import { type Guard, trustGuard } from '../device/limits.ts';
import type { Compass, MountMotion, PierSide } from '../device/mount.ts';
import { noDarkroom } from '../device/no-darkroom.ts';
import { createObservatory } from '../device/observatory.ts';
import { createRig } from '../device/rig.ts';
import { toggle } from '../device/settings.ts';
import { type Shot, Shutter } from '../device/shutter.ts';
import { allocateFrame, type Frame, pixelsOf } from '../imaging/frame.ts';
import type { Direction } from '../sky/direction.ts';
import type { ExposureRow } from '../storage/rows.ts';
import { rowOf } from '../storage/rows.ts';
import { littleExaminer, littleSolver } from './little-examiner.ts';
import { littleStacker } from './little-stacker.ts';

/** A rig of four devices that do what they are told and nothing more: what the tests of the web face hold. */
export function littleRig(clock: Clock, guard?: Guard) {
  const log = createLog('silent');
  const observatory = createObservatory({ latitude: 48.2, longitude: 16.4, elevationMetres: 200 });
  const host = new DeviceHost(
    { clock, observatory, darkroom: noDarkroom, log },
    guard ?? trustGuard(observatory),
  );
  const world = { moves: [] as string[], halts: 0, stoppedAtMs: 0 };
  const drivers = {
    camera: camera(clock),
    'camera/focus': focuser(),
    mount: mount(clock, world),
    wheel: wheel(),
  };
  const labels = { camera: 'Camera', 'camera/focus': 'Focuser', mount: 'Mount', wheel: 'Filter wheel' };
  for (const [id, driver] of Object.entries(drivers)) {
    host.add({ id, label: labels[id as keyof typeof labels], driver, port: socketOf(id) });
  }
  host.assign('camera', 'camera');
  const rig = createRig(host, { filters: ['L', 'R', 'G', 'B', 'Hα'] });
  const rows: ExposureRow[] = [];
  const files = new Map<string, Shot>();
  const shutter = new Shutter(
    rig,
    {
      seal: (frame) => new Uint8Array(frame.buffer),
      async store(shot) {
        const { facts } = shot;
        files.set(facts.id, shot);
        const file = `frames/2026-11-22/${facts.id}.fits`;
        const written = { file, checksum: facts.id.replaceAll('-', ''), bytes: 1, createdUtc: clock.now() };
        const row = rowOf(facts, '2026-11-22', written);
        rows.unshift(row);
        examiner.look();
        stacker.offer(row);
        return file;
      },
      release: () => {},
    },
    log,
  );
  const plans = new Map<string, unknown>();
  const ledger = {
    get: async (id: string) => rows.find((row) => row.id === id),
    async page({ before, limit }: { before?: string; limit: number }) {
      const first = before === undefined ? 0 : rows.findIndex((row) => row.id === before) + 1;
      return rows.slice(first, first + limit);
    },
    pathOf: (row: ExposureRow) => `/nowhere/${row.file}`,
    unseen: async () => rows.filter((row) => row.type === 'light' && !row.analysis),
    async analyse(id: string, version: number, result: unknown) {
      rows.find((row) => row.id === id)!.analysis = { version, result };
    },
    async solve(id: string, solution: unknown) {
      rows.find((row) => row.id === id)!.solution = solution;
    },
    plans: {
      get: async (key: string) => plans.get(key),
      set: async (key: string, value: unknown) =>
        void (value === undefined ? plans.delete(key) : plans.set(key, value)),
      all: async () => [...plans.entries()],
    },
  };
  const examiner = littleExaminer({ ledger, clock, log });
  const solver = littleSolver;
  const stacker = littleStacker(files, log);
  const parts = { host, rig, shutter, ledger, examiner, solver, stacker, log, clock };
  return { ...parts, observatory, world, rows, files };
}

/** Somewhere to be plugged in; these devices say nothing over it. */
export function socketOf(name: string): DeviceEntry['port'] {
  return {
    kind: 'stream',
    name: `memory:${name}`,
    async open() {
      const alive = cell(true);
      return { kind: 'stream', alive, write: async () => {}, read() {}, close: async () => alive.set(false) };
    },
  };
}

const WIDTH = 720;
const HEIGHT = 480;

function camera(clock: Clock): AnyDriver {
  return defineDriver({
    id: 'little-camera',
    label: 'Little camera',
    transport: serial(),
    pollMs: 1000,
    provides: [],
    settings: { fan: toggle('Fan', true) },
    async open() {
      const state = cell<CameraState>('idle');
      const gain = cell(100);
      return {
        identity: 'little-1',
        camera: {
          sensor: {
            name: 'IMX000',
            width: WIDTH,
            height: HEIGHT,
            pixelMicrons: { x: 3.76, y: 3.76 },
            bitsPerPixel: 16,
            maxAdu: 65_535,
          },
          binnings: [1, 2],
          exposureSeconds: { min: 0.001, max: 3600 },
          state,
          gain: { value: gain, min: 0, max: 400, set: async (value: number) => gain.set(value) },
          temperature: cell<number | undefined>(-9.8),
          async expose({ seconds }, run: Run) {
            state.set('exposing');
            try {
              await run.sleep(seconds * 1000);
              state.set('reading');
              await clock.turn();
              return starField();
            } finally {
              state.set('idle');
            }
          },
        },
      };
    },
  });
}

/** Some round stars over a tilted background, the same every time. */
function starField(): Frame {
  const frame = allocateFrame({ width: WIDTH, height: HEIGHT, format: 'u16' });
  const adu = new Float32Array(WIDTH * HEIGHT).map(
    (_, index) => 900 + (index % WIDTH) * 0.2 + ((index * 7919) % 61),
  );
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  for (let star = 0; star < 260; star++) {
    const [x, y, flux] = [random() * WIDTH, random() * HEIGHT, 300 * 80 ** (random() ** 3)];
    for (let dy = -8; dy <= 8; dy++) {
      for (let dx = -8; dx <= 8; dx++) {
        const [px, py] = [Math.round(x) + dx, Math.round(y) + dy];
        if (px < 0 || py < 0 || px >= WIDTH || py >= HEIGHT) continue;
        const index = py * WIDTH + px;
        adu[index] = (adu[index] ?? 0) + flux * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / 4);
      }
    }
  }
  const view = new DataView(frame.buffer, pixelsOf(frame).byteOffset);
  for (const [index, value] of adu.entries()) view.setInt16(index * 2, Math.min(65_535, value) - 32_768);
  return frame;
}

function focuser(): AnyDriver {
  return defineDriver({
    id: 'little-focuser',
    label: 'Little focuser',
    transport: serial(),
    pollMs: 1000,
    provides: [],
    settings: {},
    async open() {
      const position = cell(25_000);
      const moving = cell(false);
      return {
        focuser: {
          position,
          moving,
          maxStep: 50_000,
          temperature: cell<number | undefined>(4.2),
          async moveTo(steps: number, run: Run) {
            moving.set(true);
            try {
              while (position.value !== steps) {
                await run.sleep(20);
                const left = steps - position.value;
                position.set(position.value + Math.sign(left) * Math.min(100, Math.abs(left)));
              }
            } finally {
              moving.set(false);
            }
          },
          halt: async () => {},
        },
      };
    },
  });
}

function mount(clock: Clock, world: { moves: string[]; halts: number; stoppedAtMs: number }): AnyDriver {
  return defineDriver({
    id: 'little-mount',
    label: 'Little mount',
    transport: serial(),
    pollMs: 1000,
    provides: [],
    settings: {},
    async open() {
      const position = cell<Direction>({ ra: 10.684, dec: 41.269 });
      const motion = cell<MountMotion>('tracking');
      const during = async (state: MountMotion, after: MountMotion, work: () => Promise<void>) => {
        motion.set(state);
        try {
          await work();
        } finally {
          motion.set(after);
        }
      };
      return {
        mount: {
          position,
          motion,
          pierSide: cell<PierSide>('west'),
          rates: ['1×', '8×', '64×', '600×'],
          slewTo: (target: Direction, run: Run) =>
            during('slewing', 'tracking', async () => {
              await run.sleep(400);
              position.set(target);
            }),
          sync: async (target: Direction) => position.set(target),
          setTracking: async (on: boolean) => motion.set(on ? 'tracking' : 'stopped'),
          park: (run: Run) => during('parking', 'parked', () => run.sleep(300)),
          unpark: async () => motion.set('stopped'),
          move: (direction: Compass, rate: number, run: Run) =>
            during('moving', 'tracking', async () => {
              world.moves.push(`${direction} ${rate}`);
              try {
                await run.sleep(3_600_000);
              } finally {
                world.stoppedAtMs = clock.monotonic();
              }
            }),
          halt: async () => void world.halts++,
        },
      };
    },
  });
}

function wheel(): AnyDriver {
  return defineDriver({
    id: 'little-wheel',
    label: 'Little wheel',
    transport: serial(),
    pollMs: 1000,
    provides: [],
    settings: {},
    async open() {
      const slot = cell<number | undefined>(1);
      return {
        wheel: {
          slot,
          slots: 5,
          async select(wanted: number, run: Run) {
            slot.set(undefined);
            await run.sleep(200);
            slot.set(wanted);
          },
        },
      };
    },
  });
}
