import { useEffect, useState } from 'preact/hooks';
import type { CatalogueEntry, ProgramView } from '../src/api/program-view.ts';
import { ask, complain, request, say } from './rig.ts';
import { freeId } from './words.ts';

const TYPING_MS = 250;
const SHOWN = 30;

interface Found {
  entries: readonly CatalogueEntry[];
  total: number;
}

const add = async (programs: readonly ProgramView[], name: string, more: object): Promise<boolean> => {
  const id = freeId(
    name,
    programs.map((program) => program.id),
  );
  const taken = await ask('programs', { id, ...more });
  if (taken) say(`${name} starts; what it brings is listed under Devices.`);
  return taken;
};

/** A search in all that INDI's catalogue names; what is not installed is shown, and what to do about it. */
export function AddDriver({ programs }: { programs: readonly ProgramView[] }) {
  const [words, setWords] = useState('');
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<Found | undefined>(undefined);
  /** Runs already: under which name shall it run once more? */
  const [twin, setTwin] = useState<CatalogueEntry | undefined>(undefined);
  useEffect(() => {
    if (!open) return;
    let stale = false;
    const query = new URLSearchParams({ search: words, limit: String(SHOWN) });
    const timer = setTimeout(() => {
      request<Found>('GET', `catalogue?${query}`).then((answer) => stale || setFound(answer), complain);
    }, TYPING_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [words, open]);
  const choose = (entry: CatalogueEntry) => {
    if (programs.some(({ executable }) => executable === entry.executable)) return setTwin(entry);
    void add(programs, entry.executable, { executable: entry.executable });
  };
  return (
    <details class="fold panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Add a driver</summary>
      <div class="folded">
        <input
          type="search"
          placeholder="maker, device or kind"
          aria-label="search drivers"
          autocomplete="off"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        {twin && (
          <NameForm
            entry={twin}
            act={async (name) => {
              const { executable } = twin;
              if (await add(programs, executable, { executable, name })) setTwin(undefined);
            }}
          />
        )}
        {found && (
          <ul class="targets">
            {found.entries.map((entry) => (
              <Entry key={`${entry.label} ${entry.executable}`} entry={entry} choose={choose} />
            ))}
          </ul>
        )}
        {found && found.total > found.entries.length && (
          <p class="hint">{found.total - found.entries.length} more: search for maker or device.</p>
        )}
        {found?.total === 0 && (
          <p class="hint">
            {words.trim()
              ? "No driver of that name. Cameras with closed drivers: see Makers' drivers."
              : 'No INDI drivers here: install the package indi-bin.'}
          </p>
        )}
      </div>
    </details>
  );
}

function Entry({ entry, choose }: { entry: CatalogueEntry; choose(entry: CatalogueEntry): void }) {
  const { label, manufacturer, group, executable, installed } = entry;
  return (
    <li>
      <button type="button" class="entry" disabled={!installed} onClick={() => choose(entry)}>
        {label}
        <span>{[manufacturer, group].filter(Boolean).join(' · ')}</span>
        {!installed && <span>Not installed: add the package that brings {executable}.</span>}
      </button>
    </li>
  );
}

function NameForm({ entry, act }: { entry: CatalogueEntry; act(name: string): void }) {
  const [name, setName] = useState(`${entry.label} 2`);
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim()) act(name.trim());
  };
  return (
    <form class="settings" onSubmit={submit}>
      <label class="field">
        <span>{entry.executable} runs already. Name of the second device:</span>
        <input maxLength={63} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <button type="submit">Add it once more</button>
    </form>
  );
}

/** Another INDI server, on another computer perhaps. */
export function AddServer({ programs }: { programs: readonly ProgramView[] }) {
  const [address, setAddress] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const remote = address.trim();
    if (!remote) return say('Type its address: host:port, or device@host:port.', 'error');
    if (await add(programs, remote, { remote })) setAddress('');
  };
  return (
    <details class="fold panel">
      <summary>Join another INDI server</summary>
      <form class="folded goto" onSubmit={submit}>
        <input
          placeholder="host:port, device@host:port"
          aria-label="address of the server"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={address}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
        <button type="submit">Join</button>
      </form>
    </details>
  );
}
