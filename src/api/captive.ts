import type { MiddlewareHandler } from 'hono';
import { UNIT_HOST } from '../system/network/dnsmasq.ts';
import { probeFor } from '../system/network/probes.ts';
import { hostOf, knownHost } from './guard.ts';
import type { Parts } from './parts.ts';
import { reachedAt } from './reached.ts';

/**
 * On the unit's own networks only: tells phones that all is well, so that they stay (`probes.ts` says why), and leads
 * whoever asks for another page to the unit's. It stands before the guard of names, which would turn those hosts away;
 * what it answers says nothing of the rig and moves nothing, and the routes of the API stay behind the guard.
 */
export const captive =
  ({ network }: Pick<Parts, 'network'>): MiddlewareHandler =>
  async (c, next) => {
    const header = c.req.header('host');
    const host = hostOf(header);
    const isPage = ['GET', 'HEAD'].includes(c.req.method) && !c.req.path.startsWith('/api/');
    if (!network || host === undefined || knownHost(header) || !isPage) return next();
    c.header('cache-control', 'no-store');
    const probe = probeFor(host, c.req.path);
    if (!probe) return c.redirect(`http://${ownAddress(c.env) ?? UNIT_HOST}/`, 302);
    const { content } = probe;
    return content ? c.body(content.body, 200, { 'content-type': content.type }) : c.body(null, 204);
  };

/** The address that was reached, which needs no name to be found; undefined where there is no socket. */
function ownAddress(env: unknown): string | undefined {
  const at = reachedAt(env);
  return (
    at && `${at.address.includes(':') ? `[${at.address}]` : at.address}${at.port === 80 ? '' : `:${at.port}`}`
  );
}
