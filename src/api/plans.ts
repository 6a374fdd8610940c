import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { endpoint } from './endpoint.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';

const planId = z.strictObject({ id: z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, _ . - only') });
const planSchema = z.record(z.string(), z.unknown()).meta({ id: 'Plan' });

export function planRoutes(app: OpenAPIHono, { ledger, parsePlan, night }: Parts): void {
  const { plans } = ledger;
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/plans',
      access: 'look',
      summary: 'All plans',
      answers: {
        200: {
          description: 'Plans',
          schema: z.object({ plans: z.array(z.object({ id: z.string(), plan: planSchema })) }),
        },
      },
    },
    async ({ c }) => c.json({ plans: (await plans.all()).map(([id, plan]) => ({ id, plan })) }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/plans/{id}',
      access: 'look',
      summary: 'One plan',
      params: planId,
      answers: { 200: { description: 'The plan', schema: planSchema } },
    },
    async ({ params, c }) => {
      const plan = await plans.get(params.id);
      if (plan === undefined) throw new Rejected(404, `there is no plan "${params.id}"`);
      return c.json(plan);
    },
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/plans/{id}',
      access: 'own',
      summary: 'Write a plan; it is on the disk when this answers',
      params: planId,
      body: planSchema,
      answers: { 200: { description: 'The plan as it was kept', schema: planSchema } },
    },
    async ({ params, body, c }) => {
      const plan = parsePlan ? parsePlan(body) : body;
      await plans.set(params.id, plan);
      return c.json(plan as object);
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/plans/{id}',
      access: 'own',
      summary: 'Forget a plan; its exposures stay',
      params: planId,
      answers: { 204: { description: 'Forgotten' } },
    },
    async ({ params, c }) => {
      await plans.set(params.id, undefined);
      return c.body(null, 204);
    },
  );
  const required = () => {
    if (!night) throw new Fault('unsupported', 'running a planned night is not available on this unit');
    return night;
  };
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/night/start',
      access: 'move',
      summary: 'Run a plan from now until it is done or dawn comes',
      body: z.strictObject({ plan: z.string().describe('its id') }),
      answers: { 202: { description: 'It runs', schema: z.object({ plan: z.string() }) } },
    },
    async ({ body, c }) => {
      await required().start(body.plan);
      return c.json(body, 202);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/night/stop',
      access: 'move',
      summary: 'Stop the running night',
      answers: { 202: { description: 'It was told to stop' } },
    },
    async ({ c }) => {
      await required().stop();
      return c.json({}, 202);
    },
  );
}
