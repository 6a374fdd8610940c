import { cell, when } from '../../core/cell.ts';
import { asError, Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Device } from '../../device/device.ts';
import type { AnyDriver } from '../../device/driver.ts';
import type { DeviceHost } from '../../device/host.ts';
import type { Port, ProgramLink } from '../../wire/link.ts';
import type { ForeignDevice } from './device.ts';

/** From the start of a program to the rest of its definitions. */
const SETTLE_MS = 5000;

/** Where the host reaches a foreign device: through its program, as long as that lives. */
function programPort(foreign: ForeignDevice, program: string): Port<ProgramLink> {
  return {
    kind: 'program',
    name: program,
    async open(clock) {
      const over = new AbortController();
      const late = new Fault(
        'gone',
        `${foreign.device}: ${program} is not running, or its hardware is not plugged in`,
      );
      const cancel = clock.after(SETTLE_MS, () => over.abort(late));
      try {
        await when(foreign.alive, Boolean, over.signal);
        // A driver that goes on defining is there all the same.
        await when(foreign.settled, Boolean, over.signal).catch((error) => {
          if (!foreign.alive.value) throw error;
        });
      } finally {
        cancel();
      }
      const alive = cell(true);
      const end = foreign.alive.watch((there) => alive.set(there && alive.value));
      return {
        kind: 'program',
        alive,
        async close() {
          end();
          alive.set(false);
        },
      };
    },
  };
}

/** The host's Device of a foreign device: it follows what clients, and the driver itself, do to the connection. */
export class Presence {
  readonly device: Device;
  readonly #foreign: ForeignDevice;
  readonly #log: Log;
  readonly #ends: readonly (() => void)[];

  constructor(foreign: ForeignDevice, program: string, driver: AnyDriver, host: DeviceHost, log: Log) {
    this.#foreign = foreign;
    this.device = host.add({
      id: freeId(foreign.device, host),
      label: foreign.device,
      driver,
      port: programPort(foreign, program),
    });
    this.#log = log.child({ device: this.device.id });
    this.#ends = [
      foreign.connected.watch((connected) => this.#follow(connected)),
      foreign.disconnectAsked.watch((asked) => asked && !foreign.connected.value && this.#disconnect()),
    ];
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #follow(connected: boolean): void {
    const { state } = this.device.status.value;
    if (connected) {
      if (state !== 'disconnected') return;
      this.device.connect(true).catch((error) => this.#log.warn(asError(error).message));
    } else if (this.#foreign.disconnectAsked.value) this.#disconnect();
    // A program that died loses its link; a driver that gave up its hardware must be connected anew.
    else if (this.#foreign.alive.value && state === 'connected')
      this.device.reopen('the driver has disconnected');
  }

  #disconnect(): void {
    if (this.device.status.value.state === 'disconnected') return;
    this.device.disconnect().catch((error) => this.#log.warn(asError(error).message));
  }
}

/** `indi/` and the name in small letters; names that become the same are numbered. */
function freeId(name: string, host: DeviceHost): string {
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'device';
  for (let number = 1; ; number++) {
    const id = number === 1 ? `indi/${slug}` : `indi/${slug}-${number}`;
    if (!host.find(id)) return id;
  }
}
