import { parseUtc, SimClock } from '../src/core/clock.ts';
import { arrange } from '../src/imaging/arrange.ts';
import type { ExposureFacts } from '../src/imaging/facts.ts';
import { sealFrame } from '../src/imaging/fits-write.ts';
import { allocateFrame } from '../src/imaging/frame.ts';
import { headerCards } from '../src/imaging/header.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from './sky/mount-body.ts';
import { createWorld } from './sky/world.ts';

const EVENING_UTC = parseUtc('2026-12-08T22:00:00Z');
const SENSOR = { width: 1280, height: 960 };
const SECONDS = 60;

/** A minute of the world's own sky as a whole FITS file, whose header knows no more than its time. */
export async function photograph(centre: { ra: number; dec: number }): Promise<Uint8Array> {
  const clock = new SimClock(EVENING_UTC);
  const world = createWorld({ clock, main: { sensor: SENSOR } });
  world.mount.aim(centre);
  world.mount.ra.drive(SIDEREAL_DEGREES_PER_SECOND);
  await clock.drive(clock.sleep(2 * SECONDS * 1000));
  const startUtc = clock.now() - 1.5 * SECONDS * 1000;
  const { samples } = world.main.expose({ startUtc, seconds: SECONDS });
  const frame = allocateFrame({ ...SENSOR, format: 'u16' });
  const raw = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const arranged = arrange(raw, { element: 'u16', order: 'row-major' }, frame);
  const facts: ExposureFacts = {
    ...{ id: 'photograph', type: 'light', snapshot: true, startUtc, zoneMinutes: 0, seconds: SECONDS },
    camera: {
      ...{ id: 'main', name: 'main', pixelMicrons: { x: 5.86, y: 5.86 }, binning: 1 },
      region: { x: 0, y: 0, ...SENSOR },
    },
    software: 'Nightjar',
  };
  return sealFrame(arranged, headerCards(arranged, facts));
}
