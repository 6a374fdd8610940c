import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { endpoint } from './endpoint.ts';
import { type Parts, phone } from './parts.ts';
import { deviceId, margin } from './schemas.ts';

const id = z.string().max(200);
const probe = z.strictObject({ device: id, reading: z.string().max(80) });
const channel = z.object({
  id,
  probe: probe.exactOptional().describe('what tells the temperature of its glass'),
});

const dewSchema = z
  .object({
    sensor: id.exactOptional().describe('device that the owner chose for the air'),
    using: id.exactOptional().describe('device that tells temperature and humidity of the air'),
    sensors: z.array(z.object({ id, label: z.string() })).readonly(),
    probes: z.array(probe.extend({ label: z.string() })).readonly(),
    channels: z.array(channel).readonly(),
  })
  .meta({ id: 'DewChoices' });

const sampleSchema = z
  .object({
    utc: z.number().describe('milliseconds since 1970'),
    ambientCelsius: z.number().exactOptional(),
    dewPointCelsius: z.number().exactOptional(),
    channels: z
      .record(z.string(), z.object({ glassCelsius: z.number().exactOptional(), duty: z.number() }))
      .readonly(),
  })
  .meta({ id: 'DewSample' });

export type DewChoicesView = z.output<typeof dewSchema>;
export type DewSampleView = z.output<typeof sampleSchema>;

/** Which sensor and probes dew control goes by; what it does is told by its device. */
export function dewRoutes(app: OpenAPIHono, { dew }: Parts): void {
  const required = () => {
    if (!dew) throw new Fault('unsupported', 'this unit has no dew control');
    return dew;
  };
  const view = (): DewChoicesView => required().options;
  const answers = { 200: { description: 'What is chosen, and what can be', schema: dewSchema } };
  endpoint(
    app,
    { method: 'get', path: '/api/v1/dew', access: 'look', summary: 'What dew control goes by', answers },
    ({ c }) => c.json(view()),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/dew/history',
      access: 'look',
      summary: 'The last twelve hours of air, glass and heaters, every two minutes',
      answers: {
        200: {
          description: 'Earliest first',
          schema: z.object({ samples: z.array(sampleSchema).readonly() }),
        },
      },
    },
    ({ c }) => c.json({ samples: required().history.samples }),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/dew',
      access: 'own',
      summary: "Choose the air's sensor; kept over restarts",
      body: z.strictObject({ sensor: id.nullable().describe('null: whichever serves best') }),
      answers,
    },
    ({ body, c }) => {
      required().setSensor(body.sensor ?? undefined);
      return c.json(view());
    },
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/dew/{id}',
      access: 'own',
      summary: "Change some of a heater's dew control; kept over restarts",
      params: deviceId,
      body: z.strictObject({
        probe: probe.nullable().exactOptional().describe('null: none is on this glass'),
        margin: margin.exactOptional(),
        automatic: z.boolean().exactOptional(),
      }),
      answers,
    },
    async ({ params, body, c }) => {
      const keeper = required();
      const { device } = keeper;
      if (!device) throw new Fault('refused', 'there is no heater: connect a power box that has one');
      if (body.probe !== undefined) keeper.setProbe(params.id, body.probe ?? undefined);
      if (body.margin !== undefined) {
        const celsius = body.margin;
        await device.operate(phone, 'dew', 'margin', { id: params.id, celsius }).outcome;
      }
      if (body.automatic !== undefined) {
        await device.operate(phone, 'dew', 'automatic', { id: params.id, on: body.automatic }).outcome;
      }
      return c.json(view());
    },
  );
}
