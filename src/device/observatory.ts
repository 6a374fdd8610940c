import { type Cell, cell, type OwnedCell } from '../core/cell.ts';
import type { Site } from '../sky/site.ts';

/** Where a time or site came from, best first. A lower source never overrules a higher one. */
export const trustSources = ['gps', 'ntp', 'rtc', 'person', 'client'] as const;
export type TrustSource = (typeof trustSources)[number];

/** What every device may need to know about the place, as cells. */
export interface Observatory {
  readonly site: Cell<Site | undefined>;
  readonly siteSource: Cell<TrustSource | undefined>;
  /** Undefined: the clock is not trusted, and slews by sky coordinates are refused. */
  readonly timeSource: Cell<TrustSource | undefined>;
  /** False when a better source has already spoken. */
  offerSite(site: Site, source: TrustSource): boolean;
  offerTime(source: TrustSource): boolean;
}

export function createObservatory(site?: Site, siteSource: TrustSource = 'person'): Observatory {
  const here: OwnedCell<Site | undefined> = cell(site);
  const hereFrom = cell<TrustSource | undefined>(site && siteSource);
  const timeFrom = cell<TrustSource | undefined>(undefined);
  const better = (source: TrustSource, than: TrustSource | undefined) =>
    than === undefined || trustSources.indexOf(source) <= trustSources.indexOf(than);
  return {
    site: here,
    siteSource: hereFrom,
    timeSource: timeFrom,
    offerSite(offered, source) {
      if (!better(source, hereFrom.value)) return false;
      here.set(offered);
      hereFrom.set(source);
      return true;
    },
    offerTime(source) {
      if (!better(source, timeFrom.value)) return false;
      timeFrom.set(source);
      return true;
    },
  };
}
