import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createObservatory } from '../../device/observatory.ts';
import { byNetwork, byPps, scene, unsynchronised } from './scene.fixture.ts';

const HOUR = 3600;

test('a plausible clock that nobody vouches for is not trusted', async () => {
  const { source, pass, remembered } = await scene({ chrony: { tracking: unsynchronised } });
  await pass(300);
  assert.equal(source(), undefined);
  assert.deepEqual(remembered, []);
});

test("the first phone sets a unit's clock, and is believed once it is set", async () => {
  const { arbiter, source, pass, clock, asked } = await scene({ chrony: { tracking: unsynchronised } });
  const before = clock.now();
  assert.equal(arbiter.offer(72 * HOUR * 1000), true);
  assert.equal(source(), undefined, 'not before it is set');
  await pass(2);
  assert.equal(source(), 'person');
  assert.deepEqual(asked, [{ utc: before + 72 * HOUR * 1000, source: 'person' }]);
  assert.ok(clock.now() >= before + 72 * HOUR * 1000);
});

test('a second phone with another time is told, and sets nothing', async () => {
  const { arbiter, source, pass, asked, observatory } = await scene({});
  arbiter.offer(HOUR * 1000);
  await pass(2);
  assert.equal(arbiter.offer(-HOUR * 1000), false);
  await pass(2);
  assert.equal(asked.length, 1);
  assert.equal(source(), 'person');
  assert.deepEqual(observatory.disagreements.value, [{ of: 'time', source: 'person', apart: -HOUR }]);
  assert.equal(arbiter.offer(5000), true);
  assert.deepEqual(observatory.disagreements.value, []);
});

test('a clock that is right already is not set', async () => {
  const { arbiter, source, asked } = await scene({});
  assert.equal(arbiter.offer(800), true);
  assert.deepEqual([source(), asked], ['person', []]);
});

test("on somebody's computer no clock is set: the phone is believed while it agrees", async () => {
  const { arbiter, source, pass } = await scene({ unit: false });
  assert.equal(arbiter.offer(HOUR * 1000), false);
  await pass(20);
  assert.equal(source(), undefined);
  assert.equal(arbiter.offer(-20_000), true);
  assert.equal(source(), 'person');
});

test('where root sets no clock, nobody is believed, and the next phone may try', async () => {
  const one = await scene({ deaf: true });
  assert.equal(one.arbiter.offer(HOUR * 1000), true);
  await one.pass(20);
  assert.equal(one.source(), undefined);
  one.machine.deaf = false;
  one.arbiter.offer(HOUR * 1000);
  await one.pass(2);
  assert.equal(one.source(), 'person');
});

test('chronyd is asked until it knows, and vouches even after a phone', async () => {
  const { machine, arbiter, source, pass } = await scene({ chrony: { tracking: unsynchronised } });
  arbiter.offer(100);
  machine.chrony = { tracking: byNetwork, sources: '^,*,192.168.1.1,2,6,377,33,0.0,0.0,0.01\n' };
  await pass(65);
  assert.equal(source(), 'ntp');
  assert.deepEqual(arbiter.keeping.value, { by: '192.168.1.1', pps: false, offsetSeconds: 0.000012345 });
});

test('a GPS with its pulse, and the network that means another time', async () => {
  const sources = '#,*,PPS,0,4,377,12,0.0,0.0,0.0\n^,x,192.168.1.1,2,6,377,33,-45.2,-45.2,0.01\n';
  const { source, arbiter, observatory } = await scene({ chrony: { tracking: byPps, sources } });
  assert.equal(source(), 'gps');
  assert.equal(arbiter.keeping.value.pps, true);
  assert.deepEqual(observatory.disagreements.value, [{ of: 'time', source: 'ntp', apart: 45 }]);
});

test('a laptop whose system keeps the clock by the network', async () => {
  assert.equal((await scene({ unit: false, timedatectl: 'yes\n' })).source(), 'ntp');
  assert.equal((await scene({ unit: false, timedatectl: 'no\n' })).source(), undefined);
  const both = { chrony: { tracking: unsynchronised }, timedatectl: 'yes\n' };
  assert.equal((await scene(both)).source(), undefined, 'chronyd knows better');
});

test('a GPS without chronyd sets the clock, by two reports that mean the same', async () => {
  const { gps, pass, source, asked } = await scene({});
  gps(5 * HOUR);
  assert.equal(asked.length, 0, 'one report may be a slip');
  await pass(1);
  gps(2 * HOUR);
  assert.equal(asked.length, 0);
  await pass(1);
  gps(2 * HOUR);
  await pass(2);
  assert.deepEqual([asked.length, source()], [1, 'gps']);
  gps(-0.8);
  await pass(1);
  gps(-0.8);
  assert.equal(asked.length, 1, 'what it says comes a little late');
});

