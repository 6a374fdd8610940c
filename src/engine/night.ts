import { when } from '../core/cell.ts';
import { asError, Fault, recovery } from '../core/errors.ts';
import type { Actor, Lease } from '../core/lane.ts';
import type { Log } from '../core/log.ts';
import { Run, Stopped } from '../core/run.ts';
import type { Device } from '../device/device.ts';
import { type Role, roles } from '../device/host.ts';
import { filterNames, type Rig } from '../device/rig.ts';
import type { Shooting, Shutter } from '../device/shutter.ts';
import { separation } from '../sky/angle.ts';
import type { Ledger } from '../storage/ledger.ts';
import { decide, type Situation, type Step } from './decide.ts';
import type { Plan } from './plan.ts';

export interface NightParts {
  rig: Rig;
  shutter: Shutter;
  ledger: Ledger;
  log: Log;
}

/** What happened, for the report: every step that was tried, and how it ended. */
export interface NightEntry {
  utc: number;
  step: string;
  seconds: number;
  fault?: string;
}

const night: Actor = { name: 'night', rank: 'night' };

/** A mount within this of the target is on it: the pointing of an unmodelled mount, before any solve. */
const ON_TARGET_DEGREES = 0.5;
/** A step that failed this often in a row ends the night as its fault says. */
const TRIES = 5;
/** How long a lost device may stay away before the night is given up. */
const RECONNECT_MINUTES = 30;

/**
 * One night on one target: look, decide, do one step, again. The ledger is the only memory; whoever kills this and
 * starts it anew goes on where the ledger says.
 */
export function runNight(
  parts: NightParts,
  plan: Plan,
  note: (entry: NightEntry) => void = () => {},
): Run<void> {
  const { rig, log } = parts;
  const clock = rig.host.clock;
  return Run.start<void>(clock, `night ${plan.id}`, async (run) => {
    const { timeSource } = rig.host.observatory;
    await run.step('waiting for a trusted clock', () =>
      when(timeSource, (source) => source !== undefined, run.signal),
    );
    const leases = leaseAll(parts);
    let storing: Promise<unknown> = Promise.resolve();
    const inFlight: Record<string, number> = {};
    let failures = 0;
    try {
      for (;;) {
        run.signal.throwIfAborted();
        const situation = await look(parts, plan, inFlight);
        let step = decide(plan, situation);
        // A frame that is still being written counts as taken; before the end it must be so.
        if (step.do === 'park' || step.do === 'end') {
          await storing;
          step = decide(plan, await look(parts, plan, inFlight));
        }
        if (step.do === 'end') return;
        const start = clock.now();
        try {
          await run.step(describe(step), async () => {
            if (step.do !== 'expose') return perform(parts, step, run);
            const shooting = shoot(parts, plan, step, run);
            const { id } = step.set;
            inFlight[id] = (inFlight[id] ?? 0) + 1;
            const settled = shooting.outcome.finally(() => {
              inFlight[id] = (inFlight[id] ?? 1) - 1;
            });
            storing = Promise.allSettled([storing, settled]);
            await shooting.sensorFree;
          });
          failures = 0;
          note({ utc: start, step: describe(step), seconds: (clock.now() - start) / 1000 });
        } catch (thrown) {
          const fault = asError(thrown);
          note({
            utc: start,
            step: describe(step),
            seconds: (clock.now() - start) / 1000,
            fault: fault.message,
          });
          if (fault instanceof Stopped && fault.reason !== 'superseded') throw fault;
          log.warn({ step: step.do, fault: fault instanceof Fault ? fault.kind : undefined }, fault.message);
          await recover(parts, fault, ++failures, run);
        }
      }
    } finally {
      await storing;
      for (const lease of leases) lease.release();
    }
  });
}

const describe = (step: Step): string => {
  switch (step.do) {
    case 'filter':
      return `filter ${step.name}`;
    case 'focus':
      return `focus ${step.steps}`;
    case 'expose':
      return `expose ${step.set.id}`;
    default:
      return step.do;
  }
};

/** The night holds its roles until it ends; clients are told `busy: night`. */
function leaseAll({ rig }: NightParts): Lease[] {
  const wanted: Role[] = ['mount', 'camera', 'focuser', 'wheel'];
  return wanted.flatMap((role) => rig.host.inRole(role)?.lease(night, roles[role]) ?? []);
}

