import { Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Run } from '../../core/run.ts';
import type { Camera, Control, ExposureRequest } from '../../device/camera.ts';
import type { Darkroom } from '../../device/driver.ts';
import type { Frame } from '../../imaging/frame.ts';
import { type Chip, guideChip, mainChip } from './camera-chip.ts';
import { isoControl, namedControl, readoutControl } from './camera-controls.ts';
import { adoptCooling } from './camera-cooler.ts';
import { Exposures } from './camera-exposure.ts';
import { developBlob } from './camera-image.ts';
import {
  binningsOf,
  exposureLimits,
  keepsMosaic,
  regionNow,
  type Size,
  sensorOf,
  withMosaic,
} from './camera-sensor.ts';
import { arrangeFrame, arrangeTransfer } from './camera-settings.ts';
import { followState } from './camera-state.ts';
import { adoptStream } from './camera-stream.ts';
import type { Hosted } from './hosted.ts';
import { has } from './tools.ts';

export interface CameraParts {
  readonly darkroom: Darkroom;
  readonly log: Log;
}

type Extras = Pick<Camera, 'gain' | 'offset' | 'readout' | 'temperature' | 'cooler' | 'stream'>;

/** The camera of an INDI device: its main chip. Undefined: it has none. */
export function adoptCamera(hosted: Hosted, parts: CameraParts): Camera | undefined {
  if (!has(hosted, mainChip.exposure, mainChip.seconds)) return undefined;
  const gain = namedControl(hosted, 'gain') ?? isoControl(hosted);
  const offset = namedControl(hosted, 'offset');
  const readout = readoutControl(hosted);
  const stream = adoptStream(hosted);
  return cameraOf(hosted, mainChip, parts, {
    ...(gain && { gain }),
    ...(offset && { offset }),
    ...(readout && { readout }),
    ...(stream && { stream }),
    ...adoptCooling(hosted),
  });
}

/** The second chip of a camera, for guiding. */
export function adoptGuideHead(hosted: Hosted, parts: CameraParts): Camera | undefined {
  return has(hosted, guideChip.exposure, guideChip.seconds)
    ? cameraOf(hosted, guideChip, parts, {})
    : undefined;
}

function cameraOf(hosted: Hosted, chip: Chip, parts: CameraParts, extras: Extras): Camera {
  const state = followState(hosted, chip);
  const exposures = new Exposures(hosted, chip);
  /** Of the first whole picture. */
  let seen: Size | undefined;
  const camera: Camera = {
    get sensor() {
      return sensorOf(hosted, chip, seen);
    },
    get binnings() {
      return binningsOf(hosted, chip);
    },
    get exposureSeconds() {
      return exposureLimits(hosted, chip);
    },
    state,
    ...extras,
    async expose(request, run) {
      try {
        return await expose(request, run);
      } catch (error) {
        // Should the driver not say so itself.
        state.set('idle');
        throw error;
      }
    },
  };
  return camera;

  async function expose(request: ExposureRequest, run: Run): Promise<Frame> {
    const { seconds, binning = 1, region } = request;
    // Nobody waits for what a client, or an earlier life of this process, has begun: the lane is ours.
    if (exposures.busy) await exposures.abort(run.clock);
    await extras.stream?.setOn(false, run);
    await arrangeTransfer(hosted, chip, parts.log, run);
    await adjust('gain', extras.gain, request.gain, run);
    await adjust('offset', extras.offset, request.offset, run);
    await arrangeFrame(hosted, chip, request, camera.sensor, run);
    const { blob, letGo } = await exposures.take(seconds, run);
    const frame = await developBlob(blob, hosted.device, parts.darkroom, run).finally(letGo);
    if (!region) seen ??= { width: frame.width * binning, height: frame.height * binning };
    return withMosaic(frame, camera.sensor, regionNow(hosted, chip), binning, keepsMosaic(hosted));
  }

  async function adjust(
    name: string,
    control: Control | undefined,
    wanted: number | undefined,
    run: Run,
  ): Promise<void> {
    if (wanted === undefined || wanted === control?.value.value) return;
    if (!control) throw new Fault('unsupported', `${hosted.device} has no ${name}`);
    await control.set(wanted, run);
  }
}
