import { Fault } from '../core/errors.ts';
import type { Darkroom } from './driver.ts';

const none = () => Promise.reject(new Fault('unsupported', 'there is no darkroom here'));

/** For rigs and tests without cameras that send pixels. */
export const noDarkroom: Darkroom = {
  develop: none,
  developFits: none,
  developPicture: none,
  developRaw: none,
};
