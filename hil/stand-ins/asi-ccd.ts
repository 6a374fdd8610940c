import { numbers, switches, texts } from '../../src/indi/adopt/declared.ts';
import { AsiCooling } from './shared/asi-cooling.ts';
import { cameraProperties, chosen, Exposing, windowOf } from './shared/camera-body.ts';
import { fitsFile } from './shared/fits-file.ts';
import { StandIn, type Values } from './shared/stand-in.ts';
import { starField } from './shared/star-field.ts';

/**
 * Stands for indi_asi_ccd (indi-3rdparty, indi-asi 2.4), which needs ZWO's closed SDK and a camera: its property set and
 * its habits, such as regions in steps of 8 × 2 and formats that change the region. STAND_IN_COLOUR: a colour camera.
 */
const colour = process.env.STAND_IN_COLOUR !== undefined;
const CHIP = { width: 1304, height: 976, pixelMicrons: 3.75, bits: 16, mostBinning: 4 };
const [STREAM_WIDTH_STEP, HEIGHT_STEP] = [8, 2];

const formats = {
  ASI_IMG_RAW8: 'Raw 8 bit',
  ASI_IMG_RAW16: 'Raw 16 bit',
  ...(colour && { ASI_IMG_Y8: 'Luma' }),
};
const formatSwitches = (name: string) =>
  switches(name, Object.fromEntries(Object.keys(formats).map((key) => [key, key === 'ASI_IMG_RAW16'])), {
    labels: formats,
  });

