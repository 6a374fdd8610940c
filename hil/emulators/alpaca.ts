import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesOf, latin1 } from '../../src/wire/framing.ts';
import type { DatagramLink } from '../../src/wire/link.ts';

/** The part of an ASCOM Alpaca server that is the same for every device type (Alpaca API reference, v1). */

const MAX_BODY_BYTES = 1 << 16;
const MAX_UINT32 = 0xffffffff;

/** What a device cannot do or will not do: HTTP 200 with an error number. */
export class AlpacaError extends Error {
  readonly number: number;

  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

export const notImplemented = (member: string) => new AlpacaError(0x400, `${member} is not implemented`);
export const invalidValue = (message: string) => new AlpacaError(0x401, message);
export const invalidOperation = (message: string) => new AlpacaError(0x40b, message);

/** What the request line itself does wrong: HTTP 400 with a text. */
class Malformed extends Error {}

/** Parameters of one request: names ignore case in a GET's query and do not in a PUT's form. */
export class Form {
  readonly #values: ReadonlyMap<string, string>;
  readonly #foldsCase: boolean;

  constructor(text: string, foldsCase: boolean) {
    this.#foldsCase = foldsCase;
    this.#values = new Map([...new URLSearchParams(text)].map(([name, value]) => [this.#key(name), value]));
  }

  #key(name: string): string {
    return this.#foldsCase ? name.toLowerCase() : name;
  }

  text(name: string): string {
    const value = this.#values.get(this.#key(name));
    if (value === undefined) throw new Malformed(`parameter ${name} is missing`);
    return value;
  }

  number(name: string): number {
    const text = this.text(name).trim();
    if (text === '' || !Number.isFinite(Number(text))) throw new Malformed(`${name}: "${text}" is no number`);
    return Number(text);
  }

  integer(name: string): number {
    const value = this.number(name);
    if (!Number.isInteger(value)) throw new Malformed(`${name}: ${value} is no whole number`);
    return value;
  }

  flag(name: string): boolean {
    const text = this.text(name).toLowerCase();
    if (text !== 'true' && text !== 'false')
      throw new Malformed(`${name}: "${text}" is neither True nor False`);
    return text === 'true';
  }

