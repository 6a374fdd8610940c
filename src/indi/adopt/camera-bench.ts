import { SimClock } from '../../core/clock.ts';
import { BadInput } from '../../core/errors.ts';
import { silentLog } from '../../core/log.ts';
import { Run } from '../../core/run.ts';
import type { Darkroom } from '../../device/driver.ts';
import { adoptPixels, inspectFits } from '../../imaging/adopt-fits.ts';
import { type Card, integer, logical, text } from '../../imaging/fits-card.ts';
import { sealFrame } from '../../imaging/fits-write.ts';
import { allocateFrame } from '../../imaging/frame.ts';
import { adoptPicture, shapeOfPicture } from '../../imaging/picture.ts';
import type { Blob } from '../message.ts';
import { adoptCamera } from './camera.ts';
import type { Declared } from './declared.ts';
import { blobs, FakeHosted, numbers, switches, texts } from './fake-hosted.ts';

export const noBlob: Blob = { format: '', size: 0, bytes: new Uint8Array(0) };

/** A colour camera with everything, as libindi declares it. */
export const properties = (): Declared[] => [
  numbers('CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: { value: 1, min: 0.001, max: 3600 } }),
  switches('CCD_ABORT_EXPOSURE', { ABORT: false }, { rule: 'AtMostOne' }),
  numbers('CCD_FRAME', { X: 0, Y: 0, WIDTH: 64, HEIGHT: 48 }),
  numbers('CCD_BINNING', { HOR_BIN: { value: 1, min: 1, max: 4 }, VER_BIN: { value: 1, min: 1, max: 4 } }),
  switches('CCD_FRAME_TYPE', { FRAME_LIGHT: true, FRAME_BIAS: false, FRAME_DARK: false, FRAME_FLAT: false }),
  numbers(
    'CCD_INFO',
    { CCD_MAX_X: 64, CCD_MAX_Y: 48, CCD_PIXEL_SIZE: 3.8, CCD_PIXEL_SIZE_X: 3.8, CCD_BITSPERPIXEL: 16 },
    { perm: 'ro' },
  ),
  texts('CCD_CFA', { CFA_OFFSET_X: '0', CFA_OFFSET_Y: '0', CFA_TYPE: 'RGGB' }),
  switches('CCD_TRANSFER_FORMAT', { FORMAT_FITS: false, FORMAT_NATIVE: true }),
  switches('CCD_COMPRESSION', { INDI_ENABLED: true, INDI_DISABLED: false }),
  switches('UPLOAD_MODE', { UPLOAD_CLIENT: false, UPLOAD_LOCAL: true, UPLOAD_BOTH: false }),
  switches(
    'CCD_CAPTURE_FORMAT',
    { RAW8: false, RAW16: true, Y8: false },
    { labels: { RAW16: 'Raw 16 bit' } },
  ),
  numbers('CCD_CONTROLS', { Gain: { value: 100, min: 0, max: 600 }, Offset: { value: 8, min: 0, max: 80 } }),
  blobs('CCD1', { CCD1: noBlob }, { perm: 'ro' }),
  numbers('CCD_TEMPERATURE', { CCD_TEMPERATURE_VALUE: { value: 12, min: -50, max: 50 } }),
  switches('CCD_COOLER', { COOLER_ON: false, COOLER_OFF: true }, { perm: 'wo' }),
  numbers('CCD_COOLER_POWER', { CCD_COOLER_VALUE: 0 }, { perm: 'ro' }),
  switches('CCD_VIDEO_STREAM', { STREAM_ON: false, STREAM_OFF: true }),
  numbers('FPS', { EST_FPS: 0, AVG_FPS: 0 }, { perm: 'ro' }),
  numbers('CCD_STREAM_FRAME', { X: 0, Y: 0, WIDTH: 64, HEIGHT: 48 }),
];

/** A FITS file of 16 bits, all pixels 1000. */
export function fitsBlob(width: number, height: number, cards: readonly Card[] = []): Blob {
  const frame = allocateFrame({ width, height, format: 'u16' });
  new Uint8Array(frame.buffer).fill(0x83);
  const structure = [
    logical('SIMPLE', true, ''),
    integer('BITPIX', 16, ''),
    integer('NAXIS', 2, ''),
    integer('NAXIS1', width, ''),
    integer('NAXIS2', height, ''),
    integer('BZERO', 32768, ''),
  ];
  const bytes = new Uint8Array(sealFrame(frame, [...structure, ...cards]));
  return { format: '.fits', size: bytes.length, bytes };
}

export const bayerCard = (pattern: string): Card => text('BAYERPAT', pattern, '');

const darkroomOn = (clock: SimClock): Darkroom => ({
  develop: () => Promise.reject(new Error('INDI cameras send files')),
  async developFits(file) {
    const { image, shape } = inspectFits(file);
    return { frame: adoptPixels(image, allocateFrame(shape)), header: image.header };
  },
  developPicture: (file) =>
    clock.external(shapeOfPicture(file).then((shape) => adoptPicture(file, allocateFrame(shape)))),
  developRaw: () => Promise.reject(new BadInput('no raw file')),
});

/** An adopted camera on a device that behaves as libindi's cameras do; a test changes what it says and does. */
export function cameraBench(declared: readonly Declared[] = properties()) {
  const clock = new SimClock(1768518000_000);
  const hosted = new FakeHosted('Camera', declared);
  const parts = { darkroom: darkroomOn(clock), log: silentLog };
  const bench = {
    clock,
    hosted,
    parts,
    /** What it makes of an exposure; undefined: no image comes. */
    image: (width: number, height: number): Blob | undefined => fitsBlob(width, height),
    run: <T>(body: (run: Run) => Promise<T>): Run<T> =>
      Run.start<T>(clock, 'test', (run) => body(run as Run)),
    expose(seconds = 2, more: object = {}) {
      return bench.run((run) => camera().expose({ seconds, type: 'light', ...more }, run));
    },
    /** Names and values of what was sent of the property. */
    sent: (name: string) => hosted.sent.filter((one) => one.name === name).map(({ values }) => values),
  };
  const adopted = adoptCamera(hosted, parts);
  const camera = () => {
    if (!adopted) throw new Error('not adopted');
    return adopted;
  };
  let cancel = () => {};
  const expose = (seconds: number) => {
    cancel();
    const count = (left: number) => {
      hosted.set('CCD_EXPOSURE', 'Busy', { CCD_EXPOSURE_VALUE: left });
      cancel = clock.after(Math.min(1, left) * 1000, () => (left > 1 ? count(left - 1) : finish()));
    };
    const finish = () => {
      const value = (property: string, element: string) =>
        Number(hosted.property(property)?.values[element] ?? 1);
      const binning = value('CCD_BINNING', 'HOR_BIN');
      hosted.set('CCD_EXPOSURE', 'Busy', { CCD_EXPOSURE_VALUE: 0 });
      const side = (element: string) => Math.floor(value('CCD_FRAME', element) / binning);
      const blob = bench.image(side('WIDTH'), side('HEIGHT'));
      if (blob) hosted.blob('CCD1', blob);
      hosted.set('CCD_EXPOSURE', 'Ok', { CCD_EXPOSURE_VALUE: 0 });
    };
    count(seconds);
  };
  hosted.react = (name, values) => {
    if (name === 'CCD_EXPOSURE') expose(Number(values.CCD_EXPOSURE_VALUE));
    else if (name === 'CCD_ABORT_EXPOSURE') {
      cancel();
      hosted.set('CCD_ABORT_EXPOSURE', 'Ok', { ABORT: false });
      hosted.set('CCD_EXPOSURE', 'Idle', { CCD_EXPOSURE_VALUE: 0 });
    } else if (name === 'CCD_TEMPERATURE') hosted.set(name, 'Busy');
    else if (name === 'CCD_VIDEO_STREAM') hosted.set(name, values.STREAM_ON ? 'Busy' : 'Idle', values);
    else hosted.set(name, 'Ok', values);
  };
  return { ...bench, bench, camera: camera(), expose: bench.expose };
}
