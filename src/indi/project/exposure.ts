import { randomUUID } from 'node:crypto';
import type { Camera } from '../../device/camera.ts';
import type { Device } from '../../device/device.ts';
import type { Shot } from '../../device/shutter.ts';
import { indi, MAIN, OPTIONS } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { chosen, number, type Panel } from '../panel.ts';
import type { Choices } from './frame.ts';

const rw = { perm: 'rw' } as const;
const LANES = ['camera'];

interface Exposing {
  id: string;
  seconds: number;
  /** Monotonic milliseconds; undefined until the shutter is open. */
  openedAt?: number;
}

/** CCD_EXPOSURE with its count-down, CCD_ABORT_EXPOSURE, UPLOAD_MODE and the image itself as CCD1. */
export function projectExposure(
  panel: Panel,
  device: Device,
  camera: Camera,
  { shutter, clock }: FaceParts,
  choices: Choices,
): void {
  let current: Exposing | undefined;
  const upload = projectUpload(panel);
  const object = projectHeader(panel);
  const { min, max } = camera.exposureSeconds;
  const elements = { CCD_EXPOSURE_VALUE: number('Duration (s)', '%5.6f', min, max, 1) };
  const exposure = panel.numbers('CCD_EXPOSURE', 'Expose', MAIN, elements, { CCD_EXPOSURE_VALUE: 0 }, rw);
  const image = panel.blob('CCD1', 'Image Data', 'Image Info');
  const filePath = panel.texts(
    'CCD_FILE_PATH',
    'File Path',
    'Image Info',
    { FILE_PATH: 'Path' },
    { FILE_PATH: '' },
  );

  exposure.onWrite(({ CCD_EXPOSURE_VALUE: seconds }) => {
    const own: Exposing = { id: randomUUID(), seconds };
    const { type, binning, region } = choices;
    const named = object();
    const order = { id: own.id, seconds, type, binning, region, ...(named && { object: named }) };
    // Refused and busy are thrown here, before what is in progress is touched.
    const shooting = shutter.shoot(device, indi, order, upload.keep());
    current = own;
    exposure.keep({ CCD_EXPOSURE_VALUE: seconds });
    shooting.outcome.then(
      ({ path }) => path !== undefined && filePath.show({ FILE_PATH: path }, 'Ok'),
      // What went wrong is told by the exposure itself.
      () => filePath.show({}, 'Alert'),
    );
    panel.command(
      exposure,
      LANES,
      () => shooting,
      () => {
        current = undefined;
        exposure.show({ CCD_EXPOSURE_VALUE: 0 }, 'Ok');
      },
    );
  });
  panel.watch([camera.state], () => {
    if (current && camera.state.value === 'exposing') current.openedAt ??= clock.monotonic();
  });
  panel.everySecond(() => {
    if (!current) return;
    const { openedAt, seconds } = current;
    const elapsed = openedAt === undefined ? 0 : (clock.monotonic() - openedAt) / 1000;
    exposure.show({ CCD_EXPOSURE_VALUE: Math.max(0, Math.round((seconds - elapsed) * 1000) / 1000) });
  });

  // The image goes out while it is being written to the disk, not after.
  panel.watch([shutter.last], () => {
    const shot = shutter.last.value[device.id];
    if (shot && shot.facts.id === current?.id && upload.sends())
      image.pass({ CCD1: blobOf(shot) }, shot.hold);
  });

  const options = { ...rw, rule: 'AtMostOne' } as const;
  const words = { ABORT: 'Abort' };
  const abort = panel.switches('CCD_ABORT_EXPOSURE', 'Expose Abort', MAIN, words, undefined, options);
  abort.onWrite(({ ABORT }) => {
    if (!ABORT) return;
    current = undefined;
    exposure.settle({ CCD_EXPOSURE_VALUE: 0 }, 'Idle');
    panel.command(abort, [], () => device.operate(indi, 'camera', 'abort', {}));
  });
}

const blobOf = ({ file }: Shot) => ({ format: '.fits', size: file.length, bytes: file });

/** Where images go: to the client from memory, into the unit's own storage, or both. */
function projectUpload(panel: Panel) {
  const words = { UPLOAD_CLIENT: 'Client', UPLOAD_LOCAL: 'Local', UPLOAD_BOTH: 'Both' };
  const mode = panel.switches('UPLOAD_MODE', 'Upload', OPTIONS, words, 'UPLOAD_CLIENT', {
    ...rw,
    kept: true,
  });
  mode.onWrite((values) => mode.show(values, 'Ok'));
  // Files are named by the unit, and a ledger row goes with each: a client cannot say where.
  panel.texts(
    'UPLOAD_SETTINGS',
    'Upload Settings',
    OPTIONS,
    { UPLOAD_DIR: 'Dir', UPLOAD_PREFIX: 'Prefix' },
    { UPLOAD_DIR: 'frames', UPLOAD_PREFIX: 'named by the unit' },
  );
  return {
    keep: () => (chosen(mode.values) === 'UPLOAD_CLIENT' ? ('memory' as const) : ('store' as const)),
    sends: () => chosen(mode.values) !== 'UPLOAD_LOCAL',
  };
}

/** FITS_HEADER: of what clients may add, the unit takes the object's name; the rest it knows better. */
function projectHeader(panel: Panel): () => string | undefined {
  let object: string | undefined;
  const header = panel.texts(
    'FITS_HEADER',
    'FITS Header',
    OPTIONS,
    { KEYWORD_NAME: 'Name', KEYWORD_VALUE: 'Value', KEYWORD_COMMENT: 'Comment' },
    { KEYWORD_NAME: '', KEYWORD_VALUE: '', KEYWORD_COMMENT: '' },
    { perm: 'wo' },
  );
  header.onWrite(({ KEYWORD_NAME, KEYWORD_VALUE }, _, origin) => {
    const keyword = KEYWORD_NAME.trim().toUpperCase();
    if (keyword === 'OBJECT') object = KEYWORD_VALUE.trim().slice(0, 68) || undefined;
    else if (keyword === 'INDI_CLEAR') object = undefined;
    else
      origin.tell(`FITS_HEADER: of a client's keywords only OBJECT is written, not ${keyword}`, panel.device);
    header.show({}, 'Ok');
  });
  return () => object;
}
