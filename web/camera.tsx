import { signal } from '@preact/signals';
import type { DeviceView } from '../src/api/views.ts';
import { AlbumView } from './album.tsx';
import { Amount, Filters, FinishEarly, Readout, wanted } from './camera-settings.tsx';
import { CoolerView } from './cooler.tsx';
import { LastImage } from './image.tsx';
import { exposures, stepOn } from './ladder.ts';
import { Absent, Choice, Stepper } from './parts.tsx';
import { camera, operate, rigUtc, state } from './rig.ts';
import { exposureRun } from './rig-state.ts';
import { SharpnessView } from './sharpness.tsx';
import { PlaceView } from './solving.tsx';
import { LiveStackView } from './stack.tsx';
import { exposureFraction, leftText, lengthText } from './words.ts';

type Camera = NonNullable<DeviceView['capabilities']['camera']>;

const seconds = signal(5);
const binning = signal(1);
const type = signal<'light' | 'dark' | 'bias' | 'flat'>('light');
const types = (['light', 'dark', 'flat', 'bias'] as const).map((value) => ({ value, name: value }));

export function CameraView() {
  const device = camera.value;
  const able = device?.capabilities.camera;
  return (
    <>
      <LastImage />
      {device && able ? (
        <>
          <Exposing device={device} able={able} />
          <CoolerView key={device.id} device={device} able={able} />
        </>
      ) : (
        <Absent what="No camera is connected." />
      )}
      <LiveStackView />
      <SharpnessView />
      <PlaceView />
      <AlbumView />
    </>
  );
}

function Exposing({ device, able }: { device: DeviceView; able: Camera }) {
  const { min, max } = able.exposureSeconds;
  const step = (way: 1 | -1) => () => {
    seconds.value = stepOn(exposures, seconds.value, way, min, max);
  };
  const expose = () =>
    operate(device.id, 'camera/expose', {
      seconds: type.value === 'bias' ? min : seconds.value,
      type: type.value,
      binning: able.binnings.includes(binning.value) ? binning.value : 1,
      ...(able.gain && wanted.gain.value !== undefined && { gain: wanted.gain.value }),
      ...(able.offset && wanted.offset.value !== undefined && { offset: wanted.offset.value }),
    });
  return (
    <section>
      <div class="shutter-row">
        <Stepper label="exposure" text={lengthText(seconds.value)} less={step(-1)} more={step(1)} />
        <ShutterButton device={device} able={able} start={expose} />
      </div>
      <FinishEarly device={device} able={able} />
      <Choice
        label="presets"
        options={[1, 5, 30, 120, 300].map((value) => ({ value, name: lengthText(value) }))}
        value={seconds.value}
        choose={(value) => {
          seconds.value = value;
        }}
      />
      <div class="pair">
        <Amount name="gain" able={able} />
        <Amount name="offset" able={able} />
        {able.binnings.length > 1 && (
          <Choice
            label="binning"
            options={able.binnings.map((value) => ({ value, name: `${value}×${value}` }))}
            value={binning.value}
            choose={(value) => {
              binning.value = value;
            }}
          />
        )}
      </div>
      <Choice
        label="type"
        options={types}
        value={type.value}
        choose={(value) => {
          type.value = value;
        }}
      />
      <Readout device={device} able={able} />
      <Filters />
    </section>
  );
}

const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;

/** A thumb that trembles must not abort what it has just begun. */
const TWICE_MS = 500;
let startedAt = 0;

/** Starts; shows in its ring how far the exposure is, in its middle how long it still takes; a tap then aborts it. */
function ShutterButton({ device, able, start }: { device: DeviceView; able: Camera; start(): void }) {
  const run = exposureRun(state.value, device.id);
  const fraction = run && (exposureFraction(run, rigUtc.value) ?? 0);
  const left = run?.exposureSeconds !== undefined && (1 - (fraction ?? 0)) * run.exposureSeconds;
  const words = able.state === 'exposing' && left ? leftText(left) : run ? 'saving' : 'Start';
  const tap = () => {
    if (!run) {
      startedAt = Date.now();
      start();
    } else if (Date.now() - startedAt > TWICE_MS) void operate(device.id, 'camera/abort');
  };
  return (
    <button
      type="button"
      class={run ? 'shutter open' : 'shutter'}
      aria-label={run ? 'Stop the exposure' : 'Start the exposure'}
      disabled={device.status.state !== 'connected'}
      onClick={tap}
    >
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <circle cx="48" cy="48" r={RADIUS} />
        {run && (
          <circle
            class="filled"
            cx="48"
            cy="48"
            r={RADIUS}
            stroke-dasharray={ROUND}
            stroke-dashoffset={ROUND * (1 - (fraction ?? 0))}
          />
        )}
      </svg>
      <b>{words}</b>
      {run && <span>Stop</span>}
    </button>
  );
}
