import { useEffect, useState } from 'preact/hooks';
import type { DewChoicesView, DewSampleView } from '../src/api/dew.ts';
import { Card } from './card.tsx';
import { dewLines } from './dew-lines.ts';
import type { CardParts } from './gear.tsx';
import { Choice, Fact, Stepper, Toggle } from './parts.tsx';
import { complain, operate, request } from './rig.ts';
import { figure, sentence } from './words.ts';

type Dew = CardParts<'dew'>['able'];
type Channel = Dew['channels'][number];

const STEP = 0.5;
const [LEAST, MOST] = [0.5, 10];
const [WIDTH, HEIGHT] = [340, 120];
const HISTORY_MS = 120_000;
/** No choice of the owner's. */
const NONE = '';

const celsius = (value: number | undefined) => (value === undefined ? 'not known' : `${figure(value)} °C`);

/** What keeps the glass clear: the air, and every heater. */
export function DewView({ device, able }: CardParts<'dew'>) {
  const { ambientCelsius, humidityPercent, dewPointCelsius, channels } = able;
  const alarm = channels.some((channel) => channel.alarm);
  return (
    <Card device={device} state={alarm ? 'look here' : ''} alert={alarm}>
      <Fact name="Air">
        {[celsius(ambientCelsius), humidityPercent !== undefined && `${figure(humidityPercent, 0)} %`]
          .filter(Boolean)
          .join(' · ')}
      </Fact>
      <Fact name="Dew point">{celsius(dewPointCelsius)}</Fact>
      {channels.map((channel) => (
        <Heater key={channel.id} device={device.id} channel={channel} dewPoint={dewPointCelsius} />
      ))}
      <History channels={channels} />
      <Sensors channels={channels} />
    </Card>
  );
}

function Heater({
  device,
  channel,
  dewPoint,
}: {
  device: string;
  channel: Channel;
  dewPoint: number | undefined;
}) {
  const { id, label, automatic, duty, watts, glassCelsius, marginCelsius, alarm, state } = channel;
  const margin = (by: number) => () =>
    void operate(device, 'dew/margin', { id, celsius: Math.min(MOST, Math.max(LEAST, marginCelsius + by)) });
  return (
    <div class="field" role="group" aria-label={label}>
      <Fact name={label}>
        {[`${figure(duty, 0)} %`, watts !== undefined && `${figure(watts)} W`].filter(Boolean).join(' · ')}
      </Fact>
      <div class="duty" role="img" aria-label={`heats at ${figure(duty, 0)} %`}>
        <i style={{ width: `${duty}%` }} />
      </div>
      <p class={alarm ? 'notice' : 'hint'}>{sentence(state)}</p>
      {glassCelsius !== undefined && (
        <Fact name="Glass">
          {celsius(glassCelsius)}
          {dewPoint !== undefined && `, ${aboveText(glassCelsius - dewPoint)} the dew point`}
        </Fact>
      )}
      <div class="pair">
        <Stepper
          label="margin"
          text={`${figure(marginCelsius)} °C`}
          less={margin(-STEP)}
          more={margin(STEP)}
        />
        <Toggle
          label="Automatic"
          on={automatic}
          set={(on) => void operate(device, 'dew/automatic', { id, on })}
        />
      </div>
    </div>
  );
}

const aboveText = (celsius: number) => `${figure(Math.abs(celsius))}° ${celsius < 0 ? 'below' : 'above'}`;

/** Asked for while it is unfolded. */
function History({ channels }: { channels: readonly Channel[] }) {
  const [open, setOpen] = useState(false);
  const [samples, setSamples] = useState<readonly DewSampleView[]>([]);
  useEffect(() => {
    if (!open) return;
    const look = () =>
      request<{ samples: DewSampleView[] }>('GET', 'dew/history')
        .then((answer) => setSamples(answer.samples))
        .catch(complain);
    void look();
    const timer = setInterval(look, HISTORY_MS);
    return () => clearInterval(timer);
  }, [open]);
  return (
    <details class="fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The last hours</summary>
      {open && channels.map((channel) => <Plot key={channel.id} channel={channel} samples={samples} />)}
    </details>
  );
}

function Plot({ channel, samples }: { channel: Channel; samples: readonly DewSampleView[] }) {
  const lines = dewLines(samples, channel.id, WIDTH, HEIGHT);
  if (!lines) return <p class="hint">There is more to see in a few minutes.</p>;
  return (
    <figure class="plot dew" aria-label={`the last hours of ${channel.label}`}>
      <svg viewBox={`-2 -4 ${WIDTH + 4} ${HEIGHT + 8}`} role="img" aria-label="temperatures and heat">
        <path class="heat" d={lines.duty} />
        {lines.paths.map(({ name, d }) => (
          <path key={name} class={name.replace(' ', '-')} d={d} />
        ))}
      </svg>
      <figcaption class="told">
        <span>
          {lines.paths.map(({ name }) => (
            <b key={name} class={`key-${name.replace(' ', '-')}`}>
              {name}
            </b>
          ))}
          <b class="key-heat">heat</b>
        </span>
        <span>
          {lines.paths.length > 0 && `${celsius(lines.low)} to ${celsius(lines.high)}, `}
          {figure(lines.hours)} h
        </span>
      </figcaption>
    </figure>
  );
}

/** Whose word on the air counts, and what lies on which glass; asked for when it is unfolded. */
function Sensors({ channels }: { channels: readonly Channel[] }) {
  const [choices, setChoices] = useState<DewChoicesView | undefined>(undefined);
  const tell = (method: 'GET' | 'PUT', path = 'dew', body?: object) =>
    void request<DewChoicesView>(method, path, body).then(setChoices).catch(complain);
  return (
    <details class="fold" onToggle={(event) => event.currentTarget.open && tell('GET')}>
      <summary>Sensors</summary>
      {choices && (
        <div class="folded">
          <div class="field">
            <span>Air</span>
            <Choice
              label="sensor of the air"
              wide
              options={[
                ...choices.sensors.map(({ id, label }) => ({ value: id, name: label })),
                { value: NONE, name: 'automatic' },
              ]}
              value={choices.sensor ?? NONE}
              choose={(id) => tell('PUT', 'dew', { sensor: id === NONE ? null : id })}
            />
          </div>
          {choices.channels.map(({ id, probe }) => {
            const label = channels.find((channel) => channel.id === id)?.label ?? id;
            return (
              <div key={id} class="field">
                <span>On the glass of {label}</span>
                <Choice
                  label={`probe of ${label}`}
                  wide
                  options={[
                    ...choices.probes.map((each, index) => ({ value: index, name: each.label })),
                    { value: -1, name: 'none' },
                  ]}
                  value={choices.probes.findIndex(
                    ({ device, reading }) => device === probe?.device && reading === probe.reading,
                  )}
                  choose={(index) => {
                    const chosen = choices.probes[index];
                    const place = chosen ? { device: chosen.device, reading: chosen.reading } : null;
                    tell('PUT', `dew/${encodeURIComponent(id)}`, { probe: place });
                  }}
                />
              </div>
            );
          })}
          {choices.probes.length === 0 && <p class="hint">No probe is connected: the air alone decides.</p>}
        </div>
      )}
    </details>
  );
}
