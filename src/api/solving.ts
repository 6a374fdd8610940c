import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import { solverNames } from '../solve/solver-name.ts';
import { endpoint } from './endpoint.ts';
import { solutionSchema, viewSolution } from './exposure-view.ts';
import { exposureId, requireExposure } from './exposures.ts';
import type { Parts } from './parts.ts';
import { answerRun, startedAnswers, waitQuery } from './runs.ts';

const order = z.strictObject({
  near: z
    .strictObject({
      ra: z.number().min(0).lt(360).describe('ICRS degrees'),
      dec: z.number().min(-90).max(90).describe('ICRS degrees'),
      radiusDegrees: z.number().positive().max(180).default(10),
    })
    .describe('where the centre lies')
    .optional(),
  scale: z
    .strictObject({ low: z.number().positive(), high: z.number().positive() })
    .refine(({ low, high }) => low <= high, 'low is above high')
    .describe('arc-seconds a pixel')
    .optional(),
  blind: z.boolean().default(false).describe('do not even ask the header'),
  solver: z.enum(solverNames).default('builtin'),
});

/** What an exposure says by its stars: how sharp it is, and where it points. */
export function solvingRoutes(app: OpenAPIHono, parts: Parts): void {
  const { ledger, host, examiner } = parts;
  const able = () => {
    if (!examiner) throw new Fault('unsupported', 'this unit only keeps its images');
    return examiner;
  };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/exposures/{id}/stars',
      access: 'look',
      summary: 'Its stars, brightest first, in pixels of the stored image from 0 (the first centre)',
      params: exposureId,
      query: z.strictObject({ most: z.coerce.number().int().min(1).max(20_000).default(500) }),
      answers: {
        200: {
          description: 'Stars',
          schema: z.object({
            width: z.number(),
            height: z.number(),
            found: z.number().describe('all of them'),
            stars: z.array(
              z.looseObject({ x: z.number(), y: z.number(), flux: z.number(), hfr: z.number() }),
            ),
          }),
        },
      },
    },
    async ({ params, query, c }) => {
      const row = await requireExposure(ledger, params.id);
      const { width, height, found, stars } = await able().stars(row, query.most);
      return c.json({ width, height, found, stars });
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/exposures/{id}/solve',
      access: 'move',
      summary: 'Find out where it points; `solution` of the exposure then says it',
      params: exposureId,
      query: waitQuery,
      body: order,
      answers: {
        ...startedAnswers,
        200: {
          ...startedAnswers[200],
          schema: startedAnswers[200].schema.extend({ solution: solutionSchema.optional() }),
        },
      },
    },
    async ({ params, query, body, c }) => {
      const row = await requireExposure(ledger, params.id);
      const { near, scale, blind, solver } = body;
      const stated = {
        ...(near && { near: { centre: { ra: near.ra, dec: near.dec }, radiusDegrees: near.radiusDegrees } }),
        ...(scale && { scale }),
      };
      const run = able().solve(row, { stated, blind }, solver);
      host.runs.add(run as Run);
      return answerRun(c, parts, run, query.wait, (solution) => ({ solution: viewSolution(solution) }));
    },
  );
}
