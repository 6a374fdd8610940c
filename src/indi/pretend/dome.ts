import { cell } from '../../core/cell.ts';
import type { Dome, DomeMotion, RoofState } from '../../device/dome.ts';

export function pretendDome() {
  const azimuth = cell(90);
  const motion = cell<DomeMotion>('stopped');
  const roof = cell<RoofState>('closed');
  const turns: string[] = [];
  const dome: Dome = {
    azimuth,
    motion,
    roof,
    async turnTo(degrees, run) {
      motion.set('moving');
      try {
        await run.sleep(500);
        azimuth.set(degrees);
      } finally {
        motion.set('stopped');
      }
    },
    async turn(direction, run) {
      turns.push(direction);
      motion.set('moving');
      try {
        await run.sleep(3_600_000);
      } finally {
        turns.push('stopped');
        motion.set('stopped');
      }
    },
    async sync(degrees) {
      azimuth.set(degrees);
    },
    async openRoof(run) {
      roof.set('opening');
      await run.sleep(1000).finally(() => roof.set('unknown'));
      roof.set('open');
    },
    async closeRoof(run) {
      roof.set('closing');
      await run.sleep(1000).finally(() => roof.set('unknown'));
      roof.set('closed');
    },
    async park(run) {
      motion.set('parking');
      await run.sleep(500);
      motion.set('parked');
    },
    async unpark() {
      motion.set('stopped');
    },
    async halt() {},
  };
  return { dome, azimuth, motion, roof, turns };
}
