import { useState } from 'preact/hooks';
import type { NetworkView } from '../src/api/network-view.ts';
import { order } from './network-state.ts';
import { agoWords, signalWords } from './network-words.ts';
import { rigUtc } from './rig.ts';

type Seen = NetworkView['seen'][number];

/** Other people's WiFis in the air, strongest first; a tap joins, or asks for the password. */
export function JoinWifi({ view }: { view: NetworkView }) {
  const [chosen, choose] = useState<Partial<Seen> | undefined>(undefined);
  const { seen, seenUtc, looking, known } = view;
  const join = async (wish: { ssid: string; password?: string; hidden?: boolean }) => {
    if (await order('POST', 'network/join', wish)) choose(undefined);
  };
  const tap = (network: Seen) => {
    const { ssid, security } = network;
    if (security === 'open' || known.some(({ name }) => name === ssid)) return void join({ ssid });
    choose(chosen?.ssid === ssid ? undefined : network);
  };
  return (
    <details class="fold panel">
      <summary>Join a WiFi</summary>
      <div class="folded">
        <ul class="targets">
          {seen.map((network) => (
            <li key={network.ssid}>
              <button
                type="button"
                class="entry"
                aria-pressed={chosen?.ssid === network.ssid}
                disabled={network.security === 'other'}
                onClick={() => tap(network)}
              >
                {network.ssid}
                <span>{aboutNetwork(network, known)}</span>
              </button>
            </li>
          ))}
        </ul>
        {chosen ? (
          <PasswordForm key={chosen.ssid} ssid={chosen.ssid} join={join} />
        ) : (
          <button type="button" class="wide" onClick={() => choose({})}>
            Another name
          </button>
        )}
        <p class="hint">{looking ? 'Looking…' : agoWords(seenUtc, rigUtc.value)}</p>
        <button type="button" class="wide" disabled={looking} onClick={() => order('POST', 'network/scan')}>
          Look around
        </button>
      </div>
    </details>
  );
}

function aboutNetwork({ ssid, signal, security }: Seen, known: NetworkView['known']): string {
  const about = known.some(({ name }) => name === ssid)
    ? 'known'
    : { open: 'open', other: 'wants more than a password', wpa2: '', wpa3: '' }[security];
  return [signalWords(signal), about].filter(Boolean).join(' · ');
}

/** @param ssid absent: one that does not tell its name */
function PasswordForm({
  ssid,
  join,
}: {
  ssid: string | undefined;
  join(wish: { ssid: string; password?: string; hidden?: boolean }): void;
}) {
  const [name, setName] = useState(ssid ?? '');
  const [password, setPassword] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    const hidden = ssid === undefined && { hidden: true };
    if (name !== '') join({ ssid: name, ...(password !== '' && { password }), ...hidden });
  };
  return (
    <form class="settings" onSubmit={submit}>
      {ssid === undefined && (
        <label class="field">
          <span>Name of the WiFi</span>
          <input
            {...{ autocomplete: 'off', autocapitalize: 'off', spellcheck: false, maxLength: 32, value: name }}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
      )}
      <label class="field">
        <span>Password{ssid !== undefined && ` of ${ssid}`}</span>
        <input
          {...{
            autocomplete: 'off',
            autocapitalize: 'off',
            spellcheck: false,
            maxLength: 64,
            value: password,
          }}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Join</button>
    </form>
  );
}
