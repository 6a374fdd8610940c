import { isMotion } from '../adopt/motions.ts';
import type { DefVector, Kind, NewVector, One } from '../message.ts';
import type { Seen } from '../mirror.ts';

/** Said again later they would be wrong (the time of then), or are no settings but deeds. */
const deeds: ReadonlySet<string> = new Set(['CONNECTION', 'TIME_UTC', 'CONFIG_PROCESS', 'FITS_HEADER']);

/** What a device was told to be, so that it can be told again after its program was started anew. */
export class Remembered {
  /** Element to value, by property. */
  readonly #values = new Map<string, Map<string, One<Kind>['value']>>();

  /** Takes note of a command; a button or a motion is not remembered. */
  note({ name, kind, perm, rule }: DefVector, command: NewVector): void {
    if (command.kind !== kind || kind === 'blob' || kind === 'light' || perm !== 'rw') return;
    if (rule === 'AtMostOne' || deeds.has(name) || moves(name)) return;
    const values = (rule !== 'OneOfMany' && this.#values.get(name)) || new Map();
    for (const one of command.elements) values.set(one.name, one.value);
    this.#values.set(name, values);
  }

  /** The device would not have it. */
  forget(name: string): void {
    this.#values.delete(name);
  }

  /** What makes the property again what it was told to be; undefined: it is, or was told nothing. */
  command({ definition, values }: Seen): NewVector | undefined {
    const { device, name, kind } = definition;
    const wanted = [...(this.#values.get(name) ?? [])].filter(([element]) => Object.hasOwn(values, element));
    if (wanted.every(([element, value]) => Object.is(values[element], value))) return undefined;
    const elements = wanted.map(([element, value]) => ({ name: element, value }));
    return { type: 'new', kind, device, name, elements } as NewVector;
  }
}

/** By the table, and by name where a driver has its own: nothing moves or exposes again unasked. */
const moves = (property: string): boolean =>
  isMotion(property) ||
  (property !== 'GEOGRAPHIC_COORD' &&
    /COORD$|MOTION|EXPOSURE|STREAM|RECORD|PARK|HOME|SYNC|GUIDE_(NS|WE)|GOTO|MOVE|POSITION|ANGLE|ABORT|SHUTTER|PULSE|TIMER/.test(
      property,
    ));
