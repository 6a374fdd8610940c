import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ExposureView } from '../src/api/exposure-view.ts';
import { chosen, isLatest, sharpnessOf, shown, stretch } from './exposures.ts';
import { camera } from './rig.ts';
import { figure, lengthText, sharpnessWords } from './words.ts';
import { followed, type Point, WHOLE, zoomed } from './zoom.ts';

const view = signal(WHOLE);
/** Id of the exposure that somebody has looked at closely. */
const close = signal('');
const CLOSE = 1.5;
const TAP_MS = 300;
const TAP_PIXELS = 12;
const TAP_ZOOM = 4;
const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** The last picture, or the one that was chosen: two fingers zoom, one moves, two taps go in and out. */
export function LastImage() {
  const exposure = shown.value;
  if (!exposure) {
    return (
      <div class="image empty">
        <p>No image yet</p>
      </div>
    );
  }
  return (
    <figure class="image">
      <Picture exposure={exposure} />
      <Facts exposure={exposure} />
    </figure>
  );
}

function Picture({ exposure }: { exposure: ExposureView }) {
  const window = useRef<HTMLDivElement>(null);
  const fingers = useRef(new Map<number, Point>());
  const tap = useRef({ at: 0, x: 0, y: 0 });
  /** Where the one finger came down; undefined once it has moved, or was joined by another. */
  const still = useRef<Point | undefined>(undefined);
  const size = () => window.current?.getBoundingClientRect() ?? new DOMRect();
  const point = (event: PointerEvent): Point => ({
    x: event.clientX - size().x,
    y: event.clientY - size().y,
  });

  const down = (event: PointerEvent) => {
    window.current?.setPointerCapture(event.pointerId);
    if (fingers.current.size >= 2) return;
    fingers.current.set(event.pointerId, point(event));
    still.current = fingers.current.size === 1 ? point(event) : undefined;
  };
  const move = (event: PointerEvent) => {
    if (!fingers.current.has(event.pointerId)) return;
    const before = [...fingers.current.values()];
    const at = point(event);
    if (still.current && apart(at, still.current) > TAP_PIXELS) still.current = undefined;
    fingers.current.set(event.pointerId, at);
    view.value = followed(view.value, before, [...fingers.current.values()], size());
    if (view.value.scale > CLOSE) close.value = exposure.id;
  };
  const up = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
    if (!still.current || event.type !== 'pointerup') return;
    still.current = undefined;
    const { x, y } = point(event);
    const again = event.timeStamp - tap.current.at < TAP_MS;
    if (again && apart({ x, y }, tap.current) < 2 * TAP_PIXELS) {
      view.value = view.value.scale > 1 ? WHOLE : zoomed(WHOLE, { x, y }, TAP_ZOOM, size());
      if (view.value.scale > CLOSE) close.value = exposure.id;
      tap.current = { at: 0, x, y };
    } else tap.current = { at: event.timeStamp, x, y };
  };

  const { scale, x, y } = view.value;
  // The screen's own pixels when it is seen whole; the camera's once somebody looks closer.
  const near = scale > CLOSE || close.value === exposure.id;
  const width = near ? 4096 : Math.min(2048, Math.round(innerWidth * devicePixelRatio));
  return (
    <div
      ref={window}
      class="window"
      style={{ touchAction: scale > 1 ? 'none' : 'pan-y' }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
    >
      <img
        src={`/api/v1/exposures/${exposure.id}/preview?width=${width}&stretch=${stretch.value}`}
        alt={isLatest.value ? 'the last exposure' : 'an earlier exposure'}
        draggable={false}
        style={{ transform: `translate(${x}px, ${y}px) scale(${scale})` }}
      />
    </div>
  );
}

function Facts({ exposure }: { exposure: ExposureView }) {
  const celsius = camera.value?.capabilities.camera?.temperature;
  const time = new Date(exposure.startUtc).toLocaleTimeString([], { hour12: false });
  const facts = [
    exposure.object,
    lengthText(exposure.seconds),
    exposure.filter,
    exposure.type === 'light' ? undefined : exposure.type,
    time,
    celsius === undefined || !isLatest.value ? undefined : `${figure(celsius)} °C`,
    ...sharpnessWords(sharpnessOf(exposure)),
  ];
  return (
    <figcaption>
      {facts
        .filter((fact) => fact !== undefined)
        .map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      {!isLatest.value && (
        <button
          type="button"
          class="back"
          onClick={() => {
            chosen.value = undefined;
          }}
        >
          Back to the latest
        </button>
      )}
    </figcaption>
  );
}
