import type { DeviceView } from '../src/api/views.ts';
import { AddDevice, OwnDevice } from './add-device.tsx';
import { FactsView } from './facts.tsx';
import { NetworkSection } from './network.tsx';
import { Fact } from './parts.tsx';
import { ProgramsView } from './programs.tsx';
import { ask, operate, say, state } from './rig.ts';
import { RolesView } from './roles.tsx';
import { SettingsForm } from './settings.tsx';
import { placeText } from './words.ts';

const words: Record<DeviceView['status']['state'], string> = {
  connected: 'connected',
  connecting: 'connecting',
  recovering: 'lost, trying again',
  disconnected: 'not connected',
};

export function RigPage() {
  const { devices, programs } = state.value;
  return (
    <>
      <section class="devices" aria-label="devices">
        <h2>Devices</h2>
        {devices.length === 0 && (
          <p class="hint">
            {programs
              ? 'No devices yet. Add a device or a driver below.'
              : 'No devices yet. Plug them in and restart the unit.'}
          </p>
        )}
        {devices.map((device) => (
          <DeviceLine key={device.id} device={device} />
        ))}
      </section>
      {programs && <AddDevice />}
      <ProgramsView />
      <RolesView />
      <FactsView />
      <NetworkSection />
      <Place />
    </>
  );
}

function DeviceLine({ device }: { device: DeviceView }) {
  const { status, label, model, id, settings, keptBy } = device;
  const off = status.state === 'disconnected';
  const about = (
    <>
      <i class={`dot ${status.state}`} />
      <div>
        <b>{label}</b>
        <span>{[words[status.state], model !== label && model].filter(Boolean).join(' · ')}</span>
        {status.message && status.state !== 'connected' && <em>{status.message}</em>}
      </div>
    </>
  );
  return (
    <div class="line">
      {keptBy || Object.keys(settings).length > 0 ? (
        <details class="fold">
          <summary class="device" aria-label={`${label}: settings`}>
            {about}
          </summary>
          {Object.keys(settings).length > 0 && <SettingsForm device={device} />}
          {keptBy && <OwnDevice device={device} />}
        </details>
      ) : (
        <div class="device">{about}</div>
      )}
      <button type="button" onClick={() => operate(id, off ? 'connect' : 'disconnect')}>
        {off ? 'Connect' : 'Disconnect'}
      </button>
    </div>
  );
}

const sources: Record<string, string> = {
  gps: 'GPS',
  ntp: 'the internet',
  rtc: "the unit's own clock",
  person: 'you',
  client: 'a connected program',
};

function Place() {
  const { rig } = state.value;
  if (!rig) return null;
  const { site, time, siteSource } = rig;
  return (
    <section>
      <h2>Time and place</h2>
      <Fact name="Clock">
        {time.words}
        {time.offsetSeconds !== undefined && `, to ${closeness(time.offsetSeconds)}`}
      </Fact>
      <Fact name="Site">{site ? placeText(site) : 'not known: slews wait for it'}</Fact>
      {site && siteSource && <Fact name="Site from">{sources[siteSource]}</Fact>}
      {time.disagreements.map((words) => (
        <p key={words} class="alert">
          {words}
        </p>
      ))}
      <button type="button" class="wide" onClick={offerPlace}>
        Use this phone's place
      </button>
      <Fact name="Nightjar">{rig.version}</Fact>
    </section>
  );
}

/** How near a clock is to what keeps it: a millionth of a second and a second are worlds apart. */
const closeness = (seconds: number): string =>
  seconds < 0.001
    ? `${Math.max(1, Math.round(seconds * 1e6))} µs`
    : seconds < 1
      ? `${Math.round(seconds * 1000)} ms`
      : `${Math.round(seconds)} s`;

/** Browsers tell a place to pages with a certificate only; without one the coordinates are asked for. */
function offerPlace(): void {
  const offer = (latitude: number, longitude: number, elevation: number | null) =>
    ask('observatory/time-and-site', {
      site: { latitude, longitude, elevationMetres: Math.min(9000, Math.max(-500, elevation ?? 0)) },
    });
  if (isSecureContext && 'geolocation' in navigator) {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => void offer(coords.latitude, coords.longitude, coords.altitude),
      () => say('The phone does not tell its place: allow it in the settings of the browser.', 'error'),
      { timeout: 20_000 },
    );
    return;
  }
  const text = prompt('Latitude and longitude in degrees, east and north positive: 48.21 16.37');
  if (text === null) return;
  const [latitude, longitude, ...more] = text.split(/[\s,;]+/).map(Number);
  const fits = more.length === 0 && Math.abs(latitude ?? 91) <= 90 && Math.abs(longitude ?? 181) <= 180;
  if (fits) void offer(latitude ?? 0, longitude ?? 0, null);
  else say('Two numbers in degrees, please: 48.21 16.37', 'error');
}
