import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pretendCamera } from '../indi/pretend/camera.ts';
import { bench } from './bench.ts';
import { fakeShelf } from './fake-shelf.ts';

const PROGRAMS = '/api/v1/programs';
const ccd = { id: 'ccd', executable: 'indi_simulator_ccd' };

const withShelf = () =>
  bench(({ host }) => ({ programs: fakeShelf(host, () => ({ camera: pretendCamera().camera })) }));

describe('programs', () => {
  test('are added, listed, restarted and removed, with their devices', async () => {
    const { ask, host } = await withShelf();
    const added = await ask('POST', PROGRAMS, ccd);
    assert.equal(added.status, 201);
    assert.equal(added.json.label, 'indi_simulator_ccd');
    assert.ok(host.find('indi/ccd'));
    assert.equal((await ask('POST', `${PROGRAMS}/ccd/restart`)).json.restarts, 1);
    const [program] = (await ask('GET', PROGRAMS)).json.programs;
    assert.deepEqual(program.devices, ['Device of ccd']);
    assert.deepEqual([program.cpuPercent, program.residentBytes], [3, 12_000_000]);
    assert.equal((await ask('DELETE', `${PROGRAMS}/ccd`)).status, 204);
    assert.deepEqual((await ask('GET', PROGRAMS)).json.programs, []);
    assert.equal((await ask('GET', '/api/v1/devices/indi/ccd')).status, 404);
  });

  test('other servers are joined', async () => {
    const { ask } = await withShelf();
    const { json } = await ask('POST', PROGRAMS, { id: 'shed', remote: 'shed.local:7624' });
    assert.deepEqual([json.kind, json.address], ['remote', 'shed.local:7624']);
  });

  test('what is wrong is said in words', async () => {
    const { ask } = await withShelf();
    await ask('POST', PROGRAMS, ccd);
    const twice = await ask('POST', PROGRAMS, ccd);
    assert.equal(twice.status, 400);
    assert.match(twice.json.detail, /there twice/);
    assert.equal((await ask('DELETE', `${PROGRAMS}/none`)).status, 404);
    assert.equal((await ask('POST', `${PROGRAMS}/none/restart`)).status, 404);
  });

  test('nothing but drivers is started from the network', async () => {
    const { ask } = await withShelf();
    const bad = [
      { ...ccd, executable: '/bin/sh' },
      { ...ccd, executable: '../sh' },
      { ...ccd, executable: 'reboot' },
      { ...ccd, environment: { LD_PRELOAD: '/tmp/x.so' } },
      { ...ccd, environment: { INDICONFIG: '/etc/passwd' } },
      { ...ccd, environment: { INDICONFIG: '..' } },
      { ...ccd, environment: { INDISKEL: '/usr/share/indi/../../../etc/shadow' } },
      { ...ccd, remote: 'localhost:7624' },
      { ...ccd, arguments: ['-v'] },
      { ...ccd, id: '../..' },
    ];
    for (const body of bad) {
      const { status } = await ask('POST', PROGRAMS, body);
      assert.ok(status === 400 || status === 422, `${JSON.stringify(body)}: ${status}`);
    }
    const environment = { INDICONFIG: 'mine.xml', INDISKEL: '/usr/share/indi/some_sk.xml' };
    assert.equal((await ask('POST', PROGRAMS, { ...ccd, environment })).status, 201);
  });

  test('a unit without them says so', async () => {
    const { ask } = await bench();
    assert.equal((await ask('GET', PROGRAMS)).status, 501);
  });
});

describe('the catalogue', () => {
  test('is searched by words, installed drivers first', async () => {
    const { ask } = await withShelf();
    const names = async (query: string) => {
      const { json } = await ask('GET', `/api/v1/catalogue?${query}`);
      return [json.total, json.entries.map((each: { executable: string }) => each.executable)];
    };
    assert.deepEqual(await names('search=ccds'), [2, ['indi_simulator_ccd', 'indi_asi_ccd']]);
    assert.deepEqual(await names('search=zwo+ccd'), [1, ['indi_asi_ccd']]);
    assert.deepEqual(
      await names('search=asi'),
      [2, ['indi_asi_ccd', 'indi_lx200basic']],
      'no Basic was meant',
    );
    assert.deepEqual(await names('search=ccds&installed=true'), [1, ['indi_simulator_ccd']]);
    assert.deepEqual(await names('limit=1&after=4'), [5, ['indi_asi_ccd']]);
    assert.equal((await ask('GET', '/api/v1/catalogue?limit=0')).status, 400);
  });
});
