import { asError } from '../../core/errors.ts';
import type { Capabilities, CapabilityName } from '../../device/capabilities.ts';
import type { Device } from '../../device/device.ts';
import { INFO, indi, MAIN } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import type { State } from '../message.ts';
import { chosen, only, type Panel } from '../panel.ts';

/** DRIVER_INTERFACE (INDI protocol 1.7, libindi's basedevice.h). */
const interfaceBits: Record<CapabilityName, number> = {
  mount: 1,
  camera: 2,
  guide: 4,
  focuser: 8,
  wheel: 16,
  dome: 32,
  gps: 64,
  weather: 128,
  cover: 512,
  light: 1024,
  rotator: 4096,
  lines: 65_536 | 131_072,
  power: 262_144,
  // INDI has no interface of dew control: auxiliary.
  dew: 32_768,
};

const connectionStates = {
  connected: 'Ok',
  connecting: 'Busy',
  recovering: 'Alert',
  disconnected: 'Idle',
} as const satisfies Record<Device['status']['value']['state'], State>;

/** What every device has, connected or not; DRIVER_INFO comes first, for KStars chooses by its interface bits. */
export function projectConnection(panel: Panel, device: Device, { log }: FaceParts): void {
  const { driver, capabilities, status } = device;
  const information = () => ({
    DRIVER_NAME: driver.label,
    DRIVER_EXEC: driver.id,
    DRIVER_VERSION: '1.0',
    DRIVER_INTERFACE: String(interfaces(capabilities.value, driver.provides)),
  });
  const info = panel.texts(
    'DRIVER_INFO',
    'Driver Info',
    INFO,
    { DRIVER_NAME: 'Name', DRIVER_EXEC: 'Exec', DRIVER_VERSION: 'Version', DRIVER_INTERFACE: 'Interface' },
    information(),
  );
  panel.watch([capabilities], () => info.show(information()));

  const words = { CONNECT: 'Connect', DISCONNECT: 'Disconnect' };
  const connection = panel.switches('CONNECTION', 'Connection', MAIN, words, 'DISCONNECT', { perm: 'rw' });
  panel.watch([status], () => {
    const { state, message } = status.value;
    const failed = state === 'disconnected' && message !== undefined;
    const on = state === 'disconnected' ? 'DISCONNECT' : 'CONNECT';
    connection.settle(only(words, on), failed ? 'Alert' : connectionStates[state], message);
  });
  connection.onWrite((values) => {
    if (chosen(values) === 'CONNECT') {
      if (status.value.state === 'disconnected') connection.show(values, 'Busy');
      // How it goes is told by the status.
      device.connect().catch((error) => log.debug({ device: device.id }, asError(error).message));
      return;
    }
    // A running night or a person keeps its devices: clients say goodbye by disconnecting everything.
    for (const each of [device, device.head.value]) {
      for (const lane of each?.laneNames ?? []) each?.lane(lane).check(indi);
    }
    device.disconnect().catch((error) => connection.fail(error));
  });
}

/** What it can do; before the first connect, what its family can at the least. */
function interfaces(able: Capabilities, chosen: readonly CapabilityName[]): number {
  const names = Object.keys(interfaceBits) as CapabilityName[];
  return names.reduce(
    (bits, name) => (able[name] || chosen.includes(name) ? bits | interfaceBits[name] : bits),
    0,
  );
}
