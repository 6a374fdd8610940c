import { signedDegrees } from '../../core/units.ts';
import type { Device } from '../../device/device.ts';
import type { Mount, ParkPosition } from '../../device/mount.ts';
import { indi, MAIN, SITE } from '../actor.ts';
import { chosen, number, only, type Panel } from '../panel.ts';

const AXES = ['ra', 'dec'];
const rw = { perm: 'rw' } as const;

/** TELESCOPE_PARK and, where the mount can be told, TELESCOPE_PARK_POSITION, TELESCOPE_PARK_OPTION and TELESCOPE_HOME. */
export function projectParking(panel: Panel, device: Device, mount: Mount): void {
  const { motion, parkPosition, parkHere } = mount;
  const words = { PARK: 'Park(ed)', UNPARK: 'UnPark(ed)' };
  const park = panel.switches('TELESCOPE_PARK', 'Parking', MAIN, words, 'UNPARK', rw);
  panel.watch([motion], () => {
    const { value } = motion;
    // Parked is what the mount reports when it has stopped there, never the wish.
    park.show(only(words, value === 'parked' ? 'PARK' : 'UNPARK'), value === 'parking' ? 'Busy' : 'Ok');
  });
  park.onWrite(({ PARK }) => {
    if (PARK) panel.command(park, AXES, () => device.operate(indi, 'mount', 'park', {}));
    else panel.brief(park, AXES, () => device.operate(indi, 'mount', 'unpark', {}));
  });
  if (parkPosition) projectPosition(panel, device, parkPosition);
  if (parkHere) projectOption(panel, device);
  projectHome(panel, device, mount);
}

/** Hour angles are hours, as in libindi. */
function projectPosition(panel: Panel, device: Device, { axes, at, set }: ParkPosition): void {
  const horizontal = axes === 'azimuth and altitude';
  const [first, second] = horizontal
    ? (['PARK_AZ', 'PARK_ALT'] as const)
    : (['PARK_HA', 'PARK_DEC'] as const);
  const elements = {
    [first]: horizontal ? number('AZ', '%010.6m', 0, 360) : number('HA (hh:mm:ss)', '%010.6m', -12, 12),
    [second]: number(horizontal ? 'ALT' : 'DEC (dd:mm:ss)', '%010.6m', -90, 90),
  };
  const now = () => {
    const [a, b] = at.value;
    return { [first]: horizontal ? a : signedDegrees(a) / 15, [second]: b };
  };
  const options = { perm: set ? 'rw' : 'ro' } as const;
  const title = ['TELESCOPE_PARK_POSITION', 'Park Position', SITE] as const;
  const place = panel.numbers<string>(...title, elements, now(), options);
  panel.watch([at], () => place.show(now(), 'Ok'));
  place.onWrite(({ [first]: a = 0, [second]: b = 0 }) => {
    const wanted = [horizontal ? a : a * 15, b] as const;
    panel.brief(place, [], () => device.operate(indi, 'mount', 'parkAt', { at: wanted }));
  });
}

/** The mount itself keeps its park position: there is nothing to write or to purge, and it knows no default. */
function projectOption(panel: Panel, device: Device): void {
  const words = { PARK_CURRENT: 'Current', PARK_WRITE_DATA: 'Write Data' };
  const option = panel.switches('TELESCOPE_PARK_OPTION', 'Park Options', SITE, words, undefined, {
    ...rw,
    rule: 'AtMostOne',
  });
  option.onWrite(({ PARK_CURRENT }) => {
    if (PARK_CURRENT) panel.brief(option, [], () => device.operate(indi, 'mount', 'parkHere', {}));
    else option.show({}, 'Ok');
  });
}

function projectHome(panel: Panel, device: Device, mount: Mount): void {
  const deeds = [
    { element: 'FIND', label: 'Find', operation: 'findHome' },
    { element: 'SET', label: 'Set', operation: 'setHome' },
    { element: 'GO', label: 'Go', operation: 'home' },
  ] as const;
  const able = deeds.filter(({ operation }) => mount[operation]);
  if (able.length === 0) return;
  const words = Object.fromEntries(able.map(({ element, label }) => [element, label]));
  const options = { ...rw, rule: 'AtMostOne' } as const;
  const home = panel.switches<string>('TELESCOPE_HOME', 'Homing', MAIN, words, undefined, options);
  home.onWrite((values) => {
    const deed = able.find(({ element }) => element === chosen(values));
    if (deed) panel.command(home, AXES, () => device.operate(indi, 'mount', deed.operation, {}));
  });
}
