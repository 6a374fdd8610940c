import { accessSync, constants } from 'node:fs';
import type { AnyDriver } from '../device/driver.ts';
import type { CataloguePlace } from '../solve/jobs.ts';
import { readMemory } from '../system/memory.ts';
import { readSupply } from '../system/supply.ts';
import { readHolders, runningOf } from '../wire/holders.ts';
import { lookForPlugs } from '../wire/plugged.ts';
import { readHidraws } from '../wire/usb.ts';
import { readBench } from './bench-file.ts';
import { boardFindings } from './doctor/board.ts';
import type { Finding } from './doctor/finding.ts';
import { grabberFindings, grabbers } from './doctor/grabbers.ts';
import { lookAtBoard } from './doctor/look-at-board.ts';
import { disk, indiDrivers, nativeModule } from './doctor/machine.ts';
import { serialFindings, usbFindings } from './doctor/plugs.ts';
import { rigFindings } from './doctor/rig.ts';
import { solvingFindings } from './doctor/solving.ts';
import { memoryFinding, supplyFindings } from './doctor/unit.ts';
import { readOptions } from './options.ts';

/**
 * `nightjar doctor [--bench FILE] [--json]`: what is seen, who uses it, what is missing, what is wrong.
 * Exit 1 when something is wrong.
 */
export async function doctorCommand(
  args: string[],
  drivers: readonly AnyDriver[],
  catalogue: CataloguePlace,
): Promise<number> {
  const { values } = readOptions(args, {
    bench: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const findings = await examine(drivers, catalogue, values.bench ?? process.env.NIGHTJAR_BENCH);
  if (values.json) console.log(JSON.stringify(findings, null, 2));
  else for (const { what, state, words } of findings) console.log(`${state.padEnd(8)}${what}: ${words}`);
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

async function examine(
  drivers: readonly AnyDriver[],
  catalogue: CataloguePlace,
  bench: string | undefined,
): Promise<Finding[]> {
  const plugs = await lookForPlugs();
  const { holders, hidden } = await readHolders();
  const seen = { ...plugs, holders, hidraws: await readHidraws(), mayOpen };
  return [
    ...['serialport', 'usb', 'i2c-bus', 'onoff'].map(nativeModule),
    await indiDrivers(),
    ...solvingFindings(catalogue),
    ...serialFindings(seen, drivers),
    ...usbFindings(seen, drivers),
    ...boardFindings(await lookAtBoard(mayOpen)),
    ...(bench === undefined ? [] : await rigFindings(readBench(bench), plugs.serial)),
    ...grabberFindings(await runningOf([...grabbers.keys()])),
    ...hiddenFindings(hidden),
    disk(),
    memoryFinding(readMemory(), process.memoryUsage.rss()),
    ...supplyFindings(readSupply()),
  ];
}

export function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function hiddenFindings(hidden: number): Finding[] {
  if (hidden === 0 || process.getuid?.() === 0) return [];
  const words = `what ${hidden} programs of other users hold cannot be seen; sudo shows it`;
  return [{ what: 'other programs', state: 'ok', words }];
}
