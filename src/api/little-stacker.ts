import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../core/log.ts';
import type { Shot } from '../device/shutter.ts';
import { Stacker } from '../engine/stacker.ts';
import { stackJobs } from '../imaging/stack/jobs.ts';

/** Stacks what the little rig has taken, in this thread. @param shots by the exposure's id */
export function littleStacker(shots: ReadonlyMap<string, Pick<Shot, 'frame'>>, log: Log): Stacker {
  const jobs = stackJobs();
  const check = (signal: AbortSignal) => () => signal.throwIfAborted();
  const never = () => {};
  return new Stacker({
    worker: {
      begin: async (stack) => jobs.stackBegin({ stack }),
      add: async (stack, id, signal) => jobs.stackAdd({ stack, source: shots.get(id)!.frame }, check(signal)),
      preview: async (stack, options) => jobs.stackPreview({ stack, options }, never),
      write: async (stack, file, facts) => jobs.stackWrite({ stack, file, ...facts }, never),
      end: async (stack) => jobs.stackEnd({ stack }),
    },
    pathOf: ({ id }) => id,
    directory: join(tmpdir(), 'nightjar-stack'),
    log,
  });
}
