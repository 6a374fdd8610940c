import { signal } from '@preact/signals';
import type { DeviceView } from '../src/api/views.ts';
import { Choice } from './parts.tsx';
import { press } from './press.ts';
import { complain, link, request } from './rig.ts';

const rate = signal<number | undefined>(undefined);
const held = signal<string | undefined>(undefined);
let lift = () => {};

/** Every way in which a finger, or the page itself, can be gone. */
export function liftWhenGone(): void {
  const gone = () => lift();
  document.addEventListener('visibilitychange', () => document.hidden && gone());
  for (const event of ['pagehide', 'blur', 'offline', 'pointercancel']) addEventListener(event, gone);
  link.subscribe((state) => state === 'lost' && gone());
}

const SIGN_LIMIT_MS = 2000;

function begin(device: string, direction: string, index: number): void {
  lift();
  // A page served without TLS has no crypto.randomUUID.
  const hold = crypto.getRandomValues(new Uint32Array(3)).join('-');
  const end = press({
    sign: () =>
      request(
        'PUT',
        'paddle',
        { hold, device, direction, rate: index },
        { signal: AbortSignal.timeout(SIGN_LIMIT_MS) },
      ),
    release: () => {
      held.value = undefined;
      const body = new Blob([JSON.stringify({ hold })], { type: 'application/json' });
      navigator.sendBeacon('/api/v1/paddle/release', body);
    },
    failed: complain,
    every(milliseconds, call) {
      const timer = setInterval(call, milliseconds);
      return () => clearInterval(timer);
    },
  });
  held.value = direction;
  lift = end;
}

const keys = [
  ['north', 'N'],
  ['west', 'W'],
  ['east', 'E'],
  ['south', 'S'],
] as const;

/** Moves while a finger is down, and not a moment longer. */
export function PaddleView({ device, rates }: { device: DeviceView; rates: readonly string[] }) {
  const index = Math.min(rate.value ?? rates.length - 2, rates.length - 1);
  const chosen = Math.max(0, index);
  return (
    <section>
      <div class="paddle">
        {keys.map(([direction, name]) => (
          <button
            type="button"
            key={direction}
            class={direction}
            aria-label={`move ${direction}`}
            aria-pressed={held.value === direction}
            disabled={device.status.state !== 'connected' || link.value === 'lost'}
            onPointerDown={(event) => {
              event.preventDefault();
              // A captured finger never leaves the button; this one shall.
              event.currentTarget.releasePointerCapture(event.pointerId);
              begin(device.id, direction, chosen);
            }}
            onContextMenu={(event) => event.preventDefault()}
            onPointerUp={() => lift()}
            onPointerLeave={() => lift()}
            onPointerCancel={() => lift()}
          >
            {name}
          </button>
        ))}
        <i aria-hidden="true" />
      </div>
      <Choice
        label="rate"
        options={rates.map((name, value) => ({ name, value }))}
        value={chosen}
        choose={(value) => {
          rate.value = value;
        }}
      />
    </section>
  );
}