const driver = new StandIn({
  device: colour ? 'ZWO CCD ASI224MC' : 'ZWO CCD ASI174MM',
  executable: 'indi_asi_ccd',
  interfaces: 2 | 4,
  connected: [
    ...cameraProperties(CHIP),
    numbers('CCD_TEMPERATURE', { CCD_TEMPERATURE_VALUE: { value: 20, min: -50, max: 50 } }),
    numbers('CCD_TEMP_RAMP', {
      RAMP_SLOPE: { value: 0, min: 0, max: 30 },
      RAMP_THRESHOLD: { value: 0.2, min: 0.1, max: 2 },
    }),
    numbers('CCD_COOLER_POWER', { CCD_COOLER_VALUE: { value: 0, min: 0, max: 1 } }, { perm: 'ro' }),
    switches('CCD_COOLER', { COOLER_ON: false, COOLER_OFF: true }, { perm: 'wo' }),
    numbers('CCD_CONTROLS', {
      Gain: { value: 120, min: 0, max: 600 },
      Offset: { value: 10, min: 0, max: 100 },
      BandWidth: { value: 50, min: 40, max: 100 },
      AutoExpMaxGain: { value: 300, min: 0, max: 600 },
      AutoExpMaxExpMS: { value: 100, min: 1, max: 60_000 },
      AutoExpTargetBrightness: { value: 100, min: 50, max: 160 },
      HardwareBin: { value: 0, min: 0, max: 1 },
      HighSpeedMode: { value: 0, min: 0, max: 1 },
    }),
    switches('CCD_CONTROLS_MODE', { AUTO_Gain: false, AUTO_BandWidth: true }, { rule: 'AnyOfMany' }),
    switches('FLIP', { FLIP_HORIZONTAL: false, FLIP_VERTICAL: false }, { rule: 'AnyOfMany' }),
    formatSwitches('CCD_CAPTURE_FORMAT'),
    formatSwitches('CCD_VIDEO_FORMAT'),
    ...(colour ? [texts('CCD_CFA', { CFA_OFFSET_X: '0', CFA_OFFSET_Y: '0', CFA_TYPE: 'GRBG' })] : []),
    numbers('BLINK', {
      BLINK_COUNT: { value: 0, min: 0, max: 100 },
      BLINK_DURATION: { value: 0, min: 0, max: 60 },
    }),
    numbers('ADC_DEPTH', { BITS: 12 }, { perm: 'ro' }),
    texts('SDK', { VERSION: '1, 37' }, { perm: 'ro' }),
    texts('Serial Number', { SN: '0a1b2c3d4e5f6071' }, { perm: 'ro' }),
    switches('CCD_VIDEO_STREAM', { STREAM_ON: false, STREAM_OFF: true }),
    numbers('STREAMING_EXPOSURE', { STREAMING_EXPOSURE_VALUE: { value: 0.1, min: 1e-6, max: 60 } }),
    numbers('FPS', { EST_FPS: 0, AVG_FPS: 0 }, { perm: 'ro' }),
    numbers('CCD_STREAM_FRAME', { X: 0, Y: 0, WIDTH: CHIP.width, HEIGHT: CHIP.height }),
    switches('CCD_STREAM_ENCODER', { RAW: true, MJPEG: false }),
    numbers('TELESCOPE_TIMED_GUIDE_NS', {
      TIMED_GUIDE_N: { value: 0, min: 0, max: 60_000 },
      TIMED_GUIDE_S: { value: 0, min: 0, max: 60_000 },
    }),
    numbers('TELESCOPE_TIMED_GUIDE_WE', {
      TIMED_GUIDE_W: { value: 0, min: 0, max: 60_000 },
      TIMED_GUIDE_E: { value: 0, min: 0, max: 60_000 },
    }),
    switches(
      'CONFIG_PROCESS',
      { CONFIG_LOAD: false, CONFIG_SAVE: false, CONFIG_DEFAULT: false, CONFIG_PURGE: false },
      { rule: 'AtMostOne' },
    ),
  ],
  commands: {
    CCD_EXPOSURE: (values) => {
      if (streaming) throw new Error('Cannot take exposure while streaming/recording is active.');
      exposing.start(values);
    },
    CCD_ABORT_EXPOSURE: () => exposing.abort(),
    CCD_FRAME: ({ X, Y, WIDTH, HEIGHT }) => frame(Number(X), Number(Y), Number(WIDTH), Number(HEIGHT)),
    CCD_FRAME_RESET: () => frame(0, 0, CHIP.width, CHIP.height),
    CCD_BINNING: ({ HOR_BIN, VER_BIN }) => {
      if (!(Number(HOR_BIN) >= 1 && Number(HOR_BIN) <= CHIP.mostBinning))
        throw new Error('Binning is not supported');
      driver.set('CCD_BINNING', 'Idle', { HOR_BIN: Number(HOR_BIN), VER_BIN: Number(VER_BIN) });
      const { x, y, width, height } = windowOf(driver);
      frame(x, y, width, height);
      driver.set('CCD_BINNING', 'Ok');
    },
    CCD_CONTROLS: (values) => {
      if (!(Number(values.Gain ?? 0) <= 600 && Number(values.Offset ?? 0) <= 100))
        throw new Error('Failed to set control');
      driver.set('CCD_CONTROLS', 'Ok', values);
    },
    CCD_CAPTURE_FORMAT: (values) => format(values),
    CCD_VIDEO_FORMAT: (values) => format(values),
    CCD_TEMPERATURE: ({ CCD_TEMPERATURE_VALUE }) => cooling.aim(Number(CCD_TEMPERATURE_VALUE)),
    CCD_COOLER: ({ COOLER_ON }) => cooling.switchTo(COOLER_ON === true),
    CCD_VIDEO_STREAM: ({ STREAM_ON }) => stream(STREAM_ON === true),
    TELESCOPE_TIMED_GUIDE_NS: (values) => pulse('TELESCOPE_TIMED_GUIDE_NS', values),
    TELESCOPE_TIMED_GUIDE_WE: (values) => pulse('TELESCOPE_TIMED_GUIDE_WE', values),
  },
  connect: () => driver.log('[INFO] CCD is online. Retrieving basic data.'),
  disconnect() {
    exposing.stop();
    streaming = false;
    cooling.stop();
    driver.log('[INFO] Camera is offline.');
  },
});
const exposing = new Exposing(driver, image);
const cooling = new AsiCooling(driver);
let streaming = false;
driver.run();

function frame(x: number, y: number, width: number, height: number): void {
  const binning = Number(driver.values('CCD_BINNING').HOR_BIN);
  const [columns, rows] = [Math.floor(width / binning), Math.floor(height / binning)];
  if (x < 0 || y < 0 || x + width > CHIP.width || y + height > CHIP.height)
    throw new Error('Failed to set ROI');
  const size = { WIDTH: columns - (columns % STREAM_WIDTH_STEP), HEIGHT: rows - (rows % HEIGHT_STEP) };
  driver.set('CCD_STREAM_FRAME', 'Ok', { X: 0, Y: 0, ...size });
  driver.set('CCD_FRAME', 'Ok', {
    X: Math.floor(x / binning) * binning,
    Y: Math.floor(y / binning) * binning,
    WIDTH: size.WIDTH * binning,
    HEIGHT: size.HEIGHT * binning,
  });
}

