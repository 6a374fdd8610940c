import { isoUtc, parseUtc } from '../../core/clock.ts';
import { modulo, signedDegrees } from '../../core/units.ts';
import type { Site } from '../../sky/site.ts';
import { SITE } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { number, type Panel } from '../panel.ts';

/** Beyond these, a client and this unit do not mean the same place or time, and people are told. */
const DISAGREEMENT_DEGREES = 0.1;
const DISAGREEMENT_SECONDS = 30;

/** GEOGRAPHIC_COORD and TIME_UTC: what clients say is one more source, and never overrules a GPS or NTP. */
export function projectSite(panel: Panel, { rig, clock }: FaceParts): void {
  const { observatory } = rig.host;
  const { site, siteSource, timeSource } = observatory;
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
    if (LAT === 0 && LONG === 0) throw new Error('latitude 0, longitude 0 is no observatory: set the site');
    const offered: Site = { latitude: LAT, longitude: signedDegrees(LONG), elevationMetres: ELEV };
    if (observatory.offerSite(offered, 'client')) return;
    const apart = site.value ? distance(site.value, offered) : 0;
    if (apart > DISAGREEMENT_DEGREES) {
      const source = siteSource.value;
      origin.tell(`the site is ${apart.toFixed(1)}° from this one, by ${source}: it stays`, panel.device);
    }
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
    const offered = parseUtc(UTC);
    if (Number.isNaN(offered)) throw new Error(`UTC "${UTC}" is no date: YYYY-MM-DDTHH:MM:SS`);
    const offset = Number(OFFSET);
    if (given.has('OFFSET') && !(Math.abs(offset) <= 14))
      throw new Error(`OFFSET "${OFFSET}" is no count of hours`);
    const seconds = Math.round((offered - clock.now()) / 1000);
    if (Math.abs(seconds) <= DISAGREEMENT_SECONDS) observatory.offerTime('client');
    else {
      const source = timeSource.value ?? 'its own clock';
      origin.tell(`your time is ${seconds} s from this unit's, by ${source}: check both`, panel.device);
    }
    time.show(now());
  });
}

/** The larger of the differences in latitude and longitude, degrees. */
const distance = (a: Site, b: Site): number =>
  Math.max(Math.abs(a.latitude - b.latitude), Math.abs(signedDegrees(a.longitude - b.longitude)));
