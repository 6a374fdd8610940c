import { useEffect, useRef, useState } from 'preact/hooks';
import type { FamilyView, PlaceSpec, SeenPlace } from '../src/api/gear-view.ts';
import type { DeviceView } from '../src/api/views.ts';
import { SureButton } from './forms.tsx';
import { grouped, placeHint, typedPlace } from './places.ts';
import { ask, complain, request, say } from './rig.ts';
import { Field } from './settings.tsx';

type Values = Readonly<Record<string, string | number | boolean>>;

const families = async (): Promise<readonly FamilyView[]> =>
  (await request<{ families: FamilyView[] }>('GET', 'gear/families')).families;

/** A device that Nightjar drives itself: which one, where it is plugged in, how it shall be set. */
export function AddDevice() {
  const [known, setKnown] = useState<readonly FamilyView[] | undefined>(undefined);
  const [chosen, choose] = useState<string | undefined>(undefined);
  const look = () => families().then(setKnown, complain);
  const family = known?.find(({ id }) => id === chosen);
  const toggle = (open: boolean) => {
    if (open) void look();
    else choose(undefined);
  };
  return (
    <details class="fold panel" onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>Add a device</summary>
      <div class="folded">
        {family ? (
          <NewDevice
            key={family.id}
            family={family}
            look={look}
            back={() => {
              choose(undefined);
              void look();
            }}
          />
        ) : (
          <>
            <p class="hint">What Nightjar drives itself. Any other: add an INDI driver below.</p>
            {grouped(known ?? []).map(([kind, members]) => (
              <div class="field" key={kind} role="group" aria-label={kind}>
                <span>{kind}</span>
                <ul class="targets">
                  {members.map(({ id, label, places }) => (
                    <li key={id}>
                      <button type="button" class="entry" onClick={() => choose(id)}>
                        {label}
                        {seenWords(places)}
                      </button>
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </>
        )}
      </div>
    </details>
  );
}

function seenWords(places: readonly SeenPlace[]) {
  const likely = places.find((place) => place.likely && place.user === undefined);
  return likely && <span>May be the {likely.title}</span>;
}

function NewDevice({ family, look, back }: { family: FamilyView; look(): void; back(): void }) {
  const [label, name] = useState(family.label);
  const [port, setPort] = useState<PlaceSpec | undefined>(() => onlyLikely(family.places));
  const [settings, set] = useState<Values>({});
  const form = useRef<HTMLFormElement>(null);
  // The list that it stands for was longer.
  useEffect(() => form.current?.scrollIntoView({ block: 'start' }), []);
  const add = async (event: Event) => {
    event.preventDefault();
    if (!port) return say('Choose where it is plugged in, or type its address.', 'error');
    if (!(await ask('gear', { label: label.trim(), driver: family.id, port, settings }))) return;
    say(`${label} is added and connects.`);
    back();
  };
  return (
    <form ref={form} class="settings" aria-label={`add ${family.label}`} onSubmit={add}>
      <label class="field">
        <span>Name</span>
        <input maxLength={63} value={label} onInput={(event) => name(event.currentTarget.value)} />
      </label>
      <Places family={family} port={port} choose={setPort} look={look} />
      {Object.entries(family.settings).map(([key, setting]) => (
        <Field
          key={key}
          setting={{ ...setting, value: settings[key] ?? setting.initial }}
          set={(value) => set({ ...settings, [key]: value })}
        />
      ))}
      <div class="pair">
        <button type="button" onClick={back}>
          Back
        </button>
        <button type="submit">Add</button>
      </div>
    </form>
  );
}

/** Where there is just one that may be it, it is that one. */
function onlyLikely(places: readonly SeenPlace[]): PlaceSpec | undefined {
  const likely = places.filter((place) => place.likely && place.user === undefined);
  return likely.length === 1 ? likely[0]?.place : undefined;
}

interface PlacesParts {
  family: FamilyView;
  port: PlaceSpec | undefined;
  choose(port: PlaceSpec | undefined): void;
  look(): void;
}

/** What is plugged in now, by name; and a line to type what cannot be seen from here. */
function Places({ family: { places, typed }, port, choose, look }: PlacesParts) {
  const [text, type] = useState('');
  const same = (place: PlaceSpec) => JSON.stringify(place) === JSON.stringify(port);
  const write = (value: string) => {
    type(value);
    choose(value.trim() === '' ? undefined : typedPlace(typed, value));
  };
  return (
    <div class="field" role="group" aria-label="where it is">
      <span>Where it is plugged in</span>
      <ul class="targets">
        {places.map(({ place, title, likely, user }) => (
          <li key={title}>
            <button
              type="button"
              class="entry"
              aria-pressed={same(place)}
              disabled={user !== undefined}
              onClick={() => {
                type('');
                choose(place);
              }}
            >
              {title}
              {user !== undefined ? <span>{user} is there</span> : likely && <span>Likely this one</span>}
            </button>
          </li>
        ))}
      </ul>
      <span>
        {places.length > 0 ? 'Or type' : 'Type'} its address: {placeHint(typed)}
      </span>
      <div class="goto">
        <input
          placeholder="address"
          aria-label="its address"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
        />
        <button type="button" onClick={look}>
          Look again
        </button>
      </div>
    </div>
  );
}

/** On the card of a device of Nightjar's own: remove it, or change its name and its place. */
export function OwnDevice({ device: { id, label, driver, keptBy, port } }: { device: DeviceView }) {
  const [family, setFamily] = useState<FamilyView | undefined>(undefined);
  if (keptBy !== 'owner') {
    return <p class="hint">At {port}. It is named in the bench file: change or remove it there.</p>;
  }
  const look = () => families().then((all) => setFamily(all.find((each) => each.id === driver)), complain);
  if (family) {
    return (
      <ChangeDevice id={id} label={label} family={family} look={look} done={() => setFamily(undefined)} />
    );
  }
  return (
    <>
      <p class="hint">At {port}.</p>
      <div class="pair">
        <button type="button" onClick={look}>
          Change
        </button>
        <SureButton
          label="Remove"
          sure="Remove it?"
          act={() => void ask(`gear/${id}`, undefined, 'DELETE')}
        />
      </div>
    </>
  );
}

interface ChangeParts {
  id: string;
  label: string;
  family: FamilyView;
  look(): void;
  done(): void;
}

function ChangeDevice({ id, label, family, look, done }: ChangeParts) {
  const [name, setName] = useState(label);
  const [port, setPort] = useState<PlaceSpec | undefined>(undefined);
  const save = async (event: Event) => {
    event.preventDefault();
    const changes = { ...(name.trim() !== label && { label: name.trim() }), ...(port && { port }) };
    if (!(await ask(`gear/${id}`, changes, 'PATCH'))) return;
    say(port ? 'Kept; it connects at its new place.' : 'Kept.');
    done();
  };
  return (
    <form class="settings" aria-label={`change ${label}`} onSubmit={save}>
      <label class="field">
        <span>Name</span>
        <input maxLength={63} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <Places family={family} port={port} choose={setPort} look={look} />
      <div class="pair">
        <button type="button" onClick={done}>
          Back
        </button>
        <button type="submit">Save</button>
      </div>
    </form>
  );
}
