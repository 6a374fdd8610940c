import assert from 'node:assert/strict';
import test from 'node:test';
import { cell } from '../core/cell.ts';
import type { UnitNetwork } from '../system/network/open.ts';
import type { KnownNetwork, NetworkState } from '../system/network/state.ts';
import { fromTrusted, onlyTrusted } from './reached.ts';

const home: KnownNetwork = { uuid: '1', name: 'Home', type: 'wifi', trusted: false, joined: true };
const at = (localAddress: string) => ({ incoming: { socket: { localAddress, localPort: 80 } } });

function unit(...known: readonly KnownNetwork[]) {
  return unitWith('up', known);
}

function unitWith(
  hotspot: NetworkState['hotspot'],
  known: readonly KnownNetwork[],
): { network: UnitNetwork } {
  const state = cell<NetworkState>({ hotspot, radios: 1, known, seen: [], looking: false });
  return { network: { wireless: { state } } as unknown as UnitNetwork };
}

test('the own networks are trusted, others once the owner says so, and a laptop always', () => {
  assert.ok(fromTrusted({}, at('192.168.1.7')));
  assert.ok(fromTrusted(unit(home), at('::ffff:10.42.0.1')));
  assert.ok(fromTrusted(unit(home), at('10.44.0.1')));
  assert.ok(!fromTrusted(unit(home), at('192.168.1.7')));
  assert.ok(fromTrusted(unit({ ...home, trusted: true }), at('192.168.1.7')));
  assert.ok(fromTrusted(unit({ ...home, trusted: true }, { ...home, joined: false }), at('192.168.1.7')));
  assert.ok(!fromTrusted(unit({ ...home, trusted: true }, { ...home, type: 'ethernet' }), at('192.168.1.7')));
  assert.ok(!fromTrusted(unit(), at('192.168.1.7')), 'a wire that nobody has spoken of');
});

test('the address of the hotspot proves nothing while the radio is on a WiFi of somebody else', () => {
  assert.ok(!fromTrusted(unitWith('down', [home]), at('10.42.0.1')));
  assert.ok(fromTrusted(unitWith('down', [{ ...home, trusted: true }]), at('10.42.0.1')));
});

test('what opens the unit to others is refused elsewhere, and says where it can be done', () => {
  const here = { network: { ...unit(home).network, hotspot: { ssid: 'Nightjar-7F3A', password: '' } } };
  onlyTrusted(here, { env: at('::1') });
  assert.throws(() => onlyTrusted(here, { env: at('192.168.1.7') }), {
    status: 403,
    message: /Nightjar-7F3A/,
  });
});
