import type { Device } from '../../device/device.ts';
import { filterNames, type Rig } from '../../device/rig.ts';
import type { FilterWheel } from '../../device/wheel.ts';
import { indi, MAIN } from '../actor.ts';
import { number, type Panel } from '../panel.ts';

/** INDI protocol 1.7, filter wheel: slots count from 1. */
export function projectWheel(panel: Panel, device: Device, wheel: FilterWheel, rig: Rig): void {
  const { slot, slots, names } = wheel;
  const rw = { perm: 'rw' } as const;
  const place = panel.numbers(
    'FILTER_SLOT',
    'Filter Slot',
    MAIN,
    { FILTER_SLOT_VALUE: number('Filter', '%.f', 1, slots, 1) },
    { FILTER_SLOT_VALUE: slot.value ?? 1 },
    rw,
  );
  place.onWrite(({ FILTER_SLOT_VALUE }) => {
    panel.command(place, ['wheel'], () =>
      device.operate(indi, 'wheel', 'select', { slot: FILTER_SLOT_VALUE }),
    );
  });
  panel.watch([slot], () => {
    const now = slot.value;
    place.show(now === undefined ? {} : { FILTER_SLOT_VALUE: now }, now === undefined ? 'Busy' : 'Ok');
  });

  const keys = Array.from({ length: slots }, (_, index) => `FILTER_SLOT_NAME_${index + 1}`);
  const now = () => {
    const known = namesOf(device, wheel, rig);
    return Object.fromEntries(keys.map((key, index) => [key, known[index] ?? '']));
  };
  const labels = Object.fromEntries(keys.map((key, index) => [key, `#${index + 1}`]));
  const filters = panel.texts('FILTER_NAME', 'Filter', MAIN, labels, now(), names ? {} : rw);
  panel.watch([names, rig.facts, rig.host.roles], () => filters.show(now(), 'Ok'));
  if (!names) {
    filters.onWrite((values) => {
      rig.describe({ filters: keys.map((key) => values[key] ?? '') });
    });
  }
}

/** The rig's filters are those of the wheel in its role; another wheel has what it says itself. */
function namesOf(device: Device, wheel: FilterWheel, rig: Rig): readonly string[] {
  if (rig.host.inRole('wheel') === device) return filterNames(rig);
  return wheel.names?.value ?? Array.from({ length: wheel.slots }, (_, index) => `Filter ${index + 1}`);
}
