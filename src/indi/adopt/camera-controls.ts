import type { Control } from '../../device/camera.ts';
import type { Hosted } from './hosted.ts';
import { choose, command, elementCell, labelOf, numberIn, rangeOf, writable } from './tools.ts';

/** Of a number without limits. */
const WIDEST = 65_535;
const READOUT = /READ_?OUT|READ_?MODE/i;

/** Found as KStars does: an element of that name or label in any number vector, whoever made the driver. */
export function namedControl(hosted: Hosted, word: 'gain' | 'offset'): Control | undefined {
  for (const property of hosted.names.value) {
    const seen = hosted.property(property);
    if (seen?.kind !== 'number' || !writable(hosted, property)) continue;
    const found = seen.definition.elements.find(({ name, label }) =>
      [name, label].some((text) => text.trim().toLowerCase() === word),
    );
    if (found) return numberControl(hosted, property, found.name);
  }
  return undefined;
}

/** The sensitivities of a photo camera, as a gain with words. */
export const isoControl = (hosted: Hosted): Control | undefined => switchControl(hosted, 'CCD_ISO');

/** A readout mode where there is one, otherwise the format of the pixels. */
export function readoutControl(hosted: Hosted): Control | undefined {
  for (const property of hosted.names.value) {
    if (!READOUT.test(property) || !writable(hosted, property)) continue;
    const seen = hosted.property(property);
    const first = seen?.definition.elements[0]?.name;
    const control =
      seen?.kind === 'number' && first
        ? numberControl(hosted, property, first)
        : switchControl(hosted, property);
    if (control) return control;
  }
  return switchControl(hosted, 'CCD_CAPTURE_FORMAT') ?? switchControl(hosted, 'CCD_VIDEO_FORMAT');
}

function numberControl(hosted: Hosted, property: string, element: string): Control {
  const limits = () => {
    const { min, max } = rangeOf(hosted, property, element) ?? { min: 0, max: 0 };
    return max > min ? { min, max } : { min: 0, max: WIDEST };
  };
  const value = elementCell(hosted, property, limits().min, (seen) => numberIn(seen, element));
  return {
    value,
    get min() {
      return limits().min;
    },
    get max() {
      return limits().max;
    },
    // The whole vector, for drivers that take an element left out for an error.
    set: (wanted, run) =>
      command(hosted, property, { ...numbersOf(hosted, property), [element]: wanted }, run),
  };
}

function numbersOf(hosted: Hosted, property: string): Record<string, number> {
  const values = Object.entries(hosted.property(property)?.values ?? {});
  return Object.fromEntries(
    values.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** One of several, by its place. Undefined for fewer than two: there is nothing to choose. */
function switchControl(hosted: Hosted, property: string): Control | undefined {
  const seen = hosted.property(property);
  if (seen?.kind !== 'switch' || !writable(hosted, property)) return undefined;
  const elements = seen.definition.elements.map(({ name }) => name);
  if (elements.length < 2) return undefined;
  const value = elementCell(hosted, property, 0, ({ values }) => {
    const place = elements.findIndex((name) => values[name] === true);
    return place < 0 ? undefined : place;
  });
  return {
    value,
    min: 0,
    max: elements.length - 1,
    names: elements.map((name) => labelOf(hosted, property, name)),
    set: (place, run) => command(hosted, property, choose(hosted, property, elements[place] ?? ''), run),
  };
}
