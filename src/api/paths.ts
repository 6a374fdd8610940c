import { getPath } from 'hono/utils/url';
import { operationSchemas } from './schemas.ts';

const PREFIX = '/api/v1/devices/';
/** All that follows is the id. */
const BARE = ['/api/v1/limits/', '/api/v1/dew/'];
const ACTIONS = new Set(['connect', 'disconnect', 'settings']);

/**
 * The path of a request with the device's id as one segment: ids may contain `/`, and are taken both plain and
 * encoded. The end of the path decides what is id and what is not.
 */
export function routedPath(request: Request): string {
  const path = getPath(request);
  const bare = BARE.find((prefix) => path.startsWith(prefix));
  if (bare) return bare + path.slice(bare.length).replaceAll('/', '%2F');
  if (!path.startsWith(PREFIX)) return path;
  const segments = path.slice(PREFIX.length).split('/');
  const tail = tailLength(segments, request.method);
  const id = segments.slice(0, segments.length - tail);
  return PREFIX + [id.join('%2F'), ...segments.slice(segments.length - tail)].join('/');
}

function tailLength(segments: readonly string[], method: string): number {
  const last = segments.at(-1) ?? '';
  if (method !== 'GET' && segments.length >= 2 && ACTIONS.has(last)) return 1;
  return method === 'POST' && segments.length >= 3 && (segments.at(-2) ?? '') in operationSchemas ? 2 : 0;
}
