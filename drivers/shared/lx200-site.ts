import { calendarUtc } from '../../src/core/clock.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Site } from '../../src/sky/site.ts';
import type { Dialect } from './lx200-dialect.ts';
import type { Lx200Line } from './lx200-line.ts';
import { latitudeText, longitudeText } from './lx200-text.ts';

/** A Meade hand box computes its planets when the date is set. */
const PLANETS_MS = 30_000;

/**
 * Sets the mount's clock and site. Its local time is UTC and its offset 0, so that no daylight saving time can be
 * wrong. The mount's own limits stay as they are. @throws Fault `refused`
 */
export async function tellTimeAndSite(
  line: Lx200Line,
  dialect: Dialect,
  site: Site,
  now: () => number,
): Promise<void> {
  const must = async (what: string, taken: Promise<boolean>) => {
    if (await taken) return;
    throw new Fault(
      'refused',
      `the mount does not take ${what}; if it keeps its own, switch that setting off`,
    );
  };
  await must('the latitude', line.set(`St${latitudeText(site.latitude, dialect.siteSeconds)}`));
  await must('the longitude', line.set(`Sg${longitudeText(site.longitude, dialect.siteSeconds)}`));
  await must('the UTC offset', line.set(`SG${dialect.status ? '+00:00' : '+00.0'}`));
  const two = (value: number) => String(value).padStart(2, '0');
  // To the nearest second; the date after the time, for a mount may need long for it.
  const { hour, minute, second } = calendarUtc(now() + 500);
  await must('the time', line.set(`SL${two(hour)}:${two(minute)}:${two(second)}`));
  const { year, month, day } = calendarUtc(now() + 500);
  const date = `${two(month)}/${two(day)}/${two(year % 100)}`;
  await must('the date', line.set(`SC${date}`, dialect.dateReply, PLANETS_MS));
}
