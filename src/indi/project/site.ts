import { SITE } from '../actor.ts';
import { offerSite, offerTime } from '../agreement.ts';
import type { FaceParts } from '../face.ts';
import type { Panel } from '../panel.ts';
import { offsetText, placeElements, placeValues, timeElements, utcText } from './place.ts';

/** GEOGRAPHIC_COORD and TIME_UTC: what clients say is one more source, and never overrules a GPS or NTP. */
export function projectSite(panel: Panel, { rig, clock }: FaceParts): void {
  const { observatory } = rig.host;
  const { site, timeSource } = observatory;
  const here = () => placeValues(site.value);
  const place = panel.numbers('GEOGRAPHIC_COORD', 'Scope Location', SITE, placeElements, here(), {
    perm: 'rw',
  });
  panel.watch([site], () => place.show(here(), site.value ? 'Ok' : 'Idle'));
  place.onWrite(({ LAT, LONG, ELEV }, _, origin) => {
    const disagreement = offerSite(observatory, { latitude: LAT, longitude: LONG, elevationMetres: ELEV });
    if (disagreement !== undefined) origin.tell(disagreement, panel.device);
  });

  const now = () => ({
    UTC: utcText(clock.now()),
    OFFSET: offsetText(rig.facts.value.zoneMinutes),
  });
  const time = panel.texts('TIME_UTC', 'UTC', SITE, timeElements, now(), { perm: 'rw' });
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
