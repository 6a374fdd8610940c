import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { writesHeaders } from './clients-headers.ts';
import { explainsProblems, servesPages, worksByHttp } from './clients-http.ts';
import {
  connectsEverything,
  exposes,
  movesFocuserAndWheel,
  opensInCfitsio,
  slews,
  waitsByExpression,
} from './clients-indi.ts';
import { pixelCases } from './clients-pixels.ts';
import { type Newcomer, startDemo } from './newcomer.ts';
import type { Case, Suite } from './suite.ts';
import { present } from './tools.ts';

const STOP_SECONDS = 10;

/** A newcomer's first evening with the demo appliance, its process started for real: by INDI's own tools and by HTTP. */
export const clients: Suite = {
  name: 'clients',
  cases() {
    const indi = present('indi_getprop') && present('indi_setprop');
    const directory = mkdtempSync(join(tmpdir(), 'nightjar-clients-'));
    let demo: Promise<Newcomer> | undefined;
    let image: string | undefined;
    const withDemo =
      (body: (demo: Newcomer) => Promise<string | undefined>): Case['run'] =>
      async () => {
        demo ??= startDemo(directory);
        return body(await demo);
      };
    const byIndi = (body: (demo: Newcomer) => Promise<string | undefined>): Case['run'] =>
      indi ? withDemo(body) : async () => 'indi_getprop and indi_setprop are not installed (indi-bin)';

    async function ends(): Promise<undefined> {
      const running = await demo;
      if (!running) throw new Error('it was never there');
      const start = systemClock.monotonic();
      running.kill('SIGTERM');
      const { code } = await running.ended;
      const seconds = (systemClock.monotonic() - start) / 1000;
      assert.equal(code, 0, running.output());
      assert.ok(seconds < STOP_SECONDS, `it took ${seconds} s`);
      assert.doesNotMatch(running.output(), /^\s+at .*\(.*\)$/m, 'there is a stack trace in its output');
      rmSync(directory, { recursive: true });
    }

    return [
      { name: 'indi_setprop connects every device of the demo', run: byIndi(connectsEverything) },
      { name: 'indi_setprop slews to a star', run: byIndi(slews) },
      {
        name: 'indi_getprop receives an exposure',
        run: byIndi(async (running) => {
          image = await exposes(running, join(directory, 'client'));
          return undefined;
        }),
      },
      {
        name: 'cfitsio finds the file faultless, packs and unpacks it',
        run: async () => (image ? opensInCfitsio(image, directory) : 'there is no image to look at'),
      },
      { name: 'indi_setprop moves focuser and wheel', run: byIndi(movesFocuserAndWheel) },
      { name: 'indi_eval waits until the focuser is there', run: byIndi(waitsByExpression) },
      { name: 'the same by HTTP, seen by INDI', run: withDemo((running) => worksByHttp(running, indi)) },
      { name: 'every header that applies is in the file', run: withDemo(writesHeaders) },
      { name: 'page, health, metrics, OpenAPI and live stream', run: withDemo(servesPages) },
      { name: 'every mistake is explained by a problem document', run: withDemo(explainsProblems) },
      { name: 'SIGTERM ends it cleanly', run: ends },
      ...pixelCases,
    ];
  },
};
