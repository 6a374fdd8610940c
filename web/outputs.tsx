import { Card } from './card.tsx';
import { NumberForm, SureButton } from './forms.tsx';
import type { CardParts } from './gear.tsx';
import { Fact, Stepper, Toggle } from './parts.tsx';
import { operate } from './rig.ts';
import { figure, readingText } from './words.ts';

type Power = CardParts<'power'>['able'];
type Switched = Power['ports'][number];

const DUTY_STEP = 10;
const current = (amperes: number | undefined) =>
  amperes === undefined ? undefined : `${figure(amperes, 2)} A`;

export function PowerView({ device, able }: CardParts<'power'>) {
  const { volts, amperes, watts } = able;
  const supply = [
    volts !== undefined && `${figure(volts)} V`,
    amperes !== undefined && `${figure(amperes)} A`,
    watts !== undefined && `${figure(watts, 0)} W`,
  ].filter(Boolean);
  return (
    <Card device={device} state={supply.join(' · ')}>
      <Ports ports={able.ports} word="Port" set={(id, on) => operate(device.id, 'power/port', { id, on })} />
      <Ports ports={able.usb} word="USB" set={(id, on) => operate(device.id, 'power/usb', { id, on })} />
      {able.heaters.map((heater) => (
        <Heater key={heater.id} device={device.id} heater={heater} />
      ))}
      {able.adjustable.map((output) => (
        <Adjustable key={output.id} device={device.id} output={output} />
      ))}
      {able.cycle && (
        <SureButton
          label="Everything off and on again"
          sure="Tap again: all ports lose power"
          act={() => void operate(device.id, 'power/cycle')}
        />
      )}
    </Card>
  );
}

function Ports({
  ports,
  word,
  set,
}: {
  ports: readonly Switched[];
  word: string;
  set(id: string, on: boolean): unknown;
}) {
  if (ports.length === 0) return null;
  return (
    <div class="toggles" role="group" aria-label={word}>
      {ports.map(({ id, label, on, amperes }) => (
        <Toggle
          key={id}
          label={label || `${word} ${id}`}
          on={on}
          note={current(amperes)}
          set={(wanted) => set(id, wanted)}
        />
      ))}
    </div>
  );
}

function Heater({ device, heater }: { device: string; heater: Power['heaters'][number] }) {
  const { id, duty, automatic, amperes } = heater;
  const heat = (percent: number) => () =>
    void operate(device, 'power/heat', { id, percent: Math.min(100, Math.max(0, Math.round(percent))) });
  const label = heater.label || `Heater ${id}`;
  return (
    <div class="field" role="group" aria-label={label}>
      <span>{[label, current(amperes)].filter(Boolean).join(' · ')}</span>
      <div class="pair">
        <Stepper
          label="duty"
          text={`${figure(duty, 0)} %`}
          less={heat(duty - DUTY_STEP)}
          more={heat(duty + DUTY_STEP)}
        />
        {heater.setAutomatic && automatic !== undefined ? (
          <Toggle
            label="Automatic"
            on={automatic}
            set={(on) => void operate(device, 'power/heatAutomatically', { id, on })}
          />
        ) : (
          <button type="button" onClick={heat(0)}>
            Off
          </button>
        )}
      </div>
    </div>
  );
}

function Adjustable({ device, output }: { device: string; output: Power['adjustable'][number] }) {
  const { id, volts, min, max, on } = output;
  const label = output.label || `Output ${id}`;
  return (
    <>
      <Fact name={label}>{figure(volts)} V</Fact>
      <NumberForm
        label={`volts of ${label}`}
        go="Set"
        min={min}
        max={max}
        act={(wanted) => void operate(device, 'power/adjust', { id, volts: wanted })}
      />
      {output.setOn && on !== undefined && (
        <Toggle
          label={label}
          on={on}
          set={(wanted) => void operate(device, 'power/adjustable', { id, on: wanted })}
        />
      )}
    </>
  );
}

export function LinesView({ device, able }: CardParts<'lines'>) {
  return (
    <Card device={device}>
      <Ports
        ports={able.outputs}
        word="Output"
        set={(id, on) => operate(device.id, 'lines/output', { id, on })}
      />
      {able.inputs.map(({ id, label, on }) => (
        <Fact key={id} name={label || id}>
          {on === undefined ? 'not known' : on ? 'on' : 'off'}
        </Fact>
      ))}
      {able.analog.map(({ id, label, value }) => (
        <Fact key={id} name={label || id}>
          {value === undefined ? 'not known' : readingText(value)}
        </Fact>
      ))}
    </Card>
  );
}
