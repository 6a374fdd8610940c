import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { Run } from '../core/run.ts';
import type { CapabilityName } from '../device/capabilities.ts';
import type { Device } from '../device/device.ts';
import type { ArgumentsOf } from '../device/operations.ts';
import { endpoint } from './endpoint.ts';
import { type Paddle, paddling, turning } from './paddle.ts';
import { type Parts, phone } from './parts.ts';
import { Rejected } from './problem.ts';
import { Repeats } from './repeats.ts';
import { answerRun, startedAnswers, waitQuery } from './runs.ts';
import { deviceId, deviceSchema, operationSchemas } from './schemas.ts';
import { rememberExposure, viewDevice } from './views.ts';

/** @returns the device. @throws Rejected 404 */
export const finder =
  ({ host }: Pick<Parts, 'host'>) =>
  (id: string): Device => {
    const device = host.find(id);
    if (!device) throw new Rejected(404, `there is no device "${id}"`);
    return device;
  };

const idempotency = z.object({ 'Idempotency-Key': z.string().max(200).optional() });

export function deviceRoutes(app: OpenAPIHono, parts: Parts, paddle: Paddle): void {
  const { host } = parts;
  const find = finder(parts);
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/devices',
      access: 'look',
      summary: 'Every device with its state',
      answers: { 200: { description: 'Devices', schema: z.object({ devices: z.array(deviceSchema) }) } },
    },
    ({ c }) => c.json({ devices: host.devices.value.map((device) => viewDevice(parts, device)) }),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/devices/{id}',
      access: 'look',
      summary: 'One device',
      params: deviceId,
      answers: { 200: { description: 'The device', schema: deviceSchema } },
    },
    ({ params, c }) => c.json(viewDevice(parts, find(params.id))),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/devices/{id}/settings',
      access: 'own',
      summary: "Change some of a device's settings",
      params: deviceId,
      body: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      answers: { 200: { description: 'The device with its new settings', schema: deviceSchema } },
    },
    ({ params, body, c }) => {
      const device = find(params.id);
      device.change(body);
      return c.json(viewDevice(parts, device));
    },
  );
  connectionRoutes(app, parts, find);
  operationRoutes(app, parts, paddle, find);
}

function connectionRoutes(app: OpenAPIHono, parts: Parts, find: (id: string) => Device): void {
  const route = (name: 'connect' | 'disconnect', summary: string, act: (device: Device) => Promise<void>) =>
    endpoint(
      app,
      {
        method: 'post',
        path: `/api/v1/devices/{id}/${name}`,
        access: 'move',
        summary,
        params: deviceId,
        query: waitQuery,
        answers: startedAnswers,
      },
      ({ params, query, c }) => {
        const device = find(params.id);
        // In the book, not among the device's own: disconnecting ends those and waits for them.
        const run = Run.start<unknown>(parts.clock, `${device.id} ${name}`, () => act(device));
        parts.host.runs.add(run, device.id);
        return answerRun(c, parts, run, query.wait);
      },
    );
  route('connect', 'Connect now, and again whenever it is lost', async (device) => {
    if (device.status.value.state === 'connected') return;
    // It may be waiting for its next try: the one who asks wants it tried now.
    await device.disconnect();
    await device.connect(true);
  });
  route('disconnect', 'Stop what it does and let go of it', (device) => device.disconnect());
}

function operationRoutes(app: OpenAPIHono, parts: Parts, paddle: Paddle, find: (id: string) => Device): void {
  const repeats = new Repeats(parts.clock);
  for (const [capability, schemas] of Object.entries(operationSchemas)) {
    for (const [operation, schema] of Object.entries(schemas) as [string, z.ZodType][]) {
      endpoint(
        app,
        {
          method: 'post',
          path: `/api/v1/devices/{id}/${capability}/${operation}`,
          access: 'move',
          summary: `${capability}.${operation}`,
          params: deviceId,
          query: waitQuery,
          headers: idempotency,
          body: schema,
          answers: startedAnswers,
        },
        ({ params, query, body, c }) => {
          const device = find(params.id);
          const asked = `${device.id} ${capability}.${operation} ${JSON.stringify(body)}`;
          const run = repeats.once(c.req.header('idempotency-key'), asked, () =>
            start(parts, paddle, device, capability as CapabilityName, operation, body),
          );
          return answerRun(c, parts, run, query.wait);
        },
      );
    }
  }
}

/** The schemas have typed the arguments; a name from their table is a name of the operations' table. */
function start(
  parts: Parts,
  paddle: Paddle,
  device: Device,
  capability: CapabilityName,
  operation: string,
  args: unknown,
): Run {
  switch (`${capability}.${operation}`) {
    case 'camera.expose': {
      if (device.status.value.state !== 'connected') {
        throw new Fault('gone', `${device.label.value} is ${device.status.value.state}`);
      }
      const order = args as z.output<typeof operationSchemas.camera.expose>;
      const run = parts.shutter.shoot(device, phone, order, 'store');
      rememberExposure(run, order.seconds);
      return run;
    }
    case 'mount.move': {
      const { direction, rate } = args as ArgumentsOf<'mount', 'move'>;
      return paddle.repeat(paddling(device, direction, rate));
    }
    case 'dome.turn':
      return paddle.repeat(turning(device, (args as ArgumentsOf<'dome', 'turn'>).direction));
    default:
      return device.operate(phone, capability, operation as never, args as never);
  }
}
