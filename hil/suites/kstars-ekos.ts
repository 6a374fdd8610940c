import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/clock.ts';
import { separation } from '../../src/sky/angle.ts';
import { toApparent } from '../../src/sky/apparent.ts';
import { apparentPlace } from '../../src/sky/direction.ts';
import { PROFILE, RIG, TELESCOPES } from './kstars-home.ts';
import type { KStars } from './kstars-program.ts';
import type { Newcomer } from './newcomer.ts';

/** The appliance, and KStars in front of it. */
export interface Evening {
  demo: Newcomer;
  kstars: KStars;
}

/** Enumerations of Ekos 3.6: CommunicationStatus, ISD::Mount::Status, ISD::ParkStatus. */
const [IDLE, CONNECTED] = [0, 2];
const [SLEWING, TRACKING] = [2, 3];
const [PARKED, UNPARKED] = [1, 4];
/** GuideState. */
const GUIDING = 12;

/** Long enough for a dozen corrections. */
const GUIDE_SECONDS = 25;
/** Arc-seconds over both axes; the guide camera has 3.9 a pixel. */
const GUIDE_RMS = 1.5;

export async function connects({ kstars, demo }: Evening): Promise<undefined> {
  const before = (await demo.http('GET', '/api/v1/observatory')).json().site;
  await kstars.ask('Ekos', 'setProfile', 's', PROFILE);
  await kstars.tell('Ekos', 'start');
  await kstars.until('Ekos is connected', 30, async () => {
    const seen = [await kstars.read('Ekos', 'indiStatus'), await kstars.read('Ekos', 'ekosStatus')];
    return { holds: seen.every((status) => status === CONNECTED), seen };
  });
  const { devices } = (await demo.http('GET', '/api/v1/devices')).json() as { devices: { label: string }[] };
  assert.deepEqual(
    new Set((await kstars.ask('INDI', 'getDevices')) as string[]),
    new Set(devices.map(({ label }) => label)),
  );
  // The modules come with their devices, each in its own time.
  const wanted = {
    'Ekos/Capture camera': RIG.camera,
    'Ekos/Capture filterWheel': RIG.wheel,
    'Ekos/Focus camera': RIG.camera,
    'Ekos/Focus focuser': RIG.focuser,
    'Ekos/Align camera': RIG.camera,
    'Ekos/Guide camera': RIG.guideCamera,
    'Ekos/Guide guider': RIG.mount,
    'Ekos/Mount canPark': true,
  };
  for (const [what, value] of Object.entries(wanted)) {
    const [module = '', property = ''] = what.split(' ');
    await kstars.until(`${what}: ${value}`, 10, async () => {
      const seen = await kstars.read(module, property).catch(String);
      return { holds: seen === value, seen };
    });
  }
  assert.deepEqual(await kstars.ask('Ekos/Align', 'cameraInfo'), [1936, 1216, 5.86, 5.86]);
  const { focalLengthMm, apertureMm } = TELESCOPES.main;
  assert.deepEqual(await kstars.ask('Ekos/Align', 'telescopeInfo'), [focalLengthMm, apertureMm]);
  // It tells every mount its own site; ours is trusted and stays.
  assert.deepEqual((await demo.http('GET', '/api/v1/observatory')).json().site, before);
}

/** Ten degrees from the pole, where it was parked: Ekos sees it leave and arrive, and it is there for us too. */
export async function slews(evening: Evening): Promise<undefined> {
  const latitude = await number(evening.kstars, RIG.mount, 'GEOGRAPHIC_COORD', 'LAT');
  await parkTo(evening.kstars, 'unpark', UNPARKED);
  await slewTo(evening, 5, latitude < 0 ? -80 : 80);
}

async function slewTo({ kstars, demo }: Evening, hourAngle: number, dec: number): Promise<void> {
  const sidereal = await number(kstars, RIG.mount, 'TIME_LST', 'LST');
  const ra = (sidereal - hourAngle + 24) % 24;
  assert.equal(await kstars.ask('Ekos/Mount', 'slew', 'dd', ra, dec), true);
  for (const [what, status] of [['leaves', SLEWING] as const, ['arrives', TRACKING] as const]) {
    await kstars.until(`Ekos sees that the mount ${what}`, 60, async () => {
      const seen = await kstars.read('Ekos/Mount', 'status');
      return { holds: seen === status, seen };
    });
  }
  const target = apparentPlace(15 * ra, dec);
  const { motion, position } = await capability(demo, 'mount');
  assert.equal(motion, 'tracking');
  const at = toApparent(position as { ra: number; dec: number }, systemClock.now());
  assert.ok(separation(at, target) < 0.02, `at ${JSON.stringify(at)} instead of ${JSON.stringify(target)}`);
}

