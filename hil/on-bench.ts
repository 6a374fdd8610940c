import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drivers } from '../drivers/index.ts';
import { type BenchDevice, readBench } from '../src/cli/bench-file.ts';
import { openBoard, realPort } from '../src/cli/ports.ts';
import { isoUtc, systemClock } from '../src/core/clock.ts';
import { BadInput } from '../src/core/errors.ts';
import type { CapabilityName } from '../src/device/capabilities.ts';
import type { Port, StreamLink } from '../src/wire/link.ts';
import { formatTranscript, record, type TranscriptLine } from '../src/wire/transcript.ts';
import type { Case, Suite } from './suites/suite.ts';
import { casesFor, type Wiring, withRig } from './wired.ts';

export interface OnBench {
  /** Where what is said on serial and TCP lines is written down, a file a case. */
  readonly record?: string | undefined;
  /** Somebody stands beside the telescope: what swings tubes and opens roofs is run too. */
  readonly moves?: boolean;
}

/** What nobody starts from another room. */
const large: readonly (CapabilityName | 'device')[] = ['mount', 'dome'];

/**
 * The real devices of a bench file, each through its driver's contract, one after the other.
 * @throws BadInput for a file that is none, or that names no real device
 */
export function benchSuite(file: string, { record: into, moves = false }: OnBench): Suite {
  const bench = readBench(file);
  const { site } = bench;
  if (site === 'night') throw new BadInput(`${file}: give the site where the rig stands`);
  const devices = bench.devices.filter(({ port }) => port);
  if (devices.length === 0) throw new BadInput(`${file}: no device names a port, so all are emulated`);
  const board = openBoard();
  return {
    name: bench.name,
    async cases() {
      const cases: Case[] = [];
      for (const device of devices) {
        const driver = drivers.find(({ id }) => id === device.driver);
        if (!driver) throw new BadInput(`${file}: ${device.id}: no driver "${device.driver}"`);
        const port = realPort(device.port!, { board });
        const wiring: Wiring = { settings: device.settings, ...(site && { site }) };
        for (const { capability, name, perform } of await casesFor(driver, port, wiring)) {
          cases.push({
            name: `${device.id} ${capability}: ${name}`,
            async run() {
              if (large.includes(capability) && !moves) return 'it moves something large: --moves';
              const heard: TranscriptLine[] = [];
              const written = into === undefined ? port : recorded(port, heard);
              try {
                await withRig(driver, written, perform, wiring);
              } finally {
                if (into !== undefined && heard.length > 0)
                  keep(into, device, `${capability} ${name}`, heard);
              }
              return undefined;
            },
          });
        }
      }
      return cases;
    },
  };
}

/** The same port; what goes over its line is noted. Chips on a bus are asked, not talked to: they have no transcript. */
function recorded(port: Port, lines: TranscriptLine[]): Port {
  if (port.kind !== 'stream') return port;
  const line = port as Port<StreamLink>;
  return {
    ...line,
    kind: 'stream',
    name: line.name,
    open: async (clock, options) => record(await line.open(clock, options), clock, lines),
  };
}

function keep(
  folder: string,
  { id, driver, label }: BenchDevice,
  name: string,
  lines: TranscriptLine[],
): void {
  const into = join(folder, driver);
  mkdirSync(into, { recursive: true });
  const day = isoUtc(systemClock.now()).slice(0, 10);
  const file = `${id}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const source = `hardware "${label}", captured ${day}`;
  writeFileSync(join(into, `${file.slice(0, 80)}.wire`), formatTranscript({ source, lines }));
}
