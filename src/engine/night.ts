import { when } from '../core/cell.ts';
import { asError, Fault, recovery } from '../core/errors.ts';
import type { Lease } from '../core/lane.ts';
import { Run, Stopped } from '../core/run.ts';
import type { Shooting } from '../device/shutter.ts';
import { decide } from './decide.ts';
import type { Plan } from './plan.ts';
import { atRest, describe, leaseAll, look, type NightParts, perform, shoot } from './steps.ts';

/** What happened, for the report: every step that was tried, and how it ended. */
export interface NightEntry {
  utc: number;
  step: string;
  seconds: number;
  fault?: string;
}

/** A step that failed this often in a row ends the night as its fault says. */
const TRIES = 5;
/** How long a lost device may stay away before the night is given up. */
const RECONNECT_MINUTES = 30;
/** A person who did nothing for a minute has gone to bed. */
const LOOK_MS = 5000;
const QUIET_LOOKS = 12;

/**
 * One night on one target: look, decide, do one step, again. The ledger is the only memory; whoever kills this and
 * starts it anew goes on where the ledger says. A night that is given up leaves the mount parked, as a finished one.
 */
export function runNight(
  parts: NightParts,
  plan: Plan,
  note: (entry: NightEntry) => void = () => {},
): Run<void> {
  const { host } = parts.rig;
  return Run.start<void>(host.clock, `night ${plan.id}`, async (run) => {
    const { timeSource } = host.observatory;
    await run.step('waiting for a trusted clock', () =>
      when(timeSource, (source) => source !== undefined, run.signal),
    );
    const leases: Lease[] = leaseAll(parts);
    const frames: FramesUnderWay = { inFlight: {}, storing: Promise.resolve(), unstored: [] };
    try {
      // A mount or wheel that was never there would look like a rig without one.
      await reconnected(parts, run);
      await performAll(parts, plan, run, leases, frames, note);
    } catch (thrown) {
      if (plan.park && !(thrown instanceof Stopped)) await tryToPark(parts, run, note);
      throw thrown;
    } finally {
      await frames.storing;
      for (const lease of leases) lease.release();
    }
  });
}

/** Frames that have left the sensor and are on their way to the disk, while the next is being exposed. */
interface FramesUnderWay {
  /** By set. */
  inFlight: Record<string, number>;
  /** Never rejects. */
  storing: Promise<unknown>;
  /** What went wrong on the way. */
  unstored: Error[];
}

async function performAll(
  parts: NightParts,
  plan: Plan,
  run: Run<void>,
  leases: Lease[],
  frames: FramesUnderWay,
  note: (entry: NightEntry) => void,
): Promise<void> {
  let failures = 0;
  /** An exposure that succeeds says nothing about the disk: these are counted by themselves. */
  let storeFailures = 0;
  for (;;) {
    run.signal.throwIfAborted();
    if (taken(leases)) await pause(parts, run, leases);
    let step = decide(plan, await look(parts, plan, frames.inFlight));
    // A frame that is still being written counts as taken; before the end it must be so.
    if (step.do === 'park' || step.do === 'end') {
      await frames.storing;
      step = decide(plan, await look(parts, plan, frames.inFlight));
    }
    const start = run.clock.now();
    const entry = (name: string, fault?: Error) =>
      note({
        utc: start,
        step: name,
        seconds: (run.clock.now() - start) / 1000,
        ...(fault && { fault: fault.message }),
      });
    const unstored = frames.unstored.shift();
    if (unstored) {
      entry('store', unstored);
      await recover(parts, unstored, ++storeFailures, run);
      continue;
    }
    if (step.do === 'end') return;
    try {
      await run.step(describe(step), async () => {
        if (step.do !== 'expose') return perform(parts, step, run);
        const shooting = shoot(parts, plan, step, run);
        const spoilt = () => shooting.stop('superseded', 'a person has taken over');
        for (const { lost } of leases) lost.addEventListener('abort', spoilt, { once: true });
        follow(shooting, step.set.id, frames, () => {
          storeFailures = 0;
        });
        await shooting.sensorFree.finally(() => {
          for (const { lost } of leases) lost.removeEventListener('abort', spoilt);
        });
      });
      failures = 0;
      entry(describe(step));
    } catch (thrown) {
      const fault = asError(thrown);
      entry(describe(step), fault);
      if (taken(leases)) continue;
      if (fault instanceof Stopped && fault.reason !== 'superseded') throw fault;
      parts.log.warn(
        { step: step.do, fault: fault instanceof Fault ? fault.kind : undefined },
        fault.message,
      );
      await recover(parts, fault, ++failures, run);
    }
  }
}

