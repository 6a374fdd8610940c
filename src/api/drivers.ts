import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { endpoint } from './endpoint.ts';
import { FILE_TYPE } from './guard.ts';
import type { DriverKits, Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { onlyTrusted } from './reached.ts';
import { answerRun, startedAnswers, waitQuery } from './runs.ts';

const packages = z.array(z.object({ name: z.string(), version: z.string() }));
const receipt = z.looseObject({
  packages,
  executables: z.array(z.string()),
  licence: z.string().describe('digest of its text'),
  acceptedUtc: z.string().optional(),
});

const kitSchema = z
  .looseObject({
    id: z.string(),
    maker: z.string(),
    devices: z.string(),
    licence: z.string().describe('its name'),
    note: z.string().optional(),
    downloadBytes: z.int().describe('0: the files must be given'),
    packages: packages.describe('exact versions that are fetched'),
    ready: receipt.optional().describe('here and whole, its licence not accepted yet'),
    installed: receipt.optional(),
    run: z
      .looseObject({ id: z.string(), fraction: z.number().optional(), note: z.string().optional() })
      .optional()
      .describe('it is being fetched'),
    trouble: z.string().optional(),
  })
  .meta({ id: 'DriverKit' });

const kitId = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,99}$/, 'the name of a package'),
});

/** Makers' closed drivers, in two steps: fetch, then read the licence and accept it. */
export function driverRoutes(app: OpenAPIHono, parts: Parts): void {
  const kits = (): DriverKits => {
    if (!parts.drivers) throw new Fault('unsupported', 'this unit keeps no drivers of its own');
    return parts.drivers;
  };
  const list = async () => ({ kits: await kits().list() });
  const listSchema = z.object({ kits: z.array(kitSchema) });
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/drivers',
      access: 'look',
      summary: "Makers' drivers with closed parts: what there is, what is here",
      answers: { 200: { description: 'Kits', schema: listSchema } },
    },
    async ({ c }) => c.json(await list()),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/drivers/{id}/fetch',
      access: 'own',
      summary: 'Fetch it in its exact version; nothing is installed yet',
      params: kitId,
      query: waitQuery,
      answers: startedAnswers,
    },
    ({ params, query, c }) => {
      const run = kits().fetch(params.id);
      parts.host.runs.add(run);
      return answerRun(c, parts, run, query.wait);
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/drivers/{id}/licence',
      access: 'look',
      summary: 'The licence of what was fetched, package by package',
      params: kitId,
      answers: {
        200: {
          description: 'Its text',
          schema: z.object({
            texts: z.array(z.object({ package: z.string(), text: z.string() })),
            digest: z.string(),
          }),
        },
      },
    },
    async ({ params, c }) => c.json(await kits().licence(params.id)),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/drivers/{id}/install',
      access: 'own',
      summary: 'Accept the licence and install it; its drivers are in the catalogue then',
      params: kitId,
      body: z.strictObject({ licence: z.string().max(100).describe('digest of the text that was read') }),
      answers: { 200: { description: 'Installed', schema: listSchema } },
    },
    async ({ params, body, c }) => {
      await kits().install(params.id, body.licence);
      return c.json(await list());
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/drivers/{id}',
      access: 'own',
      summary: 'Remove it; not while one of its drivers is kept as a program',
      params: kitId,
      answers: { 204: { description: 'It is gone' } },
    },
    async ({ params, c }) => {
      refuseUsed(parts, (await kits().list()).find(({ id }) => id === params.id)?.installed?.executables);
      await kits().remove(params.id);
      return c.body(null, 204);
    },
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/drivers/files/{name}',
      access: 'own',
      summary: 'Give a package (.deb), or an archive (.tar) of several, for want of internet',
      params: z.strictObject({ name: z.string().regex(/^[\w.+~-]{1,200}$/, "a file's name") }),
      takes: FILE_TYPE,
      answers: {
        200: {
          description: 'What it belongs to, and what that lacks yet',
          schema: z.object({
            kits: z.array(z.object({ id: z.string(), lacks: z.string().optional() })),
          }),
        },
      },
    },
    async ({ params, c }) => {
      // What is given runs as this process does: not from a network whose other guests may be anybody.
      onlyTrusted(parts, c);
      const { body } = c.req.raw;
      if (!body) throw new Rejected(400, 'send the file itself as the body');
      return c.json({ kits: await kits().give(params.name, body) });
    },
  );
}

/** What is kept would be started again and again, in vain. */
function refuseUsed({ programs }: Pick<Parts, 'programs'>, executables: readonly string[] = []): void {
  const user = programs?.list.value.find(({ executable = '' }) => executables.includes(executable));
  if (user) throw new Rejected(409, `${user.label} runs by it: remove that program first`);
}
