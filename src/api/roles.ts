import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Device } from '../device/device.ts';
import { type Role, roleNames, roles } from '../device/host.ts';
import { endpoint } from './endpoint.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { viewRole, viewRoles } from './role-view.ts';

const roleSchema = z
  .object({
    role: z.enum(roleNames as [Role, ...Role[]]),
    capability: z.string(),
    device: z.string().optional().describe('id of who plays it'),
    assigned: z.string().optional().describe('id of whom the owner has chosen'),
  })
  .meta({ id: 'Role' });

export function roleRoutes(app: OpenAPIHono, { host }: Parts, find: (id: string) => Device): void {
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/roles',
      access: 'look',
      summary: 'Which device is what to the observatory',
      answers: { 200: { description: 'Roles', schema: z.object({ roles: z.array(roleSchema) }) } },
    },
    ({ c }) => c.json({ roles: viewRoles(host) }),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/roles/{role}',
      access: 'own',
      summary: 'Give a role to a device; kept over restarts',
      params: z.strictObject({ role: z.enum(roleNames as [Role, ...Role[]]) }),
      body: z.strictObject({
        device: z.string().max(200).nullable().describe('its id; null: the only device that can'),
      }),
      answers: { 200: { description: 'The role as it is now', schema: roleSchema } },
    },
    ({ params: { role }, body, c }) => {
      if (body.device === null) host.unassign(role);
      else {
        const device = find(body.device);
        if (!suits(device, role)) throw new Rejected(422, `${device.label.value} has no ${roles[role]}`);
        host.assign(role, device.id);
      }
      return c.json(viewRole(host, role));
    },
  );
}

/** By what it can do, or, before it was ever connected, by what its driver promises. */
const suits = (device: Device, role: Role): boolean =>
  device.capabilities.value[roles[role]] !== undefined || device.driver.provides.includes(roles[role]);
