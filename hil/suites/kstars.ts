import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { Site } from '../../src/sky/site.ts';
import { DESK_PROGRAMS } from './kstars-desk.ts';
import {
  connects,
  disconnects,
  type Evening,
  guides,
  hearsNoComplaint,
  movesFocuserAndWheel,
  parks,
  slews,
} from './kstars-ekos.ts';
import { captures } from './kstars-frames.ts';
import { startKStars } from './kstars-program.ts';
import { startDemo } from './newcomer.ts';
import type { Case, Form, Suite } from './suite.ts';
import { present } from './tools.ts';

const STEPS = [
  ['connects to every device and gives each its module', connects],
  ['captures three frames through a filter: its files are ours, byte for byte', captures],
  ['slews, and sees the mount arrive', slews],
  ['parks and unparks', parks],
  ['moves focuser and filter wheel', movesFocuserAndWheel],
  ['hears no complaint of ours', hearsNoComplaint],
] as const;

/** A minute of calibration: once is enough. */
const GUIDES = ['calibrates its guider on our stars, and guides', guides] as const;
const LETS_GO = ['lets go, and our devices stay connected', disconnects] as const;

/** KStars with Ekos, the client most of the field uses, as a person would: on a screen nobody sees, by D-Bus. */
export const kstars: Suite = {
  name: 'kstars',
  cases(form) {
    const missing = ['kstars', ...DESK_PROGRAMS].filter((program) => !present(program));
    if (missing.length > 0) {
      return [{ name: 'KStars and Ekos', run: async () => `not installed: ${missing.join(' ')}` }];
    }
    return Array.from({ length: evenings[form] }, (_, index) => evening(index + 1, form)).flat();
  },
};

const evenings: Readonly<Record<Form, number>> = { quick: 1, full: 5 };

/** An appliance and a KStars of their own, from the first start to the end of both. */
function evening(round: number, form: Form): Case[] {
  let started: Promise<Evening> | undefined;
  let failed = false;

  async function start(): Promise<Evening> {
    const demo = await startDemo(mkdtempSync(join(tmpdir(), 'nightjar-ekos-')));
    try {
      const { site } = (await demo.http('GET', '/api/v1/observatory')).json() as { site: Site };
      return { demo, kstars: await startKStars(demo.indiPort, site, systemClock) };
    } catch (thrown) {
      failed = true;
      demo.kill('SIGTERM');
      await demo.ended;
      throw thrown;
    }
  }

  async function both(): Promise<Evening> {
    if (failed) throw new Error('KStars did not start');
    started ??= start();
    return started;
  }

  const tried = form === 'full' && round === 1 ? [...STEPS, GUIDES] : STEPS;
  const steps = [...tried, LETS_GO].map(([name, step]) => ({
    name: `evening ${round}: Ekos ${name}`,
    run: async () => step(await both()),
  }));
  return [...steps, { name: `evening ${round}: both end`, run: async () => ends(await both()) }];
}

async function ends({ demo, kstars }: Evening): Promise<undefined> {
  await kstars.close();
  demo.kill('SIGTERM');
  const { code } = await demo.ended;
  if (code !== 0) throw new Error(`the appliance ended with ${code}: ${demo.output()}`);
  rmSync(dirname(demo.data), { recursive: true, force: true });
}
