import { dirname, join } from 'node:path';
import { assets, pathOf } from '../assets.ts';
import type { Clock } from '../core/clock.ts';
import { thisMachine } from '../system/setup/machine.ts';
import { setUp } from '../system/setup/setup.ts';
import { readOptions } from './options.ts';

/**
 * `nightjar setup [--boot DIR] [--system DIR] [--run DIR]`: takes in `nightjar.toml`, makes what a new unit needs, says how
 * to reach it. What is wrong in the owner's file is told, and is no failure: the unit starts whatever it says.
 */
export function setupCommand(args: string[], clock: Clock): number {
  const { values } = readOptions(args, {
    boot: { type: 'string', default: '/boot/nightjar' },
    system: { type: 'string', default: '/data/system' },
    run: { type: 'string', default: '/run/nightjar' },
  });
  const { boot, system, run } = values;
  const demo = pathOf(new URL('demo.json', assets.benches));
  const bench = { own: join(dirname(system), 'rig.json'), demo };
  const { unit, complaints } = setUp({ boot, system, run, bench }, thisMachine(), clock);
  // Into the journal: no password.
  console.log(`Nightjar: the unit is ${unit.name}, its WiFi ${unit.ssid}`);
  for (const { line, words } of complaints) {
    console.log(`nightjar.toml: ${line === undefined ? '' : `line ${line}: `}${words}`);
  }
  return 0;
}
