import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { asError } from '../../src/core/errors.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/** QEMU's own control socket (QEMU Machine Protocol: JSON, one message a line). What the board's outside does. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => this.#hear(line));
    const fail = (reason: Error) => {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(reason);
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('QEMU closed its control socket')));
  }

  /** @throws Error when nobody listens at the path */
  static async open(path: string): Promise<Qmp> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const qmp = new Qmp(socket);
    await qmp.ask('qmp_capabilities');
    return qmp;
  }

  /** @throws Error with QEMU's words when it refuses */
  ask(execute: string, args: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    });
  }

  /** A 32-bit word at a physical address, as the processor would read it. */
  async word(address: number): Promise<number> {
    const at = `0x${address.toString(16)}`;
    const said = String(await this.ask('human-monitor-command', { 'command-line': `xp /1wx ${at}` }));
    const match = /:\s*0x([0-9a-f]{8})/.exec(said);
    if (!match) throw new Error(`QEMU read ${at} as ${said.trim()}`);
    return Number.parseInt(match[1]!, 16);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Greeting and events are let pass; answers come in the order of the questions. */
  #hear(line: string): void {
    let message: { return?: unknown; error?: { desc: string } };
    try {
      message = JSON.parse(line);
    } catch (error) {
      this.#waiting.shift()?.reject(asError(error));
      return;
    }
    if ('return' in message) this.#waiting.shift()?.resolve(message.return);
    else if (message.error) this.#waiting.shift()?.reject(new Error(message.error.desc));
  }
}