async function look(
  { rig, ledger }: NightParts,
  plan: Plan,
  inFlight: Record<string, number>,
): Promise<Situation> {
  const taken: Record<string, number> = {};
  for (const { id } of plan.sets) {
    const before = inFlight[id] ?? 0;
    const { stored, accepted } = await ledger.countOf(plan.id, id);
    // Between the question and its answer a frame may have landed: never count it twice.
    taken[id] = stored + accepted + Math.min(before, inFlight[id] ?? 0);
  }
  const mount = rig.host.inRole('mount')?.capabilities.value.mount;
  const wheel = rig.host.inRole('wheel')?.capabilities.value.wheel;
  const focuser = rig.host.inRole('focuser')?.capabilities.value.focuser;
  const onTarget =
    mount?.motion.value === 'tracking' && separation(mount.position.value, plan.target) < ON_TARGET_DEGREES;
  return {
    taken,
    mount: mount?.motion.value === 'parked' ? 'parked' : onTarget || !mount ? 'on target' : 'elsewhere',
    ...(wheel && { filter: filterNames(rig)[(wheel.slot.value ?? 0) - 1] ?? '' }),
    ...(focuser && { focus: focuser.position.value }),
  };
}

async function perform(
  { rig }: NightParts,
  step: Exclude<Step, { do: 'expose' }>,
  run: Run<void>,
): Promise<void> {
  const operation = () => {
    switch (step.do) {
      case 'unpark':
        return required(rig, 'mount').operate(night, 'mount', 'unpark', {});
      case 'park':
        return required(rig, 'mount').operate(night, 'mount', 'park', {});
      case 'slew':
        return required(rig, 'mount').operate(night, 'mount', 'slewTo', { ra: step.ra, dec: step.dec });
      case 'focus':
        return required(rig, 'focuser').operate(night, 'focuser', 'moveTo', { steps: step.steps });
      case 'filter': {
        const slot = filterNames(rig).indexOf(step.name) + 1;
        if (slot === 0) throw new Fault('refused', `the wheel has no filter "${step.name}"`);
        return required(rig, 'wheel').operate(night, 'wheel', 'select', { slot });
      }
      case 'end':
        return undefined;
    }
  };
  const work = operation();
  if (!work) return;
  const stop = () => work.stop(run.signal.reason.reason);
  run.signal.addEventListener('abort', stop, { once: true });
  await work.outcome.finally(() => run.signal.removeEventListener('abort', stop));
}

function shoot(
  { rig, shutter }: NightParts,
  plan: Plan,
  { set }: Extract<Step, { do: 'expose' }>,
  run: Run<void>,
): Shooting {
  const { seconds, binning, gain, offset, id } = set;
  const shooting = shutter.shoot(
    required(rig, 'camera'),
    night,
    {
      seconds,
      binning,
      type: 'light',
      object: plan.target.name,
      plan: { plan: plan.id, set: id },
      ...(gain !== undefined && { gain }),
      ...(offset !== undefined && { offset }),
    },
    'store',
  );
  const stop = () => shooting.stop(run.signal.reason.reason);
  run.signal.addEventListener('abort', stop, { once: true });
  const over = () => run.signal.removeEventListener('abort', stop);
  shooting.outcome.then(over, over);
  return shooting;
}

function required(rig: Rig, role: Role): Device {
  const device = rig.host.inRole(role);
  if (!device) throw new Fault('unsupported', `the rig has no ${role}`);
  return device;
}

/** The one policy (HOUSE, rule 2): again, wait for the host to reconnect, or give up. */
async function recover({ rig }: NightParts, fault: Error, failures: number, run: Run<void>): Promise<void> {
  const policy = fault instanceof Fault ? recovery[fault.kind] : 'fail';
  if (policy === 'fail' && !(fault instanceof Stopped)) throw fault;
  if (failures >= TRIES) throw fault;
  const absent = rig.host.devices.value.filter(
    (device) =>
      Object.values(rig.host.roles.value).includes(device.id) && device.status.value.state !== 'connected',
  );
  const { clock } = run;
  const deadline = new AbortController();
  const cancel = clock.after(RECONNECT_MINUTES * 60_000, () =>
    deadline.abort(new Fault('gone', `${absent.map(({ id }) => id).join(', ')} did not come back`)),
  );
  const signal = AbortSignal.any([run.signal, deadline.signal]);
  try {
    for (const device of absent) {
      await run.step(`waiting for ${device.id}`, () =>
        when(device.status, ({ state }) => state === 'connected', signal),
      );
    }
  } finally {
    cancel();
  }
  await run.sleep(1000 * failures);
}
