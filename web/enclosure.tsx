import { Card } from './card.tsx';
import { NumberForm, SureButton } from './forms.tsx';
import type { CardParts } from './gear.tsx';
import { Stepper, Toggle } from './parts.tsx';
import { operate, state } from './rig.ts';
import { inRole } from './rig-state.ts';
import { figure, settingText, windOf } from './words.ts';

export function RotatorView({ device, able }: CardParts<'rotator'>) {
  const turn = (degrees: number) => operate(device.id, 'rotator/turnTo', { degrees: (degrees + 360) % 360 });
  return (
    <Card device={device} state={able.moving ? 'turning' : 'at rest'}>
      <div class="reading" data-moving={able.moving}>
        <b>{figure(able.angle, 2)}°</b>
        <span>camera angle</span>
      </div>
      <div class="choice">
        {[-10, -1, 1, 10].map((by) => (
          <button type="button" key={by} onClick={() => turn(able.angle + by)}>
            {by > 0 ? `+${by}` : figure(by, 0)}°
          </button>
        ))}
      </div>
      <NumberForm label="angle" go="Turn to" min={0} max={360} act={turn}>
        <button type="button" class="danger" onClick={() => operate(device.id, 'rotator/halt')}>
          Stop
        </button>
      </NumberForm>
      {able.setReversed && able.reversed !== undefined && (
        <Toggle
          label="Reversed"
          on={able.reversed}
          set={(on) => void operate(device.id, 'rotator/reverse', { on })}
        />
      )}
      {able.home && (
        <button type="button" onClick={() => operate(device.id, 'rotator/home')}>
          Find its index
        </button>
      )}
    </Card>
  );
}

export function DomeView({ device, able }: CardParts<'dome'>) {
  const { azimuth, roof, motion } = able;
  const parked = motion === 'parked';
  const act = (operation: string) => () => void operate(device.id, `dome/${operation}`);
  const words = [motion === 'stopped' ? undefined : motion, roof && `roof ${roof}`].filter(Boolean);
  return (
    <Card
      device={device}
      state={words.join(' · ') || 'at rest'}
      alert={motion === 'fault' || roof === 'fault'}
    >
      {azimuth !== undefined && (
        <div class="reading" data-moving={motion !== 'stopped' && !parked}>
          <b>{figure(azimuth)}°</b>
          <span>{windOf(azimuth)}</span>
        </div>
      )}
      {roof !== undefined && <RoofKeys able={able} act={act} />}
      <div class="row">
        {able.park && !parked && (
          <button type="button" onClick={act('park')}>
            Park
          </button>
        )}
        {able.unpark && parked && (
          <button type="button" onClick={act('unpark')}>
            Unpark
          </button>
        )}
        <button type="button" class="danger" onClick={act('halt')}>
          Stop
        </button>
      </div>
      {able.turnTo && (
        <NumberForm
          label="dome azimuth"
          go="Turn to"
          min={0}
          max={360}
          act={(degrees) => void operate(device.id, 'dome/turnTo', { degrees })}
        />
      )}
    </Card>
  );
}

type Dome = CardParts<'dome'>['able'];

/** What weather and mount say against it is asked about first. */
function RoofKeys({ able, act }: { able: Dome; act(operation: string): () => void }) {
  const weather = inRole(state.value, 'weather', 'weather')?.capabilities.weather;
  const mount = inRole(state.value, 'mount', 'mount')?.capabilities.mount;
  const wet = weather?.verdict === 'unsafe';
  // A roof that rolls has no azimuth, and may roll into a telescope that stands up.
  const up = able.azimuth === undefined && mount !== undefined && mount.motion !== 'parked';
  return (
    <div class="pair">
      <AskedWhen
        doubt={wet && 'Unsafe weather: open?'}
        label="Open roof"
        shown={!!able.openRoof}
        act={act('openRoof')}
      />
      <AskedWhen
        doubt={up && 'Mount not parked: close?'}
        label="Close roof"
        shown={!!able.closeRoof}
        act={act('closeRoof')}
      />
    </div>
  );
}

function AskedWhen({
  doubt,
  label,
  shown,
  act,
}: {
  doubt: string | false;
  label: string;
  shown: boolean;
  act(): void;
}) {
  if (!shown) return null;
  if (doubt) return <SureButton label={label} sure={doubt} act={act} />;
  return (
    <button type="button" onClick={act}>
      {label}
    </button>
  );
}

export function CoverView({ device, able }: CardParts<'cover'>) {
  const act = (operation: string) => () => void operate(device.id, `cover/${operation}`);
  return (
    <Card device={device} state={able.state} alert={able.state === 'fault'}>
      <div class="row">
        <button type="button" onClick={act('open')}>
          Open
        </button>
        <button type="button" onClick={act('close')}>
          Close
        </button>
        {able.halt && (
          <button type="button" class="danger" onClick={act('halt')}>
            Stop
          </button>
        )}
      </div>
    </Card>
  );
}

export function LightView({ device, able }: CardParts<'light'>) {
  const { brightness, maxBrightness, on } = able;
  const step = Math.max(1, Math.round(maxBrightness / 20));
  const dim = (wanted: number) => () =>
    void operate(device.id, 'light/dim', { brightness: Math.min(maxBrightness, Math.max(0, wanted)) });
  return (
    <Card device={device} state={on ? 'lit' : 'dark'}>
      <div class="pair">
        <Stepper
          label={`of ${maxBrightness}`}
          text={settingText(brightness)}
          less={dim(brightness - step)}
          more={dim(brightness + step)}
        />
        <Toggle
          label="Light"
          on={on}
          set={(wanted) => void operate(device.id, 'light/switch', { on: wanted })}
        />
      </div>
    </Card>
  );
}
