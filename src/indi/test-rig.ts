import type { Clock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { capabilityNames } from '../device/capabilities.ts';
import type { Device } from '../device/device.ts';
import { defineDriver, type Opened, serial } from '../device/driver.ts';
import { DeviceHost } from '../device/host.ts';
import { trustGuard } from '../device/limits.ts';
import { noDarkroom } from '../device/no-darkroom.ts';
import { createObservatory } from '../device/observatory.ts';
import { createRig } from '../device/rig.ts';
import { choice, number, text, toggle } from '../device/settings.ts';
import { type Lab, type Shot, Shutter } from '../device/shutter.ts';
import { memoryWire } from '../wire/memory.ts';

/** Small honest pretenders for the tests of the INDI face: what they say is what they do, at once or in a second. */
export { pretendCamera } from './pretend/camera.ts';
export { pretendDome } from './pretend/dome.ts';
export { pretendFocuser } from './pretend/focuser.ts';
export { pretendGuide, pretendMount } from './pretend/mount.ts';
export { pretendLines, pretendPower } from './pretend/power.ts';
export { pretendGps, pretendWeather } from './pretend/sky.ts';
export { pretendCover, pretendLight, pretendRotator, pretendWheel } from './pretend/small.ts';

export interface TestRig {
  host: DeviceHost;
  rig: ReturnType<typeof createRig>;
  shutter: Shutter;
  /** Bytes of each frame that nobody holds any more; not the frames, which would live on here. */
  released: number[];
  stored: Shot[];
  add(id: string, label: string, opened: Opened): { device: Device; unplug(): void };
}

/** A host whose devices are whatever capabilities they are given. */
export function createTestRig(clock: Clock): TestRig {
  const observatory = createObservatory({ latitude: 50, longitude: -10, elevationMetres: 100 });
  observatory.offerTime('ntp');
  const host = new DeviceHost(
    { clock, observatory, darkroom: noDarkroom, log: silentLog },
    trustGuard(observatory),
  );
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
    add(id, label, opened) {
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
      const device = host.add({ id, label, port, driver: pretender(opened) });
      return { device, unplug: () => void alive?.close() };
    },
  };
}

const pretender = (opened: Opened) =>
  defineDriver({
    id: 'pretender',
    label: 'Pretender',
    transport: serial(),
    pollMs: 60_000,
    provides: capabilityNames.filter((name) => opened[name]),
    settings: {
      stepMode: choice('Step mode', ['half', 'full'], 'full'),
      backlash: number('Backlash', 0, { min: 0, max: 500 }),
      reverse: toggle('Reverse', false),
      nickname: text('Nickname', 'old'),
    },
    open: async () => ({ ...opened }),
  });
