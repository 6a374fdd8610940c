import { randomInt } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import { Fault, type FaultKind } from '../../src/core/errors.ts';
import { bytesOf } from '../../src/wire/framing.ts';
import type { DatagramLink, HttpLink, HttpReply } from '../../src/wire/link.ts';

/** ASCOM Alpaca device API v1 (Alpaca API reference): what every device type has in common. */

/** More than any answer that is not an image. */
const MAX_ANSWER_BYTES = 1 << 20;
const CONNECT_MS = 30_000;
const DISCOVERY_PORT = 32227;
const MOST_SERVERS = 64;

export type Parameters = Readonly<Record<string, string | number | boolean>>;

export interface Alpaca {
  number(member: string): Promise<number>;
  flag(member: string): Promise<boolean>;
  text(member: string): Promise<string>;
  texts(member: string): Promise<readonly string[]>;
  put(member: string, parameters?: Parameters, timeoutMs?: number): Promise<void>;
  /** The reply as it is, checked for its HTTP status only: images. */
  fetch(member: string, accept: string, timeoutMs: number): Promise<HttpReply>;
}

/** @param type lower case, as in the URL: `camera` */
export function alpacaDevice(link: HttpLink, type: string, device: number): Alpaca {
  const clientId = randomInt(1, 65536);
  let transaction = 0;
  const common = () => ({ ClientID: clientId, ClientTransactionID: ++transaction });
  const pathOf = (member: string) => `/api/v1/${type}/${device}/${member}`;

  async function fetch(member: string, accept: string, timeoutMs?: number): Promise<HttpReply> {
    const reply = await link.request({
      method: 'GET',
      path: `${pathOf(member)}?${form(common())}`,
      headers: { accept },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    return checkStatus(reply, member);
  }

  async function get<T>(member: string, is: (value: unknown) => value is T, what: string): Promise<T> {
    const { Value } = alpacaReply(await fetch(member, 'application/json'), member);
    if (!is(Value)) throw new Fault('garbled', `${member}: ${brief(Value)} is ${what}`);
    return Value;
  }

  return {
    fetch,
    number: (member) => get(member, isFiniteNumber, 'no number'),
    flag: (member) => get(member, (value) => typeof value === 'boolean', 'neither true nor false'),
    text: (member) => get(member, isText, 'no text'),
    texts: (member) =>
      get(member, (value) => Array.isArray(value) && value.every(isText), 'no list of texts'),
    async put(member, parameters = {}, timeoutMs) {
      const reply = await link.request({
        method: 'PUT',
        path: pathOf(member),
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form({ ...parameters, ...common() }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
      alpacaReply(checkStatus(reply, member), member);
    },
  };
}

/**
 * Connects the server to its device: by the two steps of Platform 7 where the interface has them.
 * @param platform7 the first interface version of this device type with `connect` and `connecting`
 */
export async function connectAlpaca(device: Alpaca, clock: Clock, platform7: number): Promise<void> {
  const version = (await orAbsent(device.number('interfaceversion'))) ?? 1;
  const accepted = version >= platform7 && (await accepts(device.put('connect')));
  if (accepted) {
    const deadline = clock.monotonic() + CONNECT_MS;
    while (await device.flag('connecting')) {
      if (clock.monotonic() > deadline) throw new Fault('silent', 'the server does not finish connecting');
      await clock.sleep(100);
    }
  } else {
    await device.put('connected', { Connected: true }, CONNECT_MS);
  }
  if (!(await device.flag('connected'))) throw new Fault('gone', 'the server does not reach its device');
}

/** What the management API says stays the same for ever; undefined where a server does not say it. */
export async function uniqueIdOf(link: HttpLink, type: string, device: number): Promise<string | undefined> {
  const path = '/management/v1/configureddevices';
  const reply = await link.request({ method: 'GET', path });
  if (reply.status !== 200) return undefined;
  const { Value } = alpacaReply(reply, path);
  if (!Array.isArray(Value)) throw new Fault('garbled', `${path}: ${brief(Value)} is no list`);
  const own = Value.find(
    (entry: unknown) =>
      isRecord(entry) &&
      String(entry.DeviceType).toLowerCase() === type &&
      Number(entry.DeviceNumber) === device,
  );
  if (!own) throw new Fault('gone', `this server has no ${type} number ${device}`);
  return isText(own.UniqueID) && own.UniqueID !== '' ? own.UniqueID : undefined;
}

/** A member that a device need not have: undefined where it has it not, or not as it is set up. */
export async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'unsupported' || error.kind === 'refused'))
      return undefined;
    throw error;
  }
}

const accepts = async (command: Promise<void>) => (await orAbsent(command.then(() => true))) ?? false;

/** @throws Fault by the reply's ErrorNumber, with the server's words */
export function alpacaReply(reply: HttpReply, member: string): Readonly<Record<string, unknown>> {
  const type = reply.headers['content-type'] ?? '';
  if (reply.body.length > MAX_ANSWER_BYTES && member !== 'imagearray') {
    throw new Fault('garbled', `${member}: an answer of ${reply.body.length} bytes`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.length).toString());
  } catch (cause) {
    throw new Fault('garbled', `${member}: the answer (${type || 'of no type'}) is no JSON`, { cause });
  }
  if (!isRecord(parsed)) throw new Fault('garbled', `${member}: ${brief(parsed)} is no Alpaca answer`);
  const { ErrorNumber = 0, ErrorMessage } = parsed;
  if (!isFiniteNumber(ErrorNumber)) {
    throw new Fault('garbled', `${member}: error number ${brief(ErrorNumber)} is no number`);
  }
  if (ErrorNumber !== 0) throw alpacaFault(member, ErrorNumber, isText(ErrorMessage) ? ErrorMessage : '');
  return parsed;
}

