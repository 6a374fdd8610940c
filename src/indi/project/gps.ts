import type { Device } from '../../device/device.ts';
import type { Gps } from '../../device/gps.ts';
import { indi, MAIN, SITE } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import type { Panel } from '../panel.ts';
import { offsetText, placeElements, placeValues, timeElements, utcText } from './place.ts';
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
  const place = panel.numbers('GEOGRAPHIC_COORD', 'Location', SITE, placeElements, placeValues(undefined));
  const time = panel.texts('TIME_UTC', 'UTC', SITE, timeElements, { UTC: '', OFFSET: '' });
  panel.watch([fix, rig.facts], () => {
    const { value } = fix;
    if (value) place.show(placeValues(value.site), 'Ok');
    else place.show({}, 'Busy');
    const offset = { OFFSET: offsetText(rig.facts.value.zoneMinutes) };
    if (value?.utc === undefined) time.show(offset, 'Busy');
    else time.show({ UTC: utcText(value.utc), ...offset }, 'Ok');
  });
}
