import { shiftBayer } from '../../src/core/bayer.ts';
import type { OwnedCell } from '../../src/core/cell.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/run.ts';
import { clamp } from '../../src/core/units.ts';
import type { CameraState, Control, ExposureRequest, Sensor } from '../../src/device/camera.ts';
import type { Darkroom } from '../../src/device/driver.ts';
import type { Frame } from '../../src/imaging/frame.ts';
import { type Alpaca, orAbsent } from './alpaca.ts';
import { formatOf, IMAGE_BYTES, readImage } from './alpaca-image.ts';

/** CameraState (ICameraV2). */
export const STATES: readonly CameraState[] = ['idle', 'exposing', 'exposing', 'reading', 'reading', 'error'];
const ERROR = 5;
/** Between two looks at a camera that is due: a tenth of its delay, so that guide frames lose no time. */
const [SOONEST_MS, LATEST_MS] = [20, 500];
const ABORT_MS = 5000;
/** Readout and download, by the slowest link that makes sense: 1 MB/s and ten characters a pixel of JSON. */
const downloadMs = (pixels: number) => 30_000 + pixels / 100;

export interface ExposingCamera {
  readonly api: Alpaca;
  readonly sensor: Sensor;
  readonly state: OwnedCell<CameraState>;
  readonly gain?: Control;
  readonly offset?: Control;
  /** How an exposure under way is thrown away; undefined: it cannot be. */
  readonly discard?: 'abortexposure' | 'stopexposure';
  readonly darkroom: Darkroom;
  /** What to accept for `imagearray`. */
  readonly accept: string;
}

export const preferring = (binary: boolean): string =>
  binary ? `${IMAGE_BYTES}, application/json` : 'application/json';

/** Takes one exposure after the other with one camera. */
export function exposer(camera: ExposingCamera): (request: ExposureRequest, run: Run) => Promise<Frame> {
  const { api, sensor, state, darkroom } = camera;
  /** The binning and region that the server has from us, as text; unknown after anything went wrong. */
  let framed = '';
  /** The camera may be exposing for us. */
  let begun = false;

  async function expose(request: ExposureRequest, run: Run): Promise<Frame> {
    const {
      seconds,
      type,
      binning = 1,
      region = { x: 0, y: 0, width: sensor.width, height: sensor.height },
    } = request;
    const width = Math.floor(region.width / binning);
    const height = Math.floor(region.height / binning);
    if (width < 1 || height < 1) {
      throw new Fault('refused', `${region.width} × ${region.height} leave no pixel at binning ${binning}`);
    }
    if (framed === '') await clear(run);
    await adjust('gain', request.gain, run);
    await adjust('offset', request.offset, run);
    await frame({
      BinX: binning,
      BinY: binning,
      StartX: Math.floor(region.x / binning),
      StartY: Math.floor(region.y / binning),
      NumX: width,
      NumY: height,
    });
    run.signal.throwIfAborted();
    // A dark flat is a dark of a flat's duration.
    const light = type === 'light' || type === 'flat';
    begun = true;
    await api.put('startexposure', { Duration: seconds, Light: light });
    state.set('exposing');
    await ready(seconds, run);
    state.set('reading');
    const reply = await api.fetch('imagearray', camera.accept, downloadMs(width * height));
    run.signal.throwIfAborted();
    const image = readImage(reply, width, height);
    const mosaic = binning === 1 && image.planes === 1 && sensor.bayer;
    const shape = {
      width,
      height,
      planes: image.planes,
      format: formatOf(image, sensor.maxAdu),
      ...(mosaic && { bayer: shiftBayer(mosaic, region.x, region.y) }),
    };
    return darkroom.develop(shape, image.raw, image.layout);
  }

  /** A camera may still be exposing for a connection that was lost, or for a process that died: nobody fetches that. */
  async function clear(run: Run): Promise<void> {
    const said = STATES[await api.number('camerastate')];
    if (said === 'exposing' || said === 'reading') await discard(run);
  }

  async function adjust(name: 'gain' | 'offset', wanted: number | undefined, run: Run) {
    const control = camera[name];
    if (wanted === undefined || wanted === control?.value.value) return;
    if (!control) throw new Fault('unsupported', `this camera has no ${name}`);
    await control.set(wanted, run);
  }

  async function frame(geometry: Readonly<Record<string, number>>) {
    const wanted = JSON.stringify(geometry);
    if (wanted === framed) return;
    framed = '';
    for (const [name, value] of Object.entries(geometry)) {
      await api.put(name.toLowerCase(), { [name]: value });
    }
    framed = wanted;
  }

  async function ready(seconds: number, run: Run): Promise<void> {
    const start = run.clock.monotonic();
    for (;;) {
      const elapsed = run.clock.monotonic() - start;
      const late = elapsed - seconds * 1000;
      run.report({ fraction: seconds > 0 ? Math.min(1, elapsed / (seconds * 1000)) : 1 });
      await run.sleep(clamp(late < 0 ? -late : late / 10, SOONEST_MS, LATEST_MS));
      if (await api.flag('imageready')) return;
      if ((await api.number('camerastate')) === ERROR) {
        // Not to be helped by another try: only connecting anew resets a camera that says so.
        throw new Fault('gone', 'the camera reports an error state; it has to be connected anew');
      }
    }
  }

  /** Throws the exposure away and waits until the camera says that it is idle. */
  async function discard(run: Run): Promise<void> {
    if (!camera.discard) return;
    await orAbsent(api.put(camera.discard));
    const deadline = run.clock.monotonic() + ABORT_MS;
    while ((await api.number('camerastate')) !== 0 && run.clock.monotonic() < deadline) {
      await run.clock.sleep(50);
    }
  }

  return async (request, run) => {
    begun = false;
    try {
      return await expose(request, run);
    } catch (error) {
      framed = '';
      // Best effort: why the exposure ended says more than why its end went wrong.
      if (begun && !isGone(error)) await discard(run).catch(() => undefined);
      throw error;
    } finally {
      state.set('idle');
    }
  };
}

const isGone = (error: unknown) => error instanceof Fault && error.kind === 'gone';
