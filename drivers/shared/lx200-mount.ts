import { cell } from '../../src/core/cell.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/run.ts';
import type { GuidePort } from '../../src/device/guide-port.ts';
import type { Compass, Mount, MountMotion, PierSide } from '../../src/device/mount.ts';
import { separation } from '../../src/sky/angle.ts';
import { fromApparent, toApparent } from '../../src/sky/apparent.ts';
import { apparentPlace, type Direction } from '../../src/sky/direction.ts';
import { type Dialect, trackingCommand } from './lx200-dialect.ts';
import type { Lx200Line } from './lx200-line.ts';
import { parseOnstepStatus, parsePierSide } from './lx200-status.ts';
import { declinationText, parseDeclination, parseRightAscension, rightAscensionText } from './lx200-text.ts';

/** On the way, the mount is asked this often. */
const MOVING_MS = 500;
/** Looks at a halting mount are so far apart. */
const HALTING_MS = 300;
const HALT_TRIES = 30;
/** Less than this between two looks is rest: the short form is good to 15″, a paddle rate that matters is faster. */
const REST_DEGREES = 2 / 60;
/** A mount without a status has parked when it has been at rest for so many looks. */
const CALM_LOOKS = 6;
/** The mounts' coordinates have 15″; a goto that ends farther off did not arrive. */
const ARRIVED_DEGREES = 3 / 60;
/** Four digits; what is longer is given in parts. */
const LONGEST_PULSE_MS = 9999;

/** What the capabilities of one opened mount share. */
export interface Lx200Mount {
  mount: Mount;
  guide: GuidePort;
  /** Reads position and state. */
  refresh(): Promise<void>;
}

