import { signal } from '@preact/signals';
import { LastImage } from './image.tsx';
import { Absent, Fact } from './parts.tsx';
import { focuser, operate, say } from './rig.ts';

const wanted = signal('');
const steps = [1000, 100, 10];

export function FocuserView() {
  const device = focuser.value;
  const able = device?.capabilities.focuser;
  if (!device || !able) return <Absent what="No focuser is connected." />;
  const moveTo = (to: number) =>
    operate(device.id, 'focuser/moveTo', { steps: Math.min(able.maxStep, Math.max(0, Math.round(to))) });
  const go = (event: Event) => {
    event.preventDefault();
    const to = Number(wanted.value);
    if (wanted.value.trim() === '' || !Number.isFinite(to)) {
      return say(`Type a position from 0 to ${able.maxStep}.`, 'error');
    }
    wanted.value = '';
    void moveTo(to);
  };
  const { temperature } = able;
  return (
    <>
      <LastImage />
      <section>
        <div class="reading" data-moving={able.moving}>
          <b>{able.position.toLocaleString('en').replaceAll(',', ' ')}</b>
          <span>
            {able.moving ? 'moving' : `of ${able.maxStep.toLocaleString('en').replaceAll(',', ' ')}`}
          </span>
        </div>
        <div class="steps">
          {steps.map((by) => (
            <button type="button" key={-by} onClick={() => moveTo(able.position - by)}>
              −{by}
            </button>
          ))}
          {steps.map((by) => (
            <button type="button" key={by} onClick={() => moveTo(able.position + by)}>
              +{by}
            </button>
          ))}
        </div>
        <form class="goto" onSubmit={go}>
          <input
            inputMode="numeric"
            placeholder="position"
            aria-label="focuser position"
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
          <button type="submit">Go</button>
          <button type="button" class="danger" onClick={() => operate(device.id, 'focuser/halt')}>
            Halt
          </button>
        </form>
        {temperature !== undefined && (
          <Fact name="Temperature">{temperature.toFixed(1).replace('-', '−')} °C</Fact>
        )}
      </section>
    </>
  );
}
