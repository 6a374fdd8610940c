import { useEffect, useState } from 'preact/hooks';
import type { RigView } from '../src/api/views.ts';
import { ask, camera, request, say, state, wheel } from './rig.ts';

type Telescope = NonNullable<RigView['telescope']>;
type Which = 'telescope' | 'guideTelescope';

const titles: Record<Which, string> = { telescope: 'Telescope', guideTelescope: 'Guide telescope' };

/** What no device can say, and every image's header shall. */
export function FactsView() {
  const { rig } = state.value;
  if (!rig) return null;
  const { filters } = rig;
  const able = wheel.value?.capabilities.wheel;
  return (
    <details class="fold panel">
      <summary>Telescope and filters</summary>
      <div class="folded">
        <TelescopeForm which="telescope" now={rig.telescope} />
        <CatalogueWords rig={rig} />
        <TelescopeForm which="guideTelescope" now={rig.guideTelescope} />
        {able && able.names === undefined && filters.length > 0 && (
          <FiltersForm key={filters.join('|')} now={filters} />
        )}
      </div>
    </details>
  );
}

/** Whether pictures taken with this telescope can be solved. */
function CatalogueWords({ rig }: { rig: RigView }) {
  const [words, tell] = useState('');
  const sensor = camera.value?.capabilities.camera?.sensor;
  const about = `${rig.telescope?.focalLengthMm} ${sensor?.pixelMicrons.x} ${sensor?.width}×${sensor?.height}`;
  useEffect(() => {
    tell('');
    if (!rig.telescope || !sensor) return;
    request<{ message: string }>('GET', 'observatory/catalogue').then(
      ({ message }) => tell(message),
      // A unit without a catalogue has nothing to say of it.
      () => tell(''),
    );
  }, [about]);
  return words ? <p class="hint">{words}</p> : null;
}

const keep = async (facts: object) => {
  if (await ask('observatory/facts', facts, 'PUT')) say('Kept; the next picture has it.');
};

function TelescopeForm({ which, now }: { which: Which; now: Telescope | undefined }) {
  const [changes, change] = useState<Partial<Record<keyof Telescope, string>>>({});
  const text = (key: keyof Telescope) => changes[key] ?? String(now?.[key] ?? '');
  const field = (key: keyof Telescope, label: string) => (
    <label class="field">
      <span>{label}</span>
      <input
        autocomplete="off"
        inputMode={key === 'name' ? 'text' : 'decimal'}
        value={text(key)}
        onInput={({ currentTarget }) => change({ ...changes, [key]: currentTarget.value })}
      />
    </label>
  );
  const save = (event: Event) => {
    event.preventDefault();
    const [focalLengthMm, apertureMm] = [Number(text('focalLengthMm')), Number(text('apertureMm'))];
    if (!(focalLengthMm > 0 && apertureMm > 0)) {
      return say('Focal length and aperture are millimetres, please: 800 and 200.', 'error');
    }
    change({});
    void keep({ [which]: { name: text('name').trim(), focalLengthMm, apertureMm } });
  };
  return (
    <form class="settings" aria-label={titles[which]} onSubmit={save}>
      {field('name', titles[which])}
      <div class="pair">
        {field('focalLengthMm', 'focal length, mm')}
        {field('apertureMm', 'aperture, mm')}
      </div>
      <button type="submit" disabled={Object.keys(changes).length === 0}>
        Save
      </button>
    </form>
  );
}

function FiltersForm({ now }: { now: readonly string[] }) {
  const [names, rename] = useState(now);
  const save = (event: Event) => {
    event.preventDefault();
    void keep({ filters: names.map((name) => name.trim()) });
  };
  return (
    <form class="settings" aria-label="filters" onSubmit={save}>
      <div class="pair">
        {names.map((name, index) => (
          <label class="field" key={String(index)}>
            <span>filter {index + 1}</span>
            <input
              autocomplete="off"
              maxLength={40}
              value={name}
              onInput={({ currentTarget }) => rename(names.with(index, currentTarget.value))}
            />
          </label>
        ))}
      </div>
      <button type="submit" disabled={names.every((name, index) => name === now[index])}>
        Save
      </button>
    </form>
  );
}
