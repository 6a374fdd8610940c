import { cell } from '../../core/cell.ts';
import type { Cover, CoverState } from '../../device/cover.ts';
import type { FlatLight } from '../../device/flat-light.ts';
import type { Rotator } from '../../device/rotator.ts';
import type { FilterWheel } from '../../device/wheel.ts';

export function pretendWheel(slots = 5) {
  const slot = cell<number | undefined>(1);
  const wheel: FilterWheel = {
    slot,
    slots,
    async select(wanted, run) {
      slot.set(undefined);
      await run.sleep(400);
      slot.set(wanted);
    },
  };
  return { wheel, slot };
}

export function pretendRotator(start = 10) {
  const angle = cell(start);
  const moving = cell(false);
  const reversed = cell(false);
  const rotator: Rotator = {
    angle,
    moving,
    reversed,
    async turnTo(degrees, run) {
      moving.set(true);
      try {
        await run.sleep(300);
        angle.set((angle.value + degrees) / 2);
        await run.sleep(300);
        angle.set(degrees);
      } finally {
        moving.set(false);
      }
    },
    async sync(degrees) {
      angle.set(degrees);
    },
    async setReversed(on) {
      reversed.set(on);
    },
    async home(run) {
      await run.sleep(500);
      angle.set(0);
    },
    async halt() {
      moving.set(false);
    },
  };
  return { rotator, angle, moving };
}

export function pretendCover() {
  const state = cell<CoverState>('closed');
  const move = async (to: CoverState, sleep: () => Promise<void>) => {
    state.set('moving');
    try {
      await sleep();
      state.set(to);
    } finally {
      if (state.value === 'moving') state.set('unknown');
    }
  };
  const cover: Cover = {
    state,
    open: (run) => move('open', () => run.sleep(1000)),
    close: (run) => move('closed', () => run.sleep(1000)),
    async halt() {},
  };
  return { cover, state };
}

export function pretendLight() {
  const on = cell(false);
  const brightness = cell(100);
  const light: FlatLight = {
    on,
    brightness,
    maxBrightness: 255,
    async setOn(wanted) {
      on.set(wanted);
    },
    async setBrightness(value) {
      brightness.set(value);
    },
  };
  return { light, on, brightness };
}
