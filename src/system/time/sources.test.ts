import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock, utcOf } from '../../core/clock.ts';
import { disciplineIn } from './chrony.ts';
import { type GpsReport, listenToGpsd, reportIn } from './gpsd.ts';
import { openRtc } from './rtc.ts';
import { byNetwork, byPps, unsynchronised } from './scene.fixture.ts';
import { openThisBoot } from './this-boot.ts';

const NOW = utcOf(2026, 11, 22, 20);

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'nightjar-time-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('chronyc: what disciplines the clock, and what does not', () => {
  assert.equal(disciplineIn(byNetwork, '')?.source, 'ntp');
  assert.deepEqual([disciplineIn(byPps, '')?.source, disciplineIn(byPps, '')?.pps], ['gps', true]);
  for (const nothing of [
    unsynchronised,
    byNetwork.replace('C0A80101', '7F7F0101'),
    '',
    '506 Cannot talk to daemon',
  ]) {
    assert.equal(disciplineIn(nothing, ''), undefined);
  }
  const named = (name: string) => byPps.replace('PPS', name);
  const source = (name: string) => disciplineIn(named(name), `#,*,${name},0,4,377,9,0,0,0`)?.source;
  assert.deepEqual(['GPS', 'NMEA', 'RTC', 'PHC0'].map(source), ['gps', 'gps', undefined, 'ntp']);
});

test('gpsd: a fix has time and place; what is none, or no report, says nothing', () => {
  const fix =
    '{"class":"TPV","mode":3,"time":"2026-11-22T20:00:00.000Z","lat":50.1,"lon":10.25,"altHAE":358.9,"altMSL":312.0}';
  const site = { latitude: 50.1, longitude: 10.25, elevationMetres: 312 };
  assert.deepEqual(reportIn(fix, 7), { heardAt: 7, utc: NOW, site });
  assert.equal(reportIn(fix.replace('"mode":3', '"mode":1'), 7), undefined);
  assert.equal(reportIn(fix.replace('50.1', '150.1'), 7), undefined);
  assert.deepEqual(reportIn('{"class":"TPV","mode":2,"lat":1,"lon":2,"alt":9}', 7)?.site?.elevationMetres, 0);
  for (const other of ['{"class":"SKY","nSat":3}', '{"class":', '', 'null'])
    assert.equal(reportIn(other, 7), undefined);
});

test('gpsd over its socket: torn lines, and it is asked to tell', async (t) => {
  const server = createServer((socket) => {
    socket.write('{"class":"VERSION","release":"3.22"}\r\n{"class":"TP');
    socket.on('data', (asked) => {
      assert.equal(String(asked), '?WATCH={"enable":true,"json":true};\n');
      socket.write('V","mode":2,"lat":1,"lon":2,"time":"2026-11-22T20:00:00.000Z"}\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const report = await new Promise<GpsReport>((resolve) => {
    const end = listenToGpsd({ clock: systemClock, host: '127.0.0.1', port }, (heard) => {
      end();
      resolve(heard);
    });
  });
  assert.equal(report.utc, NOW);
});

test('a battery-backed clock: which one, and whether it has gone on', (t) => {
  const root = folder(t);
  const rtc = openRtc(join(root, 'rtc.json'), join(root, 'class'));
  assert.equal(rtc.read(), undefined);
  for (const [name, hctosys, seconds] of [
    ['rtc0', '0', '5'],
    ['rtc1', '1', String(NOW / 1000)],
  ] as const) {
    mkdirSync(join(root, 'class', name), { recursive: true });
    writeFileSync(join(root, 'class', name, 'hctosys'), `${hctosys}\n`);
    writeFileSync(join(root, 'class', name, 'since_epoch'), `${seconds}\n`);
  }
  assert.equal(rtc.read(), NOW);
  assert.equal(rtc.trusted(NOW), false);
  rtc.agreed(NOW - 60_000);
  assert.equal(rtc.trusted(NOW), true);
  assert.equal(rtc.trusted(utcOf(2000, 1, 1)), false, 'its battery is empty');
  writeFileSync(join(root, 'rtc.json'), '{"utc":');
  assert.equal(rtc.trusted(NOW), false);
});

test('what is remembered of this start holds while the clock was not set', (t) => {
  const run = folder(t);
  let uptime = 100;
  const boot = openThisBoot(run, () => uptime);
  assert.equal(boot.remembered(NOW), undefined);
  boot.remember(NOW, 'person');
  uptime += 3600;
  assert.equal(boot.remembered(NOW + 3_600_400), 'person');
  assert.equal(boot.remembered(NOW + 7_200_000), undefined, 'somebody has set it');
  boot.remember(NOW + 3_600_400, undefined);
  assert.equal(boot.remembered(NOW + 3_600_400), undefined);
});
