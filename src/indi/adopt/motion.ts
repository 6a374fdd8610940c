import type { CapabilityName } from '../../device/capabilities.ts';
import type { Compass } from '../../device/mount.ts';
import type { Direction } from '../../sky/direction.ts';
import type { Site } from '../../sky/site.ts';

/** What writing a property of an INDI driver sets in motion; the words of which the table in `motions.ts` is made. */
export interface Motion {
  /** Absent: no limit of ours knows this kind of device. */
  readonly capability?: CapabilityName;
  /** Of the device; those of `head` belong to its guide head. */
  readonly lanes: readonly string[];
  readonly head?: true;
  readonly means: Meaning | ((words: Words) => Meaning);
  /** The switch that ends it. */
  readonly halt?: Halt;
  /** Its device reports it on its own: what is not Busy right after the command may be older than that. */
  readonly reports?: true;
}

export interface Meaning {
  /**
   * `moves`: holds the lanes while the property is Busy; `held`: until it is released; `released`: that, for whoever
   * holds it; `touches`: is over at once, and only for the one whose turn it is; `stops`: passes always.
   */
  readonly how: 'moves' | 'held' | 'released' | 'touches' | 'stops';
  /** Of the capability, for the guard. */
  readonly operation?: string;
  readonly args?: object;
  /** Why it is not done at all, whatever the guard says. */
  readonly refusal?: string;
}

export interface Halt {
  readonly property: string;
  readonly element: string;
}

/** A command, read together with what the device said before. */
export interface Words {
  /** The switch that the command sets On. */
  readonly chosen: string | undefined;
  /** An element as commanded, else as it is; NaN: neither. */
  number(element: string): number;
  /** Whether that switch of another property is On, and nobody has asked for a change. */
  isOn(property: string, element: string): boolean;
  readonly utc: number;
  readonly site: Site | undefined;
}

export const AXES = ['ra', 'dec'];
export const haltMount = { property: 'TELESCOPE_ABORT_MOTION', element: 'ABORT' };

export const touches = (
  lanes: readonly string[],
  capability?: CapabilityName,
  operation?: string,
): Motion => ({
  ...(capability && { capability }),
  lanes,
  means: { how: 'touches', ...(operation !== undefined && { operation }) },
});

export const stops = (capability: CapabilityName, lanes: readonly string[]): Motion => ({
  capability,
  lanes,
  means: ({ chosen }) => ({ how: chosen === undefined ? 'touches' : 'stops' }),
});

/** A slew or a sync, as ON_COORD_SET says; when in doubt a slew, for that is judged. */
export const coordinates = (place: (words: Words) => Direction): Motion => ({
  capability: 'mount',
  lanes: AXES,
  halt: haltMount,
  reports: true,
  means: (words) => {
    const sync = words.isOn('ON_COORD_SET', 'SYNC');
    return { how: sync ? 'touches' : 'moves', operation: sync ? 'sync' : 'slewTo', args: place(words) };
  },
});

export const paddle = (lane: 'ra' | 'dec', directions: Readonly<Record<string, Compass>>): Motion => ({
  capability: 'mount',
  lanes: [lane],
  means: ({ chosen }) =>
    chosen === undefined
      ? { how: 'released' }
      : { how: 'held', operation: 'move', args: { direction: directions[chosen] } },
});

/** The longest pulse, ours and a client's: it ends by itself alone. */
export const MOST_PULSE_MS = 60_000;

export const pulse = (lane: 'ra' | 'dec', directions: Readonly<Record<string, Compass>>): Motion => ({
  capability: 'guide',
  lanes: [lane],
  means: (words) => {
    const elements = Object.keys(directions);
    if (elements.some((name) => words.number(name) > MOST_PULSE_MS))
      return { how: 'moves', refusal: `a pulse is ${MOST_PULSE_MS} ms at most` };
    const element = elements.find((name) => words.number(name) > 0);
    if (element === undefined) return { how: 'touches' };
    const args = { direction: directions[element], milliseconds: words.number(element) };
    return { how: 'moves', operation: 'pulse', args };
  },
});

export const moves = (
  capability: CapabilityName,
  lanes: readonly string[],
  operation: string,
  halt?: Halt,
  args?: (words: Words) => object,
): Motion => ({
  capability,
  lanes,
  ...(halt && { halt }),
  means: (words) => ({ how: 'moves', operation, ...(args && { args: args(words) }) }),
});

/** Park and unpark, open and close, find home: by the switch that is chosen; one without an operation only touches. */
export const byChoice = (
  capability: CapabilityName,
  lanes: readonly string[],
  choices: Readonly<Record<string, Meaning>>,
  halt?: Halt,
): Motion => ({
  capability,
  lanes,
  ...(halt && { halt }),
  means: ({ chosen }) => choices[chosen ?? ''] ?? { how: 'touches' },
});

export const exposure = (property: 'CCD' | 'GUIDER'): Motion => ({
  ...moves(
    'camera',
    ['camera'],
    'expose',
    { property: `${property}_ABORT_EXPOSURE`, element: 'ABORT' },
    (words) => ({
      seconds: words.number(`${property}_EXPOSURE_VALUE`),
      type: 'light',
    }),
  ),
  ...(property === 'GUIDER' && { head: true }),
});
