import { signedDegrees } from '../../core/units.ts';
import type { Mount } from '../../device/mount.ts';
import type { Observatory } from '../../device/observatory.ts';
import { fromApparent, toApparent } from '../../sky/apparent.ts';
import { fromHorizon, toHorizon } from '../../sky/horizon.ts';
import { localSidereal } from '../../sky/sidereal.ts';
import { MAIN, SITE } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import type { GoTo } from './mount.ts';

/** What changes as the Earth turns: altitude and azimuth (airless, as INDI has them) and sidereal time. */
export function projectHorizontal(panel: Panel, mount: Mount, { site }: Observatory, goTo: GoTo): void {
  const elements = { AZ: number('AZ', '%010.6m', 0, 360), ALT: number('ALT', '%010.6m', -90, 90) };
  const place = panel.numbers(
    'HORIZONTAL_COORD',
    'Horizontal Coord',
    MAIN,
    elements,
    { AZ: 0, ALT: 0 },
    {
      perm: 'rw',
    },
  );
  const sidereal = panel.numbers(
    'TIME_LST',
    'Sidereal Time',
    SITE,
    { LST: number('LST (hh:mm:ss)', '%010.6m', 0, 24) },
    { LST: 0 },
  );
  const refresh = () => {
    const here = site.value;
    if (!here) return;
    const now = panel.clock.now();
    const { altitude, azimuth } = toHorizon(toApparent(mount.position.value, now), here, now);
    place.show({ AZ: azimuth, ALT: altitude }, 'Ok');
    sidereal.show({ LST: localSidereal(now, signedDegrees(here.longitude)) / 15 }, 'Ok');
  };
  panel.watch([mount.position, site], refresh);
  panel.everySecond(refresh);

  place.onWrite(({ AZ, ALT }) => {
    const here = site.value;
    if (!here) throw new Error('the site is not known: set GEOGRAPHIC_COORD');
    const now = panel.clock.now();
    goTo(fromApparent(fromHorizon({ altitude: ALT, azimuth: AZ }, here, now), now), place);
  });
}
