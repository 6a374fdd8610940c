import { cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import { Claims } from '../wire/claims.ts';
import { memoryWire } from '../wire/memory.ts';
import type { Plugs } from '../wire/plugged.ts';
import type { SerialPort } from '../wire/serial-ports.ts';
import type { GearParts } from './gear.ts';
import { realPort } from './ports.ts';

/** One USB adapter, as a phone is shown it. */
const adapter: SerialPort = {
  path: '/dev/ttyUSB0',
  names: ['/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0'],
  usb: {
    ...{ socket: '1-1.2', vid: 0x0403, pid: 0x6001, serial: 'A50285BI' },
    ...{ manufacturer: 'FTDI', product: 'FT232R USB UART', bus: 1, address: 4 },
  },
  interface: 0,
};

/** Places with nothing but silence behind them, claimed as the real ones are: for the tests. */
export function fakeSockets(clock: Clock): GearParts['sockets'] {
  const now = cell<Plugs>({ usb: [], serial: [adapter] });
  const plain = (name: string) => (adapter.names.includes(name) ? adapter.path : name);
  const claims = new Claims({ plain });
  return {
    plugged: { now, look: async () => now.value },
    claims,
    portOf({ id }, place) {
      const { kind, name } = realPort(place);
      const path = 'serial' in place ? place.serial : 'usb' in place ? adapter.path : undefined;
      if (path !== undefined) claims.add(id, () => path);
      return { kind, name, open: async () => memoryWire(clock).host } as ReturnType<
        GearParts['sockets']['portOf']
      >;
    },
  };
}
