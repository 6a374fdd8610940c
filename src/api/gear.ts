import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { endpoint } from './endpoint.ts';
import type { GearChanges, GearSpec } from './gear-view.ts';
import type { GearShelf, Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { deviceSchema } from './schemas.ts';
import { viewDevice } from './views.ts';

const place = z
  .record(z.string(), z.unknown())
  .describe(
    'as in a bench file: {"serial": "/dev/serial/by-id/…"}, {"usb": {"vid", "pid"}}, {"tcp": "host:port"}, {"http": "host:port"}, {"i2c": {"bus", "address"}}, {"gpio": {}}, {"w1": "28-…"}',
  );
const settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const label = z.string().max(200).describe('what people and INDI programs call it');
const id = z.string().regex(/^[a-z0-9-]{1,60}$/, 'small letters, digits and - only');

const newGear: z.ZodType<GearSpec> = z.strictObject({
  id: id.describe('stable for ever; absent: made of the label').exactOptional(),
  label,
  driver: z.string().max(60).describe('a family, as GET /api/v1/gear/families lists them'),
  port: place,
  settings: settings.exactOptional(),
});

const changedGear: z.ZodType<GearChanges> = z.strictObject({
  label: label.exactOptional(),
  port: place.exactOptional(),
  settings: settings.exactOptional(),
});

const gearSchema = z
  .looseObject({
    id: z.string(),
    label: z.string(),
    driver: z.string(),
    port: place.optional().describe('absent: it is emulated'),
    settings,
    keptBy: z.enum(['owner', 'bench']).describe('what the bench file names is changed in that file'),
    trouble: z.string().optional().describe('why it could not be begun'),
  })
  .meta({ id: 'Gear' });

const familySchema = z
  .looseObject({
    id: z.string(),
    label: z.string(),
    provides: z.array(z.string()),
    settings: z.record(z.string(), z.looseObject({ kind: z.string(), label: z.string() })),
    places: z
      .array(
        z.looseObject({
          place,
          title: z.string(),
          likely: z.boolean().describe('what is plugged in there may be of this family'),
          user: z.string().optional().describe('who has it'),
        }),
      )
      .describe('that are there now'),
    typed: z.array(z.string()).describe('kinds of places that may be typed'),
  })
  .meta({ id: 'Family' });

const gearId = z.strictObject({ id });

/** Nightjar's own devices, for an owner with a phone: add, change, remove. */
export function gearRoutes(app: OpenAPIHono, parts: Parts): void {
  const shelf = (): GearShelf => {
    if (!parts.gear) throw new Fault('unsupported', "this unit's devices are those of its bench file");
    return parts.gear;
  };
  const known = (wanted: string): GearShelf => {
    if (shelf().keeperOf(wanted)) return shelf();
    throw new Rejected(404, `there is no device "${wanted}" of Nightjar's own drivers`);
  };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/gear',
      access: 'look',
      summary: "Devices of Nightjar's own drivers: the bench file's and the owner's",
      answers: { 200: { description: 'Gear', schema: z.object({ gear: z.array(gearSchema) }) } },
    },
    ({ c }) => c.json({ gear: shelf().list }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/gear/families',
      access: 'look',
      summary: 'What Nightjar drives itself, and where one could be now',
      answers: { 200: { description: 'Families', schema: z.object({ families: z.array(familySchema) }) } },
    },
    async ({ c }) => c.json({ families: await shelf().families() }),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/gear',
      access: 'own',
      summary: 'Add a device, now and for good; it connects',
      body: newGear,
      answers: { 201: { description: 'It connects', schema: deviceSchema } },
    },
    async ({ body, c }) => c.json(viewDevice(parts, await shelf().add(body)), 201),
  );
  endpoint(
    app,
    {
      method: 'patch',
      path: '/api/v1/gear/{id}',
      access: 'own',
      summary: 'Call it otherwise, move it to another place, change its settings',
      params: gearId,
      body: changedGear,
      answers: { 200: { description: 'The device', schema: deviceSchema } },
    },
    async ({ params, body, c }) => c.json(viewDevice(parts, await known(params.id).change(params.id, body))),
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/gear/{id}',
      access: 'own',
      summary: 'Disconnect it and forget it; not one of the bench file',
      params: gearId,
      answers: { 204: { description: 'It is gone' } },
    },
    async ({ params, c }) => {
      await known(params.id).remove(params.id);
      return c.body(null, 204);
    },
  );
}
