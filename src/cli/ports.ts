import { httpPort } from '../wire/http.ts';
import type { Port } from '../wire/link.ts';
import { serialPort } from '../wire/serial.ts';
import { tcpPort } from '../wire/tcp.ts';
import type { BenchDevice } from './bench-file.ts';

/** The real place that a bench file names. */
export function realPort(place: NonNullable<BenchDevice['port']>): Port {
  if ('serial' in place) return serialPort(place.serial);
  const [host, port] = ('tcp' in place ? place.tcp : place.http).split(':') as [string, string];
  return 'tcp' in place ? tcpPort(host, Number(port)) : httpPort(host, Number(port));
}
