import { SimClock, utcOf } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { FakeAir } from './fake-air.ts';
import { Wireless } from './wireless.ts';

export const MINUTE = 60_000;

/** A unit that has just started, and time that passes. */
export function start(prepare: (air: FakeAir) => void = () => {}) {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const air = new FakeAir(clock);
  prepare(air);
  const wireless = new Wireless({ command: air.command, clock, log: silentLog });
  wireless.supervise();
  const pass = (milliseconds: number) => clock.drive(clock.sleep(milliseconds));
  const drive = <T>(work: Promise<T>) => clock.drive(work);
  return { air, wireless, clock, pass, drive, state: () => wireless.state.value };
}

export const home = { ssid: 'Home', password: 'four words of it', signal: 70 };
export const knowsHome = (air: FakeAir) => air.know('Home', { password: home.password });
