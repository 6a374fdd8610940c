import { isoUtc } from '../../core/clock.ts';
import { modulo } from '../../core/units.ts';
import type { Device } from '../../device/device.ts';
import type { Gps } from '../../device/gps.ts';
import { indi, MAIN, SITE } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { number, type Panel } from '../panel.ts';
import { projectButton } from './switches.ts';

/**
 * INDI protocol 1.7, GPS: Busy until there is a fix. Where the same device is a mount, place and time are the mount's
 * properties already.
 */
export function projectGps(panel: Panel, device: Device, gps: Gps, { rig }: FaceParts): void {
  if (!panel.properties.has('GEOGRAPHIC_COORD')) projectFix(panel, gps, rig);
  if (!gps.refresh) return;
  projectButton(panel, ['GPS_REFRESH', 'GPS', MAIN], 'REFRESH', 'Refresh', (button) =>
    panel.command(button, [], () => device.operate(indi, 'gps', 'refresh', {})),
  );
}

function projectFix(panel: Panel, { fix }: Gps, rig: FaceParts['rig']): void {
  const place = panel.numbers(
    'GEOGRAPHIC_COORD',
    'Location',
    SITE,
    {
      LAT: number('Lat (dd:mm:ss)', '%012.8m', -90, 90),
      LONG: number('Lon (dd:mm:ss)', '%012.8m', 0, 360),
      ELEV: number('Elevation (m)', '%g', -200, 10_000),
    },
    { LAT: 0, LONG: 0, ELEV: 0 },
  );
  const words = { UTC: 'UTC Time', OFFSET: 'UTC Offset' };
  const time = panel.texts('TIME_UTC', 'UTC', SITE, words, { UTC: '', OFFSET: '' });
  panel.watch([fix, rig.facts], () => {
    const { value } = fix;
    const state = value ? 'Ok' : 'Busy';
    if (!value) place.show({}, state);
    else {
      const { latitude, longitude, elevationMetres } = value.site;
      place.show({ LAT: latitude, LONG: modulo(longitude, 360), ELEV: elevationMetres }, state);
    }
    const offset = { OFFSET: (rig.facts.value.zoneMinutes / 60).toFixed(2) };
    if (value?.utc === undefined) time.show(offset, 'Busy');
    else time.show({ UTC: isoUtc(value.utc).slice(0, 19), ...offset }, 'Ok');
  });
}
