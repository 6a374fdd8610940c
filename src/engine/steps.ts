import { Fault } from '../core/errors.ts';
import type { Actor, Lease } from '../core/lane.ts';
import type { Log } from '../core/log.ts';
import type { Run } from '../core/run.ts';
import type { Device } from '../device/device.ts';
import { type Role, roles } from '../device/host.ts';
import { filterNames, type Rig } from '../device/rig.ts';
import type { Shooting, Shutter } from '../device/shutter.ts';
import { separation } from '../sky/angle.ts';
import type { Ledger } from '../storage/ledger.ts';
import type { Situation, Step } from './decide.ts';
import type { Plan } from './plan.ts';

export interface NightParts {
  rig: Rig;
  shutter: Shutter;
  ledger: Ledger;
  log: Log;
}

const night: Actor = { name: 'night', rank: 'night' };

/** A mount within this of the target is on it: the pointing of an unmodelled mount, before any solve. */
const ON_TARGET_DEGREES = 0.5;

export const describe = (step: Step): string => {
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

const leased: readonly Role[] = ['mount', 'camera', 'focuser', 'wheel'];

/** The night holds its roles until it ends; clients are told `busy: night`. */
export function leaseAll({ rig }: NightParts): Lease[] {
  return leased.flatMap((role) => rig.host.inRole(role)?.lease(night, roles[role]) ?? []);
}

/** Nothing is in progress on any device of the night. */
export const atRest = ({ rig }: NightParts): boolean =>
  leased.every((role) => (rig.host.inRole(role)?.runs.value.length ?? 0) === 0);

export async function look(
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

export async function perform(
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

export function shoot(
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
