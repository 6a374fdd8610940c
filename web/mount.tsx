import { signal } from '@preact/signals';
import type { TargetInSky } from '../src/api/targets.ts';
import type { DeviceView } from '../src/api/views.ts';
import { LimitLine, LimitsForm } from './limits.tsx';
import { PaddleView } from './paddle.tsx';
import { Absent, Fact } from './parts.tsx';
import { PolarCard } from './polar.tsx';
import { complain, mount, operate, request, say } from './rig.ts';
import { decText, parsePlace, raText, windOf } from './words.ts';

const place = signal('');
const targets = signal<readonly TargetInSky[] | undefined>(undefined);

export function MountView() {
  const device = mount.value;
  const able = device?.capabilities.mount;
  if (!device || !able) return <Absent what="No mount is connected." />;
  const { horizon } = device;
  return (
    <>
      <section>
        <h2>
          {device.label} <span>{device.status.state === 'connected' ? able.motion : 'not connected'}</span>
        </h2>
        <div class="sky">
          <div>
            <span>RA</span>
            <b>{raText(able.position.ra)}</b>
          </div>
          <div>
            <span>Dec</span>
            <b>{decText(able.position.dec)}</b>
          </div>
        </div>
        <div class="facts">
          {horizon && <Fact name="Alt">{horizon.altitude.toFixed(1).replace('-', '−')}°</Fact>}
          {horizon && (
            <Fact name="Az">
              {horizon.azimuth.toFixed(1)}° {windOf(horizon.azimuth)}
            </Fact>
          )}
          <Fact name="Pier">{able.pierSide}</Fact>
        </div>
        <LimitLine device={device} />
      </section>
      <PaddleView device={device} rates={able.rates} />
      <Goto device={device} />
      <Duties device={device} parked={able.motion === 'parked'} tracking={able.motion === 'tracking'} />
      <PolarCard />
      <LimitsForm key={device.id} device={device} />
    </>
  );
}

function Duties({ device, parked, tracking }: { device: DeviceView; parked: boolean; tracking: boolean }) {
  return (
    <section class="row">
      <button
        type="button"
        aria-pressed={tracking}
        onClick={() => operate(device.id, 'mount/track', { on: !tracking })}
      >
        {tracking ? 'Tracking' : 'Track'}
      </button>
      <button type="button" onClick={() => operate(device.id, parked ? 'mount/unpark' : 'mount/park')}>
        {parked ? 'Unpark' : 'Park'}
      </button>
      <button type="button" class="danger" onClick={() => operate(device.id, 'mount/halt')}>
        Stop
      </button>
    </section>
  );
}

function Goto({ device }: { device: DeviceView }) {
  const slew = ({ ra, dec }: { ra: number; dec: number }) => operate(device.id, 'mount/slewTo', { ra, dec });
  const go = (event: Event) => {
    event.preventDefault();
    const at = parsePlace(place.value);
    if (!at) return say('Write right ascension in hours, then declination: 0 42 44 +41 16 9', 'error');
    void slew(at);
  };
  const list = async () => {
    if (targets.value) {
      targets.value = undefined;
      return;
    }
    try {
      targets.value = (await request<{ targets: TargetInSky[] }>('GET', 'observatory/targets')).targets.slice(
        0,
        16,
      );
    } catch (error) {
      complain(error);
    }
  };
  return (
    <section>
      <form class="goto" onSubmit={go}>
        <input
          placeholder="RA h, Dec °"
          aria-label="coordinates"
          autocomplete="off"
          value={place.value}
          onInput={(event) => {
            place.value = event.currentTarget.value;
          }}
        />
        <button type="submit">Go to</button>
        <button type="button" aria-expanded={!!targets.value} onClick={list}>
          Up now
        </button>
      </form>
      {targets.value && (
        <ul class="targets">
          {targets.value.map((target) => (
            <li key={target.name}>
              <button
                type="button"
                onClick={() => {
                  targets.value = undefined;
                  void slew(target);
                }}
              >
                {target.name}
                <span>
                  {target.kind}
                  {target.altitude !== undefined && ` · ${Math.round(target.altitude)}°`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
