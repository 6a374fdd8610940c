import { cell, type OwnedCell } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { Camera, CameraState, StreamFrame } from '../../device/camera.ts';
import { allocateFrame } from '../../imaging/frame.ts';

export function pretendCamera(width = 64, height = 48) {
  const state = cell<CameraState>('idle');
  const temperature = cell<number | undefined>(20);
  const setpoint = cell<number | undefined>(undefined);
  const on = cell(false);
  const gain = cell(100);
  const failing: OwnedCell<boolean> = cell(false);
  const stream = { on: cell(false), latest: cell<StreamFrame | undefined>(undefined) };
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
    stream: {
      ...stream,
      framesPerSecond: cell<number | undefined>(20),
      async setOn(wanted) {
        stream.on.set(wanted);
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
  return { camera, stream, state, temperature, setpoint, on, failing };
}
