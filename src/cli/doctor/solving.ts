import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asError } from '../../core/errors.ts';
import { openDeeper } from '../../solve/catalogue/deeper.ts';
import { openStars } from '../../solve/catalogue/stars.ts';
import type { CataloguePlace } from '../../solve/jobs.ts';
import { peerInstalled } from '../../solve/peers.ts';
import type { Finding } from './finding.ts';

const peers = ['astrometry', 'astap'] as const;

/** The star catalogues and the other solvers that a person may choose. */
export function solvingFindings(place: CataloguePlace, installed = peerInstalled): Finding[] {
  const others = peers.filter((peer) => installed(peer) !== undefined);
  const words = others.length === 0 ? 'none is installed, none is needed' : others.join(' and ');
  return [builtin(place), ...deeper(place.deeper), { what: 'other solvers', state: 'ok', words }];
}

function builtin({ directory }: CataloguePlace): Finding {
  const what = 'star catalogue';
  try {
    const { count, completeTo } = openStars(join(directory, 'stars.bin'));
    const words = `${count} stars${completeTo < 99 ? `, all down to magnitude ${completeTo}` : ''}`;
    if (existsSync(join(directory, 'quads.bin'))) return { what, state: 'ok', words };
    const remedy = `make it with: node scripts/quads.ts ${directory}`;
    return { what, state: 'wrong', words: `${words}; its index quads.bin is missing: ${remedy}` };
  } catch (error) {
    return { what, state: 'wrong', words: `${asError(error).message}; install Nightjar anew` };
  }
}

function deeper(directory: string | undefined): Finding[] {
  if (directory === undefined) return [];
  const { catalogues, problems } = openDeeper(directory);
  const names = catalogues.map(({ name }) => name).join(', ') || `none in ${directory}`;
  const words = [names, ...problems].join('; ');
  return [{ what: 'deeper catalogues', state: problems.length > 0 ? 'note' : 'ok', words }];
}
