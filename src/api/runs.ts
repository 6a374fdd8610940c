import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Clock } from '../core/clock.ts';
import type { Run } from '../core/run.ts';
import type { BookedRun, RunBook } from '../device/run-book.ts';
import { endpoint } from './endpoint.ts';
import type { Parts } from './parts.ts';
import { answerProblem, Rejected } from './problem.ts';
import { runId, runSchema } from './schemas.ts';
import { type RunView, viewRun } from './views.ts';

/** The longest a request is kept waiting for an outcome. */
export const waitQuery = z.strictObject({
  wait: z.coerce.number().min(0).max(3600).describe('seconds to wait for the outcome').optional(),
});

export const startedAnswers = {
  200: {
    description: 'It ended while the request waited',
    schema: z.object({ run: z.string(), outcome: runSchema }),
  },
  202: { description: 'It is in progress', schema: z.object({ run: z.string() }) },
} as const;

function bookedRun(book: RunBook, id: string): RunView | undefined {
  const entry = book.list().find(({ run }) => run.id === id);
  return entry && viewRun(entry.run, entry.device, entry.endedUtc);
}

/**
 * 202 with the run's id, or, when it ends within the time, its outcome: a problem document if it failed, 200 if it
 * returned or was stopped.
 * @param more of what it has returned, for the answer
 */
export async function answerRun<T>(
  c: Context,
  parts: Parts,
  run: Run<T>,
  wait = 0,
  more: (value: T) => object = () => ({}),
): Promise<Response> {
  if (wait > 0) await settled(run, parts.clock, wait * 1000, c.req.raw.signal);
  const ending = run.ending.value;
  if (!ending) return c.json({ run: run.id }, 202, { location: `/api/v1/runs/${run.id}` });
  const outcome = bookedRun(parts.host.runs, run.id) ?? viewRun(run as Run);
  if (ending.state === 'threw') return answerProblem(c, ending.error, parts.log, { run: run.id, outcome });
  return c.json({ run: run.id, outcome, ...(ending.state === 'returned' && more(ending.value)) });
}

/** Resolves when the run has ended, the time is over or the asker is gone. */
async function settled(
  run: Run<unknown>,
  clock: Clock,
  milliseconds: number,
  gone: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  gone.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([
      run.outcome.then(
        () => undefined,
        () => undefined,
      ),
      clock.sleep(milliseconds, over.signal).catch(() => undefined),
    ]);
  } finally {
    gone.removeEventListener('abort', end);
    end();
  }
}

export function runRoutes(app: OpenAPIHono, { host }: Parts): void {
  const require = (id: string): BookedRun => {
    const run = host.runs.find(id);
    if (!run) throw new Rejected(404, `there is no run ${id}, or it ended more than an hour ago`);
    return run;
  };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/runs',
      access: 'look',
      summary: 'What is in progress or ended within the hour, oldest first',
      answers: { 200: { description: 'Runs', schema: z.object({ runs: z.array(runSchema) }) } },
    },
    ({ c }) =>
      c.json({ runs: host.runs.list().map(({ run, device, endedUtc }) => viewRun(run, device, endedUtc)) }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/runs/{id}',
      access: 'look',
      summary: 'One run',
      params: runId,
      answers: { 200: { description: 'The run', schema: runSchema } },
    },
    ({ params, c }) => c.json(bookedRun(host.runs, require(params.id).id)),
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/runs/{id}',
      access: 'move',
      summary: 'Stop it; it ends when its cleanup is done',
      params: runId,
      answers: { 202: { description: 'It was told to stop', schema: z.object({ run: z.string() }) } },
    },
    ({ params, c }) => {
      const run = require(params.id);
      run.stop('user', 'by phone');
      return c.json({ run: run.id }, 202);
    },
  );
}
