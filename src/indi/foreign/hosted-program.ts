import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Device } from '../../device/device.ts';
import type { AnyDriver } from '../../device/driver.ts';
import type { DeviceHost } from '../../device/host.ts';
import type { Hosted } from '../adopt/hosted.ts';
import type { GetProperties, Message, SetVector } from '../message.ts';
import type { Parcel } from '../outbox.ts';
import type { Router } from '../router.ts';
import { ForeignDevice, type Receive } from './device.ts';
import type { Images } from './images.ts';
import type { Start } from './life.ts';
import { Presence } from './presence.ts';
import { Program, type ProgramState } from './program.ts';
import { Snoop } from './snoop.ts';
import type { ProgramSpec } from './spec.ts';

/** Makes what judges clients' commands to a device. @param publish tells clients, in the device's place */
export type Receiver = (
  hosted: Hosted,
  device: () => Device,
  publish: (update: SetVector) => void,
) => Receive;

export interface HostedProgramParts {
  spec: ProgramSpec;
  label: string;
  start: Start;
  router: Router;
  host: DeviceHost;
  clock: Clock;
  log: Log;
  images: Images;
  mostMessages: number | undefined;
  driverOf(device: ForeignDevice): AnyDriver;
  receiver: Receiver;
  /** Who has a device of this name; undefined: nobody, it can be had. */
  claim(device: string): string | undefined;
  changed(): void;
}

const MOST_DEVICES = 64;

/** A program, the devices it has brought, and what it hears of others. */
export class HostedProgram {
  readonly spec: ProgramSpec;
  readonly label: string;
  readonly #parts: HostedProgramParts;
  readonly #program: Program;
  /** One for each life: what an earlier one asked about is no business of the next. */
  #snoop: Snoop;
  readonly #devices = new Map<string, { foreign: ForeignDevice; presence: Presence }>();
  /** Names that are not its own, so that this is said once. */
  readonly #refused = new Set<string>();
  /** What it brings from now on would stay behind. */
  #closing = false;

  constructor(parts: HostedProgramParts) {
    this.spec = parts.spec;
    this.label = parts.label;
    this.#parts = parts;
    this.#snoop = this.#listen();
    this.#program = new Program({
      ...{ id: parts.spec.id, start: parts.start, clock: parts.clock, log: parts.log, images: parts.images },
      mostMessages: parts.mostMessages,
      hear: (message) => this.#hear(message),
      question: () => this.#question(),
      died: (reason) => this.#died(reason),
    });
    this.#program.state.watch(() => parts.changed());
  }

  get id(): string {
    return this.spec.id;
  }

  get state(): ProgramState {
    return this.#program.state.value;
  }

  get devices(): readonly ForeignDevice[] {
    return [...this.#devices.values()].map(({ foreign }) => foreign);
  }

  owns(device: string): boolean {
    return this.#devices.has(device);
  }

  restart(): void {
    this.#program.restart();
  }

  /** Devices first, so that a mount is told to stop; then the program. @param forever the host forgets them, too */
  async close(forever: boolean): Promise<void> {
    this.#closing = true;
    const { host, router } = this.#parts;
    const all = [...this.#devices.values()];
    for (const { presence } of all) presence.close();
    await Promise.allSettled(
      all.map(({ presence: { device } }) => (forever ? host.remove(device.id) : device.disconnect())),
    );
    await this.#program.close();
    this.#snoop.close();
    for (const { foreign } of all) {
      foreign.close();
      router.remove(foreign);
    }
    this.#devices.clear();
  }

  #hear(message: Message): void {
    const { router } = this.#parts;
    if (message.type === 'def') this.#deviceOf(message.device)?.take(message);
    else if (message.type === 'set' || message.type === 'delProperty') {
      this.#devices.get(message.device)?.foreign.take(message);
    } else if (message.type === 'getProperties' || message.type === 'enableBLOB') this.#snoop.ask(message);
    else if (message.type === 'message' && message.device === undefined) {
      // Of another server it is that one's own affair; and should that be us, it would come round for ever.
      if ('remote' in this.spec) this.#program.note(message.text);
      else router.publish(message, undefined, this.#snoop);
    } else if (message.type === 'message') this.#devices.get(message.device as string)?.foreign.take(message);
  }

  /** It is made at its first definition. */
  #deviceOf(name: string): ForeignDevice | undefined {
    const known = this.#devices.get(name);
    if (known) return known.foreign;
    if (this.#closing || this.#devices.size + this.#refused.size >= MOST_DEVICES || this.#refused.has(name))
      return undefined;
    const owner = this.#parts.claim(name);
    if (owner !== undefined) {
      this.#refused.add(name);
      const words = `${this.label} brings a device "${name}", but that is the name of ${owner}: it is not used`;
      this.#program.note(words);
      this.#parts.router.publish({ type: 'message', text: `[ERROR] ${words}` }, undefined, this.#snoop);
      return undefined;
    }
    return this.#bring(name);
  }

  #bring(name: string): ForeignDevice {
    const { clock, driverOf, host, images, log, receiver, router } = this.#parts;
    const foreign = new ForeignDevice(name, {
      clock,
      say: (message) => {
        this.#program.say(message);
        return this.#program.running;
      },
      publish: (message, hold) => router.publish(message, hold, this.#snoop),
      holder: (shown) => images.holder(shown),
    });
    const presence = new Presence(foreign, this.label, driverOf(foreign), host, log);
    const publish = (update: SetVector) => router.publish(update, undefined, this.#snoop);
    foreign.onCommand(receiver(foreign.forClients(), () => presence.device, publish));
    this.#devices.set(name, { foreign, presence });
    router.add(foreign);
    this.#parts.changed();
    return foreign;
  }

  #died(reason: string): void {
    for (const { foreign } of this.#devices.values()) foreign.die(`${this.label}: ${reason}`);
    this.#snoop.close();
    this.#snoop = this.#listen();
    // Whose name was another's may have it now.
    this.#refused.clear();
  }

  #listen(): Snoop {
    const snooper = {
      write: (text: Buffer) => this.#program.write(text),
      writeImage: (parcel: Parcel) => this.#program.writeImage(parcel),
      owns: (device: string) => this.owns(device),
      note: (line: string) => this.#program.note(line),
    };
    return new Snoop(snooper, this.#parts.router);
  }

  #question(): GetProperties | undefined {
    const asked = this.devices.find((device) => device.alive.value);
    const [name] = asked?.names.value ?? [];
    if (!asked || name === undefined) return undefined;
    return { type: 'getProperties', version: '1.7', device: asked.device, name };
  }
}
