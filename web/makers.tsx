import { useEffect, useState } from 'preact/hooks';
import type { KitView } from '../src/api/driver-view.ts';
import { SureButton } from './forms.tsx';
import { ask, complain, request, say } from './rig.ts';

interface Licence {
  texts: readonly { package: string; text: string }[];
  digest: string;
}

/** While something is being fetched. */
const LOOK_MS = 700;

/** Camera makers' own drivers, with closed parts: fetched, their licence read, installed on the unit's data disk. */
export function MakersDrivers() {
  const [open, setOpen] = useState(false);
  const [kits, show] = useState<readonly KitView[] | undefined>(undefined);
  const look = () =>
    request<{ kits: KitView[] }>('GET', 'drivers').then((answer) => show(answer.kits), complain);
  const fetching = kits?.some(({ run }) => run) ?? false;
  useEffect(() => {
    if (!open) return;
    void look();
    if (!fetching) return;
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [open, fetching]);
  return (
    <details class="fold panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Makers' drivers</summary>
      <div class="folded">
        <p class="hint">With parts that only their makers have the source of. Fetching needs the internet.</p>
        {kits?.map((kit) => (
          <Kit key={kit.id} kit={kit} look={look} />
        ))}
        <GiveFile look={look} />
      </div>
    </details>
  );
}

interface KitParts {
  kit: KitView;
  look(): Promise<void>;
}

function Kit({ kit, look }: KitParts) {
  const { id, maker, devices, note, packages, downloadBytes, ready, installed, run, trouble } = kit;
  const [licence, read] = useState<Licence | undefined>(undefined);
  const then = async (taken: Promise<boolean>) => {
    await taken;
    await look();
  };
  const accept = async (digest: string) => {
    if (!(await ask(`drivers/${id}/install`, { licence: digest }))) return look();
    say(`${maker}'s drivers are installed: add them under Add a driver.`);
    read(undefined);
    await look();
  };
  return (
    <div class="field" role="group" aria-label={maker}>
      <b>{maker}</b>
      <span>
        {devices}. Licence: {kit.licence}.
      </span>
      {note && !installed && !ready && <p class="hint">{note}</p>}
      {installed ? (
        <p class="hint">Installed: {versions(installed.packages)}.</p>
      ) : (
        packages.length > 0 && <p class="hint">{versions(packages)}</p>
      )}
      {trouble && <p class="notice">{trouble}</p>}
      {run && (
        <>
          <p class="hint">
            {run.note ?? 'fetching'}
            {run.fraction !== undefined && ` · ${Math.round(run.fraction * 100)} %`}
          </p>
          <button type="button" onClick={() => then(ask(`runs/${run.id}`, undefined, 'DELETE'))}>
            Stop
          </button>
        </>
      )}
      {licence && (
        <>
          <pre>{licence.texts.map(({ package: name, text }) => `${name}\n\n${text}`).join('\n\n')}</pre>
          <div class="pair">
            <button type="button" onClick={() => read(undefined)}>
              Not now
            </button>
            <button type="button" onClick={() => void accept(licence.digest)}>
              Accept and install
            </button>
          </div>
        </>
      )}
      {!run && !licence && (
        <div class="row">
          {ready ? (
            <button
              type="button"
              onClick={() => request<Licence>('GET', `drivers/${id}/licence`).then(read, complain)}
            >
              Read the licence
            </button>
          ) : (
            downloadBytes > 0 &&
            !installed && (
              <button type="button" onClick={() => then(ask(`drivers/${id}/fetch`))}>
                Fetch {(downloadBytes / 1e6).toFixed(1)} MB
              </button>
            )
          )}
          {(installed || ready || trouble) && (
            <SureButton
              label="Remove"
              sure="Remove them?"
              act={() => void then(ask(`drivers/${id}`, undefined, 'DELETE'))}
            />
          )}
        </div>
      )}
    </div>
  );
}

const versions = (packages: readonly { name: string; version: string }[]): string =>
  packages.map(({ name, version }) => `${name} ${version}`).join(', ');

/** From this phone's own files, where the unit has no internet or nobody may be asked for them. */
function GiveFile({ look }: { look(): Promise<void> }) {
  const give = async (file: File) => {
    const name = file.name.replace(/[^\w.+~-]+/g, '_');
    try {
      const headers = { 'content-type': 'application/octet-stream' };
      const { kits } = await request<{ kits: { id: string; lacks?: string }[] }>(
        'PUT',
        `drivers/files/${encodeURIComponent(name)}`,
        undefined,
        { headers, body: file },
      );
      const ready = kits.filter(({ lacks }) => lacks === undefined).map(({ id }) => id);
      say(
        ready.length > 0 ? `${ready.join(', ')}: read the licence, then install.` : 'Taken; more is needed.',
      );
    } catch (error) {
      complain(error);
    }
    await look();
  };
  return (
    <label class="field">
      <span>Or give a file of this phone: a package (.deb), or several in one archive (.tar)</span>
      <input
        type="file"
        accept=".deb,.tar,.gz,.xz,.tgz,application/octet-stream"
        aria-label="a driver's file"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void give(file);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}
