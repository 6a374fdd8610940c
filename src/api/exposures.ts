import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { reheaded, WCS_KEYWORDS } from '../imaging/fits-edit.ts';
import { solvedCards } from '../solve/solved-cards.ts';
import type { ExposureRow } from '../storage/rows.ts';
import { endpoint } from './endpoint.ts';
import { exposureSchema, solutionOf, viewExposure } from './exposure-view.ts';
import { fitsHeaders, webStream } from './fits-answer.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';

export const exposureId = z.strictObject({ id: z.string().max(64) });
/** A stored exposure never changes. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** @throws Rejected 404 */
export async function requireExposure(ledger: Parts['ledger'], id: string): Promise<ExposureRow> {
  const row = await ledger.get(id);
  if (!row) throw new Rejected(404, `there is no exposure ${id}`);
  return row;
}

export function exposureRoutes(app: OpenAPIHono, { ledger, previews }: Parts): void {
  const require = (id: string) => requireExposure(ledger, id);
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/exposures',
      access: 'look',
      summary: 'The ledger, latest first; `next` is `before` of the following page',
      query: z.strictObject({
        before: z.string().max(64).exactOptional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        night: z
          .string()
          .regex(/^\d{4}-\d\d-\d\d$/)
          .exactOptional(),
        plan: z.string().max(200).exactOptional(),
        set: z.string().max(200).exactOptional(),
      }),
      answers: {
        200: {
          description: 'A page',
          schema: z.object({ exposures: z.array(exposureSchema), next: z.string().optional() }),
        },
      },
    },
    async ({ query, c }) => {
      const rows = await ledger.page(query);
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      return c.json({ exposures: rows.map(viewExposure), ...(last && { next: last.id }) });
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/exposures/{id}',
      access: 'look',
      summary: 'One exposure',
      params: exposureId,
      answers: { 200: { description: 'Its row', schema: exposureSchema } },
    },
    async ({ params, c }) => c.json(viewExposure(await require(params.id))),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/exposures/{id}/fits',
      access: 'look',
      summary: 'The file; with `wcs`, the solution is in its header',
      params: exposureId,
      query: z.strictObject({ wcs: z.enum(['true', 'false']).default('false') }),
      answers: { 200: { description: 'FITS 4.0', media: 'application/fits' } },
    },
    async ({ params, query, c }) => {
      const row = await require(params.id);
      const path = ledger.pathOf(row);
      await stat(path).catch(() => {
        throw new Rejected(404, `${row.file} was moved or deleted`);
      });
      const { body, size, etag } = query.wcs === 'true' ? await solvedFile(row, path) : await file(row, path);
      return c.body(body, 200, {
        ...fitsHeaders(basename(row.file), size),
        ...(etag && { etag }),
      });
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/exposures/{id}/preview',
      access: 'look',
      summary: 'A stretched picture of it',
      params: exposureId,
      query: z.strictObject({
        width: z.coerce.number().int().min(16).max(4096).default(1024).describe('pixels; never enlarged'),
        stretch: z
          .enum(['auto', 'linked', 'none'])
          .default('auto')
          .describe('each colour by its own sky, all by one, or as the numbers are'),
      }),
      answers: { 200: { description: 'JPEG', media: 'image/jpeg' } },
    },
    async ({ params, query, c }) => {
      const row = await require(params.id);
      const etag = `"${row.checksum.slice(0, 32)}-${query.width}-${query.stretch}"`;
      const headers = { etag, 'cache-control': FOR_EVER };
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
      const jpeg = await previews.preview(row, query.width, query.stretch);
      return c.body(jpeg as Uint8Array<ArrayBuffer>, 200, { ...headers, 'content-type': 'image/jpeg' });
    },
  );
}

interface Download {
  body: ReadableStream<Uint8Array>;
  size: number;
  etag?: string;
}

async function file(row: ExposureRow, path: string): Promise<Download> {
  const { size } = await stat(path);
  return { body: webStream(createReadStream(path)), size, etag: `"${row.checksum}"` };
}

/** The file as it is, with another header: nothing on the disk is touched. */
async function solvedFile(row: ExposureRow, path: string): Promise<Download> {
  const solution = solutionOf(row.solution);
  if (!solution?.solved) throw new Rejected(409, 'this exposure is not solved: POST …/solve first');
  const { at, header, from, size } = await reheaded(path, solvedCards(solution), WCS_KEYWORDS);
  async function* pieces() {
    if (at > 0) yield* createReadStream(path, { end: at - 1 });
    yield header;
    yield* createReadStream(path, { start: from });
  }
  return { body: webStream(Readable.from(pieces())), size };
}
