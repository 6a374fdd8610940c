import { Registry } from 'prom-client';
import { systemClock } from '../core/clock.ts';
import { imagingJobs } from '../imaging/jobs.ts';
import type { Stretch } from '../imaging/preview.ts';
import { createApi } from './api.ts';
import type { littleRig } from './little-rig.ts';
import type { Parts } from './parts.ts';
import { type Served, serveApi } from './serve.ts';

/** A little rig on a free port of loopback, with previews of what it has taken: for the tests of the page. */
export function serveLittleRig(
  rig: ReturnType<typeof littleRig>,
  webDirectory: string,
  more: Partial<Parts> = {},
): Promise<Served> {
  const previews = {
    preview: (row: { id: string }, width: number, stretch: Stretch) =>
      imagingJobs.preview({
        source: rig.files.get(row.id)!.frame,
        options: { width, stretch, format: 'jpeg' },
      }),
  };
  const parts = { ...rig, previews, webDirectory, metrics: new Registry(), version: '0.1.0', ...more };
  return serveApi({ app: createApi(parts), port: 0, bind: '127.0.0.1', clock: systemClock, log: rig.log });
}
