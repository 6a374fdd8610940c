import { cell } from '../../core/cell.ts';
import { Fault } from '../../core/errors.ts';
import type { GuidePort } from '../../device/guide-port.ts';
import type { Mount, MountMotion, PierSide } from '../../device/mount.ts';
import type { Direction } from '../../sky/direction.ts';

export function pretendMount() {
  const position = cell<Direction>({ ra: 30, dec: 40 });
  const pierSide = cell<PierSide>('west');
  const motion = cell<MountMotion>('tracking');
  const trackingRate = cell<'sidereal' | 'solar' | 'lunar'>('sidereal');
  const parkAt = cell<readonly [number, number]>([-90, 50]);
  const moves: string[] = [];
  const mount: Mount = {
    position,
    pierSide,
    motion,
    rates: ['16x', '64x', 'max'],
    trackingRate,
    async slewTo(target, run) {
      if (motion.value === 'parked') throw new Fault('refused', 'the mount is parked');
      motion.set('slewing');
      try {
        await run.sleep(500);
        position.set({ ra: target.ra, dec: target.dec });
      } finally {
        motion.set('tracking');
      }
    },
    async sync(target) {
      position.set({ ra: target.ra, dec: target.dec });
    },
    async setTracking(on) {
      motion.set(on ? 'tracking' : 'stopped');
    },
    async setTrackingRate(rate) {
      trackingRate.set(rate);
    },
    async park(run) {
      motion.set('parking');
      await run.sleep(500);
      motion.set('parked');
    },
    async unpark() {
      motion.set('stopped');
    },
    parkPosition: {
      axes: 'hour angle and declination',
      at: parkAt,
      async set(at) {
        parkAt.set(at);
      },
    },
    async parkHere() {
      parkAt.set([15, 20]);
    },
    async home(run) {
      motion.set('slewing');
      await run.sleep(500);
      motion.set('stopped');
    },
    async move(direction, rate, run) {
      moves.push(`${direction} ${rate}`);
      try {
        await run.sleep(3_600_000);
      } finally {
        moves.push(`${direction} stopped`);
      }
    },
    async halt() {
      moves.push('halt');
    },
  };
  return { mount, position, pierSide, motion, moves };
}

export function pretendGuide() {
  const pulses: string[] = [];
  const failing = cell(false);
  const rate = cell({ ra: 0.5, dec: 0.5 });
  const guide: GuidePort = {
    rate,
    async setRate(wanted) {
      rate.set(wanted);
    },
    async pulse(direction, milliseconds, run) {
      if (failing.value) throw new Fault('silent', 'the mount did not answer');
      await run.sleep(milliseconds);
      pulses.push(`${direction} ${milliseconds}`);
    },
  };
  return { guide, pulses, failing };
}
