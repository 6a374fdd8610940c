import { serveStatic } from '@hono/node-server/serve-static';
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { captive } from './captive.ts';
import { catalogueRoute } from './catalogue.ts';
import { deviceRoutes, finder } from './devices.ts';
import { dewRoutes } from './dew.ts';
import { driverRoutes } from './drivers.ts';
import { endpoint } from './endpoint.ts';
import { exposureRoutes } from './exposures.ts';
import { focusRoutes } from './focus.ts';
import { gearRoutes } from './gear.ts';
import { guard, limitBody, secureHeaders } from './guard.ts';
import { limitRoutes } from './limits.ts';
import { Live } from './live.ts';
import { countAll } from './metrics.ts';
import { networkRoutes } from './network.ts';
import { observatoryRoutes } from './observatory.ts';
import { Paddle, paddleRoutes } from './paddle.ts';
import type { Parts } from './parts.ts';
import { routedPath } from './paths.ts';
import { planRoutes } from './plans.ts';
import { polarRoutes } from './polar.ts';
import { answerProblem, Rejected } from './problem.ts';
import { programRoutes } from './programs.ts';
import { roleRoutes } from './roles.ts';
import { runRoutes } from './runs.ts';
import { solvingRoutes } from './solving.ts';
import { stackRoutes } from './stack.ts';

export type Api = OpenAPIHono;

/** The web face: every route of the HTTP contract and the page itself. */
export function createApi(parts: Parts): Api {
  const app = new OpenAPIHono({ getPath: routedPath });
  const paddle = new Paddle(parts.clock);
  app.onError((error, c) => answerProblem(c, error, parts.log));
  app.use(secureHeaders, countAll(parts), captive(parts), guard, limitBody);
  systemRoutes(app, parts);
  deviceRoutes(app, parts, paddle);
  paddleRoutes(app, paddle, finder(parts));
  roleRoutes(app, parts, finder(parts));
  limitRoutes(app, parts, finder(parts));
  dewRoutes(app, parts);
  gearRoutes(app, parts);
  programRoutes(app, parts);
  driverRoutes(app, parts);
  runRoutes(app, parts);
  exposureRoutes(app, parts);
  solvingRoutes(app, parts);
  stackRoutes(app, parts);
  polarRoutes(app, parts);
  focusRoutes(app);
  planRoutes(app, parts);
  observatoryRoutes(app, parts, paddle);
  networkRoutes(app, parts);
  catalogueRoute(app, parts);
  liveRoute(app, parts);
  app.use('/api/*', () => {
    throw new Rejected(404, 'there is no such route; GET /api/v1/openapi.json lists them all');
  });
  app.use('*', etag(), async (c, next) => {
    await next();
    c.header('cache-control', 'no-cache');
  });
  app.get('*', serveStatic({ root: parts.webDirectory }));
  app.notFound((c) => answerProblem(c, new Rejected(404, `there is no ${c.req.path}`), parts.log));
  return app;
}

function systemRoutes(app: OpenAPIHono, { version, metrics }: Parts): void {
  endpoint(
    app,
    {
      method: 'get',
      path: '/healthz',
      access: 'look',
      summary: 'Alive',
      answers: {
        200: { description: 'It is', schema: z.object({ status: z.literal('ok'), version: z.string() }) },
      },
    },
    ({ c }) => c.json({ status: 'ok', version }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/metrics',
      access: 'look',
      summary: 'For Prometheus',
      answers: { 200: { description: 'Text exposition format', media: 'text/plain' } },
    },
    async ({ c }) => c.body(await metrics.metrics(), 200, { 'content-type': metrics.contentType }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/openapi.json',
      access: 'look',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}) } },
    },
    ({ c }) => c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Nightjar', version } })),
  );
}

function liveRoute(app: OpenAPIHono, parts: Parts): void {
  const live = new Live(parts);
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/live',
      access: 'look',
      summary: 'A snapshot, then what changes; Last-Event-ID is honoured',
      headers: z.object({ 'Last-Event-ID': z.string().optional() }),
      answers: { 200: { description: 'Server-sent events', media: 'text/event-stream' } },
    },
    ({ c }) => {
      if (live.full) throw new Rejected(503, 'too many pages watch this unit: close some');
      return c.body(live.read(c.req.header('last-event-id')), 200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
    },
  );
}