  /** @returns 0 where it is absent */
  transaction(name: string): number {
    if (!this.#values.has(this.#key(name))) return 0;
    const value = this.integer(name);
    if (value < 0 || value > MAX_UINT32)
      throw new Malformed(`${name}: ${value} is no unsigned 32-bit number`);
    return value;
  }
}

/** An image in binary form; the server puts the transactions into its header. */
export interface ImageBytes {
  imageElementType: number;
  transmissionElementType: number;
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** A member's answer: a JSON value, or for `imagearray` both forms. */
export interface ImageAnswer {
  binary(): ImageBytes;
  json(): { Type: number; Rank: number; Value: unknown };
}

export interface Member {
  get?(): unknown;
  put?(form: Form): void;
  /** In place of `get`, for images. */
  image?(): ImageAnswer;
}

export interface AlpacaDevice {
  /** As the management API writes it: `Camera`. */
  type: string;
  name: string;
  uniqueId: string;
  description: string;
  interfaceVersion: number;
  /** By their names in the URL. */
  members: Readonly<Record<string, Member>>;
}

interface Transaction {
  client: number;
  server: number;
}

/** @returns an HTTP request handler for a server with these devices, numbered by their order within a type */
export function alpacaServer(name: string, devices: readonly AlpacaDevice[]) {
  let transactions = 0;
  const listed = devices.map((device, index) => {
    const connection: Connection = { connected: false };
    return {
      device,
      number: devices.slice(0, index).filter(({ type }) => type === device.type).length,
      members: { ...commonMembers(device, connection), ...guarded(device, connection) },
    };
  });
  const management: Readonly<Record<string, unknown>> = {
    '/management/apiversions': [1],
    '/management/v1/description': {
      ServerName: name,
      Manufacturer: 'Nightjar',
      ManufacturerVersion: '1.0',
      Location: 'emulated',
    },
    '/management/v1/configureddevices': listed.map(({ device, number }) => ({
      DeviceName: device.name,
      DeviceType: device.type,
      DeviceNumber: number,
      UniqueID: device.uniqueId,
    })),
  };

  function memberOf(path: string): { name: string; member: Member } {
    const match = /^\/api\/v1\/([a-z]+)\/(\d{1,9})\/([a-z]+)$/.exec(path);
    const [, type, number, member = ''] = match ?? [];
    const found = listed.find(
      (entry) => entry.device.type.toLowerCase() === type && entry.number === Number(number),
    );
    const known = found && Object.hasOwn(found.members, member) ? found.members[member] : undefined;
    if (!known) throw new Malformed(`there is no ${path}`);
    return { name: member, member: known };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const put = request.method === 'PUT';
    const binary = (request.headers.accept ?? '').toLowerCase().includes('application/imagebytes');
    const transaction: Transaction = { client: 0, server: ++transactions };
    const json = (fields: object) =>
      reply(response, 200, 'application/json', JSON.stringify({ ...stamp(transaction), ...fields }));
    try {
      if (!put && request.method !== 'GET') throw new Malformed(`${request.method} is not used here`);
      const form = put ? new Form(await bodyOf(request), false) : new Form(query, true);
      form.transaction('ClientID');
      transaction.client = form.transaction('ClientTransactionID');
      if (!put && Object.hasOwn(management, path)) return json({ Value: management[path] });
      const { name, member } = memberOf(path);
      if (put) {
        if (!member.put) throw new Malformed(`${name} takes no PUT`);
        member.put(form);
        return json({});
      }
      if (member.image) {
        const image = member.image();
        if (!binary) return json(image.json());
        return reply(response, 200, 'application/imagebytes', imageBytes(image.binary(), transaction));
      }
      if (!member.get) throw new Malformed(`${name} takes no GET`);
      json({ Value: member.get() });
    } catch (error) {
      if (error instanceof Malformed) return reply(response, 400, 'text/plain', error.message);
      if (!(error instanceof AlpacaError)) return reply(response, 500, 'text/plain', String(error));
      if (binary) return reply(response, 200, 'application/imagebytes', errorBytes(error, transaction));
      json({ ErrorNumber: error.number, ErrorMessage: error.message });
    }
  }
  return (request: IncomingMessage, response: ServerResponse): void => void handle(request, response);
}

/** Answers discovery packets at port 32227 for a server at this HTTP port. */
export function answerDiscovery(link: DatagramLink, port: number): void {
  link.read((bytes, from) => {
    if (!latin1(bytes).startsWith('alpacadiscovery1')) return;
    void link.send(bytesOf(JSON.stringify({ AlpacaPort: port })), from);
  });
}

interface Connection {
  connected: boolean;
}

function commonMembers(device: AlpacaDevice, connection: Connection): Readonly<Record<string, Member>> {
  const connect = (connected: boolean) => {
    connection.connected = connected;
  };
  const fixed = (value: unknown): Member => ({ get: () => value });
  const absent = (member: string): Member => ({
    put: () => {
      throw notImplemented(member);
    },
  });
  return {
    connected: { get: () => connection.connected, put: (form) => connect(form.flag('Connected')) },
    connecting: fixed(false),
    connect: { put: () => connect(true) },
    disconnect: { put: () => connect(false) },
    name: fixed(device.name),
    description: fixed(device.description),
    driverinfo: fixed('Nightjar emulator'),
    driverversion: fixed('1.0'),
    interfaceversion: fixed(device.interfaceVersion),
    supportedactions: fixed([]),
    action: {
      put: () => {
        throw new AlpacaError(0x40c, 'there are no actions');
      },
    },
    commandblind: absent('commandblind'),
    commandbool: absent('commandbool'),
    commandstring: absent('commandstring'),
  };
}

/** Every member of its own answers "not connected" before it is. */
function guarded(device: AlpacaDevice, connection: Connection): Readonly<Record<string, Member>> {
  const behind =
    <A extends readonly unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      if (!connection.connected) throw new AlpacaError(0x407, 'not connected');
      return act(...args);
    };
  return Object.fromEntries(
    Object.entries(device.members).map(([name, { get, put, image }]) => [
      name,
      {
        ...(get && { get: behind(get) }),
        ...(put && { put: behind(put) }),
        ...(image && { image: behind(image) }),
      },
    ]),
  );
}

const stamp = ({ client, server }: Transaction) => ({
  ClientTransactionID: client,
  ServerTransactionID: server,
  ErrorNumber: 0,
  ErrorMessage: '',
});

/** "Alpaca ImageBytes": eleven little-endian 32-bit numbers, then the pixels. */
function imageBytes(image: ImageBytes, { client, server }: Transaction): Uint8Array {
  const { imageElementType, transmissionElementType, width, height, pixels } = image;
  return withHeader(
    [1, 0, client, server, 44, imageElementType, transmissionElementType, 2, width, height, 0],
    pixels,
  );
}

const errorBytes = (error: AlpacaError, { client, server }: Transaction) =>
  withHeader([1, error.number, client, server, 44, 0, 0, 0, 0, 0, 0], Buffer.from(error.message));

function withHeader(fields: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(44 + data.length);
  const header = new DataView(bytes.buffer);
  for (const [index, field] of fields.entries()) header.setUint32(4 * index, field, true);
  bytes.set(data, 44);
  return bytes;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += latin1(chunk);
    if (text.length > MAX_BODY_BYTES) throw new Malformed('the form is too long');
  }
  return text;
}

function reply(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
