import { Registry } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };
import { createApi } from '../api/api.ts';
import { serveApi } from '../api/serve.ts';
import { BadInput } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { planSchema } from '../engine/plan.ts';
import { createIndiServer } from '../indi/server.ts';
import { firstIssue } from './bench-file.ts';
import { NightShift } from './night-shift.ts';
import type { FaceStarter } from './serve.ts';

/** The phone page and its API. */
export const httpFace =
  (log: Log, webDirectory: string | undefined): FaceStarter =>
  async (
    {
      rig,
      host,
      shutter,
      ledger,
      imaging,
      examiner,
      solver,
      stacker,
      limits,
      watch,
      dew,
      programs,
      gear,
      kits,
      unit,
    },
    { port, bind },
  ) => {
    const { clock } = host;
    const night = new NightShift({ rig, shutter, ledger, log });
    const app = createApi({
      host,
      rig,
      shutter,
      ledger,
      previews: {
        preview: (row, width, stretch) =>
          imaging.preview({ file: ledger.pathOf(row) }, { width, stretch, format: 'jpeg' }),
      },
      examiner,
      solver,
      stacker,
      clock,
      log,
      webDirectory: webDirectory ?? 'web',
      metrics: new Registry(),
      version: packageJson.version,
      parsePlan,
      night,
      limits,
      watch,
      dew,
      ...(programs && { programs }),
      ...(gear && { gear }),
      ...(kits && { drivers: kits }),
      ...(unit && { timekeeper: unit.timekeeper, warnings: unit.warnings }),
      ...(unit?.network && { network: unit.network }),
    });
    const served = await serveApi({ app, port, bind, clock, log });
    return {
      port: served.port,
      async close() {
        await night.stop('shutdown');
        await served.close();
      },
    };
  };

export const indiFace =
  (log: Log): FaceStarter =>
  ({ rig, host, shutter, router }, { port, bind }) =>
    createIndiServer({ host, rig, shutter, router, clock: host.clock, log, port, bind });

function parsePlan(value: unknown): unknown {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInput(firstIssue(parsed.error, 'the plan'));
}