/** @param guideRate multiple of sidereal, where the mount says it */
export function lx200Mount(
  line: Lx200Line,
  dialect: Dialect,
  clock: Clock,
  guideRate: number | undefined,
): Lx200Mount {
  const position = cell<Direction>({ ra: 0, dec: 0 });
  const pierSide = cell<PierSide>('unknown');
  const motion = cell<MountMotion>('stopped');
  /** What this driver has set going: all that a mount without a status reveals of itself. */
  let going: 'slewing' | 'parking' | undefined;
  let parked = false;
  let held = 0;
  let error: string | undefined;

  async function refresh(): Promise<void> {
    const ra = await line.read('GR', parseRightAscension);
    const dec = await line.read('GD', parseDeclination);
    position.set(fromApparent(apparentPlace(ra, dec), clock.now()));
    const seen = dialect.status ? await status() : await guessed();
    motion.set(held > 0 && (seen === 'tracking' || seen === 'stopped') ? 'moving' : seen);
  }

  async function status(): Promise<MountMotion> {
    const state = await line.read('GU', parseOnstepStatus);
    error = state.error;
    pierSide.set(await line.read('Gm', parsePierSide));
    return state.motion;
  }

  /** Bars show the distance still to go, and only mean something on the way. */
  async function guessed(): Promise<MountMotion> {
    if (parked) return 'parked';
    if (!going) return 'tracking';
    const bars = await line.read('D', (answer) => answer);
    return /^[ #]/.test(bars) ? 'tracking' : going;
  }

  const isParked = () => motion.value === 'parked';

  function refuseParked(): void {
    if (isParked()) throw new Fault('refused', 'the mount is parked: unpark it first');
  }

  /** Gives the target in coordinates of date. */
  async function aim(target: Direction): Promise<void> {
    const { ra, dec } = toApparent(target, clock.now());
    const taken =
      (await line.set(`Sr${rightAscensionText(ra)}`)) && (await line.set(`Sd${declinationText(dec)}`));
    if (!taken) throw new Fault('refused', 'the mount does not take these coordinates');
  }

  /** Follows what the mount does until it is over and at rest; halts it when that is not awaited. */
  async function travel(run: Run, kind: 'slewing' | 'parking', target?: Direction): Promise<void> {
    const start = position.value;
    const looks = kind === 'parking' && !dialect.status ? CALM_LOOKS : 1;
    let over = false;
    going = kind;
    motion.set(kind);
    try {
      for (let calm = 0; calm < looks; ) {
        const before = position.value;
        await run.sleep(MOVING_MS);
        await refresh();
        if (target) run.report({ fraction: share(start, position.value, target), note: 'on the way' });
        const rests = motion.value !== kind && separation(before, position.value) < REST_DEGREES;
        calm = rests ? calm + 1 : 0;
      }
      over = true;
    } finally {
      going = undefined;
      if (!over) await bringToRest('Q', () => 1);
    }
  }

  /** Halts, and again until two looks show the same place. @param along how much of a change counts */
  async function bringToRest(command: string, along: (axis: 'ra' | 'dec') => number): Promise<void> {
    await line.tell(command);
    await refresh();
    for (let tries = 0; tries < HALT_TRIES; tries++) {
      const { ra, dec } = position.value;
      await clock.sleep(HALTING_MS);
      await refresh();
      const moved = Math.max(
        along('dec') * Math.abs(position.value.dec - dec),
        along('ra') * separation({ ra, dec }, { ra: position.value.ra, dec }),
      );
      const goes = motion.value === 'slewing' || motion.value === 'parking';
      if (moved < REST_DEGREES && !goes) return;
      await line.tell(command);
    }
    throw new Fault('refused', `the mount moves on although it was halted (:${command}#)`);
  }

  async function switchTracking(on: boolean): Promise<void> {
    if (!(await line.set(on ? 'Te' : 'Td'))) {
      throw new Fault('refused', `the mount does not ${on ? 'start' : 'stop'} tracking${because(error)}`);
    }
    await refresh();
  }

  const mount: Mount = {
    position,
    pierSide,
    motion,
    rates: dialect.rates.map(([label]) => label),

    async slewTo(target, run) {
      refuseParked();
      await aim(target);
      const answer = await line.ask('MS', dialect.gotoReply).catch(async (lost: unknown) => {
        // It may have understood, and go where nobody watches.
        await bringToRest('Q', () => 1);
        throw lost;
      });
      if (answer !== '0') {
        const reason = dialect.refusals[answer[0] ?? ''] ?? `it says "${answer.replace(/ *#$/, '')}"`;
        throw new Fault('refused', `no goto: ${reason}`);
      }
      await travel(run, 'slewing', target);
      const off = separation(position.value, target);
      if (off > ARRIVED_DEGREES) {
        throw new Fault('refused', `the mount stopped ${off.toFixed(1)}° from the target${because(error)}`);
      }
      if (motion.value === 'stopped') await switchTracking(true);
    },

    async sync(target) {
      refuseParked();
      await aim(target);
      const answer = await line.ask('CM');
      if (dialect.status && /^E\d#$/.test(answer)) {
        throw new Fault('refused', `no sync: ${dialect.refusals[answer[1] ?? ''] ?? answer}`);
      }
      await refresh();
    },

    async setTracking(on) {
      refuseParked();
      if (dialect.status) return switchTracking(on);
      if (!on) throw new Fault('unsupported', 'this mount has no command that stops its tracking');
      await refresh();
    },

    async setTrackingRate(rate) {
      await line.tell(trackingCommand[rate]);
    },

    async park(run) {
      if (isParked()) return;
      if (!dialect.status) await line.tell('hP');
      else if (!(await line.set('hP'))) {
        await refresh();
        throw new Fault('refused', `the mount does not park${because(error)}`);
      }
      await travel(run, 'parking');
      if (!dialect.status) parked = true;
      await refresh();
      if (!isParked()) throw new Fault('refused', `the mount has not parked${because(error)}`);
    },

    async unpark() {
      if (!isParked()) return;
      if (!dialect.status) {
        throw new Fault('unsupported', 'this mount leaves its park only when it is switched off and on');
      }
      if (!(await line.set('hR'))) throw new Fault('refused', `the mount does not unpark${because(error)}`);
      await refresh();
    },

    async move(direction, rate, run) {
      refuseParked();
      const command = dialect.rates[rate]?.[1];
      if (!command) throw new Fault('refused', `there is no paddle rate ${rate}`);
      const axis = axisOf(direction);
      held++;
      motion.set('moving');
      try {
        await line.tell(command, `M${letterOf(direction)}`);
        for (;;) {
          await run.sleep(MOVING_MS);
          await refresh();
        }
      } finally {
        held--;
        await bringToRest(`Q${letterOf(direction)}`, (other) => (other === axis ? 1 : 0));
      }
    },

    async halt() {
      await line.tell('Q');
      await refresh();
    },
  };

  /** A pulse that the mount times runs to its end there: stopping the Run only leaves out the parts still to come. */
  const guide: GuidePort = {
    ...(guideRate !== undefined ? { rate: cell({ ra: guideRate, dec: guideRate }) } : {}),
    async pulse(direction, milliseconds, run) {
      refuseParked();
      const way = letterOf(direction);
      if (!dialect.timedPulses) {
        try {
          await line.tell('RG', `M${way}`);
          await run.sleep(milliseconds);
        } finally {
          await line.tell(`Q${way}`);
        }
        return;
      }
      for (let left = Math.round(milliseconds); left > 0; left -= LONGEST_PULSE_MS) {
        const part = Math.min(left, LONGEST_PULSE_MS);
        await line.tell(`Mg${way}${String(part).padStart(4, '0')}`);
        await run.sleep(part);
      }
    },
  };

  return { mount, guide, refresh };
}

const letterOf = (direction: Compass) => direction[0] as string;
const axisOf = (direction: Compass) => (direction === 'north' || direction === 'south' ? 'dec' : 'ra');
const because = (error: string | undefined) => (error ? `: ${error}` : '');

/** How much of the way is done, 0–1. */
function share(start: Direction, now: Direction, target: Direction): number {
  const whole = separation(start, target);
  return whole === 0 ? 1 : Math.min(1, Math.max(0, 1 - separation(now, target) / whole));
}