/** Both properties of the format say the same, and a new one means the whole chip. */
function format(values: Values): void {
  if (streaming) throw new Error('Cannot change format while streaming/recording.');
  driver.set('CCD_CAPTURE_FORMAT', 'Ok', values);
  driver.set('CCD_VIDEO_FORMAT', 'Ok', values);
  const bits = chosen(values) === 'ASI_IMG_RAW16' ? 16 : 8;
  driver.set('CCD_INFO', 'Ok', { CCD_BITSPERPIXEL: bits });
  frame(0, 0, CHIP.width, CHIP.height);
}

function pixels(seconds: number): { data: Uint16Array | Uint8Array; width: number } {
  const { Gain, Offset } = driver.values('CCD_CONTROLS');
  const binning = Number(driver.values('CCD_BINNING').HOR_BIN);
  const window = windowOf(driver);
  const type = chosen(driver.values('CCD_FRAME_TYPE'));
  const light = type === 'FRAME_LIGHT' || type === 'FRAME_FLAT';
  const exposure = { binning, seconds, gain: Number(Gain), offset: Number(Offset), light };
  const wide = starField(CHIP, window, exposure);
  const sixteen = chosen(driver.values('CCD_VIDEO_FORMAT')) === 'ASI_IMG_RAW16';
  return {
    data: sixteen ? wide : Uint8Array.from(wide, (value) => value >> 8),
    width: window.width / binning,
  };
}

function image(seconds: number) {
  const { data, width } = pixels(seconds);
  const binning = Number(driver.values('CCD_BINNING').HOR_BIN);
  const { Gain, Offset } = driver.values('CCD_CONTROLS');
  const mosaic = colour && chosen(driver.values('CCD_VIDEO_FORMAT')) !== 'ASI_IMG_Y8';
  const bytes = fitsFile(data, width, {
    INSTRUME: driver.device,
    EXPTIME: seconds,
    'CCD-TEMP': Number(driver.values('CCD_TEMPERATURE').CCD_TEMPERATURE_VALUE),
    PIXSIZE1: CHIP.pixelMicrons,
    PIXSIZE2: CHIP.pixelMicrons,
    XBINNING: binning,
    YBINNING: binning,
    XPIXSZ: CHIP.pixelMicrons * binning,
    YPIXSZ: CHIP.pixelMicrons * binning,
    ...(mosaic && { XBAYROFF: 0, YBAYROFF: 0, BAYERPAT: 'GRBG' }),
    GAIN: Number(Gain),
    OFFSET: Number(Offset),
  });
  return { format: '.fits', size: bytes.length, bytes };
}

function stream(on: boolean): void {
  const begins = on && !streaming;
  streaming = on;
  driver.set('CCD_VIDEO_STREAM', on ? 'Busy' : 'Idle', { STREAM_ON: on, STREAM_OFF: !on });
  if (begins) void play();
}

async function play(): Promise<void> {
  while (streaming) {
    const seconds = Number(driver.values('STREAMING_EXPOSURE').STREAMING_EXPOSURE_VALUE);
    const start = driver.clock.monotonic();
    await driver.clock.sleep(seconds * 1000);
    if (!streaming) return;
    const { data } = pixels(seconds);
    const bytes = new Uint8Array(data.buffer);
    await exposing.send({ format: '.stream', size: bytes.length, bytes });
    const rate = 1000 / (driver.clock.monotonic() - start);
    driver.set('FPS', 'Ok', { EST_FPS: rate, AVG_FPS: rate });
  }
}

async function pulse(property: string, values: Values): Promise<void> {
  driver.set(property, 'Busy', values);
  await driver.clock.sleep(Math.max(0, ...Object.values(values).map(Number)));
  driver.set(
    property,
    'Ok',
    Object.fromEntries(Object.keys(driver.values(property)).map((name) => [name, 0])),
  );
}
