import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { type CatalogueEntry, searchCatalogue } from '../indi/foreign/catalogue.ts';
import { NAME_LENGTH } from '../indi/message.ts';
import { endpoint } from './endpoint.ts';
import type { Parts, ProgramShelf } from './parts.ts';
import { Rejected } from './problem.ts';
import { viewProgram } from './program-view.ts';

const programSchema = z
  .looseObject({
    id: z.string(),
    label: z.string(),
    kind: z.enum(['child', 'remote']),
    state: z.enum(['starting', 'running', 'waiting', 'stopped']),
    message: z.string().optional(),
    cpuPercent: z.number().optional().describe('of one core'),
    residentBytes: z.number().optional(),
    restarts: z.int(),
    devices: z.array(z.string()).describe('names of INDI'),
    lastWords: z.array(z.string()).describe('what it wrote to its stderr, latest last'),
  })
  .meta({ id: 'Program' });

const entrySchema = z
  .looseObject({
    label: z.string(),
    name: z.string(),
    manufacturer: z.string().optional(),
    group: z.string(),
    executable: z.string(),
    installed: z.boolean(),
  })
  .meta({ id: 'CatalogueEntry' });

const id = z
  .string()
  .regex(/^[a-z0-9-]{1,60}$/, 'small letters, digits and - only')
  .describe('chosen by whoever adds it');

/** Whoever reaches this unit must not start any program of it, with any environment: drivers only. */
const program = z.union([
  z.strictObject({
    id,
    executable: z
      .string()
      .max(100)
      .regex(/^[\w.+-]+$/, 'the name of a driver of the catalogue, without directory'),
    name: z.string().max(NAME_LENGTH).exactOptional().describe('of the device, where one driver runs twice'),
    environment: z
      .strictObject({
        INDICONFIG: z
          .string()
          .regex(/^\w[\w.-]{0,99}$/, "a file's name, in the driver's own directory")
          .exactOptional(),
        INDISKEL: z
          .string()
          .regex(/^\/usr\/share\/indi\/\w[\w.-]{0,99}$/, 'a file of /usr/share/indi')
          .exactOptional(),
      })
      .exactOptional(),
  }),
  z.strictObject({
    id,
    remote: z.string().min(1).max(200).describe('host:port, or device@host:port for one of its devices'),
  }),
]);

const programId = z.strictObject({ id });

export function programRoutes(app: OpenAPIHono, { programs }: Parts): void {
  const required = () => {
    if (!programs) throw new Fault('unsupported', 'this unit runs no INDI drivers');
    return programs;
  };
  const known = (wanted: string): ProgramShelf => {
    const shelf = required();
    if (!shelf.list.value.some((each) => each.id === wanted))
      throw new Rejected(404, `there is no program "${wanted}"`);
    return shelf;
  };
  const view = (wanted: string) => {
    const found = required().list.value.find((each) => each.id === wanted);
    return found ? viewProgram(found) : { id: wanted };
  };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/programs',
      access: 'look',
      summary: 'The INDI drivers and other INDI servers of this unit',
      answers: { 200: { description: 'Programs', schema: z.object({ programs: z.array(programSchema) }) } },
    },
    ({ c }) => c.json({ programs: required().list.value.map(viewProgram) }),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/programs',
      access: 'own',
      summary: 'Start a driver, or join another INDI server, now and with the unit',
      body: program,
      answers: { 201: { description: 'It starts; its devices follow', schema: programSchema } },
    },
    async ({ body, c }) => {
      if ('executable' in body) await refuseOthers(required(), body.executable);
      await required().add(body);
      return c.json(view(body.id), 201);
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/programs/{id}',
      access: 'own',
      summary: 'End it, with its devices, and start it no more; not one of the bench file',
      params: programId,
      answers: { 204: { description: 'It has ended' } },
    },
    async ({ params, c }) => {
      await known(params.id).remove(params.id);
      return c.body(null, 204);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/programs/{id}/restart',
      access: 'move',
      summary: 'End it and start it anew; its devices come back',
      params: programId,
      answers: { 202: { description: 'It was told to', schema: programSchema } },
    },
    ({ params, c }) => {
      known(params.id).restart(params.id);
      return c.json(view(params.id), 202);
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/catalogue',
      access: 'look',
      summary: 'Devices that INDI drivers support: what begins with the words first, then what is installed',
      query: z.strictObject({
        search: z.string().max(100).default('').describe('words of label, maker, group, executable'),
        installed: z.enum(['true', 'false']).exactOptional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        after: z.coerce.number().int().min(0).default(0).describe('how many to leave out'),
      }),
      answers: {
        200: {
          description: 'A page of it',
          schema: z.object({
            entries: z.array(entrySchema),
            total: z.int().describe('of those that match'),
            complaints: z.array(z.string()).describe('what is wrong with which file'),
          }),
        },
      },
    },
    async ({ query: { search, installed, limit, after }, c }) => {
      const { entries, complaints } = await required().catalogue();
      const matches = searchCatalogue(entries, search)
        .filter((entry) => installed === undefined || String(entry.installed) === installed)
        .sort((a, b) => Number(begins(b, search)) - Number(begins(a, search)));
      return c.json({ entries: matches.slice(after, after + limit), total: matches.length, complaints });
    },
  );
}

/** Whether each word begins one of the entry's: whoever types `asi` means no `Basic`. */
function begins({ label, manufacturer, group, executable }: CatalogueEntry, search: string): boolean {
  const plain = (text: string) => ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, ' ')}`;
  const text = plain(`${label} ${manufacturer} ${group} ${executable}`);
  return plain(search)
    .trim()
    .split(' ')
    .every((word) => text.includes(` ${word}`));
}

async function refuseOthers(shelf: ProgramShelf, executable: string): Promise<void> {
  if (/^indi_/.test(executable)) return;
  const { entries } = await shelf.catalogue();
  if (entries.some((entry) => entry.executable === executable)) return;
  throw new Rejected(422, `${executable} is no INDI driver: GET /api/v1/catalogue lists them`);
}
