import type { ComponentChild } from 'preact';
import type { DeviceView } from '../src/api/views.ts';
import { DewView } from './dew.tsx';
import { CoverView, DomeView, LightView, RotatorView } from './enclosure.tsx';
import { LinesView, PowerView } from './outputs.tsx';
import { state } from './rig.ts';
import { GpsView, WeatherView } from './sensing.tsx';

type Able = DeviceView['capabilities'];
type Kind = 'dome' | 'cover' | 'light' | 'rotator' | 'dew' | 'power' | 'lines' | 'weather' | 'gps';

/** What a card is given: the device, and of it the capability that the card shows. */
export interface CardParts<K extends keyof Able> {
  device: DeviceView;
  able: NonNullable<Able[K]>;
}

const cards: { [K in Kind]: (parts: CardParts<K>) => ComponentChild } = {
  dome: DomeView,
  cover: CoverView,
  light: LightView,
  rotator: RotatorView,
  dew: DewView,
  power: PowerView,
  lines: LinesView,
  weather: WeatherView,
  gps: GpsView,
};
const kinds = Object.keys(cards) as Kind[];

/** Whether there is anything that has no page of its own. */
export const hasGear = (devices: readonly DeviceView[]): boolean =>
  devices.some(({ capabilities }) => kinds.some((kind) => capabilities[kind]));

/** All that stands round the telescope. */
export function GearPage() {
  return <>{kinds.flatMap((kind) => state.value.devices.map((device) => cardOf(kind, device)))}</>;
}

function cardOf<K extends Kind>(kind: K, device: DeviceView): ComponentChild {
  const able = device.capabilities[kind];
  const View = cards[kind] as (parts: CardParts<K>) => ComponentChild;
  return able && <View key={`${kind} ${device.id}`} device={device} able={able as NonNullable<Able[K]>} />;
}
