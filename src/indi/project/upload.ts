import type { ExposureOrder } from '../../device/exposure.ts';
import { IMAGE, OPTIONS } from '../actor.ts';
import { chosen, type Panel } from '../panel.ts';
import { projectKeywords } from './keywords.ts';

const rw = { perm: 'rw' } as const;

/** What becomes of the images, as the clients have chosen. */
export interface Upload {
  readonly keep: 'memory' | 'store';
  readonly sends: boolean;
  /** What is to be written into the file. */
  readonly words: Pick<ExposureOrder, 'object' | 'keywords'>;
  /** Where it was stored; undefined: it was not. */
  stored(path: string | undefined): void;
}

/** Where images go: to the client from memory, into the unit's own storage, or both; always as FITS. */
export function projectUpload(panel: Panel): Upload {
  const words = { UPLOAD_CLIENT: 'Client', UPLOAD_LOCAL: 'Local', UPLOAD_BOTH: 'Both' };
  const mode = panel.switches('UPLOAD_MODE', 'Upload', OPTIONS, words, 'UPLOAD_CLIENT', {
    ...rw,
    kept: true,
  });
  mode.onWrite((values) => mode.show(values, 'Ok'));
  // Files are named by the unit, and a ledger row goes with each: a client cannot say where. Ekos tries before every
  // frame that is stored here, and is answered with what stays.
  const settings = panel.texts(
    'UPLOAD_SETTINGS',
    'Upload Settings',
    OPTIONS,
    { UPLOAD_DIR: 'Dir', UPLOAD_PREFIX: 'Prefix' },
    { UPLOAD_DIR: 'frames', UPLOAD_PREFIX: 'named by the unit' },
    rw,
  );
  settings.onWrite(() => settings.show({}, 'Ok'));
  const formats = { FORMAT_FITS: 'FITS' };
  const format = panel.switches('CCD_TRANSFER_FORMAT', 'Encode', IMAGE, formats, 'FORMAT_FITS', rw);
  format.onWrite((values) => format.show(values, 'Ok'));
  const place = { FILE_PATH: 'Path' };
  const file = panel.texts('CCD_FILE_PATH', 'File Path', 'Image Info', place, { FILE_PATH: '' });
  const keywords = projectKeywords(panel);
  return {
    get keep() {
      return chosen(mode.values) === 'UPLOAD_CLIENT' ? 'memory' : 'store';
    },
    get sends() {
      return chosen(mode.values) !== 'UPLOAD_LOCAL';
    },
    get words() {
      return keywords();
    },
    stored(path) {
      if (path === undefined) file.show({}, 'Alert');
      else file.show({ FILE_PATH: path }, 'Ok');
    },
  };
}
