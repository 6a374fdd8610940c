import type { TrustSource } from '../../device/observatory.ts';

/** What disciplines the system's clock, as chronyd has it. */
export interface Discipline {
  readonly source: Extract<TrustSource, 'gps' | 'ntp'>;
  /** chronyd's name of it: an address, `GPS`, `PPS`. */
  readonly name: string;
  /** By the pulse of a GPS. */
  readonly pps: boolean;
  /** How far our clock is from the reference, either way. */
  readonly offsetSeconds: number;
  /** Sources that mean another time, and by how much they are ahead of our clock. */
  readonly others: readonly { source: TrustSource; aheadSeconds: number }[];
}

/** chronyd with nothing to go by: none, or its own clock (`local`). */
const NO_REFERENCE = new Set(['00000000', '7F7F0101']);

/**
 * Reads `chronyc -n -c tracking` and `chronyc -n -c sources` (chronyc(1), one line of fields a source).
 * @returns undefined: the clock is not synchronised, or the text is not chronyc's
 */
export function disciplineIn(tracking: string, sources: string): Discipline | undefined {
  const fields = tracking.trim().split(',');
  const [reference = '', name = '', , , offset = ''] = fields;
  const leap = fields[13];
  if (leap === undefined || leap === 'Not synchronised' || NO_REFERENCE.has(reference)) return undefined;
  const rows = sources.trim().split('\n').map(rowOf);
  const chosen = rows.find(({ state }) => state === '*');
  const source = chosen ? chosen.source : kindOf(/[.:]/.test(name) ? '^' : '#', name);
  if (!source) return undefined;
  return {
    source,
    name,
    pps: source === 'gps' && /PPS/i.test(name),
    offsetSeconds: Math.abs(Number(offset)) || 0,
    others: rows.flatMap(({ source: other, heard, ahead }) =>
      other && other !== source && heard ? [{ source: other, aheadSeconds: ahead }] : [],
    ),
  };
}

function rowOf(line: string) {
  const [mode = '', state = '', name = '', , , reach = '0', , ahead = '0'] = line.split(',');
  // The offset of a sample is our clock minus the source's: positive when ours is fast.
  return { state, source: kindOf(mode, name), heard: Number(reach) > 0, ahead: -Number(ahead) || 0 };
}

/**
 * @param mode `^` a server, `=` a peer, `#` a clock of this machine
 * @returns undefined: the battery-backed clock, of which chronyd does not know whether it has gone on
 */
function kindOf(mode: string, name: string): Discipline['source'] | undefined {
  if (mode !== '#') return 'ntp';
  if (/^RTC/i.test(name)) return undefined;
  // A machine that has its host's clock (PHC) has the time of a network.
  return /^PHC|^PTP/i.test(name) ? 'ntp' : 'gps';
}