/** Alpaca API reference, "ASCOM reserved error numbers"; 0x500…0xFFF are the driver's own. */
const KINDS: Readonly<Record<number, FaultKind>> = {
  1024: 'unsupported',
  1036: 'unsupported',
  1031: 'gone',
};

export function alpacaFault(member: string, code: number, message: string): Fault {
  const words = message.trim().slice(0, 500) || `error 0x${code.toString(16).toUpperCase()}`;
  return new Fault(KINDS[code] ?? 'refused', `${member}: ${words}`);
}

function checkStatus(reply: HttpReply, member: string): HttpReply {
  if (reply.status === 200) return reply;
  const words = Buffer.from(reply.body.subarray(0, 300)).toString().trim();
  // A server answers 400 to what it takes for malformed, 404 to members it has never heard of.
  const kind = reply.status === 404 ? 'unsupported' : reply.status < 500 ? 'refused' : 'garbled';
  throw new Fault(kind, `${member}: HTTP ${reply.status}${words && ` ${words}`}`);
}

/**
 * Asks who is there (Alpaca API reference, "Discovery"), and gathers answers for so long.
 * @param to a broadcast address
 */
export async function discoverAlpaca(
  link: DatagramLink,
  clock: Clock,
  milliseconds: number,
  to = '255.255.255.255',
): Promise<{ host: string; port: number }[]> {
  const found = new Map<string, { host: string; port: number }>();
  link.read((bytes, { host }) => {
    const port = portIn(bytes);
    if (port !== undefined && found.size < MOST_SERVERS) found.set(`${host}:${port}`, { host, port });
  });
  await link.send(bytesOf('alpacadiscovery1'), { host: to, port: DISCOVERY_PORT });
  await clock.sleep(milliseconds);
  return [...found.values()];
}

/** Anything may send to a UDP port: what is no answer is passed over. */
function portIn(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes.subarray(0, 1024)).toString();
  const port = Number(/^\s*\{[^{}]*"AlpacaPort"\s*:\s*(\d{1,5})\s*[,}]/i.exec(text)?.[1]);
  return port >= 1 && port <= 65535 ? port : undefined;
}

const form = (parameters: Parameters) =>
  new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value === true ? 'True' : value === false ? 'False' : String(value),
    ]),
  ).toString();
const isText = (value: unknown): value is string => typeof value === 'string';
const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const brief = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
