import { open, unlink } from 'node:fs/promises';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { endpoint } from './endpoint.ts';
import { requireExposure } from './exposures.ts';
import { fitsHeaders, webStream } from './fits-answer.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { stackSchema, viewStack } from './stack-view.ts';

const told = { 200: { description: 'How it stands', schema: stackSchema } };

/** The picture that grows while the night goes on. */
export function stackRoutes(app: OpenAPIHono, { ledger, stacker }: Parts): void {
  const able = () => {
    if (!stacker) throw new Fault('unsupported', 'this unit cannot stack');
    return stacker;
  };
  const view = () => viewStack(able().state.value);
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/stack',
      access: 'look',
      summary: 'The live stack: what is in it, and what was refused, why',
      answers: told,
    },
    ({ c }) => c.json(view()),
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/stack/start',
      access: 'move',
      summary: 'Begin a stack in place of one that has ended: of the lights to come, or of given exposures',
      body: z.strictObject({
        exposures: z
          .array(z.string().max(64))
          .min(1)
          .max(1000)
          .describe('ids, the best first')
          .exactOptional(),
        following: z
          .boolean()
          .describe('take every light that comes; by default if no exposures are given')
          .exactOptional(),
      }),
      answers: told,
    },
    async ({ body, c }) => {
      const { exposures = [], following = exposures.length === 0 } = body;
      if (!following && exposures.length === 0) throw new Rejected(400, 'a stack of nothing: name exposures');
      const ids = [...new Set(exposures)];
      const rows = await Promise.all(ids.map((id) => requireExposure(ledger, id)));
      await able().start(rows, following);
      return c.json(view());
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/stack/stop',
      access: 'move',
      summary: 'It takes no more; what it is can be looked at',
      answers: told,
    },
    async ({ c }) => {
      await able().stop();
      return c.json(view());
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/stack',
      access: 'move',
      summary: 'Give it up, and its memory back',
      answers: told,
    },
    async ({ c }) => {
      await able().discard();
      return c.json(view());
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/stack/preview',
      access: 'look',
      summary: 'A stretched picture of it as it is now',
      query: z.strictObject({
        width: z.coerce.number().int().min(16).max(4096).default(1024).describe('pixels; never enlarged'),
        stretch: z.enum(['auto', 'linked', 'none']).default('auto'),
        frames: z.coerce
          .number()
          .describe('ignored: with the count in its address, a page fetches it anew when it has grown')
          .exactOptional(),
      }),
      answers: { 200: { description: 'JPEG', media: 'image/jpeg' } },
    },
    async ({ query, c }) => {
      const { id, frames } = able().state.value;
      const etag = `"${id}-${frames}-${query.width}-${query.stretch}"`;
      const headers = { etag, 'cache-control': 'private, no-cache' };
      if (frames > 0 && c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
      const { width, stretch } = query;
      const jpeg = await able().preview({ width, stretch, format: 'jpeg' });
      return c.body(jpeg as Uint8Array<ArrayBuffer>, 200, { ...headers, 'content-type': 'image/jpeg' });
    },
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/stack/fits',
      access: 'look',
      summary: 'The stack as it is now: 32-bit reals, in colour three planes',
      answers: { 200: { description: 'FITS 4.0', media: 'application/fits' } },
    },
    async ({ c }) => {
      const { object = 'stack', frames } = able().state.value;
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'application/fits' });
      const { body, size } = await download(await able().write());
      return c.body(body, 200, {
        ...fitsHeaders(`${object} ${frames}x.fits`, size),
        'cache-control': 'no-store',
      });
    },
  );
}

/** A file that is there for this once: its name goes at once, the bytes with the last reader. */
async function download(path: string): Promise<{ body: ReadableStream<Uint8Array>; size: number }> {
  const file = await open(path).finally(() => unlink(path));
  const { size } = await file.stat();
  return { body: webStream(file.createReadStream()), size };
}
