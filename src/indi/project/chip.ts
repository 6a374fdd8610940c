import { IMAGE, MAIN } from '../actor.ts';

/** One of the two chips an INDI camera may have: how its properties and its images are called (INDI protocol 1.7, CCD). */
export interface Chip {
  readonly prefix: 'CCD' | 'GUIDER';
  readonly blob: 'CCD1' | 'CCD2';
  /** What an exposure holds, among the properties of the one INDI device that both chips are. */
  readonly lane: string;
  /** The tabs of what one does with it, sets and looks at. */
  readonly groups: { readonly main: string; readonly settings: string; readonly info: string };
}

export const mainChip: Chip = {
  prefix: 'CCD',
  blob: 'CCD1',
  lane: 'camera',
  groups: { main: MAIN, settings: IMAGE, info: 'Image Info' },
};

const HEAD = 'Guide Head';
export const guideChip: Chip = {
  prefix: 'GUIDER',
  blob: 'CCD2',
  lane: 'guide camera',
  groups: { main: HEAD, settings: HEAD, info: HEAD },
};
