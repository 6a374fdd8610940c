import { cell } from '../../core/cell.ts';
import type { Focuser } from '../../device/focuser.ts';

export function pretendFocuser(start = 5000) {
  const position = cell(start);
  const moving = cell(false);
  const temperature = cell<number | undefined>(12.5);
  const speed = cell(3);
  const reversed = cell(false);
  const backlash = cell(0);
  const focuser: Focuser = {
    position,
    moving,
    temperature,
    maxStep: 10_000,
    async moveTo(steps, run) {
      moving.set(true);
      try {
        await run.sleep(300);
        position.set(Math.round((position.value + steps) / 2));
        await run.sleep(300);
        position.set(steps);
      } finally {
        moving.set(false);
      }
    },
    async sync(steps) {
      position.set(steps);
    },
    speed: {
      value: speed,
      min: 1,
      max: 5,
      async set(value) {
        speed.set(value);
      },
    },
    reversed,
    async setReversed(on) {
      reversed.set(on);
    },
    backlash,
    async setBacklash(steps) {
      backlash.set(steps);
    },
    async drive(direction, milliseconds, run) {
      await run.sleep(milliseconds);
      position.set(position.value + (direction === 'outward' ? milliseconds : -milliseconds) / 10);
    },
    async halt() {
      moving.set(false);
    },
  };
  return { focuser, position, moving, temperature };
}
