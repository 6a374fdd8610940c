import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../core/errors.ts';
import { astapNames, openAstap } from './astap.ts';
import { openIndexes, readStarIndex, type StarIndex } from './astrometry.ts';
import type { StarCatalogue } from './catalogue.ts';
import { openStars } from './stars.ts';

/** What a folder of a user's own catalogues holds. */
export interface Deeper {
  /** The one with the most stars first. */
  readonly catalogues: readonly StarCatalogue[];
  /** What lies there and cannot be used, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Opens the star catalogues that lie in a folder, each read in place: ASTAP's star databases (`.1476`, `.290`),
 * astrometry.net's index files (`.fits`), our own format (`.bin`). Other files are passed over; a folder that is not
 * there holds none.
 */
export function openDeeper(directory: string): Deeper {
  if (!existsSync(directory)) return { catalogues: [], problems: [] };
  const catalogues: StarCatalogue[] = [];
  const problems: string[] = [];
  const attempt = (open: () => StarCatalogue | undefined): void => {
    try {
      const found = open();
      if (found) catalogues.push(found);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      problems.push(error.message);
    }
  };
  const files = readdirSync(directory).sort();
  const named = (ending: string) =>
    files.filter((file) => file.endsWith(ending)).map((file) => join(directory, file));
  for (const { name, areas } of astapNames(directory)) attempt(() => openAstap(directory, name, areas));
  for (const file of named('.bin')) attempt(() => openStars(file));
  const indexes: StarIndex[] = [];
  for (const file of named('.fits')) {
    attempt(() => {
      const index = readStarIndex(file);
      if (index) indexes.push(index);
      return undefined;
    });
  }
  if (indexes.length > 0)
    catalogues.push(openIndexes(`astrometry.net's index files in ${directory}`, indexes));
  catalogues.sort((a, b) => b.count - a.count);
  return { catalogues, problems };
}
