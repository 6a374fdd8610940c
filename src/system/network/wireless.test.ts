import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FakeAir } from './fake-air.ts';
import { HOTSPOT_ID } from './keyfiles.ts';
import { home, knowsHome, MINUTE, start } from './wireless.fixture.ts';

describe('the hotspot', () => {
  test('is up at once on a unit that knows no WiFi, which has looked around before', async () => {
    const { air, pass, state } = start((each) => {
      each.networks = [home, { ssid: 'Café: "free"', signal: 30, security: '' }];
    });
    await pass(10_000);
    assert.equal(air.on(), HOTSPOT_ID);
    assert.equal(state().hotspot, 'up');
    assert.deepEqual(
      state().seen.map(({ ssid, security }) => [ssid, security]),
      [
        ['Home', 'wpa2'],
        ['Café: "free"', 'open'],
      ],
    );
    assert.equal(state().country, 'AT');
  });

  test('waits for a known WiFi, and stays away while that is joined', async () => {
    const { air, pass, state } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(5 * MINUTE);
    assert.equal(air.on(), 'Home');
    assert.equal(state().hotspot, 'down');
    assert.deepEqual(air.done, []);
  });

  for (const [what, lose] of [
    ['is not there', () => {}],
    ['has another password now', (air: FakeAir) => void air.networks.push({ ...home, password: 'changed!' })],
  ] as const) {
    test(`is up within a minute where the known WiFi ${what}`, async () => {
      const { air, pass } = start((each) => {
        knowsHome(each);
        lose(each);
      });
      await pass(MINUTE - 1);
      assert.equal(air.on(), HOTSPOT_ID);
    });
  }

  test('is up within a minute after the WiFi was lost', async () => {
    const { air, pass, wireless } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(10 * MINUTE);
    air.networks = [];
    wireless.changed();
    await pass(20_000);
    assert.equal(air.on(), undefined, 'a router that starts anew has its chance');
    await pass(40_000 - 1);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('comes though NetworkManager tells of no change', async () => {
    const { air, pass } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(10 * MINUTE);
    air.networks = [];
    await pass(MINUTE);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('gives way to a known WiFi that is back, while nobody is on it', async () => {
    const { air, pass } = start(knowsHome);
    await pass(MINUTE);
    air.networks = [home];
    await pass(4 * MINUTE);
    assert.equal(air.on(), 'Home');
  });

  test('is never taken from a phone', async () => {
    const { air, pass, state } = start((each) => {
      knowsHome(each);
      each.phones = 1;
    });
    await pass(MINUTE);
    air.networks = [home];
    await pass(60 * MINUTE);
    assert.equal(air.on(), HOTSPOT_ID);
    assert.equal(state().phones, 1);
    assert.deepEqual(air.done, [`up ${HOTSPOT_ID}`]);
    air.phones = 0;
    await pass(2 * MINUTE);
    assert.equal(air.on(), HOTSPOT_ID, 'it may come back');
    await pass(2 * MINUTE);
    assert.equal(air.on(), 'Home');
  });

  test('stays where nobody can tell who is on it', async () => {
    const { air, pass } = start((each) => {
      knowsHome(each);
      each.phones = undefined;
    });
    await pass(MINUTE);
    air.networks = [home];
    await pass(60 * MINUTE);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('is away ever more seldom where looking is in vain', async () => {
    const { air, pass } = start(knowsHome);
    await pass(6 * 60 * MINUTE);
    const lowered = air.done.filter((each) => each === `down ${HOTSPOT_ID}`).length;
    assert.ok(lowered >= 10 && lowered <= 16, `${lowered} times in six hours`);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('stays on its radio where there is a second one', async () => {
    const { air, pass, drive, wireless } = start((each) => {
      each.radios = ['wlan0', 'wlan1'];
      each.networks = [home];
    });
    await pass(10_000);
    await drive(wireless.join({ ssid: 'Home', password: home.password }));
    assert.deepEqual([air.on('wlan0'), air.on('wlan1')], [HOTSPOT_ID, 'Home']);
    await pass(60 * MINUTE);
    assert.deepEqual([air.on('wlan0'), air.on('wlan1')], [HOTSPOT_ID, 'Home']);
  });

  test('is tried until it comes up, and what is wrong is said', async () => {
    const { air, pass, state } = start((each) => {
      each.broken = 'The device is broken';
    });
    await pass(30_000);
    assert.match(state().trouble ?? '', /hotspot does not come up: .*broken/);
    air.broken = undefined;
    await pass(20_000);
    assert.equal(air.on(), HOTSPOT_ID);
    assert.equal(state().trouble, undefined);
  });

  test('comes though the radio was switched off', async () => {
    const { air, pass } = start((each) => {
      each.enabled = false;
    });
    await pass(MINUTE);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('a unit without a radio is asked seldom, and a radio that comes is taken', async () => {
    const { air, pass, state, wireless } = start((each) => {
      each.radios = [];
    });
    await pass(10 * MINUTE);
    assert.ok(air.asked < 120, `${air.asked} questions in ten minutes`);
    assert.equal(state().trouble, undefined);
    air.radios = ['wlan0'];
    wireless.changed();
    await pass(10_000);
    assert.equal(air.on(), HOTSPOT_ID);
  });

  test('that was never set up is said', async () => {
    const { pass, state } = start((each) => {
      each.profiles = [];
    });
    await pass(10_000);
    assert.match(state().trouble ?? '', /restart the unit/);
  });
});

describe('the owner', () => {
  test('looks around, though that takes the hotspot for a moment', async () => {
    const { air, wireless, pass, drive, state } = start();
    await pass(10_000);
    assert.deepEqual(state().seen, []);
    air.networks = [home];
    await drive(wireless.look());
    assert.deepEqual([state().seen[0]?.ssid, air.on()], ['Home', HOTSPOT_ID]);
  });

  test('forgets the WiFi that is joined: the hotspot comes', async () => {
    const { air, wireless, pass, drive, state } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(10_000);
    await drive(wireless.forget(state().known[0]?.uuid ?? ''));
    await pass(10_000);
    assert.equal(air.on(), HOTSPOT_ID);
    await assert.rejects(drive(wireless.forget('nothing')), /no such network/);
  });

  test('trusts a network, and no more: its device is told at once', async () => {
    const { air, wireless, pass, drive, state } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(10_000);
    const { uuid = '' } = state().known[0] ?? {};
    await drive(wireless.trust(uuid, true));
    assert.deepEqual(air.done, ['Home connection.zone=trusted', 'reapply wlan0']);
    assert.equal(state().known[0]?.trusted, true);
    await drive(wireless.trust(uuid, false));
    assert.equal(state().known[0]?.trusted, false);
  });

  test("cannot lose the unit's own networks", async () => {
    const { air, wireless, pass, drive } = start();
    await pass(10_000);
    const { uuid = '' } = air.profiles[0] ?? {};
    await assert.rejects(drive(wireless.forget(uuid)), /no such network/);
    await assert.rejects(drive(wireless.trust(uuid, false)), /no such network/);
  });

  test('has the hotspot at once, though at home; a second tap throws nobody out', async () => {
    const { air, wireless, pass, drive } = start((each) => {
      knowsHome(each);
      each.networks = [home];
    });
    await pass(10_000);
    await drive(wireless.raise());
    await drive(wireless.raise());
    assert.deepEqual(air.done, [`up ${HOTSPOT_ID}`]);
    assert.equal(air.on(), HOTSPOT_ID);
  });
});
