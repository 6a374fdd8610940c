import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import type { Device } from '../device/device.ts';
import { endpoint } from './endpoint.ts';
import type { Parts } from './parts.ts';
import { deviceId } from './schemas.ts';

export type { MountLimits } from '../device/limits/mount-limits.ts';

const altitude = z.number().min(-90).max(90).describe('airless degrees');
const minutes = z.number().min(0).max(180).describe('past the meridian');
const mountLimits = z
  .strictObject({
    lowestAltitude: altitude,
    horizon: z.array(z.strictObject({ azimuth: z.number().min(0).max(360), altitude })).max(720),
    highestAltitude: altitude,
    meridian: z.enum(['pier', 'none']).describe('pier: a German mount; none: a fork'),
    minutesPastMeridian: z
      .strictObject({ west: minutes, east: minutes })
      .describe('by the side of the pier on which the telescope is'),
    atLimit: z.enum(['stop', 'park']).describe('what follows once the tracking was stopped'),
  })
  .meta({ id: 'MountLimits' });

const limitsSchema = z
  .object({
    device: z.string(),
    limits: mountLimits,
    state: z
      .object({
        state: z.enum(['unwatched', 'within', 'near', 'stopped']),
        reason: z.string().optional(),
        minutesLeft: z.int().optional(),
        blind: z.string().optional().describe('a limit that cannot be watched while it tracks, and why'),
      })
      .optional(),
  })
  .meta({ id: 'Limits' });

/** How far the mounts may go, and whether the Sun's cone is open. */
export function limitRoutes(app: OpenAPIHono, parts: Parts, find: (id: string) => Device): void {
  const { limits, watch } = parts;
  const required = () => {
    if (!limits) throw new Fault('unsupported', 'this unit keeps no limits');
    return limits;
  };
  const view = ({ id }: Device) => {
    const state = watch?.states.value[id];
    return { device: id, limits: required().of(id), ...(state && { state }) };
  };
  const answers = { 200: { description: 'Its limits, and how it stands to them', schema: limitsSchema } };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/limits/{id}',
      access: 'look',
      summary: 'How far a mount may go',
      params: deviceId,
      answers,
    },
    ({ params, c }) => c.json(view(find(params.id))),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/limits/{id}',
      access: 'own',
      summary: "Change some of a mount's limits; kept over restarts",
      params: deviceId,
      body: mountLimits.partial(),
      answers,
    },
    ({ params, body, c }) => {
      const device = find(params.id);
      const changes = Object.entries(body).filter(([, value]) => value !== undefined);
      required().change(device.id, Object.fromEntries(changes));
      return c.json(view(device));
    },
  );
  const solar = z.object({ on: z.boolean() });
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/observatory/solar-mode',
      access: 'own',
      summary: 'Let mounts point at the Sun, until it is switched off or the unit restarts',
      body: z.discriminatedUnion('on', [
        z.strictObject({
          on: z.literal(true),
          confirm: z
            .literal(true, { error: 'say true: a solar filter is before every telescope and finder' })
            .describe('a solar filter is before every telescope and finder'),
        }),
        z.strictObject({ on: z.literal(false), confirm: z.boolean().optional() }),
      ]),
      answers: { 200: { description: 'As it is now', schema: solar } },
    },
    ({ body, c }) => {
      required().setSolarMode(body.on);
      return c.json({ on: body.on });
    },
  );
}