test('a GPS that has miscounted its weeks sets nothing', async () => {
  const { gps, pass, source, asked, observatory } = await scene({});
  for (let count = 0; count < 3; count++) {
    gps(-1024 * 7 * 24 * HOUR);
    await pass(1);
  }
  assert.deepEqual([source(), asked], [undefined, []]);
  assert.equal(observatory.disagreements.value[0]?.source, 'gps');
});

test('a GPS that contradicts a laptop trusted by a phone takes the trust away', async () => {
  const { gps, pass, source, arbiter } = await scene({ unit: false });
  arbiter.offer(0);
  gps(HOUR);
  await pass(1);
  gps(HOUR);
  assert.equal(source(), undefined);
});

test('a GPS that contradicts chronyd is shown, and changes nothing', async () => {
  const { gps, pass, source, observatory, asked } = await scene({ chrony: { tracking: byNetwork } });
  gps(HOUR);
  await pass(1);
  gps(HOUR);
  assert.deepEqual([source(), asked], ['ntp', []]);
  assert.deepEqual(observatory.disagreements.value, [{ of: 'time', source: 'gps', apart: HOUR }]);
});

test("a GPS's place is the site, and its wander is not", async () => {
  const { gps, observatory } = await scene({});
  const site = { latitude: 48.2, longitude: 16.4, elevationMetres: 200 };
  observatory.offerSite({ latitude: 52.5, longitude: 13.4, elevationMetres: 0 }, 'person');
  gps(0, site);
  assert.deepEqual([observatory.site.value, observatory.siteSource.value], [site, 'gps']);
  gps(0, { ...site, latitude: 48.2003 });
  assert.deepEqual(observatory.site.value, site);
  gps(0, { ...site, latitude: 48.9 });
  assert.equal(observatory.site.value?.latitude, 48.9);
  gps(0, { ...site, latitude: 48.9, elevationMetres: 1200 });
  assert.equal(observatory.site.value?.elevationMetres, 1200, 'the height comes later');
  assert.deepEqual(
    observatory.disagreements.value.map(({ of, source, apart }) => [of, source, apart]),
    [['site', 'person', 3.6]],
  );
});

test('a battery-backed clock counts if it was right before', async () => {
  assert.equal((await scene({ rtcAheadMs: -400 })).source(), undefined, 'never seen to be right');
  assert.equal((await scene({ rtcAheadMs: -400, rtcTrusted: true })).source(), 'rtc');
  const late = await scene({ rtcAheadMs: 9 * HOUR * 1000, rtcTrusted: true });
  await late.pass(2);
  assert.deepEqual([late.source(), late.asked.length], ['rtc', 1], 'its driver came too late for the kernel');
});

test('it is seen to be right only beside a clock that is trusted by others', async () => {
  const byRtc = await scene({ rtcAheadMs: 0, rtcTrusted: true });
  await byRtc.pass(200);
  assert.equal(byRtc.agreed.length, 0);
  const right = await scene({ rtcAheadMs: 0, chrony: { tracking: byNetwork } });
  await right.pass(200);
  assert.equal(right.agreed.length, 1, 'the card is not worn by it');
  const wrong = await scene({ rtcAheadMs: -90_000, chrony: { tracking: byNetwork } });
  await wrong.pass(200);
  assert.equal(wrong.agreed.length, 0);
  assert.equal(wrong.observatory.disagreements.value[0]?.source, 'rtc');
});

test('our restart does not forget; what is known is remembered', async () => {
  const { source, arbiter } = await scene({ remembered: 'person' });
  assert.equal(source(), 'person');
  assert.equal(arbiter.offer(HOUR * 1000), false);
  const fresh = await scene({});
  fresh.arbiter.offer(HOUR * 1000);
  await fresh.pass(2);
  assert.equal(fresh.remembered.at(-1), 'person');
});

test('a clock that somebody else has set is not trusted, unless it was the daemon', async () => {
  const { arbiter, source, pass, clock, machine } = await scene({ chrony: { tracking: unsynchronised } });
  arbiter.offer(0);
  clock.set(-HOUR * 1000);
  await pass(2);
  assert.equal(source(), undefined);
  machine.chrony = { tracking: byNetwork };
  clock.set(HOUR * 1000);
  await pass(3);
  assert.equal(source(), 'ntp');
});

test('disagreements follow the clock when it is set', () => {
  const observatory = createObservatory();
  observatory.offerTime('client', 3600);
  observatory.offerTime('person', 0);
  assert.deepEqual(observatory.disagreements.value, [{ of: 'time', source: 'client', apart: 3600 }]);
  observatory.clockSet(3600, 'gps');
  assert.deepEqual(observatory.disagreements.value, [{ of: 'time', source: 'person', apart: -3600 }]);
});

test('closed, it looks no more', async () => {
  const { arbiter, machine, pass, source } = await scene({ chrony: { tracking: unsynchronised } });
  await arbiter.close();
  machine.chrony = { tracking: byNetwork };
  await pass(300);
  assert.equal(source(), undefined);
});