const taken = (leases: readonly Lease[]) => leases.some(({ lost }) => lost.aborted);

/** A person has the rig: the night waits until nobody has done anything for a while, and takes it back. */
async function pause(parts: NightParts, run: Run<void>, leases: Lease[]): Promise<void> {
  parts.log.info('a person, or a limit, has taken over: the night waits');
  await run.step('paused: a person has taken over', async () => {
    for (let quiet = 0; quiet < QUIET_LOOKS; ) {
      await run.sleep(LOOK_MS);
      quiet = atRest(parts) ? quiet + 1 : 0;
    }
  });
  for (const lease of leases) lease.release();
  leases.splice(0, leases.length, ...leaseAll(parts));
}

/** Keeps account of a frame until it is stored. */
function follow(shooting: Shooting, set: string, frames: FramesUnderWay, stored: () => void): void {
  const { inFlight, unstored } = frames;
  inFlight[set] = (inFlight[set] ?? 0) + 1;
  let exposed = false;
  shooting.sensorFree.then(
    () => {
      exposed = true;
    },
    () => {},
  );
  const settled = shooting.outcome.then(stored, (error) => {
    // Before the sensor was free it is the step's own failure.
    if (exposed) unstored.push(asError(error));
  });
  frames.storing = Promise.all([
    frames.storing,
    settled.finally(() => {
      inFlight[set] = (inFlight[set] ?? 1) - 1;
    }),
  ]);
}

/** Nobody is left to watch the mount, which would track into its pier. */
async function tryToPark(
  parts: NightParts,
  run: Run<void>,
  note: (entry: NightEntry) => void,
): Promise<void> {
  const mount = parts.rig.host.inRole('mount')?.capabilities.value.mount;
  if (!mount || mount.motion.value === 'parked') return;
  const start = run.clock.now();
  const entry = (fault?: string) =>
    note({ utc: start, step: 'park', seconds: (run.clock.now() - start) / 1000, ...(fault && { fault }) });
  try {
    await run.step('park', () => perform(parts, { do: 'park' }, run));
    entry();
  } catch (thrown) {
    const { message } = asError(thrown);
    entry(message);
    parts.log.error({ step: 'park' }, `the mount is not parked: ${message}`);
  }
}

/** The one policy (HOUSE, rule 2): again, wait for the host to reconnect, or give up. */
async function recover(parts: NightParts, fault: Error, failures: number, run: Run<void>): Promise<void> {
  const policy = fault instanceof Fault ? recovery[fault.kind] : 'fail';
  if (policy === 'fail' && !(fault instanceof Stopped)) throw fault;
  if (failures >= TRIES) throw fault;
  await reconnected(parts, run);
  await run.sleep(1000 * failures);
}

/** Resolves when every device with a role is connected. @throws Fault `gone` when one stays away too long */
async function reconnected({ rig }: NightParts, run: Run<void>): Promise<void> {
  const absent = rig.host.devices.value.filter(
    (device) =>
      Object.values(rig.host.roles.value).includes(device.id) && device.status.value.state !== 'connected',
  );
  const deadline = new AbortController();
  const cancel = run.clock.after(RECONNECT_MINUTES * 60_000, () =>
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
}
