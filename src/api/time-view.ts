import type { Disagreement, Observatory, TrustSource } from '../device/observatory.ts';
import type { Timekeeper } from './parts.ts';

/** Who vouches for the clock, and how well it is kept. */
export interface TimeView {
  trusted: boolean;
  source?: TrustSource;
  /** For people; of a clock that is not trusted: what to do. */
  words: string;
  /** From what disciplines it, either way; absent: nobody measures it. */
  offsetSeconds?: number;
  /** Sources of time or place that mean something else, in words. */
  disagreements: readonly string[];
}

const names: Readonly<Record<TrustSource, string>> = {
  gps: 'GPS',
  ntp: 'the internet',
  rtc: "the unit's battery-backed clock",
  person: 'your phone',
  client: 'a connected program',
};

export function viewTime(
  { timeSource, disagreements }: Observatory,
  timekeeper: Timekeeper | undefined,
): TimeView {
  const source = timeSource.value;
  const keeping = timekeeper?.keeping?.value;
  const offsetSeconds = source && keeping?.offsetSeconds;
  return {
    trusted: source !== undefined,
    ...(source && { source }),
    words: source
      ? `from ${names[source]}${keeping?.pps ? ', by its pulse' : ''}`
      : 'not trusted: open this page on your phone, or plug in a GPS or a network',
    ...(offsetSeconds !== undefined && { offsetSeconds }),
    disagreements: disagreements.value.map((each) => wordsOf(each, source)),
  };
}

function wordsOf({ of, source, apart }: Disagreement, trusted: TrustSource | undefined): string {
  const name = names[source];
  if (of === 'site') return `${name} says a place ${apart}° from this one`;
  const way = apart > 0 ? 'ahead of' : 'behind';
  const ours = trusted ? `this clock, which is from ${names[trusted]}` : 'this clock';
  return `${name} is ${duration(Math.abs(apart))} ${way} ${ours}`;
}

/** `45 s`, `61 min`, `25 h`, `7168 days`. */
function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
