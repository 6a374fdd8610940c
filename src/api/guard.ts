import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Rejected } from './problem.ts';

/** The largest body of JSON: a plan of many targets. */
const BODY_BYTES = 256 * 1024;

/** What no page elsewhere may send without being asked first (Fetch Standard, CORS-safelisted request-header). */
export const FILE_TYPE = 'application/octet-stream';
/** The routes that take a file: its size is theirs to limit. */
const TAKES_FILE = /^\/api\/v1\/drivers\/files\/[^/]+$/;

/** Loopback, private and link-local addresses: RFC 1918, 3927, 4193, 4291. */
const PRIVATE =
  /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

/**
 * Names under which this unit is rightly called. A page elsewhere that lets its own name resolve to our address
 * (DNS rebinding) still sends its own name, and is turned away by it.
 */
export function knownHost(header: string | undefined): boolean {
  const name = hostOf(header);
  if (name === undefined) return false;
  if (name === 'localhost' || name === hostname().toLowerCase() || /^[a-z0-9-]+\.local$/.test(name))
    return true;
  return isIP(name) > 0 && (PRIVATE.test(name) || isOwn(name));
}

/** The name in a Host header, without port and brackets; undefined when it is none. */
export function hostOf(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}

const isOwn = (address: string) =>
  Object.values(networkInterfaces()).some((list) => list?.some((own) => own.address === address));

/** A browser says where a request comes from; whoever says nothing is a program on this network. */
function foreignOrigin(origin: string | undefined, site: string | undefined, host: string): boolean {
  if (origin !== undefined) return origin !== `http://${host}` && origin !== `https://${host}`;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Turns away what must not reach any route: foreign names, foreign pages, bodies that are no JSON or no end. */
export const guard: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!knownHost(host))
    throw new Rejected(421, `this unit is not called ${host}: use nightjar.local or its address`);
  if (!['GET', 'HEAD'].includes(c.req.method)) {
    if (foreignOrigin(c.req.header('origin'), c.req.header('sec-fetch-site'), host)) {
      throw new Rejected(403, 'this page is not served by the unit it wants to move');
    }
    const type = c.req.header('content-type');
    const wanted = TAKES_FILE.test(c.req.path) ? FILE_TYPE : 'application/json';
    const [media] = type?.toLowerCase().split(';') ?? [];
    if (media !== undefined && media.trim() !== wanted) {
      throw new Rejected(415, `send the body as ${wanted}`);
    }
  }
  await next();
};

const limit = bodyLimit({
  maxSize: BODY_BYTES,
  onError: () => {
    throw new Rejected(413, `a body of more than ${BODY_BYTES / 1024} kB is not taken`);
  },
});

export const limitBody: MiddlewareHandler = (c, next) =>
  TAKES_FILE.test(c.req.path) ? next() : limit(c, next);

/** What every answer carries: nothing foreign in the page, the page in no frame, no guessing of types. */
export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
  c.header(
    'content-security-policy',
    "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
};
