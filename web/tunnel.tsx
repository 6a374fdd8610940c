import { useState } from 'preact/hooks';
import type { NetworkView, PeerView } from '../src/api/network-view.ts';
import { SureButton } from './forms.tsx';
import { look, order } from './network-state.ts';
import { likelyEndpoint } from './network-words.ts';
import { Fact } from './parts.tsx';
import { QrCode } from './qr-code.tsx';
import { complain, request, say } from './rig.ts';

/** WireGuard: who may reach the unit from elsewhere. What a phone needs for it is shown once. */
export function TunnelView({ view }: { view: NetworkView }) {
  const [made, setMade] = useState<PeerView | undefined>(undefined);
  const { peers, port } = view.tunnel;
  return (
    <details class="fold panel" onToggle={(event) => event.currentTarget.open || setMade(undefined)}>
      <summary>
        From elsewhere <span class="hint">{peers.length > 0 ? `${peers.length} let in` : 'nobody'}</span>
      </summary>
      <div class="folded">
        <p class="hint">
          With the WireGuard app a phone reaches this unit through the internet. The router at home must lead
          UDP {port} to the unit.
        </p>
        {peers.map(({ name, address }) => (
          <div class="field" key={name} role="group" aria-label={name}>
            <Fact name={name}>{address}</Fact>
            <SureButton
              label="Remove"
              sure="Let it in no more?"
              act={() => void order('DELETE', `network/tunnel/peers/${encodeURIComponent(name)}`)}
            />
          </div>
        ))}
        {made ? (
          <div class="field" role="group" aria-label={`access for ${made.name}`}>
            <span>For {made.name}: shown this once. In the WireGuard app: add, from QR code.</span>
            <QrCode svg={made.qr} label={`WireGuard code for ${made.name}`} />
            <pre>{made.config}</pre>
            <button type="button" onClick={() => setMade(undefined)}>
              Done
            </button>
          </div>
        ) : (
          <PeerForm view={view} made={setMade} />
        )}
      </div>
    </details>
  );
}

function PeerForm({ view, made }: { view: NetworkView; made(peer: PeerView): void }) {
  const [name, setName] = useState('');
  const [endpoint, setEndpoint] = useState(likelyEndpoint(view));
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim() === '' || endpoint.trim() === '') return say('Type a name and an address.', 'error');
    const body = { name: name.trim(), endpoint: endpoint.trim() };
    request<PeerView>('POST', 'network/tunnel/peers', body).then((peer) => {
      made(peer);
      return look();
    }, complain);
  };
  return (
    <form class="settings" onSubmit={submit}>
      <label class="field">
        <span>Let in (a name for the phone)</span>
        <input
          {...{ autocomplete: 'off', maxLength: 40, value: name }}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Reached under (the router's name or address)</span>
        <input
          {...{ autocomplete: 'off', autocapitalize: 'off', spellcheck: false, value: endpoint }}
          onInput={(event) => setEndpoint(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Make its keys</button>
    </form>
  );
}
