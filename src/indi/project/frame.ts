import type { Camera, FrameType, Region } from '../../device/camera.ts';
import { chosen, number, type Panel } from '../panel.ts';
import type { Chip } from './chip.ts';

const rw = { perm: 'rw' } as const;

/** What the next exposure will be like. */
export interface Choices {
  readonly region: Region;
  readonly binning: number;
  readonly type: FrameType;
}

/**
 * CCD_FRAME (unbinned pixels), CCD_FRAME_RESET, CCD_BINNING, CCD_FRAME_TYPE: choices that wait for an exposure. A guide
 * head has them as GUIDER_…, without the reset.
 */
export function projectFrame(panel: Panel, { sensor, binnings }: Camera, { prefix, groups }: Chip): Choices {
  const { width, height } = sensor;
  const whole = { X: 0, Y: 0, WIDTH: width, HEIGHT: height };
  const frame = panel.numbers(
    `${prefix}_FRAME`,
    'Frame',
    groups.settings,
    {
      X: number('Left', '%.f', 0, width - 1),
      Y: number('Top', '%.f', 0, height - 1),
      WIDTH: number('Width', '%.f', 1, width),
      HEIGHT: number('Height', '%.f', 1, height),
    },
    whole,
    { ...rw, kept: true },
  );
  frame.onWrite((values) => {
    const [X, Y, WIDTH, HEIGHT] = [values.X, values.Y, values.WIDTH, values.HEIGHT].map(Math.round) as [
      number,
      number,
      number,
      number,
    ];
    if (X + WIDTH > width || Y + HEIGHT > height) {
      throw new Error(`${WIDTH}×${HEIGHT} at ${X}, ${Y} is not within the sensor's ${width}×${height}`);
    }
    frame.show({ X, Y, WIDTH, HEIGHT }, 'Ok');
  });

  if (prefix === 'CCD') {
    const options = { perm: 'wo', rule: 'AtMostOne' } as const;
    const words = { RESET: 'Reset' };
    const reset = panel.switches('CCD_FRAME_RESET', 'Frame', groups.settings, words, undefined, options);
    reset.onWrite(() => {
      frame.settle(whole, 'Ok');
      reset.show({ RESET: false }, 'Ok');
    });
  }

  const most = binnings.at(-1) ?? 1;
  const bin = (label: string) => number(label, '%.f', 1, most, 1);
  const binning = panel.numbers(
    `${prefix}_BINNING`,
    'Binning',
    groups.settings,
    { HOR_BIN: bin('X'), VER_BIN: bin('Y') },
    { HOR_BIN: 1, VER_BIN: 1 },
    most > 1 ? { ...rw, kept: true } : {},
  );
  binning.onWrite(({ HOR_BIN, VER_BIN }) => {
    if (HOR_BIN !== VER_BIN) throw new Error('the camera bins both axes alike');
    if (!binnings.includes(HOR_BIN)) throw new Error(`binning ${HOR_BIN}: it has ${binnings.join(', ')}`);
    binning.show({ HOR_BIN, VER_BIN }, 'Ok');
  });

  const types: Record<string, FrameType> = {
    FRAME_LIGHT: 'light',
    FRAME_BIAS: 'bias',
    FRAME_DARK: 'dark',
    FRAME_FLAT: 'flat',
  };
  const labels = { FRAME_LIGHT: 'Light', FRAME_BIAS: 'Bias', FRAME_DARK: 'Dark', FRAME_FLAT: 'Flat' };
  const type = panel.switches(`${prefix}_FRAME_TYPE`, 'Frame Type', groups.main, labels, 'FRAME_LIGHT', {
    ...rw,
    kept: true,
  });
  type.onWrite((values) => type.show(values, 'Ok'));

  return {
    get region() {
      const { X: x, Y: y, WIDTH: w, HEIGHT: h } = frame.values;
      return { x, y, width: w, height: h };
    },
    get binning() {
      return binning.values.HOR_BIN;
    },
    get type() {
      return types[chosen(type.values) ?? ''] ?? 'light';
    },
  };
}
