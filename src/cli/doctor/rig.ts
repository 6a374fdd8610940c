import { Fault } from '../../core/errors.ts';
import { findPort } from '../../wire/serial-place.ts';
import { nameOf, type SerialPlace, type SerialPort } from '../../wire/serial-ports.ts';
import type { BenchDevice } from '../bench-file.ts';
import { lastingAdvice } from '../ports.ts';
import type { Finding } from './finding.ts';

/** Where the devices of a bench are plugged in, and which two want the same port. */
export async function rigFindings(
  { devices }: { devices: readonly Pick<BenchDevice, 'id' | 'port'>[] },
  ports: readonly SerialPort[],
): Promise<Finding[]> {
  const taken = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { id, port: place } of devices) {
    if (!place || !('serial' in place || 'usb' in place)) continue;
    findings.push({ what: `device ${id}`, ...(await judge(id, place, ports, taken)) });
  }
  return findings;
}

/** @param taken who has which port */
async function judge(
  id: string,
  place: SerialPlace,
  ports: readonly SerialPort[],
  taken: Map<string, string>,
): Promise<Omit<Finding, 'what'>> {
  try {
    const { path } = await findPort(ports, place);
    const words = `${nameOf(place)} is ${path}`;
    const first = taken.get(path);
    if (first)
      return { state: 'wrong', words: `${words}, which is ${first}'s: give ${id} a port of its own` };
    taken.set(path, id);
    const advice = lastingAdvice(place, ports);
    return advice ? { state: 'note', words: advice } : { state: 'ok', words };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { state: error.kind === 'gone' ? 'missing' : 'wrong', words: error.message };
  }
}