/** Ekos' own guider: it picks a star, calibrates by pulses both ways on both axes, and holds the star. */
export async function guides(evening: Evening): Promise<undefined> {
  const { kstars } = evening;
  await slewTo(evening, 1, 20);
  await kstars.tell('Ekos/Guide', 'clearCalibration');
  assert.equal(await kstars.ask('Ekos/Guide', 'guide'), true);
  await kstars.until('Ekos has calibrated and guides', 150, async () => {
    const seen = await kstars.read('Ekos/Guide', 'status');
    return { holds: seen === GUIDING, seen: [seen, await kstars.read('Ekos/Guide', 'logText')] };
  });
  await systemClock.sleep(GUIDE_SECONDS * 1000);
  assert.equal(await kstars.read('Ekos/Guide', 'status'), GUIDING);
  const rms = (await kstars.read('Ekos/Guide', 'axisSigma')) as number[];
  assert.ok(Math.hypot(...rms) > 0 && Math.hypot(...rms) < GUIDE_RMS, `it guides to ${rms}″ RMS`);
  assert.equal(await kstars.ask('Ekos/Guide', 'abort'), true);
}

export async function parks({ kstars, demo }: Evening): Promise<undefined> {
  await parkTo(kstars, 'park', PARKED);
  assert.equal((await capability(demo, 'mount')).motion, 'parked');
  await parkTo(kstars, 'unpark', UNPARKED);
  assert.notEqual((await capability(demo, 'mount')).motion, 'parked');
}

/** The focuser by Ekos' own button; both by KStars' control panel, which knows nothing but properties. */
export async function movesFocuserAndWheel({ kstars, demo }: Evening): Promise<undefined> {
  const [property, element] = ['ABS_FOCUS_POSITION', 'FOCUS_ABSOLUTE_POSITION'];
  const start = await number(kstars, RIG.focuser, property, element);
  assert.equal(await kstars.ask('Ekos/Focus', 'focusIn', 'i', 300), true);
  await arrives(kstars, RIG.focuser, property, element, start - 300);
  await setTo(kstars, RIG.focuser, property, element, start + 50);
  assert.equal((await capability(demo, 'focuser')).position, start + 50);
  await setTo(kstars, RIG.wheel, 'FILTER_SLOT', 'FILTER_SLOT_VALUE', 5);
  assert.equal((await capability(demo, 'wheel')).slot, 5);
  assert.equal(
    await kstars.ask('INDI', 'getText', 'sss', RIG.wheel, 'FILTER_NAME', 'FILTER_SLOT_NAME_5'),
    'Ha',
  );
}

/** What our devices say to a client ends in its log, as a notice to its user: a plain evening gives no cause. */
export async function hearsNoComplaint({ kstars }: Evening): Promise<undefined> {
  const notices = kstars.log().match(/^org\.kde\.kstars\.indi: .* : ".*"$/gm) ?? [];
  assert.deepEqual(new Set(notices), new Set());
}

/** Ekos lets go; our devices stay as they were, for whoever comes next. */
export async function disconnects({ kstars, demo }: Evening): Promise<undefined> {
  await kstars.tell('Ekos', 'stop');
  await kstars.until('Ekos has let go', 15, async () => {
    const seen = await kstars.read('Ekos', 'indiStatus');
    return { holds: seen === IDLE, seen };
  });
  for (const id of ['mount', 'camera', 'guide-camera', 'focuser', 'wheel']) {
    const { status } = (await demo.http('GET', `/api/v1/devices/${id}`)).json();
    assert.deepEqual(status, { state: 'connected' }, id);
  }
}

async function parkTo(kstars: KStars, method: 'park' | 'unpark', status: number): Promise<void> {
  assert.equal(await kstars.ask('Ekos/Mount', method), true);
  await kstars.until(`${method}ed for Ekos`, 60, async () => {
    const seen = await kstars.read('Ekos/Mount', 'parkStatus');
    return { holds: seen === status, seen };
  });
}

const number = async (kstars: KStars, device: string, property: string, element: string): Promise<number> =>
  Number(await kstars.ask('INDI', 'getNumber', 'sss', device, property, element));

async function setTo(
  kstars: KStars,
  ...[device, property, element, value]: [string, string, string, number]
): Promise<void> {
  assert.equal(await kstars.ask('INDI', 'setNumber', 'sssd', device, property, element, value), true);
  assert.equal(await kstars.ask('INDI', 'sendProperty', 'ss', device, property), true);
  await arrives(kstars, device, property, element, value);
}

async function arrives(
  kstars: KStars,
  ...[device, property, element, value]: [string, string, string, number]
): Promise<void> {
  await kstars.until(`${device} at ${value}`, 20, async () => {
    const state = await kstars.ask('INDI', 'getPropertyState', 'ss', device, property);
    const at = await number(kstars, device, property, element);
    return { holds: state === 'Ok' && at === value, seen: { state, at } };
  });
}

type Capability = Readonly<Record<string, unknown>>;

async function capability(demo: Newcomer, kind: 'mount' | 'focuser' | 'wheel'): Promise<Capability> {
  const device = (await demo.http('GET', `/api/v1/devices/${kind}`)).json();
  return (device.capabilities as Record<string, Capability>)[kind] as Capability;
}
