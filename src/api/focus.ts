import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { fitFocus } from '../engine/focus-fit.ts';
import { endpoint } from './endpoint.ts';

const outliers = z.array(z.number()).describe('positions that were given no say');
const extend = z.enum(['in', 'out']).optional().describe('the side on which more samples are wanted');

const fitSchema = z
  .discriminatedUnion('found', [
    z.object({
      found: z.literal(true),
      best: z.number().describe('steps, not rounded'),
      hfr: z.number().describe('how small the stars should be there, pixels'),
      uncertainty: z.number().describe('one standard deviation of `best`, steps'),
      outliers,
      asymmetry: z
        .number()
        .optional()
        .describe('(steepness outside − inside) ÷ their mean; absent where a side has too few samples'),
      extend,
    }),
    z.object({
      found: z.literal(false),
      reason: z.enum(['few', 'flat', 'scattered', 'outside']),
      message: z.string(),
      outliers,
      extend,
    }),
  ])
  .meta({ id: 'FocusFit' });

/** What star sizes say of the focus, whoever has measured them. */
export function focusRoutes(app: OpenAPIHono): void {
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/focus/fit',
      access: 'move',
      summary: 'The best focus of a V-curve; nothing is moved',
      body: z.strictObject({
        samples: z
          .array(
            z.strictObject({
              position: z.number().describe('of the focuser, steps; smaller is inward'),
              hfr: z.number().nullable().describe('half-flux radius, pixels; null: no stars were found'),
            }),
          )
          .min(1)
          .max(500),
      }),
      answers: { 200: { description: 'It, or why not and what to do', schema: fitSchema } },
    },
    ({ body, c }) => {
      const samples = body.samples.map(({ position, hfr }) => ({ position, hfr: hfr ?? Number.NaN }));
      const fit = fitFocus(samples);
      if (!fit.found || !Number.isNaN(fit.asymmetry)) return c.json(fit);
      const { asymmetry: _, ...known } = fit;
      return c.json(known);
    },
  );
}
