import { cell, type OwnedCell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import type { Camera, CameraState } from '../device/camera.ts';
import type { Capabilities, CapabilityName } from '../device/capabilities.ts';
import type { Device } from '../device/device.ts';
import { defineDriver, serial } from '../device/driver.ts';
import type { Focuser } from '../device/focuser.ts';
import type { GuidePort } from '../device/guide-port.ts';
import { DeviceHost } from '../device/host.ts';
import { trustGuard } from '../device/limits.ts';
import type { Mount, MountMotion, PierSide } from '../device/mount.ts';
import { createObservatory } from '../device/observatory.ts';
import { createRig } from '../device/rig.ts';
import { choice, number, text, toggle } from '../device/settings.ts';
import { type Lab, type Shot, Shutter } from '../device/shutter.ts';
import type { FilterWheel } from '../device/wheel.ts';
import { allocateFrame } from '../imaging/frame.ts';
import type { Direction } from '../sky/direction.ts';
import { memoryWire } from '../wire/memory.ts';

/** Small honest pretenders for the tests of the INDI face: what they say is what they do, at once or in a second. */

export function pretendFocuser(start = 5000) {
  const position = cell(start);
  const moving = cell(false);
  const temperature = cell<number | undefined>(12.5);
  const focuser: Focuser = {
    position,
    moving,
    temperature,
    maxStep: 10_000,
    async moveTo(steps, run) {
      moving.set(true);
      try {
        await run.sleep(300);
        position.set(Math.round((position.value + steps) / 2));
        await run.sleep(300);
        position.set(steps);
      } finally {
        moving.set(false);
      }
    },
    async sync(steps) {
      position.set(steps);
    },
    async halt() {
      moving.set(false);
    },
  };
  return { focuser, position, moving, temperature };
}

export function pretendWheel(slots = 5) {
  const slot = cell<number | undefined>(1);
  const wheel: FilterWheel = {
    slot,
    slots,
    async select(wanted, run) {
      slot.set(undefined);
      await run.sleep(400);
      slot.set(wanted);
    },
  };
  return { wheel, slot };
}

export function pretendMount() {
  const position = cell<Direction>({ ra: 30, dec: 40 });
  const pierSide = cell<PierSide>('west');
  const motion = cell<MountMotion>('tracking');
  const trackingRate = cell<'sidereal' | 'solar' | 'lunar'>('sidereal');
  const moves: string[] = [];
  const mount: Mount = {
    position,
    pierSide,
    motion,
    rates: ['16x', '64x', 'max'],
    trackingRate,
    async slewTo(target, run) {
      if (motion.value === 'parked') throw new Fault('refused', 'the mount is parked');
      motion.set('slewing');
      try {
        await run.sleep(500);
        position.set({ ra: target.ra, dec: target.dec });
      } finally {
        motion.set('tracking');
      }
    },
    async sync(target) {
      position.set({ ra: target.ra, dec: target.dec });
    },
    async setTracking(on) {
      motion.set(on ? 'tracking' : 'stopped');
    },
    async setTrackingRate(rate) {
      trackingRate.set(rate);
    },
    async park(run) {
      motion.set('parking');
      await run.sleep(500);
      motion.set('parked');
    },
    async unpark() {
      motion.set('stopped');
    },
    async move(direction, rate, run) {
      moves.push(`${direction} ${rate}`);
      try {
        await run.sleep(3_600_000);
      } finally {
        moves.push(`${direction} stopped`);
      }
    },
    async halt() {
      moves.push('halt');
    },
  };
  return { mount, position, pierSide, motion, moves };
}

export function pretendGuide() {
  const pulses: string[] = [];
  const failing = cell(false);
  const rate = cell({ ra: 0.5, dec: 0.5 });
  const guide: GuidePort = {
    rate,
    async setRate(wanted) {
      rate.set(wanted);
    },
    async pulse(direction, milliseconds, run) {
      if (failing.value) throw new Fault('silent', 'the mount did not answer');
      await run.sleep(milliseconds);
      pulses.push(`${direction} ${milliseconds}`);
    },
  };
  return { guide, pulses, failing };
}

export function pretendCamera(width = 64, height = 48) {
  const state = cell<CameraState>('idle');
  const temperature = cell<number | undefined>(20);
  const setpoint = cell<number | undefined>(undefined);
  const on = cell(false);
  const gain = cell(100);
  const failing: OwnedCell<boolean> = cell(false);
  const camera: Camera = {
    sensor: {
      name: 'Pretender',
      width,
      height,
      pixelMicrons: { x: 3.76, y: 3.76 },
      bitsPerPixel: 16,
      bayer: 'RGGB',
      maxAdu: 65_535,
    },
    binnings: [1, 2],
    exposureSeconds: { min: 0.001, max: 3600 },
    state,
    temperature,
    gain: {
      value: gain,
      min: 0,
      max: 570,
      async set(value) {
        gain.set(value);
      },
    },
    cooler: {
      setpoint,
      on,
      power: cell<number | undefined>(0),
      async regulate(celsius) {
        setpoint.set(celsius);
        on.set(celsius !== undefined);
      },
    },
    async expose({ seconds, region, binning = 1 }, run) {
      if (failing.value) throw new Fault('silent', 'the camera did not answer');
      state.set('exposing');
      try {
        await run.sleep(seconds * 1000);
        state.set('reading');
        const size = region ?? { width, height };
        const shape = { width: size.width / binning, height: size.height / binning, format: 'u16' } as const;
        const frame = allocateFrame(shape);
        new Uint8Array(frame.buffer).fill(0x5a);
        return frame;
      } finally {
        state.set('idle');
      }
    },
  };
  return { camera, state, temperature, setpoint, on, failing };
}

export interface TestRig {
  host: DeviceHost;
  rig: ReturnType<typeof createRig>;
  shutter: Shutter;
  /** Frames that nobody holds any more. */
  /** Bytes of each frame that nobody holds any more; not the frames, which would live on here. */
  released: number[];
  stored: Shot[];
  add(id: string, label: string, capabilities: Capabilities): { device: Device; unplug(): void };
}

/** A host whose devices are whatever capabilities they are given. */
export function createTestRig(clock: Clock): TestRig {
  const observatory = createObservatory({ latitude: 50, longitude: -10, elevationMetres: 100 });
  observatory.offerTime('ntp');
  const darkroom = { develop: () => Promise.reject(new Error('not used')), retain() {}, release() {} };
  const host = new DeviceHost({ clock, observatory, darkroom, log: silentLog }, trustGuard(observatory));
  const rig = createRig(host, { filters: ['L', 'R', 'G', 'B', 'Ha'] });
  const released: number[] = [];
  const stored: Shot[] = [];
  const lab: Lab = {
    seal: (frame) => new Uint8Array(frame.buffer),
    async store(shot) {
      stored.push(shot);
      return `frames/${shot.facts.id}.fits`;
    },
    release: (frame) => void released.push(frame.buffer.byteLength),
  };
  const shutter = new Shutter(rig, lab, silentLog);
  return {
    host,
    rig,
    shutter,
    released,
    stored,
    add(id, label, capabilities) {
      let alive: { close(): Promise<void> } | undefined;
      const port = {
        kind: 'stream' as const,
        name: `memory:${id}`,
        async open() {
          const wire = memoryWire(clock);
          alive = wire.device;
          return wire.host;
        },
      };
      const device = host.add({ id, label, port, driver: pretender(capabilities) });
      return { device, unplug: () => void alive?.close() };
    },
  };
}

const pretender = (capabilities: Capabilities) =>
  defineDriver({
    id: 'pretender',
    label: 'Pretender',
    transport: serial(),
    pollMs: 60_000,
    provides: Object.keys(capabilities) as CapabilityName[],
    settings: {
      stepMode: choice('Step mode', ['half', 'full'], 'full'),
      backlash: number('Backlash', 0, { min: 0, max: 500 }),
      reverse: toggle('Reverse', false),
      nickname: text('Nickname', 'old'),
    },
    open: async () => ({ ...capabilities }),
  });
