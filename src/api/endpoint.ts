import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Rejected } from './problem.ts';

/** What a route lets its caller do: `look` at the rig, `move` it, or change what the owner has set. */
export type Access = 'look' | 'move' | 'own';

export interface Endpoint<P, Q, B> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's form: `/api/v1/runs/{id}`. */
  path: string;
  access: Access;
  summary: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** A request without a body counts as `{}`. */
  body?: z.ZodType<B>;
  /** Media type of a body that is no JSON, which the handler reads. */
  takes?: string;
  headers?: z.ZodType<Record<string, string | undefined>>;
  /** By status; the schema of the JSON that is answered, or the media type of what is not JSON. */
  answers: Readonly<Record<number, { description: string; schema?: z.ZodType; media?: string }>>;
}

const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
});

/** One route: the schemas validate the request and describe it in the OpenAPI document. */
export function endpoint<P = unknown, Q = unknown, B = unknown>(
  app: OpenAPIHono,
  spec: Endpoint<P, Q, B>,
  handle: (request: { params: P; query: Q; body: B; c: Context }) => Response | Promise<Response>,
): void {
  describe(app, spec as Endpoint<unknown, unknown, unknown>);
  app.on(spec.method.toUpperCase(), spec.path.replace(/\{(\w+)\}/g, ':$1'), async (c) =>
    handle({
      params: (spec.params ? spec.params.parse(c.req.param()) : undefined) as P,
      query: (spec.query ? spec.query.parse(c.req.query()) : undefined) as Q,
      body: (spec.body ? spec.body.parse(await json(c)) : undefined) as B,
      c,
    }),
  );
}

async function json(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Rejected(400, `the body is no JSON: ${(error as Error).message}`);
  }
}

function describe(app: OpenAPIHono, spec: Endpoint<unknown, unknown, unknown>): void {
  const { method, path, access, summary, params, query, body, takes, headers } = spec;
  const responses = Object.entries(spec.answers).map(([status, { description, schema, media }]) => {
    const content = media
      ? { [media]: { schema: z.string() } }
      : schema && { 'application/json': { schema } };
    return [status, { description, ...(content && { content }) }] as const;
  });
  app.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    'x-access': access,
    request: {
      ...(params && { params: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(headers && { headers: headers as z.ZodObject }),
      ...(body && { body: { content: { 'application/json': { schema: body } } } }),
      ...(takes && { body: { content: { [takes]: { schema: z.string() } } } }),
    },
    responses: {
      ...Object.fromEntries(responses),
      default: {
        description: 'What went wrong (RFC 9457)',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  });
}
