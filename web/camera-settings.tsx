import { effect, signal } from '@preact/signals';
import type { DeviceView } from '../src/api/views.ts';
import { roundStep } from './ladder.ts';
import { Choice, Stepper } from './parts.tsx';
import { camera, operate, state, wheel } from './rig.ts';
import { settingText } from './words.ts';

type Camera = NonNullable<DeviceView['capabilities']['camera']>;

/** What the next picture is taken with; undefined: as the camera has it. */
export const wanted = {
  gain: signal<number | undefined>(undefined),
  offset: signal<number | undefined>(undefined),
};

let before: string | undefined;
/** What was wanted of one camera means nothing to another. */
effect(() => {
  const id = camera.value?.id;
  if (id === before) return;
  before = id;
  wanted.gain.value = undefined;
  wanted.offset.value = undefined;
});

/** Gain or offset; a photo camera's gain has names, its ISO numbers. */
export function Amount({ name, able }: { name: 'gain' | 'offset'; able: Camera }) {
  const range = able[name];
  if (!range) return null;
  const { min, max, names } = range;
  const value = Math.min(max, Math.max(min, wanted[name].value ?? range.value));
  const step = names ? 1 : roundStep(min, max);
  const to = (next: number) => () => {
    wanted[name].value = Math.min(max, Math.max(min, next));
  };
  const text = names?.[value - min] ?? settingText(value);
  return <Stepper label={name} text={text} less={to(value - step)} more={to(value + step)} />;
}

/** For a camera that can keep what it has gathered. */
export function FinishEarly({ device, able }: { device: DeviceView; able: Camera }) {
  if (!able.finish || able.state !== 'exposing') return null;
  return (
    <button type="button" onClick={() => operate(device.id, 'camera/finish')}>
      Finish early and keep it
    </button>
  );
}

export function Readout({ device, able }: { device: DeviceView; able: Camera }) {
  const { readout } = able;
  if (!readout?.names || readout.names.length < 2) return null;
  return (
    <Choice
      label="readout"
      options={readout.names.map((name, index) => ({ name, value: readout.min + index }))}
      value={readout.value}
      choose={(value) => void operate(device.id, 'camera/readout', { value })}
    />
  );
}

export function Filters() {
  const device = wheel.value;
  const able = device?.capabilities.wheel;
  if (!device || !able) return null;
  const names = state.value.rig?.filters ?? [];
  return (
    <Choice
      label="filter"
      options={Array.from({ length: able.slots }, (_, index) => ({
        value: index + 1,
        name: names[index] ?? String(index + 1),
      }))}
      value={able.slot}
      disabled={device.status.state !== 'connected' || able.slot === undefined}
      choose={(slot) => void operate(device.id, 'wheel/select', { slot })}
    />
  );
}
