import type { FamilyView, PlaceKind, PlaceSpec } from '../src/api/gear-view.ts';

/** What a family is to an observer, first of all: the first of these that it provides. */
const words: readonly [FamilyView['provides'][number], string][] = [
  ['mount', 'Mounts'],
  ['camera', 'Cameras'],
  ['focuser', 'Focusers'],
  ['wheel', 'Filter wheels'],
  ['rotator', 'Rotators'],
  ['dome', 'Domes'],
  ['cover', 'Dust covers and flat lights'],
  ['light', 'Dust covers and flat lights'],
  ['power', 'Power and dew'],
  ['weather', 'Weather and sensors'],
  ['gps', 'GPS'],
];
const OTHER = 'Others';

/** The families under the words of the field, in the order of a rig. */
export function grouped(families: readonly FamilyView[]): [kind: string, families: FamilyView[]][] {
  const kinds = [...new Set(words.map(([, kind]) => kind)), OTHER];
  const kindOf = ({ provides }: FamilyView) =>
    words.find(([capability]) => provides.includes(capability))?.[1] ?? OTHER;
  return kinds.flatMap((kind) => {
    const members = families.filter((family) => kindOf(family) === kind);
    return members.length > 0 ? [[kind, members] as [string, FamilyView[]]] : [];
  });
}

const hints: Record<PlaceKind, string> = {
  serial: '/dev/serial/by-id/…',
  tcp: 'host:port',
  http: 'host:port',
  i2c: 'bus and address: 1 0x76',
  gpio: 'gpiochip0',
  w1: '28-000000000001',
};

/** What to type for a place of one of these kinds. */
export const placeHint = (kinds: readonly PlaceKind[]): string =>
  kinds.map((kind) => hints[kind]).join(', or ');

/** What was typed, as a place of one of these kinds; undefined where it is none. */
export function typedPlace(kinds: readonly PlaceKind[], typed: string): PlaceSpec | undefined {
  const text = typed.trim();
  for (const kind of kinds) {
    const place = readers[kind](text);
    if (place) return place;
  }
  return undefined;
}

const HOST = /^[^:/\s]+:\d+$/;

const readers: Record<PlaceKind, (text: string) => PlaceSpec | undefined> = {
  serial: (text) => (text.startsWith('/dev/') ? { serial: text } : undefined),
  tcp: (text) => (HOST.test(text) ? { tcp: text } : undefined),
  http: (text) => {
    const address = text.replace(/^http:\/\//, '').replace(/\/$/, '');
    return HOST.test(address) ? { http: address } : undefined;
  },
  i2c: (text) => {
    const [, bus = '1', number] = /^(?:(\d+)[\s,:]+)?(0x[0-9a-f]{2}|\d+)$/i.exec(text) ?? [];
    return number === undefined ? undefined : { i2c: { bus: Number(bus), address: Number(number) } };
  },
  gpio: (text) => (/^[\w-]+$/.test(text) ? { gpio: { chip: text } } : undefined),
  w1: (text) => (/^[0-9a-f]{2}-[0-9a-f]{12}$/i.test(text) ? { w1: text.toLowerCase() } : undefined),
};
