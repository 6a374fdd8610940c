import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FakeAir } from './fake-air.ts';
import { HOTSPOT_ID } from './keyfiles.ts';
import { home, knowsHome, MINUTE, start } from './wireless.fixture.ts';

describe('joining from the phone', () => {
  const onHotspot = async (...networks: FakeAir['networks']) => {
    const unit = start((air) => {
      air.networks = networks;
      air.phones = 1;
    });
    await unit.pass(10_000);
    return unit;
  };

  test('tells first, joins then, and keeps the network for the next time', async () => {
    const { air, wireless, pass, drive, state } = await onHotspot(home);
    const done = wireless.join({ ssid: 'Home', password: home.password });
    assert.deepEqual(state().attempt, { ssid: 'Home', state: 'leaving' });
    await pass(2000);
    assert.equal(air.on(), HOTSPOT_ID, 'the answer has its way to the phone');
    await drive(done);
    assert.deepEqual(state().attempt, { ssid: 'Home', state: 'joined' });
    assert.equal(air.on(), 'Home');
    assert.equal(air.profiles.find(({ name }) => name === 'Home')?.autoconnect, true);
    assert.deepEqual(
      state().known.map(({ name, trusted, joined }) => [name, trusted, joined]),
      [['Home', false, true]],
    );
  });

  for (const [what, network, password, reason] of [
    ['a wrong password', home, 'not this one', /did not take the password/],
    ['a router without addresses', { ...home, dumb: true }, home.password, /no address/],
    ['a WiFi that is gone', { ...home, ssid: 'Other' }, home.password, /was not found/],
  ] as const) {
    test(`${what} brings the hotspot back within a minute, with the reason`, async () => {
      const { air, wireless, pass, state } = await onHotspot(network);
      void wireless.join({ ssid: 'Home', password });
      await pass(MINUTE);
      assert.equal(air.on(), HOTSPOT_ID);
      assert.equal(state().attempt?.state, 'failed');
      assert.match(state().attempt?.words ?? '', reason);
      assert.deepEqual(state().known, [], 'and nothing is kept of it');
    });
  }

  test('a password typed wrongly does not spoil the one that was known', async () => {
    const { air, wireless, drive, state } = await onHotspot(home);
    const known = knowsHome(air);
    wireless.changed();
    await drive(wireless.look());
    await drive(wireless.join({ ssid: 'Home', password: 'not this one' }));
    assert.ok(air.profiles.includes(known));
    assert.deepEqual([air.on(), state().known.length], ['Home', 1], 'with the old one it gets in');
  });

  test('a failure is forgotten when that WiFi was joined after all', async () => {
    const { air, wireless, pass, drive, state } = await onHotspot();
    knowsHome(air);
    await drive(wireless.join({ ssid: 'Home' }));
    assert.match(state().attempt?.words ?? '', /not found/);
    air.networks = [home];
    air.phones = 0;
    await pass(5 * MINUTE);
    assert.deepEqual([air.on(), state().attempt], ['Home', undefined]);
  });

  test('what is known needs no password, and a new one replaces the old', async () => {
    const { air, wireless, drive, state, pass } = await onHotspot(home);
    knowsHome(air);
    wireless.changed();
    await pass(6000);
    await drive(wireless.join({ ssid: 'Home' }));
    assert.equal(air.on(), 'Home');
    air.networks = [{ ...home, password: 'a new password' }];
    await drive(wireless.join({ ssid: 'Home', password: 'a new password' }));
    assert.deepEqual([air.on(), state().known.length], ['Home', 1]);
  });

  test('a second tap neither joins nor looks again', async () => {
    const { air, wireless, pass, drive } = await onHotspot(home);
    const done = wireless.join({ ssid: 'Home', password: 'not this one' });
    assert.throws(() => wireless.join({ ssid: 'Home', password: 'not this one' }), /joining Home: wait/);
    assert.throws(() => wireless.look(), /joining Home: wait/);
    await drive(done);
    await pass(MINUTE);
    assert.equal(air.done.filter((what) => what === 'up Home').length, 1);
    const looked = wireless.look();
    assert.throws(() => wireless.look(), /looking around: wait/);
    assert.throws(() => wireless.join({ ssid: 'Home', password: home.password }), /looking around: wait/);
    await drive(looked);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('an order that NetworkManager does not answer leaves no profile behind', async () => {
    const { air, wireless, drive, state } = await onHotspot(home);
    air.hangs = 'Home';
    await drive(wireless.join({ ssid: 'Home', password: home.password }));
    assert.match(state().attempt?.words ?? '', /did not answer/);
    assert.deepEqual([air.profiles.length, air.on()], [1, HOTSPOT_ID]);
  });

  test('what cannot work is said before anything is left', async () => {
    const { wireless, state } = await onHotspot(
      ...[home, { ssid: 'Campus', security: 'WPA2 802.1X' }],
      ...[
        { ssid: 'Club', security: '' },
        { ssid: 'Safe', security: 'WPA3' },
      ],
    );
    assert.throws(() => wireless.join({ ssid: 'Home' }), /needs its password/);
    assert.throws(() => wireless.join({ ssid: 'Home', password: 'short' }), /8 to 63/);
    assert.throws(
      () => wireless.join({ ssid: 'Campus', password: 'whatever it is' }),
      /more than a password/,
    );
    assert.throws(() => wireless.join({ ssid: 'ä'.repeat(17) }), /32 bytes/);
    assert.throws(() => wireless.join({ ssid: 'Club', password: 'four words of it' }), /open now/);
    assert.throws(() => wireless.join({ ssid: 'Safe', password: 'four\0words' }), /type it again/);
    assert.equal(state().attempt, undefined);
  });
});
