import { isoUtc } from '../../core/clock.ts';
import { modulo } from '../../core/units.ts';
import { SITE } from '../actor.ts';
import { offerSite, offerTime } from '../agreement.ts';
import type { FaceParts } from '../face.ts';
import { number, type Panel } from '../panel.ts';

/** GEOGRAPHIC_COORD and TIME_UTC: what clients say is one more source, and never overrules a GPS or NTP. */
export function projectSite(panel: Panel, { rig, clock }: FaceParts): void {
  const { observatory } = rig.host;
  const { site, timeSource } = observatory;
  const here = () => ({
    LAT: site.value?.latitude ?? 0,
    LONG: modulo(site.value?.longitude ?? 0, 360),
    ELEV: site.value?.elevationMetres ?? 0,
  });
  const place = panel.numbers(
    'GEOGRAPHIC_COORD',
    'Scope Location',
    SITE,
    {
      LAT: number('Lat (dd:mm:ss)', '%012.8m', -90, 90),
      LONG: number('Lon (dd:mm:ss)', '%012.8m', 0, 360),
      ELEV: number('Elevation (m)', '%g', -200, 10_000),
    },
    here(),
    { perm: 'rw' },
  );
  panel.watch([site], () => place.show(here(), site.value ? 'Ok' : 'Idle'));
  place.onWrite(({ LAT, LONG, ELEV }, _, origin) => {
    const disagreement = offerSite(observatory, { latitude: LAT, longitude: LONG, elevationMetres: ELEV });
    if (disagreement !== undefined) origin.tell(disagreement, panel.device);
  });

  const now = () => ({
    UTC: isoUtc(clock.now()).slice(0, 19),
    OFFSET: (rig.facts.value.zoneMinutes / 60).toFixed(2),
  });
  const time = panel.texts('TIME_UTC', 'UTC', SITE, { UTC: 'UTC Time', OFFSET: 'UTC Offset' }, now(), {
    perm: 'rw',
  });
  panel.watch([timeSource, rig.facts], () => time.show(now(), timeSource.value ? 'Ok' : 'Idle'));
  panel.everySecond(() => time.keep(now()));
  time.onWrite(({ UTC, OFFSET }, given, origin) => {
    const offset = Number(OFFSET);
    if (given.has('OFFSET') && !(Math.abs(offset) <= 14))
      throw new Error(`OFFSET "${OFFSET}" is no count of hours`);
    const disagreement = offerTime(observatory, UTC, clock.now());
    if (disagreement !== undefined) origin.tell(disagreement, panel.device);
    time.show(now());
  });
}
