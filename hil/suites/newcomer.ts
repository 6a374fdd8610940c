import { readFileSync } from 'node:fs';
import { assets } from '../../src/assets.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type ServingChild, serveBench, writeJson } from './appliance.ts';
import { type Said, tool } from './tools.ts';

/** The demo appliance as a newcomer finds it, with Debian's INDI tools and an HTTP client in hand. */
export interface Newcomer extends ServingChild {
  readonly indiPort: number;
  /** NIGHTJAR_DATA. */
  readonly data: string;
  /** `Device.PROPERTY.ELEMENT`, or `_STATE` for the element. @throws Error when nobody has it */
  get(spec: string): Promise<string>;
  set(spec: string): Promise<void>;
  /** Waits until the property is Ok. @throws Error when it is not in time, with what it is */
  untilOk(property: string, seconds: number): Promise<void>;
  getprop(args: readonly string[], cwd?: string): Promise<Said>;
  /** @throws nothing: problem documents are answers */
  http(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  status: number;
  type: string;
  bytes: Uint8Array;
  json(): Record<string, unknown>;
}

export const DEMO_DEVICES = ['mount', 'camera', 'guide-camera', 'focuser', 'wheel'];

/** @param world what the bench's world is made of beside the demo's */
export async function startDemo(directory: string, world: object = {}): Promise<Newcomer> {
  const demo = JSON.parse(readFileSync(new URL('demo.json', assets.benches), 'utf8')) as { world: object };
  const bench = { ...demo, observer: 'A. Newcomer', world: { ...demo.world, ...world } };
  const data = `${directory}/data`;
  const child = await serveBench(writeJson(directory, 'bench.json', bench), data, DEMO_DEVICES);
  const indiPort = Number(/INDI on port (\d+)/.exec(child.output())?.[1]);
  const at = ['-h', '127.0.0.1', '-p', String(indiPort)];
  const getprop = (args: readonly string[], cwd?: string) =>
    tool('indi_getprop', [...at, ...args], cwd === undefined ? {} : { cwd });

  async function get(spec: string): Promise<string> {
    const { code, stdout, stderr } = await getprop(['-1', spec]);
    if (code !== 0) throw new Error(`indi_getprop ${spec}: ${stderr.trim() || `exit code ${code}`}`);
    return stdout.trim();
  }

  return {
    ...child,
    indiPort,
    data,
    getprop,
    get,
    async set(spec) {
      const { code, stdout, stderr } = await tool('indi_setprop', [...at, spec]);
      if (code !== 0) throw new Error(`indi_setprop ${spec}: ${stderr || stdout || `exit code ${code}`}`);
    },
    async untilOk(property, seconds) {
      const deadline = systemClock.monotonic() + 1000 * seconds;
      for (;;) {
        const state = await get(`${property}._STATE`);
        if (state === 'Ok') return;
        if (state === 'Alert' || systemClock.monotonic() > deadline)
          throw new Error(`${property} is ${state}`);
        await systemClock.sleep(200);
      }
    },
    async http(method, path, body) {
      const reply = await fetch(child.url + path, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      });
      const bytes = new Uint8Array(await reply.arrayBuffer());
      return {
        status: reply.status,
        type: reply.headers.get('content-type') ?? '',
        bytes,
        json: () => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>,
      };
    },
  };
}
