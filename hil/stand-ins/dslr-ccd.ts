import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { arrange } from '../../src/imaging/arrange.ts';
import { allocateFrame } from '../../src/imaging/frame.ts';
import { imagingJobs } from '../../src/imaging/jobs.ts';
import { numbers, switches, texts } from '../../src/indi/adopt/declared.ts';
import { cameraProperties, Exposing } from './shared/camera-body.ts';
import { StandIn } from './shared/stand-in.ts';
import { starField } from './shared/star-field.ts';

/**
 * Stands for indi_gphoto_ccd with a photo camera whose raw files its libraries do not know: it refuses to encode FITS and
 * sends what the camera wrote: a JPEG, or the file that STAND_IN_FILE names. It does not know its sensor's size.
 */
const own = process.env.STAND_IN_FILE;
const CHIP = { width: 640, height: 424, pixelMicrons: 4.3, bits: 8, mostBinning: 1 };
const GAINS: Readonly<Record<string, number>> = { ISO0: 100, ISO1: 200, ISO2: 400, ISO3: 800, ISO4: 1600 };

const unknown = { CCD_MAX_X: 0, CCD_MAX_Y: 0, CCD_PIXEL_SIZE: 0, CCD_PIXEL_SIZE_X: 0, CCD_PIXEL_SIZE_Y: 0 };
const frameless = ['CCD_FRAME', 'CCD_FRAME_RESET', 'CCD_BINNING', 'CCD_TRANSFER_FORMAT', 'CCD_INFO'];

const driver = new StandIn({
  device: 'GPhoto CCD',
  executable: 'indi_gphoto_ccd',
  interfaces: 2,
  before: [texts('DEVICE_PORT', { PORT: '' })],
  connected: [
    ...cameraProperties(CHIP).filter(({ name }) => !frameless.includes(name)),
    numbers('CCD_INFO', { ...unknown, CCD_BITSPERPIXEL: 0 }, { perm: 'ro' }),
    switches('CCD_TRANSFER_FORMAT', { FORMAT_FITS: false, FORMAT_NATIVE: true }),
    switches('CCD_ISO', Object.fromEntries(Object.keys(GAINS).map((name) => [name, name === 'ISO3'])), {
      labels: Object.fromEntries(Object.entries(GAINS).map(([name, iso]) => [name, String(iso)])),
    }),
    switches('CCD_CAPTURE_TARGET', { RAM: true, 'SD Card': false }),
    switches('FORCE_BULB', { On: true, Off: false }),
  ],
  commands: {
    CCD_EXPOSURE: (values) => exposing.start(values),
    CCD_ABORT_EXPOSURE: () => exposing.abort(),
    CCD_TRANSFER_FORMAT: ({ FORMAT_FITS }) => {
      if (FORMAT_FITS) throw new Error('FITS is not supported for this camera, it stays native.');
      driver.set('CCD_TRANSFER_FORMAT', 'Ok');
    },
  },
});
const exposing = new Exposing(driver, photograph);
driver.run();

async function photograph(seconds: number) {
  if (own) {
    const bytes = await readFile(own);
    return { format: extname(own), size: bytes.length, bytes };
  }
  const chosen = Object.entries(driver.values('CCD_ISO')).find(([, on]) => on)?.[0] ?? 'ISO0';
  const gain = 200 * Math.log10((GAINS[chosen] ?? 100) / 100);
  const exposure = { binning: 1, seconds, gain, offset: 10, light: true };
  const pixels = starField(CHIP, { x: 0, y: 0, ...CHIP }, exposure);
  const frame = allocateFrame({ width: CHIP.width, height: CHIP.height, format: 'u16' });
  const source = arrange(new Uint8Array(pixels.buffer), { element: 'u16', order: 'row-major' }, frame);
  const bytes = await imagingJobs.preview({
    source,
    options: { width: CHIP.width, format: 'jpeg', quality: 95 },
  });
  return { format: '.jpg', size: bytes.length, bytes: new Uint8Array(bytes) };
}
