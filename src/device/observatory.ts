import { type Cell, cell, type OwnedCell } from '../core/cell.ts';
import { signedDegrees } from '../core/units.ts';
import type { Site } from '../sky/site.ts';

export type { Site } from '../sky/site.ts';

/** Where a time or site came from, best first. A lower source never overrules a higher one. */
export const trustSources = ['gps', 'ntp', 'rtc', 'person', 'client'] as const;
export type TrustSource = (typeof trustSources)[number];

/** Beyond these, two sources do not mean the same place or time, and people are told. */
export const DISAGREEMENT_DEGREES = 0.1;
export const DISAGREEMENT_SECONDS = 30;

/** One source against what holds here. */
export interface Disagreement {
  readonly of: 'time' | 'site';
  readonly source: TrustSource;
  /** Time: seconds that it is ahead of our clock; site: degrees between. */
  readonly apart: number;
}

/** What every device may need to know about the place, as cells. */
export interface Observatory {
  readonly site: Cell<Site | undefined>;
  readonly siteSource: Cell<TrustSource | undefined>;
  /** Undefined: the clock is not trusted, and slews by sky coordinates are refused. */
  readonly timeSource: Cell<TrustSource | undefined>;
  readonly disagreements: Cell<readonly Disagreement[]>;
  /** False when a better source has already spoken. */
  offerSite(site: Site, source: TrustSource): boolean;
  /**
   * A source vouches for our clock. @param aheadSeconds its time minus our clock's
   * @returns false when a better source has already spoken, or it means another time than our clock
   */
  offerTime(source: TrustSource, aheadSeconds?: number): boolean;
  /** What a source says that is not asked to vouch for our clock. */
  noteTime(source: TrustSource, aheadSeconds: number): void;
  /** Our clock was set, or is not to be trusted any more. @param source who vouches for it now */
  clockSet(bySeconds: number, source: TrustSource | undefined): void;
}

export function createObservatory(site?: Site, siteSource: TrustSource = 'person'): Observatory {
  const here: OwnedCell<Site | undefined> = cell(site);
  const hereFrom = cell<TrustSource | undefined>(site && siteSource);
  const timeFrom = cell<TrustSource | undefined>(undefined);
  const disagreements = cell<readonly Disagreement[]>([], alike);
  /** What each said last: its time as seconds ahead of our clock. */
  const sites = new Map<TrustSource, Site>(site && [[siteSource, site]]);
  const times = new Map<TrustSource, number>();
  const compare = () => {
    const found: Disagreement[] = [];
    for (const [source, apart] of times) {
      if (Math.abs(apart) > DISAGREEMENT_SECONDS)
        found.push({ of: 'time', source, apart: Math.round(apart) });
    }
    for (const [source, said] of sites) {
      const apart = here.value ? degreesApart(here.value, said) : 0;
      if (apart > DISAGREEMENT_DEGREES)
        found.push({ of: 'site', source, apart: Math.round(apart * 10) / 10 });
    }
    disagreements.set(found);
  };
  const noteTime = (source: TrustSource, aheadSeconds: number) => {
    times.set(source, aheadSeconds);
    compare();
  };
  return {
    site: here,
    siteSource: hereFrom,
    timeSource: timeFrom,
    disagreements,
    offerSite(offered, source) {
      sites.set(source, offered);
      const taken = atLeast(source, hereFrom.value);
      if (taken) {
        here.set(offered);
        hereFrom.set(source);
      }
      compare();
      return taken;
    },
    offerTime(source, aheadSeconds = 0) {
      noteTime(source, aheadSeconds);
      if (Math.abs(aheadSeconds) > DISAGREEMENT_SECONDS || !atLeast(source, timeFrom.value)) return false;
      timeFrom.set(source);
      return true;
    },
    noteTime,
    clockSet(bySeconds, source) {
      for (const [each, ahead] of times) times.set(each, ahead - bySeconds);
      timeFrom.set(source);
      compare();
    },
  };
}

/** Whether a source is as good as another, or better. */
export const atLeast = (source: TrustSource, other: TrustSource | undefined): boolean =>
  other === undefined || trustSources.indexOf(source) <= trustSources.indexOf(other);

/** The larger of the differences in latitude and longitude, degrees. */
export const degreesApart = (a: Site, b: Site): number =>
  Math.max(Math.abs(a.latitude - b.latitude), Math.abs(signedDegrees(a.longitude - b.longitude)));

const alike = (a: readonly Disagreement[], b: readonly Disagreement[]): boolean =>
  a.length === b.length &&
  a.every((each, index) => {
    const other = b[index] as Disagreement;
    return each.of === other.of && each.source === other.source && each.apart === other.apart;
  });
