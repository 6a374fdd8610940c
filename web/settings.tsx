import { useState } from 'preact/hooks';
import type { DeviceView } from '../src/api/views.ts';
import { Choice, Toggle } from './parts.tsx';
import { ask, operate, say } from './rig.ts';

type Setting = DeviceView['settings'][string];
type Value = Setting['value'];

/** A driver's own knobs, as it declares them. */
export function SettingsForm({ device }: { device: DeviceView }) {
  const [changes, change] = useState<Readonly<Record<string, Value>>>({});
  const changed = Object.keys(changes).length > 0;
  const save = async (event: Event) => {
    event.preventDefault();
    if (!(await ask(`devices/${encodeURIComponent(device.id)}/settings`, changes, 'PUT'))) return;
    change({});
    if (device.status.state === 'connected') {
      say('Kept. What it reads when it connects counts from the next time on.');
    } else if (await operate(device.id, 'connect')) say('Kept; it connects.');
  };
  return (
    <form class="settings" aria-label={`settings of ${device.label}`} onSubmit={save}>
      {Object.entries(device.settings).map(([key, setting]) => (
        <Field
          key={key}
          setting={{ ...setting, value: changes[key] ?? setting.value }}
          set={(value) => change({ ...changes, [key]: value })}
        />
      ))}
      <button type="submit" disabled={!changed}>
        Save
      </button>
    </form>
  );
}

/** One knob, as its kind wants to be turned. */
export function Field({ setting, set }: { setting: Setting; set(value: Value): void }) {
  const { label, value } = setting;
  switch (setting.kind) {
    case 'switch':
      return <Toggle label={label} on={value === true} set={set} />;
    case 'choice':
      return (
        <div class="field">
          <span>{label}</span>
          <Choice
            label={label}
            wide={setting.options.some((option) => option.length > 8)}
            options={setting.options.map((option) => ({ value: option, name: option }))}
            value={String(value)}
            choose={set}
          />
        </div>
      );
    case 'number':
      return (
        <label class="field">
          <span>
            {label} ({setting.min}…{setting.max})
          </span>
          <input
            type="number"
            min={setting.min}
            max={setting.max}
            step="any"
            value={Number(value)}
            onInput={({ currentTarget }) => {
              if (currentTarget.value !== '') set(currentTarget.valueAsNumber);
            }}
          />
        </label>
      );
    case 'text':
      return (
        <label class="field">
          <span>{label}</span>
          <input
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxLength={255}
            value={String(value)}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        </label>
      );
  }
}
