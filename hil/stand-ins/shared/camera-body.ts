import type { Declared } from '../../../src/indi/adopt/declared.ts';
import { blobs, numbers, switches, texts } from '../../../src/indi/adopt/declared.ts';
import type { Blob } from '../../../src/indi/message.ts';
import type { StandIn, Values } from './stand-in.ts';
import type { Window } from './star-field.ts';

/** What libindi's camera class declares for every driver (libindi 2.2 `indiccd.cpp`), connected. */
export const cameraProperties = (chip: {
  width: number;
  height: number;
  pixelMicrons: number;
  bits: number;
  mostBinning: number;
}): Declared[] => [
  numbers('CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: { value: 1, min: 0, max: 3600 } }),
  switches('CCD_ABORT_EXPOSURE', { ABORT: false }, { rule: 'AtMostOne' }),
  numbers('CCD_FRAME', {
    X: { value: 0, min: 0, max: chip.width - 1 },
    Y: { value: 0, min: 0, max: chip.height - 1 },
    WIDTH: { value: chip.width, min: 1, max: chip.width },
    HEIGHT: { value: chip.height, min: 1, max: chip.height },
  }),
  switches('CCD_FRAME_RESET', { RESET: false }, { perm: 'wo' }),
  numbers('CCD_BINNING', {
    HOR_BIN: { value: 1, min: 1, max: chip.mostBinning },
    VER_BIN: { value: 1, min: 1, max: chip.mostBinning },
  }),
  numbers(
    'CCD_INFO',
    {
      CCD_MAX_X: chip.width,
      CCD_MAX_Y: chip.height,
      CCD_PIXEL_SIZE: chip.pixelMicrons,
      CCD_PIXEL_SIZE_X: chip.pixelMicrons,
      CCD_PIXEL_SIZE_Y: chip.pixelMicrons,
      CCD_BITSPERPIXEL: chip.bits,
    },
    { perm: 'ro' },
  ),
  switches('CCD_TRANSFER_FORMAT', { FORMAT_FITS: true, FORMAT_NATIVE: false, FORMAT_XISF: false }),
  switches('CCD_COMPRESSION', { INDI_ENABLED: false, INDI_DISABLED: true }),
  blobs('CCD1', { CCD1: { format: '', size: 0, bytes: new Uint8Array(0) } }, { perm: 'ro' }),
  switches('CCD_FRAME_TYPE', { FRAME_LIGHT: true, FRAME_BIAS: false, FRAME_DARK: false, FRAME_FLAT: false }),
  switches('UPLOAD_MODE', { UPLOAD_CLIENT: true, UPLOAD_LOCAL: false, UPLOAD_BOTH: false }),
  texts('UPLOAD_SETTINGS', { UPLOAD_DIR: '/tmp', UPLOAD_PREFIX: 'IMAGE_XXX' }),
  texts('FITS_HEADER', { KEYWORD_NAME: '', KEYWORD_VALUE: '', KEYWORD_COMMENT: '' }, { perm: 'wo' }),
  switches('CCD_FAST_TOGGLE', { INDI_ENABLED: false, INDI_DISABLED: true }),
  numbers('CCD_FAST_COUNT', { FRAMES: { value: 1, min: 0, max: 100_000 } }),
];

/** The exposures of a stand-in camera: count-down, image, abort, as libindi does them. */
export class Exposing {
  readonly #driver: StandIn;
  readonly #develop: (seconds: number) => Blob | Promise<Blob>;
  #cancel: (() => void) | undefined;
  /** Of the exposure under way: an aborted one sends nothing. */
  #current = 0;
  /** The next image waits until the one before was read. */
  #read: Promise<void> = Promise.resolve();

  constructor(driver: StandIn, develop: (seconds: number) => Blob | Promise<Blob>) {
    this.#driver = driver;
    this.#develop = develop;
  }

  /** A new one while Busy ends the old. */
  start({ CCD_EXPOSURE_VALUE }: Values): void {
    const seconds = Number(CCD_EXPOSURE_VALUE);
    if (!(seconds >= 0 && seconds <= 3600))
      throw new Error(`Requested exposure value (${seconds}) is out of bounds`);
    this.stop();
    const own = this.#current;
    const { clock } = this.#driver;
    const end = clock.monotonic() + seconds * 1000;
    const count = () => {
      const left = Math.max(0, end - clock.monotonic());
      this.#driver.set('CCD_EXPOSURE', 'Busy', { CCD_EXPOSURE_VALUE: left / 1000 });
      if (left > 0) this.#cancel = clock.after(Math.min(1000, left), count);
      else this.#finish(seconds, own).catch((error: Error) => this.#fail(error));
    };
    count();
  }

  abort(): void {
    this.stop();
    this.#driver.set('CCD_ABORT_EXPOSURE', 'Ok', { ABORT: false });
    this.#driver.set('CCD_EXPOSURE', 'Idle', { CCD_EXPOSURE_VALUE: 0 });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#current++;
  }

  async send(blob: Blob): Promise<void> {
    await this.#read;
    this.#read = this.#driver.sendBlob('CCD1', 'CCD1', blob);
  }

  async #finish(seconds: number, own: number): Promise<void> {
    const blob = await this.#develop(seconds);
    if (own !== this.#current) return;
    await this.send(blob);
    this.#driver.set('CCD_EXPOSURE', 'Ok', { CCD_EXPOSURE_VALUE: 0 });
  }

  #fail({ message }: Error): void {
    this.#driver.log(`[ERROR] ${message}`);
    this.#driver.set('CCD_EXPOSURE', 'Alert', { CCD_EXPOSURE_VALUE: 0 });
  }
}

export function windowOf(driver: StandIn): Window {
  const { X, Y, WIDTH, HEIGHT } = driver.values('CCD_FRAME');
  return { x: Number(X), y: Number(Y), width: Number(WIDTH), height: Number(HEIGHT) };
}

export const chosen = (values: Values): string =>
  Object.keys(values).find((name) => values[name] === true) ?? '';
