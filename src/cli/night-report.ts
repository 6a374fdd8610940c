import { isoUtc } from '../core/clock.ts';
import type { Device } from '../device/device.ts';
import type { NightEntry } from '../engine/night.ts';
import type { Plan } from '../engine/plan.ts';
import type { Ledger } from '../storage/ledger.ts';
import type { ExposureRow } from '../storage/rows.ts';
import type { Works } from './rig-up.ts';

/** Something that befell the night. */
export interface Remark {
  utc: number;
  note: string;
}

const PAGE = 500;

/** What was taken, when, and why not: `night.json`. */
export async function reportNight(
  { host, ledger }: Works,
  plan: Plan,
  told: { entries: readonly NightEntry[]; events: readonly Remark[]; problem: string | undefined },
) {
  const { entries, events, problem } = told;
  const sets: Record<string, unknown> = {};
  for (const { id, count } of plan.sets) sets[id] = { wanted: count, ...(await ledger.countOf(plan.id, id)) };
  const frames = await framesOf(ledger, plan.id);
  const now = host.clock.now();
  const start = entries[0]?.utc ?? now;
  const openSeconds = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    plan: plan.id,
    from: isoUtc(start),
    to: isoUtc(now),
    complete: problem === undefined,
    ...(problem !== undefined && { problem }),
    mount: host.inRole('mount')?.capabilities.value.mount?.motion.value,
    sets,
    shutterOpenShare: now > start ? (1000 * openSeconds) / (now - start) : 0,
    guideRmsArcsec: null,
    events: events.map(dated),
    steps: entries.map(dated),
    frames: frames.map(({ id, set, startUtc, seconds, filter, state, reason, file }) =>
      dated({ utc: startUtc, set, filter, seconds, state, reason, id, file }),
    ),
  };
}

const dated = <T extends { utc: number }>({ utc, ...rest }: T) => ({ utc: isoUtc(utc), ...rest });

/** Every frame of the plan in the ledger, earliest first. */
async function framesOf(ledger: Ledger, plan: string): Promise<ExposureRow[]> {
  const rows: ExposureRow[] = [];
  for (let more = true; more; ) {
    const before = rows.at(-1)?.id;
    const page = await ledger.page({ plan, limit: PAGE, ...(before !== undefined && { before }) });
    rows.push(...page);
    more = page.length === PAGE;
  }
  return rows.reverse();
}

/** Notes when the device is lost and when it is there (again); tries in between are for the log. */
export function remarkLosses({ id, status }: Device, remark: (note: string) => void): void {
  let known: string = status.value.state;
  status.watch(({ state, message }) => {
    if (state === known || (state !== 'connected' && state !== 'recovering')) return;
    known = state;
    remark(state === 'connected' ? `${id}: connected` : `${id}: lost, ${message}`);
  });
}
