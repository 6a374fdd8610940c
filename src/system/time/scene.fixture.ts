import { type Clock, SimClock, utcOf } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { createObservatory, type TrustSource } from '../../device/observatory.ts';
import { TimeArbiter } from './arbiter.ts';

const START = utcOf(2026, 11, 22, 20);

/** Simulated time whose wall clock can be set while the monotonic one goes on. */
export function settable(base: SimClock): Clock & { set(byMs: number): void } {
  let ahead = 0;
  return {
    simulated: true,
    now: () => base.now() + ahead,
    monotonic: () => base.monotonic(),
    after: (milliseconds, call) => base.after(milliseconds, call),
    sleep: (milliseconds, signal) => base.sleep(milliseconds, signal),
    external: (work) => base.external(work),
    turn: () => base.turn(),
    set: (byMs) => {
      ahead += byMs;
    },
  };
}

export interface Machine {
  /** A unit of ours, or a laptop. */
  unit?: boolean;
  remembered?: TrustSource;
  /** Milliseconds that the battery-backed clock is ahead; absent: there is none. */
  rtcAheadMs?: number;
  rtcTrusted?: boolean;
  /** What chronyc prints; absent: it is not installed. */
  chrony?: { tracking: string; sources?: string };
  timedatectl?: string;
  /** Root's side does not set the clock. */
  deaf?: boolean;
}

export const unsynchronised =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.0,1.0,0.0,Not synchronised\n';
export const byNetwork =
  'C0A80101,192.168.1.1,3,1700000000.1,-0.000012345,0.000001,0.000002,1.2,0.001,0.02,0.01,0.002,64.2,Normal\n';
export const byPps =
  '50505300,PPS,1,1700000000.1,0.000000045,0.000000001,0.000000002,1.2,0.001,0.02,0.000001,0.00002,16.0,Normal\n';

/** An arbiter on a machine that is made of promises. */
export async function scene(machine: Machine) {
  const sim = new SimClock(START);
  const clock = settable(sim);
  const observatory = createObservatory();
  const asked: { utc: number; source: TrustSource }[] = [];
  const remembered: (TrustSource | undefined)[] = [];
  const agreed: number[] = [];
  const { unit = true, rtcAheadMs } = machine;
  const parts = {
    clock,
    log: silentLog,
    observatory,
    ask: async (program: string, ...args: string[]) => {
      if (program === 'timedatectl') return machine.timedatectl;
      return args.includes('tracking') ? machine.chrony?.tracking : machine.chrony?.sources;
    },
    ...(unit && {
      unit: {
        boot: {
          remembered: () => machine.remembered,
          remember: (_: number, source: TrustSource | undefined) => void remembered.push(source),
          askToSet(utc: number, source: TrustSource) {
            asked.push({ utc, source });
            const byMs = utc - clock.now();
            if (!machine.deaf) sim.after(300, () => clock.set(byMs));
          },
        },
        rtc: {
          read: () => (rtcAheadMs === undefined ? undefined : clock.now() + rtcAheadMs),
          agreed: (utc: number) => void agreed.push(utc),
          trusted: () => machine.rtcTrusted === true,
        },
      },
    }),
  };
  const arbiter = await sim.drive(TimeArbiter.start(parts));
  return {
    machine,
    arbiter,
    observatory,
    clock,
    asked,
    remembered,
    agreed,
    source: () => observatory.timeSource.value,
    pass: (seconds: number) => sim.drive(sim.sleep(seconds * 1000)),
    /** One report of a GPS. @param aheadSeconds of our clock */
    gps(aheadSeconds: number, site?: { latitude: number; longitude: number; elevationMetres: number }) {
      arbiter.hearGps({
        utc: clock.now() + aheadSeconds * 1000,
        heardAt: clock.monotonic(),
        ...(site && { site }),
      });
    },
  };
}
