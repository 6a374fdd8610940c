import { existsSync } from 'node:fs';
import type { Log } from '../core/log.ts';
import { Claims } from '../wire/claims.ts';
import { linesPort } from '../wire/gpio-lines.ts';
import { GpioOutputs } from '../wire/gpio-outputs.ts';
import { httpPort } from '../wire/http.ts';
import { I2cBuses } from '../wire/i2c.ts';
import type { Port } from '../wire/link.ts';
import { OneWireBuses } from '../wire/one-wire.ts';
import type { Plugged } from '../wire/plugged.ts';
import { otherProgram, type PlaceParts, placedPort, plainPath } from '../wire/serial-place.ts';
import { portsAt, type SerialPlace, type SerialPort, twinsOf } from '../wire/serial-ports.ts';
import { tcpPort } from '../wire/tcp.ts';
import type { BenchDevice } from './bench-file.ts';

type Place = NonNullable<BenchDevice['port']>;

/** The buses and lines of the board, which the devices of one process share. */
export const openBoard = () => ({
  i2c: new I2cBuses(),
  oneWire: new OneWireBuses(),
  outputs: new GpioOutputs(),
});

export interface RealParts extends PlaceParts {
  board?: ReturnType<typeof openBoard>;
}

/** The real place that a bench file names. */
export function realPort(place: Place, { board = openBoard(), ...parts }: RealParts = {}): Port {
  if ('serial' in place || 'usb' in place) return placedPort(place, parts);
  const { claim } = parts;
  if ('i2c' in place) return board.i2c.port(place.i2c, claim);
  if ('w1' in place) return board.oneWire.port(place.w1, claim);
  if ('gpio' in place) return linesPort(place.gpio.chip, { outputs: board.outputs, ...(claim && { claim }) });
  const [host, port] = ('tcp' in place ? place.tcp : place.http).split(':') as [string, string];
  return 'tcp' in place ? tcpPort(host, Number(port)) : httpPort(host, Number(port));
}

/** The places of one process: what is plugged in where, and who uses it. */
export interface Sockets {
  plugged: Plugged;
  claims: Claims;
  board: ReturnType<typeof openBoard>;
  /** A place that does not say for sure which device it means is told to the log. */
  portOf(device: Pick<BenchDevice, 'id'>, place: Place): Port;
}

export function openSockets(plugged: Plugged, log: Log): Sockets {
  const present = () => plugged.now.value.serial;
  const claims = new Claims({
    plain: (name) => plainPath(present(), name),
    exists: (name) => /^(i2c|gpio|w1):/.test(name) || existsSync(name),
    program: otherProgram,
  });
  const board = openBoard();
  return {
    plugged,
    claims,
    board,
    portOf({ id }, place) {
      const advice = 'serial' in place ? lastingAdvice(place, present()) : undefined;
      if (advice) log.warn({ device: id }, advice);
      return realPort(place, { plugged, board, claim: { by: id, claims } });
    },
  };
}

/** What to write instead of `/dev/ttyUSB0`, which is whatever was plugged in first. */
export function lastingAdvice(place: SerialPlace, ports: readonly SerialPort[]): string | undefined {
  if (!('serial' in place) || !/^\/dev\/tty(USB|ACM)\d+$/.test(place.serial)) return undefined;
  const [port] = portsAt(ports, place);
  const better = port ? lastingName(port, ports) : '/dev/serial/by-id/…';
  return `${place.serial} is whatever was plugged in first, and may be another device tomorrow: name it ${better}`;
}

/** The name that means this adapter alone: by its own number, else by its socket. */
export function lastingName(port: SerialPort, ports: readonly SerialPort[]): string {
  const wanted = twinsOf(port, ports).length > 1 ? '/by-path/' : '/by-id/';
  return port.names.find((name) => name.includes(wanted)) ?? port.names[0] ?? port.path;
}
