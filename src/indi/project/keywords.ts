import { BadInput } from '../../core/errors.ts';
import type { ExposureOrder } from '../../device/exposure.ts';
import { type Card, clientCard, formatCard } from '../../imaging/fits-card.ts';
import { OPTIONS } from '../actor.ts';
import type { Panel } from '../panel.ts';

/** Of the header's 360 records, what clients may fill. */
const MOST_RECORDS = 120;

/**
 * FITS_HEADER: what clients want written into the files, until INDI_CLEAR. OBJECT is the unit's own word, for its
 * ledger knows exposures by it.
 * @returns what the next exposure's order says of it
 */
export function projectKeywords(panel: Panel): () => Pick<ExposureOrder, 'object' | 'keywords'> {
  let object: string | undefined;
  const cards = new Map<string, Card>();
  const header = panel.texts(
    'FITS_HEADER',
    'FITS Header',
    OPTIONS,
    { KEYWORD_NAME: 'Name', KEYWORD_VALUE: 'Value', KEYWORD_COMMENT: 'Comment' },
    { KEYWORD_NAME: '', KEYWORD_VALUE: '', KEYWORD_COMMENT: '' },
    { perm: 'wo' },
  );
  header.onWrite(({ KEYWORD_NAME, KEYWORD_VALUE, KEYWORD_COMMENT }) => {
    const keyword = KEYWORD_NAME.trim().toUpperCase();
    if (keyword === 'OBJECT') object = KEYWORD_VALUE.trim().slice(0, 68) || undefined;
    else if (keyword === 'INDI_CLEAR') {
      object = undefined;
      cards.clear();
    } else add(clientCard(keyword, KEYWORD_VALUE, KEYWORD_COMMENT));
    header.show({}, 'Ok');
  });

  function add(card: Card): void {
    const others = [...cards.values()].filter(({ keyword }) => keyword !== card.keyword);
    // A header that does not fit would cost the exposure.
    if ([...others, card].flatMap(formatCard).length > MOST_RECORDS) {
      throw new BadInput(`FITS_HEADER: more than ${MOST_RECORDS} records; INDI_CLEAR begins anew`);
    }
    cards.set(card.keyword, card);
  }

  return () => ({
    ...(object !== undefined && { object }),
    ...(cards.size > 0 && { keywords: [...cards.values()] }),
  });
}
