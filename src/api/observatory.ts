import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { parseUtc } from '../core/clock.ts';
import { endpoint } from './endpoint.ts';
import type { Paddle } from './paddle.ts';
import { type Parts, phone } from './parts.ts';
import { Rejected } from './problem.ts';
import { targetsAt } from './targets.ts';
import { viewRig } from './views.ts';

const telescope = z.strictObject({
  name: z.string().max(68),
  focalLengthMm: z.number().positive().max(100_000),
  apertureMm: z.number().positive().max(50_000),
});

/** What STOP halts. */
const movers = ['mount', 'focuser', 'rotator', 'dome', 'cover'] as const;

export function observatoryRoutes(app: OpenAPIHono, parts: Parts, paddle: Paddle): void {
  const { host, rig, clock, timekeeper } = parts;
  const { observatory } = host;
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/observatory',
      access: 'look',
      summary: 'Time, place, filters',
      answers: { 200: { description: 'What no single device says', schema: z.looseObject({}) } },
    },
    ({ c }) => c.json(viewRig(parts)),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/observatory/facts',
      access: 'own',
      summary: 'What no device can say: telescopes, names of filters; headers of images have it',
      body: z.strictObject({
        telescope: telescope.exactOptional(),
        guideTelescope: telescope.exactOptional(),
        filters: z
          .array(z.string().max(40))
          .max(64)
          .describe('first slot first; they serve where the wheel itself keeps none')
          .exactOptional(),
        observer: z.string().max(68).exactOptional(),
      }),
      answers: { 200: { description: 'As GET /api/v1/observatory', schema: z.looseObject({}) } },
    },
    ({ body, c }) => {
      rig.describe(body);
      return c.json(viewRig(parts));
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/observatory/time-and-site',
      access: 'own',
      summary: "Offer the phone's clock and place; a better source is never overruled",
      body: z.strictObject({
        utc: z.string().max(40).describe('ISO 8601').optional(),
        site: z
          .strictObject({
            latitude: z.number().min(-90).max(90),
            longitude: z.number().min(-180).max(180).describe('east positive'),
            elevationMetres: z.number().min(-500).max(9000).default(0),
          })
          .optional(),
      }),
      answers: {
        200: {
          description: 'What was taken',
          schema: z.object({
            time: z.boolean(),
            site: z.boolean(),
            differenceSeconds: z.number().optional().describe('phone minus unit'),
          }),
        },
      },
    },
    ({ body, c }) => {
      const utc = body.utc === undefined ? undefined : parseUtc(body.utc);
      if (Number.isNaN(utc)) throw new Rejected(400, `utc: "${body.utc}" is no date`);
      const difference = utc === undefined ? undefined : utc - clock.now();
      const offerTime = (ahead: number) =>
        timekeeper ? timekeeper.offer(ahead) : observatory.offerTime('person', ahead / 1000);
      return c.json({
        time: difference !== undefined && offerTime(difference),
        site: body.site !== undefined && observatory.offerSite(body.site, 'person'),
        ...(difference !== undefined && { differenceSeconds: Math.round(difference) / 1000 }),
      });
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/observatory/targets',
      access: 'look',
      summary: 'Bright things worth pointing at, highest first; all of them while the site is not known',
      answers: { 200: { description: 'Targets', schema: z.object({ targets: z.array(z.looseObject({})) }) } },
    },
    ({ c }) => c.json({ targets: targetsAt(observatory.site.value, clock.now()) }),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/stop',
      access: 'move',
      summary: 'Halt everything that moves; exposures and tracking go on',
      answers: { 202: { description: 'Halted', schema: z.object({ runs: z.array(z.string()) }) } },
    },
    ({ c }) => {
      paddle.release();
      const connected = host.devices.value.filter(({ status }) => status.value.state === 'connected');
      const runs = connected.flatMap((device) => {
        const able = device.capabilities.value;
        const moving = movers.filter((name) => able[name]?.halt);
        return moving.map((name) => device.operate(phone, name, 'halt', {}));
      });
      return c.json({ runs: runs.map((run) => run.id) }, 202);
    },
  );
}
