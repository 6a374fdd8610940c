import assert from 'node:assert/strict';
import { SimClock, utcOf } from '../../core/clock.ts';
import { silentLog } from '../../core/log.ts';
import { FakeHosted, numbers, switches, texts } from '../adopt/fake-hosted.ts';
import type { NewVector, SetVector } from '../message.ts';
import type { Origin } from '../property.ts';
import { createTestRig, pretendCamera, pretendFocuser, pretendMount } from '../test-rig.ts';
import { receiveForeign } from './command.ts';

export const phone = { name: 'phone', rank: 'person' } as const;
export const night = { name: 'night', rank: 'night' } as const;
type Values = Readonly<Record<string, number | boolean | string>>;

export class Client implements Origin {
  readonly leaving = new AbortController();
  readonly gone = this.leaving.signal;
  readonly told: string[] = [];
  watched = 0;
  stir = () => {};
  tell(text: string): void {
    this.told.push(text);
  }
  watchClosely(stir: () => void): () => void {
    this.watched++;
    this.stir = stir;
    return () => void this.watched--;
  }
}

/** A mount and a focuser of another program, on one device of the host. */
export function setUp(options: { adopted?: boolean; refusal?: string; head?: boolean } = {}) {
  const clock = new SimClock(utcOf(2026, 11, 22, 20));
  const { host, add } = createTestRig(clock);
  const { mount, moves: done } = pretendMount();
  const adopted = options.adopted !== false && { mount, focuser: pretendFocuser().focuser };
  const cameras = options.head && {
    camera: pretendCamera().camera,
    heads: { guide: { camera: pretendCamera().camera } },
  };
  const { device } = add('indi/box', 'Box', { ...adopted, ...cameras });
  const hosted = new FakeHosted('Box', [
    numbers('EQUATORIAL_EOD_COORD', { RA: 3, DEC: 20 }),
    switches('ON_COORD_SET', { TRACK: true, SLEW: false, SYNC: false }),
    switches('TELESCOPE_ABORT_MOTION', { ABORT: false }, { rule: 'AtMostOne' }),
    switches('TELESCOPE_MOTION_NS', { MOTION_NORTH: false, MOTION_SOUTH: false }, { rule: 'AtMostOne' }),
    switches('TELESCOPE_PARK', { PARK: false, UNPARK: true }),
    numbers('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 5000 }),
    switches('FOCUS_ABORT_MOTION', { ABORT: false }, { rule: 'AtMostOne' }),
    numbers('TELESCOPE_TIMED_GUIDE_WE', { TIMED_GUIDE_W: 0, TIMED_GUIDE_E: 0 }),
    numbers('GEOGRAPHIC_COORD', { LAT: 1, LONG: 2, ELEV: 3 }),
    texts('TIME_UTC', { UTC: '2000-01-01T00:00:00', OFFSET: '0' }),
    switches('CONNECTION', { CONNECT: true, DISCONNECT: false }),
    numbers('CCD_BINNING', { HOR_BIN: 1, VER_BIN: 1 }),
  ]);
  const published: string[] = [];
  const client = new Client();
  const receive = receiveForeign({
    hosted,
    device: () => device,
    guard: () => options.refusal,
    ...{ observatory: host.observatory, clock, log: silentLog, dataDirectory: '/data' },
    publish: ({ name, state, message }: SetVector) =>
      published.push([name, state, message ?? ''].join(' ').trim()),
  });
  const say = (name: string, values: Values, from: Origin = client) => {
    const elements = Object.entries(values).map(([element, value]) => ({ name: element, value }));
    const first = typeof elements[0]?.value;
    const kind = first === 'number' ? 'number' : first === 'boolean' ? 'switch' : 'text';
    receive({ type: 'new', kind, device: 'Box', name, elements } as NewVector, from);
  };
  return {
    ...{ clock, device, hosted, published, client, say, done, observatory: host.observatory },
    /** What was sent, shortly. */
    sent: () =>
      hosted.sent.splice(0).map(
        ({ name, values }) =>
          `${name} ${Object.values(values)
            .map((v) => (v === false ? '-' : v === true ? '+' : v))
            .join('')}`,
      ),
    running: () => device.runs.value.map(({ name }) => name),
    play: (body: () => Promise<void>) =>
      clock.drive(
        (async () => {
          await device.connect();
          await body();
          assert.deepEqual(device.runs.value, [], 'nothing is left running');
          assert.equal(hosted.watches, 0, 'nothing is left watched');
          assert.equal(client.watched, 0);
          await host.close();
        })(),
      ),
  };
}
