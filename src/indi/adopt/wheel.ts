import { derived } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { FilterWheel } from '../../device/wheel.ts';
import type { Hosted } from './hosted.ts';
import { command, elementCell, has, numberIn, rangeOf } from './tools.ts';

const SLOT = 'FILTER_SLOT_VALUE';

/** INDI protocol 1.7, filter wheel: slots count from 1. */
export function adoptWheel(hosted: Hosted): FilterWheel | undefined {
  if (!has(hosted, 'FILTER_SLOT', SLOT)) return undefined;
  const slots = Math.max(1, rangeOf(hosted, 'FILTER_SLOT', SLOT)?.max ?? 1);
  const place = elementCell(hosted, 'FILTER_SLOT', 0, (seen) =>
    seen.state === 'Busy' ? 0 : numberIn(seen, SLOT),
  );
  return {
    slots,
    slot: derived([place], () => (place.value >= 1 && place.value <= slots ? place.value : undefined)),
    ...(has(hosted, 'FILTER_NAME') && {
      names: elementCell<readonly string[]>(hosted, 'FILTER_NAME', [], ({ values }) =>
        Object.values(values).map(String),
      ),
    }),
    async select(slot, run) {
      await command(hosted, 'FILTER_SLOT', { [SLOT]: slot }, run, {
        timeoutMs: 120_000,
        answered: (seen) => numberIn(seen, SLOT) === slot,
      });
      const now = numberIn(hosted.property('FILTER_SLOT'), SLOT);
      if (now !== slot) throw new Fault('refused', `${hosted.device} stopped at slot ${now}, not ${slot}`);
    },
  };
}
