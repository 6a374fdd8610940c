import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { asError, Fault } from '../core/errors.ts';
import { UNIT_HOST } from '../system/network/dnsmasq.ts';
import type { UnitNetwork } from '../system/network/open.ts';
import { qrSvg, wifiCode } from '../system/network/qr.ts';
import { endpoint } from './endpoint.ts';
import { type HotspotView, type PeerView, viewNetwork } from './network-view.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { onlyTrusted } from './reached.ts';

const viewSchema = z.looseObject({}).meta({ id: 'Network' });
const words = z.object({ words: z.string().describe('what happens now, for people') });
const knownId = z.strictObject({ id: z.uuid() });
const peerName = z.string().trim().min(1).max(40);

const wish = z.strictObject({
  ssid: z.string().min(1).max(32),
  password: z.string().min(1).max(64).describe('absent: an open one, or one that is known').exactOptional(),
  hidden: z.boolean().describe('it does not tell its name').exactOptional(),
});

/** The unit's own network: its hotspot, other people's WiFis, and the tunnel. */
export function networkRoutes(app: OpenAPIHono, parts: Parts): void {
  const { network, log } = parts;
  const required = (): UnitNetwork => {
    if (network) return network;
    throw new Fault('unsupported', "this unit's network is run by its operating system");
  };
  const known = (id: string): UnitNetwork => {
    const unit = required();
    if (unit.wireless.state.value.known.some(({ uuid }) => uuid === id)) return unit;
    throw new Rejected(404, 'there is no such network any more');
  };
  /** Answers before the phone loses the network over which it has asked. */
  const later = (c: Context, work: Promise<void>, telling: string) => {
    work.catch((error: unknown) => log.warn(`network: ${asError(error).message}`));
    return c.json({ words: telling }, 202);
  };
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/network',
      access: 'look',
      summary: 'What the unit is joined to, what it knows, what is in the air, who may tunnel in',
      answers: { 200: { description: 'The network', schema: viewSchema } },
    },
    ({ c }) => c.json(viewNetwork(required())),
  );
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/network/hotspot',
      access: 'own',
      summary: "The unit's own WiFi: name, password, QR code",
      answers: { 200: { description: 'How to get in', schema: viewSchema } },
    },
    ({ c }) => {
      const { ssid, password } = required().hotspot;
      onlyTrusted(parts, c);
      return secret(c, { ssid, password, qr: qrSvg(wifiCode(ssid, password)) } satisfies HotspotView);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/network/hotspot',
      access: 'own',
      summary: 'The hotspot now, though a WiFi is joined',
      answers: { 202: { description: 'It comes', schema: words } },
    },
    ({ c }) => {
      const { wireless, hotspot } = required();
      return later(c, wireless.raise(), `${hotspot.ssid} comes; join it with your phone.`);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/network/scan',
      access: 'own',
      summary: 'Look what is in the air; with one radio the hotspot goes for some seconds',
      answers: { 202: { description: 'It looks', schema: words } },
    },
    ({ c }) => {
      const { wireless, hotspot } = required();
      const telling = takesHotspot(wireless.state.value)
        ? `${hotspot.ssid} goes for some seconds. Should your phone not come back by itself, join it again.`
        : 'Nightjar looks around.';
      return later(c, wireless.look(), telling);
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/network/join',
      access: 'own',
      summary: 'Join a WiFi; where that fails, the hotspot is back and GET says why',
      body: wish,
      answers: { 202: { description: 'It is tried', schema: words } },
    },
    ({ body, c }) => {
      const { wireless, hotspot } = required();
      const telling = takesHotspot(wireless.state.value)
        ? `Your phone loses ${hotspot.ssid} now. Join ${body.ssid} with it and open http://${UNIT_HOST}. ` +
          `Should that not work, ${hotspot.ssid} is back within a minute and says why.`
        : `Nightjar joins ${body.ssid} now; it is then found there as http://${UNIT_HOST}.`;
      return later(c, wireless.join(body), telling);
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/network/known/{id}',
      access: 'own',
      summary: 'Forget a network, with its password; one that is joined is left',
      params: knownId,
      answers: { 202: { description: 'It is forgotten', schema: words } },
    },
    ({ params, c }) =>
      later(c, known(params.id).wireless.forget(params.id), 'Nightjar does not know it any more.'),
  );
  endpoint(
    app,
    {
      method: 'put',
      path: '/api/v1/network/known/{id}/trust',
      access: 'own',
      summary: 'Let INDI (7624) and PHD2 clients (4400) in from this network, or no more',
      params: knownId,
      body: z.strictObject({ trusted: z.boolean() }),
      answers: { 200: { description: 'As GET /api/v1/network', schema: viewSchema } },
    },
    async ({ params, body, c }) => {
      const unit = known(params.id);
      onlyTrusted(parts, c);
      await unit.wireless.trust(params.id, body.trusted);
      return c.json(viewNetwork(unit));
    },
  );
  tunnelRoutes(app, required, (c) => onlyTrusted(parts, c));
}

function tunnelRoutes(app: OpenAPIHono, required: () => UnitNetwork, allow: (c: Context) => void): void {
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/network/tunnel/peers',
      access: 'own',
      summary: 'Let somebody in by WireGuard, or give a name that is in new keys',
      body: z.strictObject({
        name: peerName,
        endpoint: z
          .string()
          .regex(/^[\w.:[\]-]{1,253}$/, 'a host name or an address, with or without a port')
          .describe('under which the unit is reached from outside'),
      }),
      answers: { 201: { description: 'Its configuration, told this once', schema: viewSchema } },
    },
    async ({ body, c }) => {
      const { tunnel } = required();
      allow(c);
      const config = await tunnel.add(body.name, body.endpoint);
      return secret(c, { name: body.name, config, qr: qrSvg(config) } satisfies PeerView, 201);
    },
  );
  endpoint(
    app,
    {
      method: 'delete',
      path: '/api/v1/network/tunnel/peers/{name}',
      access: 'own',
      summary: 'Let it in no more',
      params: z.strictObject({ name: peerName }),
      answers: { 204: { description: 'It is out' } },
    },
    async ({ params, c }) => {
      const { tunnel } = required();
      allow(c);
      if (!tunnel.book.value.peers.some(({ name }) => name === params.name))
        throw new Rejected(404, `there is no "${params.name}"`);
      await tunnel.remove(params.name);
      return c.body(null, 204);
    },
  );
}

const takesHotspot = ({ hotspot, radios }: { hotspot: string; radios: number }) =>
  hotspot === 'up' && radios === 1;

function secret(c: Context, answer: HotspotView | PeerView, status: 200 | 201 = 200): Response {
  c.header('cache-control', 'no-store');
  return c.json(answer, status);
}
