import { Fault } from '../core/errors.ts';
import { Base64Sink, type Memory } from './base64.ts';
import type { Message } from './message.ts';
import { type Attributes, Scanner, unescaped } from './scanner.ts';
import { type Child, messageOf } from './understand.ts';

export interface Limits {
  /** Of one BLOB, decoded. */
  blobBytes: number;
  /** For its BLOBs; default: new memory. */
  memory?: Memory;
}

/** Of one value, and of all texts of one message: a command is never longer, only BLOBs are. */
const VALUE_BYTES = 65_536;
const MESSAGE_BYTES = 1 << 20;
const CHILDREN = 1024;
const DEPTH = 8;

export interface Reading {
  receive(message: Message): void;
  /** A whole element that makes no sense, in plain words; reading goes on after it. */
  complain(reason: string): void;
}

/**
 * A stream of INDI, cut anywhere, into messages; memory is bounded by the limits whatever comes. What stands between
 * top-level elements is passed over, elements of unknown names with all they hold; within an element nothing is.
 */
export class Reader {
  readonly #scanner: Scanner;
  readonly #reading: Reading;
  readonly #limits: Limits;
  /** Names of the open elements. */
  readonly #open: string[] = [];
  #attributes: Attributes = {};
  #children: Child[] = [];
  #text: Uint8Array[] = [];
  /** So many of them are ours; the others lie in the chunk that is being read. */
  #copied = 0;
  #textBytes = 0;
  #messageBytes = 0;
  #blob: Base64Sink | undefined;

  constructor(reading: Reading, limits: Limits) {
    this.#reading = reading;
    this.#limits = limits;
    this.#scanner = new Scanner({
      open: (name, attributes) => this.#begin(name, attributes),
      close: (name) => this.#end(name),
      text: (bytes) => this.#add(bytes),
    });
  }

  /** @throws Fault `garbled`: close the stream */
  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk);
    // What is not finished outlives the chunk, which is its giver's.
    for (let at = this.#copied; at < this.#text.length; at++) {
      this.#text[at] = Uint8Array.from(this.#text[at] as Uint8Array);
    }
    this.#copied = this.#text.length;
  }

  #begin(name: string, attributes: Attributes): void {
    if (this.#open.push(name) > DEPTH) throw new Fault('garbled', 'elements are nested too deep');
    if (this.#open.length === 1) {
      this.#attributes = attributes;
      this.#children = [];
      this.#messageBytes = 0;
    } else if (this.#open.length === 2) {
      if (this.#children.length >= CHILDREN) {
        throw new Fault('garbled', `<${this.#open[0]}> has more than ${CHILDREN} elements`);
      }
      this.#children.push({ tag: name, attributes, text: '' });
      const { blobBytes, memory } = this.#limits;
      if (name === 'oneBLOB') this.#blob = new Base64Sink(Number(attributes.size), blobBytes, memory);
    }
    this.#forgetText();
  }

  #add(bytes: Uint8Array): void {
    if (this.#open.length === 0 || this.#open.length > 2) return;
    if (this.#blob) {
      this.#blob.push(bytes);
      return;
    }
    this.#textBytes += bytes.length;
    this.#messageBytes += bytes.length;
    if (this.#textBytes > VALUE_BYTES || this.#messageBytes > MESSAGE_BYTES) {
      throw new Fault('garbled', `the text in <${this.#open.at(-1)}> is longer than ${VALUE_BYTES} bytes`);
    }
    this.#text.push(bytes);
  }

  #end(name: string): void {
    const expected = this.#open.pop();
    if (name !== expected) {
      throw new Fault('garbled', `</${name}> closes ${expected ? `<${expected}>` : 'nothing'}`);
    }
    const depth = this.#open.length;
    const child = this.#children.at(-1);
    if (depth === 1 && child) {
      if (this.#blob) child.bytes = this.#blob.end();
      else child.text = this.#textSoFar();
      this.#blob = undefined;
    }
    if (depth === 0) this.#deliver(name);
    this.#forgetText();
  }

  #deliver(tag: string): void {
    const text = this.#children.length === 0 ? this.#textSoFar() : '';
    const element = { tag, attributes: this.#attributes, children: this.#children, text };
    const understood = messageOf(element, (reason) => this.#reading.complain(reason));
    this.#children = [];
    if (typeof understood === 'string') this.#reading.complain(understood);
    else if (understood) this.#reading.receive(understood);
  }

  #textSoFar(): string {
    const [first, ...more] = this.#text;
    if (!first) return '';
    const { buffer, byteOffset, byteLength } = first;
    const bytes = more.length > 0 ? Buffer.concat(this.#text) : Buffer.from(buffer, byteOffset, byteLength);
    return unescaped(bytes.toString('utf8'));
  }

  #forgetText(): void {
    if (this.#textBytes === 0) return;
    this.#text = [];
    this.#copied = 0;
    this.#textBytes = 0;
  }
}
