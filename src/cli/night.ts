import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUtc, SimClock } from '../core/clock.ts';
import { asError, BadInput } from '../core/errors.ts';
import { createLog } from '../core/log.ts';
import type { AnyDriver } from '../device/driver.ts';
import { type NightEntry, runNight } from '../engine/night.ts';
import { planSchema } from '../engine/plan.ts';
import type { Site } from '../sky/site.ts';
import type { CataloguePlace } from '../solve/jobs.ts';
import type { Port } from '../wire/link.ts';
import { type Bench, type BenchDevice, parseJson, readBench } from './bench-file.ts';
import { type Remark, remarkLosses, reportNight } from './night-report.ts';
import { readOptions } from './options.ts';
import { rigUp } from './rig-up.ts';

/** An emulated rig as the night needs it: its world can be saved and set up again. */
export interface NightBench {
  site: Site;
  portOf(device: BenchDevice): Port;
  saveWorld(): unknown;
  restoreWorld(state: unknown): void;
  /** Faults at given minutes of the night, from the bench file. */
  disturb(log: (note: string) => void): void;
}

export interface NightChoices {
  drivers: readonly AnyDriver[];
  openBench(bench: Bench, clock: SimClock): NightBench;
  workers: { imaging: URL; storage: URL };
  catalogue?: CataloguePlace;
}

/** What outlives a kill, beside the ledger: the world stands where it stood, and the report goes on. */
interface Saved {
  utc: number;
  world: unknown;
  steps: NightEntry[];
  events: Remark[];
}

const MINUTE_MS = 60_000;
const NTP_MS = 30_000;

/** `nightjar night PLAN --bench FILE --from UTC`: one whole night on simulated time, through the real drivers. */
export async function nightCommand(
  args: string[],
  { drivers, openBench, workers, catalogue }: NightChoices,
): Promise<number> {
  const { values, positionals } = readOptions(args, {
    bench: { type: 'string' },
    from: { type: 'string' },
    speed: { type: 'string', default: 'max' },
    out: { type: 'string', default: 'night' },
    gap: { type: 'string', default: '60' },
    'power-cut': { type: 'boolean', default: false },
  });
  const [planFile] = positionals;
  if (!planFile || !values.bench || !values.from) {
    throw new BadInput('usage: nightjar night PLAN --bench FILE --from UTC [--speed max|N] [--out DIR]');
  }
  const plan = parseJson(planFile, planSchema);
  const bench = readBench(values.bench);
  const from = parseUtc(values.from);
  if (Number.isNaN(from))
    throw new BadInput(`--from ${values.from} is no UTC time like 2026-01-15T21:00:00Z`);
  const pace = values.speed === 'max' ? Number.POSITIVE_INFINITY : Number(values.speed);
  if (!(pace > 0)) throw new BadInput(`--speed ${values.speed}: max, or simulated seconds a second`);
  const gap = Number(values.gap);
  if (!(gap >= 0)) throw new BadInput(`--gap ${values.gap} is no number of seconds`);

  const directory = values.out;
  mkdirSync(directory, { recursive: true });
  const worldFile = join(directory, 'world.json');
  const saved = existsSync(worldFile) ? (JSON.parse(readFileSync(worldFile, 'utf8')) as Saved) : undefined;
  const clock = new SimClock(saved ? saved.utc + gap * 1000 : from, pace);
  const log = createLog(process.env.NIGHTJAR_LOG ?? 'warn', { write: (line) => process.stderr.write(line) });
  const { site, portOf, saveWorld, restoreWorld, disturb } = openBench(bench, clock);
  if (saved) restoreWorld(saved.world);
  // After a power cut no device knows the time; NTP is back half a minute later.
  const powerCut = saved !== undefined && values['power-cut'];
  const trusted: Bench = powerCut ? { ...bench, clock: 'untrusted' } : bench;

  const entries: NightEntry[] = saved?.steps ?? [];
  const events: Remark[] = saved?.events ?? [];
  const remark = (note: string) => void events.push({ utc: clock.now(), note });
  if (saved) remark('started again');
  const save = () => {
    const state: Saved = { utc: clock.now(), world: saveWorld(), steps: entries, events };
    const text = JSON.stringify(state);
    writeFileSync(`${worldFile}.tmp`, text);
    renameSync(`${worldFile}.tmp`, worldFile);
  };
  const works = await clock.drive(
    rigUp({
      clock,
      log,
      directory,
      bench: trusted,
      site,
      drivers,
      portOf,
      workers,
      ...(catalogue && { catalogue }),
    }),
  );
  if (powerCut) clock.after(NTP_MS, () => works.observatory.offerTime('ntp'));
  for (const device of works.host.devices.value) remarkLosses(device, remark);
  if (!saved) disturb(remark);
  const everyMinute = () => {
    save();
    clock.after(MINUTE_MS, everyMinute);
  };
  const night = async () => {
    await works.host.connectAll();
    everyMinute();
    const run = runNight({ ...works, log }, plan, (entry) => {
      entries.push(entry);
      save();
    });
    let problem: string | undefined;
    await run.outcome.catch((error) => {
      problem = asError(error).message;
    });
    await works.examiner.idle();
    const report = await reportNight(works, plan, { entries, events, problem });
    writeFileSync(join(directory, 'night.json'), `${JSON.stringify(report, null, 2)}\n`);
    await works.close();
    save();
    return report;
  };
  const report = await clock.drive(night());
  const cpu = process.cpuUsage();
  console.log(
    JSON.stringify({
      plan: report.plan,
      complete: report.complete,
      ...(report.problem !== undefined && { problem: report.problem }),
      mount: report.mount,
      sets: report.sets,
      simulatedSeconds: Math.round((parseUtc(report.to) - parseUtc(report.from)) / 1000),
      cpuSeconds: Math.round((cpu.user + cpu.system) / 1e5) / 10,
    }),
  );
  return report.complete ? 0 : 1;
}
