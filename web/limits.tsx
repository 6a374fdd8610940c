import { useState } from 'preact/hooks';
import type { MountLimits } from '../src/api/limits.ts';
import type { DeviceView } from '../src/api/views.ts';
import { SureButton } from './forms.tsx';
import { Choice, Stepper } from './parts.tsx';
import { ask, complain, request, state } from './rig.ts';

/** How long it may track on, and why it was stopped. */
export function LimitLine({ device }: { device: DeviceView }) {
  const { limit } = device;
  if (!limit || limit.state === 'unwatched') return null;
  const { reason, minutesLeft, blind } = limit;
  if (limit.state === 'stopped') {
    return (
      <p class="notice" role="alert">
        Stopped at a limit: {reason}. Slew or paddle it back.
      </p>
    );
  }
  return (
    <>
      {blind && <p class="notice">Beware: {blind}.</p>}
      <p class={limit.state === 'near' ? 'notice' : 'hint'}>
        {minutesLeft === undefined
          ? `No ${blind ? 'other ' : ''}limit within the hour.`
          : `${minutesLeft < 1 ? 'Less than a minute' : `${minutesLeft} min`} to its limit`}
        {minutesLeft !== undefined && (reason ? `: ${reason}` : '.')}
      </p>
    </>
  );
}

/** The owner's words on how far this mount may go; asked for when somebody unfolds them. */
export function LimitsForm({ device }: { device: DeviceView }) {
  const [limits, setLimits] = useState<MountLimits | undefined>(undefined);
  const solar = state.value.rig?.solarMode;
  if (solar === undefined) return null;
  const path = `limits/${encodeURIComponent(device.id)}`;
  const tell = async (method: 'GET' | 'PUT', changes?: Partial<MountLimits>) => {
    try {
      setLimits((await request<{ limits: MountLimits }>(method, path, changes)).limits);
    } catch (error) {
      complain(error);
    }
  };
  return (
    <details
      class="fold panel"
      onToggle={(event) => {
        if (event.currentTarget.open) void tell('GET');
      }}
    >
      <summary>Limits{solar && <span class="alert">solar mode</span>}</summary>
      {limits && (
        <div class="folded">
          <Fields limits={limits} change={(changes) => void tell('PUT', changes)} />
          {solar ? (
            <button type="button" onClick={() => ask('observatory/solar-mode', { on: false }, 'PUT')}>
              End solar mode
            </button>
          ) : (
            <SureButton
              label="Solar mode"
              sure="A solar filter is on every telescope and finder?"
              act={() => void ask('observatory/solar-mode', { on: true, confirm: true }, 'PUT')}
            />
          )}
        </div>
      )}
    </details>
  );
}

function Fields({ limits, change }: { limits: MountLimits; change(changes: Partial<MountLimits>): void }) {
  const { lowestAltitude, minutesPastMeridian, meridian, atLimit } = limits;
  const altitude = (by: number) => () =>
    change({ lowestAltitude: Math.min(85, Math.max(-5, lowestAltitude + by)) });
  const minutes = (side: 'west' | 'east', by: number) => () => {
    const most = Math.min(180, Math.max(0, minutesPastMeridian[side] + by));
    change({ minutesPastMeridian: { ...minutesPastMeridian, [side]: most } });
  };
  return (
    <>
      <Stepper label="lowest altitude" text={`${lowestAltitude}°`} less={altitude(-5)} more={altitude(5)} />
      <Choice
        label="kind of mount"
        wide
        options={[
          { value: 'pier', name: 'German' },
          { value: 'none', name: 'fork' },
        ]}
        value={meridian}
        choose={(value) => change({ meridian: value as MountLimits['meridian'] })}
      />
      {meridian === 'pier' &&
        (['west', 'east'] as const).map((side) => (
          <Stepper
            key={side}
            label={`past the meridian, ${side} of the pier`}
            text={`${minutesPastMeridian[side]} min`}
            less={minutes(side, -5)}
            more={minutes(side, 5)}
          />
        ))}
      <Choice
        label="at a limit"
        wide
        options={[
          { value: 'stop', name: 'stop there' },
          { value: 'park', name: 'stop and park' },
        ]}
        value={atLimit}
        choose={(value) => change({ atLimit: value as MountLimits['atLimit'] })}
      />
    </>
  );
}
