import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Newcomer } from './newcomer.ts';

/** What the API says of an exposure, as far as clients lean on it. */
export interface Taken {
  id: string;
  file: string;
  checksum: string;
}

interface Outcome {
  run: string;
  outcome: { state: string; exposure?: string };
}

/** Performs an operation and waits for it. @throws AssertionError unless it returned */
export async function perform(demo: Newcomer, operation: string, body: object = {}): Promise<Outcome> {
  const answer = await demo.http('POST', `/api/v1/devices/${operation}?wait=60`, body);
  const said = answer.json() as unknown as Outcome;
  assert.equal(answer.status, 200, `${operation}: ${JSON.stringify(said)}`);
  assert.equal(said.outcome.state, 'returned', JSON.stringify(said));
  return said;
}

/** An exposure from the shutter to the file. */
export async function take(demo: Newcomer, order: object): Promise<{ taken: Taken; bytes: Uint8Array }> {
  const { outcome } = await perform(demo, 'camera/camera/expose', order);
  const row = await demo.http('GET', `/api/v1/exposures/${outcome.exposure}`);
  assert.equal(row.status, 200);
  const taken = row.json() as unknown as Taken;
  const file = await demo.http('GET', `/api/v1/exposures/${taken.id}/fits`);
  assert.equal(file.status, 200);
  assert.equal(file.type, 'application/fits');
  return { taken, bytes: file.bytes };
}

/** The same by plain HTTP; INDI clients see it happen. */
export async function worksByHttp(demo: Newcomer, indi: boolean): Promise<undefined> {
  const mount = (await demo.http('GET', '/api/v1/devices/mount')).json();
  const { position } = (mount.capabilities as { mount: { position: { ra: number; dec: number } } }).mount;
  const target = { ra: (position.ra + 5) % 360, dec: position.dec * 0.9 };
  await perform(demo, 'mount/mount/unpark');
  await perform(demo, 'mount/mount/slewTo', target);
  await perform(demo, 'focuser/focuser/moveTo', { steps: 25_100 });
  await perform(demo, 'wheel/wheel/select', { slot: 2 });
  if (indi) {
    assert.equal(await demo.get('Demo Focuser.ABS_FOCUS_POSITION.FOCUS_ABSOLUTE_POSITION'), '25100');
    assert.equal(await demo.get('Demo Wheel.FILTER_SLOT.FILTER_SLOT_VALUE'), '2');
  }
  const { taken, bytes } = await take(demo, { seconds: 1, object: 'M 31' });
  const onDisk = readFileSync(join(demo.data, taken.file));
  assert.ok(onDisk.equals(bytes), 'the API gives another file than the one on disk');
  assert.equal(createHash('sha256').update(onDisk).digest('hex'), taken.checksum);
  const page = (await demo.http('GET', '/api/v1/exposures?limit=1')).json() as {
    exposures: { id: string }[];
  };
  assert.equal(page.exposures[0]?.id, taken.id);
  const preview = await demo.http('GET', `/api/v1/exposures/${taken.id}/preview?width=320`);
  assert.equal(preview.type, 'image/jpeg');
  assert.deepEqual([...preview.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
}

const ROUTES: readonly [path: string, method: string][] = [
  ...(['/healthz', '/metrics', '/api/v1/openapi.json', '/api/v1/devices', '/api/v1/live'] as const).map(
    (path): [string, string] => [path, 'get'],
  ),
  ['/api/v1/devices/{id}/connect', 'post'],
  ['/api/v1/devices/{id}/disconnect', 'post'],
  ['/api/v1/devices/{id}/camera/expose', 'post'],
  ['/api/v1/exposures', 'get'],
  ['/api/v1/exposures/{id}/fits', 'get'],
  ['/api/v1/exposures/{id}/preview', 'get'],
  ['/api/v1/runs', 'get'],
  ['/api/v1/runs/{id}', 'get'],
  ['/api/v1/runs/{id}', 'delete'],
  ['/api/v1/plans', 'get'],
  ['/api/v1/plans/{id}', 'put'],
  ['/api/v1/night/start', 'post'],
  ['/api/v1/night/stop', 'post'],
];

export async function servesPages(demo: Newcomer): Promise<undefined> {
  const page = await demo.http('GET', '/');
  assert.match(page.type, /^text\/html/);
  assert.match(Buffer.from(page.bytes).toString(), /<title>Nightjar/);
  assert.equal((await demo.http('GET', '/app.js')).status, 200);
  const health = await demo.http('GET', '/healthz');
  assert.equal(health.json().status, 'ok');
  const metrics = await demo.http('GET', '/metrics');
  assert.match(metrics.type, /^text\/plain/);
  for (const line of Buffer.from(metrics.bytes).toString().split('\n')) {
    assert.match(line, /^(#.*|[a-zA-Z_:][\w:]*(\{.*\})? \S+)?$/);
  }
  const api = (await demo.http('GET', '/api/v1/openapi.json')).json();
  assert.match(String(api.openapi), /^3\./);
  const paths = api.paths as Record<string, Record<string, { responses?: object }>>;
  for (const [path, method] of ROUTES) {
    assert.ok(paths[path]?.[method]?.responses, `openapi.json has no ${method} ${path}`);
  }
  const live = await firstEvent(`${demo.url}/api/v1/live`);
  assert.match(live, /^(id|event|data|retry|:)/);
}

/** The beginning of the stream; it would go on for ever. */
async function firstEvent(url: string): Promise<string> {
  const over = new AbortController();
  const reply = await fetch(url, { signal: over.signal });
  assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
  const { value } = await (reply.body as ReadableStream<Uint8Array>).getReader().read();
  over.abort();
  return Buffer.from(value ?? []).toString();
}

/** Whoever asks wrongly is told what to do, as RFC 9457 has it. */
export async function explainsProblems(demo: Newcomer): Promise<undefined> {
  const problems: [status: number, answer: Promise<Answer>][] = [
    [404, demo.http('GET', '/api/v1/devices/nobody')],
    [404, demo.http('GET', '/api/v1/exposures/nothing/fits')],
    [404, demo.http('GET', '/api/v1/runs/none')],
    [404, demo.http('GET', '/api/v1/nowhere')],
    [400, demo.http('POST', '/api/v1/devices/focuser/focuser/moveTo', '{"steps":')],
    [400, demo.http('POST', '/api/v1/devices/focuser/focuser/moveTo', { steps: 'far' })],
    [400, demo.http('POST', '/api/v1/devices/mount/mount/slewTo', { ra: 400, dec: 0 })],
    [422, demo.http('POST', '/api/v1/devices/camera/camera/expose?wait=5', { seconds: 1e9 })],
    [422, demo.http('POST', '/api/v1/devices/wheel/wheel/select?wait=5', { slot: 99 })],
    [501, demo.http('POST', '/api/v1/devices/wheel/focuser/moveTo?wait=5', { steps: 1 })],
  ];
  for (const [status, asked] of problems) {
    const answer = await asked;
    const problem = answer.json();
    assert.equal(answer.status, status, JSON.stringify(problem));
    assert.match(answer.type, /^application\/problem\+json/);
    assert.equal(problem.status, status);
    for (const member of ['type', 'title', 'detail']) assert.equal(typeof problem[member], 'string');
  }
}
