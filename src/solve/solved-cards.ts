import { type Card, logical } from '../imaging/fits-card.ts';
import type { Solved } from './solution.ts';
import { wcsCards } from './wcs-cards.ts';

/** What a solution writes into the header of its image. */
export const solvedCards = ({ wcs }: Solved): Card[] => [
  ...wcsCards(wcs),
  logical('PLTSOLVD', true, 'place and scale by the stars'),
];
