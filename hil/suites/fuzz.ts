import { drivers } from '../../drivers/index.ts';
import { emulatorOf } from '../emulators/index.ts';
import { fuzzFiles } from './fuzz-files.ts';
import { fuzzIndi } from './fuzz-indi.ts';
import { fuzzLink } from './fuzz-links.ts';
import { fastBesideSlow } from './fuzz-slow.ts';
import type { Case, Suite } from './suite.ts';

const STRINGS = {
  quick: { indi: 3000, links: 2000, files: 2000 },
  full: { indi: 100_000, links: 100_000, files: 10_000 },
};

/** Nonsense at every door, from fixed seeds: nothing dies, nothing hangs, nothing grows. */
export const fuzz: Suite = {
  name: 'fuzz',
  cases(form) {
    const { indi, links, files } = STRINGS[form];
    const linked = drivers.flatMap((driver, index): Case[] => {
      const family = emulatorOf(driver.id);
      if (!family) return [{ name: `${driver.id}: has an emulator`, run: async () => 'no emulator yet' }];
      // What hangs on lines gives no answers.
      if (family.kind === 'lines') return [];
      const share = Math.ceil(links / drivers.length);
      const name = `${driver.id} survives a device that answers nonsense`;
      return [{ name, run: () => fuzzLink(driver, family, share, 1 + index) }];
    });
    return [
      { name: 'the INDI port outlives strangers', run: () => fuzzIndi(indi, 1) },
      { name: 'a client that stops reading stalls no other', run: fastBesideSlow },
      { name: 'FITS files of all kinds, damaged, are refused or read', run: () => fuzzFiles(files, 1) },
      ...linked,
    ];
  },
};
