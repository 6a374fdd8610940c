import { useEffect, useState } from 'preact/hooks';
import type { HotspotView, NetworkView } from '../src/api/network-view.ts';
import { SureButton } from './forms.tsx';
import { JoinWifi } from './join-wifi.tsx';
import { look, network, order } from './network-state.ts';
import { attemptWords, wayWords, whereWords } from './network-words.ts';
import { Fact, Toggle } from './parts.tsx';
import { QrCode } from './qr-code.tsx';
import { arrivals, complain, request } from './rig.ts';
import { TunnelView } from './tunnel.tsx';
import { sentence } from './words.ts';

const EVERY_MS = 3000;

/** How the unit is reached, and who else may. */
export function NetworkSection() {
  const view = network.value;
  const has = view !== undefined;
  const arrived = arrivals.value;
  useEffect(() => {
    void arrived;
    void look();
    if (!has) return;
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [arrived, has]);
  if (!view) return null;
  const attempt = attemptWords(view);
  return (
    <>
      <section aria-label="network">
        <h2>
          Network <span>{whereWords(view)}</span>
        </h2>
        {view.trouble && <p class="alert">{sentence(view.trouble)}</p>}
        {attempt && <p class={attempt.alert ? 'alert' : 'hint'}>{sentence(attempt.text)}</p>}
        {view.addresses.map(({ device, address }) => (
          <Fact key={address} name={wayWords(device)}>
            {address}
          </Fact>
        ))}
        <Fact name="Radio's country">{view.country ?? 'not set: nightjar.toml on the card'}</Fact>
        <Known view={view} />
      </section>
      <JoinWifi view={view} />
      <Hotspot view={view} />
      <TunnelView view={view} />
    </>
  );
}

function Known({ view: { known } }: { view: NetworkView }) {
  if (known.length === 0) return null;
  const trust = (uuid: string) => (trusted: boolean) =>
    void order('PUT', `network/known/${uuid}/trust`, { trusted });
  return (
    <>
      {known.map(({ uuid, name, type, trusted, joined }) => (
        <div class="field" key={uuid} role="group" aria-label={name}>
          <span>
            {name}
            {joined && ' · joined'}
          </span>
          <div class="pair">
            <Toggle label="Trusted" on={trusted} set={trust(uuid)} />
            {type === 'wifi' && (
              <SureButton
                label="Forget"
                sure={joined ? 'Leave and forget it?' : 'Forget it?'}
                act={() => void order('DELETE', `network/known/${uuid}`)}
              />
            )}
          </div>
        </div>
      ))}
      <p class="hint">
        Whoever is in a trusted network may use INDI (port 7624) and PHD2 clients (4400), which ask for no
        password. This page is reached from any.
      </p>
    </>
  );
}

/** Its name and password, to be read or shown to another phone's camera. */
function Hotspot({ view }: { view: NetworkView }) {
  const [own, setOwn] = useState<HotspotView | undefined>(undefined);
  const { ssid, state } = view.hotspot;
  const open = (isOpen: boolean) => {
    if (isOpen) request<HotspotView>('GET', 'network/hotspot').then(setOwn, complain);
    else setOwn(undefined);
  };
  return (
    <details class="fold panel" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>
        The unit's own WiFi <span class="hint">{state === 'up' ? ssid : 'off'}</span>
      </summary>
      <div class="folded">
        {own && (
          <>
            <Fact name="Name">{own.ssid}</Fact>
            <Fact name="Password">{own.password}</Fact>
            <QrCode svg={own.qr} label={`code for joining ${own.ssid}`} />
          </>
        )}
        <p class="hint">It comes by itself within a minute wherever no known WiFi is joined.</p>
        {state === 'down' && (
          <button type="button" class="wide" onClick={() => order('POST', 'network/hotspot')}>
            Switch it on now
          </button>
        )}
      </div>
    </details>
  );
}
