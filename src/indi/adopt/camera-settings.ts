import { Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Run } from '../../core/run.ts';
import type { ExposureRequest, Region, Sensor } from '../../device/camera.ts';
import { type Chip, FRAME_TYPES, forOurExposures } from './camera-chip.ts';
import { regionNow } from './camera-sensor.ts';
import type { Hosted } from './hosted.ts';
import { choose, chosenIn, command, has, numberIn, writable } from './tools.ts';

/** Sees to it that images come here, and as plain FITS where the driver can: what comes in the end is seen by itself. */
export async function arrangeTransfer(hosted: Hosted, chip: Chip, log: Log, run: Run): Promise<void> {
  for (const [property, ...names] of forOurExposures(chip)) {
    const wanted = names.find((name) => has(hosted, property, name));
    if (wanted === undefined || isPhotographersChoice(hosted, property)) continue;
    try {
      await select(hosted, property, wanted, run);
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
      log.info({ device: hosted.device, property }, error.message);
    }
  }
}

/** A photo camera's own files are read here, and kept beside the FITS file: who has chosen them keeps them. */
const isPhotographersChoice = (hosted: Hosted, property: string): boolean =>
  has(hosted, 'CCD_ISO') && chosenIn(hosted.property(property)) === 'FORMAT_NATIVE';

/**
 * Type, binning and region, as far as they differ from what the device says.
 * @throws Fault `unsupported` for a region of a camera that has none
 */
export async function arrangeFrame(
  hosted: Hosted,
  chip: Chip,
  { type, binning = 1, region }: ExposureRequest,
  sensor: Sensor,
  run: Run,
): Promise<void> {
  if (has(hosted, chip.type, FRAME_TYPES[type])) await select(hosted, chip.type, FRAME_TYPES[type], run);
  const binned = hosted.property(chip.binning);
  if (
    writable(hosted, chip.binning) &&
    ['HOR_BIN', 'VER_BIN'].some((side) => numberIn(binned, side) !== binning)
  ) {
    await command(hosted, chip.binning, { HOR_BIN: binning, VER_BIN: binning }, run);
  }
  // After the binning, which drivers let change the region.
  const wanted = region ?? { x: 0, y: 0, width: sensor.width, height: sensor.height };
  if (wanted.width === 0 || same(wanted, regionNow(hosted, chip))) return;
  if (writable(hosted, chip.frame)) {
    const { x: X, y: Y, width: WIDTH, height: HEIGHT } = wanted;
    await command(hosted, chip.frame, { X, Y, WIDTH, HEIGHT }, run);
  } else if (region && (region.width < sensor.width || region.height < sensor.height)) {
    throw new Fault('unsupported', `${hosted.device} only takes whole frames`);
  }
}

async function select(hosted: Hosted, property: string, element: string, run: Run): Promise<void> {
  if (chosenIn(hosted.property(property)) === element || !writable(hosted, property)) return;
  await command(hosted, property, choose(hosted, property, element), run);
}

const same = (a: Region, b: Region | undefined) =>
  b !== undefined && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
