import { cell } from '../../src/core/cell.ts';
import { clamp } from '../../src/core/units.ts';
import type { Picture } from '../sky/photographs.ts';
import {
  alpacaServer,
  type ImageAnswer,
  invalidOperation,
  invalidValue,
  type Member,
  notImplemented,
} from './alpaca.ts';
import { fitsTime, imageAnswer } from './alpaca-image.ts';
import type { EmulatorContext, EmulatorFamily, HttpEmulator } from './emulator.ts';
import { createRelays } from './guide-relays.ts';
import { createCooler } from './sensor-cooler.ts';

/** CameraState (ICameraV2). */
const [IDLE, EXPOSING, READING] = [0, 2, 3];
const PIXELS_A_SECOND = 20e6;
const MAX_GAIN = 300;
const MAX_OFFSET = 1000;
const ABLE = [
  'canabortexposure',
  'canstopexposure',
  'canpulseguide',
  'cansetccdtemperature',
  'cangetcoolerpower',
];
const ABSENT = ['fastreadout', 'gains', 'offsets', 'imagearrayvariant', 'subexposureduration'];

export interface AlpacaCameraEmulator extends HttpEmulator {
  readonly faults: {
    /** A camera that hangs: the exposure never ends, whatever is asked of it. */
    neverReady: boolean;
  };
}

interface Exposure {
  startUtc: number;
  seconds: number;
  light: boolean;
  end: () => void;
}

/** One of the world's cameras behind an Alpaca server. Options: `role`: `main` (default) or `guide`. */
export function createAlpacaCamera({ clock, world, options }: EmulatorContext): AlpacaCameraEmulator {
  const role = options.role === 'guide' ? 'guide' : 'main';
  const body = world[role];
  const { sensor, photographs } = body;
  const format = photographs?.format ?? 'u16';
  // Photographs keep their values, so they are not binned.
  const maxBin = photographs ? 1 : 4;
  const frame = { bin: 1, startX: 0, startY: 0, numX: sensor.width, numY: sensor.height };
  const dial = { gain: 0, offset: clamp(sensor.offsetAdu, 0, MAX_OFFSET), readout: 0 };
  const cooler = createCooler(clock, body, () => world.weather.at().temperatureCelsius);
  const relays = createRelays(clock, world);
  const faults = { neverReady: false };
  let state = IDLE;
  let exposure: Exposure | undefined;
  let picture: Picture | undefined;
  let last: { startUtc: number; seconds: number } | undefined;
  let frames = 0;
  const truth = cell<Readonly<Record<string, unknown>>>({});
  const tell = () =>
    truth.set({
      role,
      state: ['idle', 'waiting', 'exposing', 'reading'][state],
      ...frame,
      ...dial,
      frames,
      celsius: Math.round(cooler.temperature() * 10) / 10,
      cooler: cooler.on ? cooler.setpoint : 'off',
    });

  function start(seconds: number, light: boolean): void {
    if (state !== IDLE) throw invalidOperation('an exposure is in progress');
    if (!(seconds >= 0 && seconds <= 3600)) throw invalidValue(`an exposure of ${seconds} s`);
    const { bin, startX, startY, numX, numY } = frame;
    const across = startX >= 0 && numX >= 1 && startX + numX <= Math.floor(sensor.width / bin);
    const down = startY >= 0 && numY >= 1 && startY + numY <= Math.floor(sensor.height / bin);
    if (!across || !down)
      throw invalidValue(`the subframe ${numX} × ${numY} at ${startX}, ${startY} is off the sensor`);
    picture = undefined;
    state = EXPOSING;
    exposure = {
      startUtc: clock.now(),
      seconds,
      light,
      end: clock.after(seconds * 1000, () => finish(seconds)),
    };
    tell();
  }

  /** Light off the sensor after so long, then the time of reading. */
  function finish(seconds: number): void {
    if (!exposure || faults.neverReady) return;
    const { startUtc, light } = exposure;
    const { bin, startX, startY, numX, numY } = frame;
    state = READING;
    tell();
    const region = { x: startX * bin, y: startY * bin, width: numX * bin, height: numY * bin };
    const taken = body.expose({
      startUtc,
      seconds,
      region,
      binning: bin,
      gain: dial.gain,
      offset: dial.offset,
      type: light ? 'light' : 'dark',
      temperatureCelsius: cooler.temperature(),
    });
    const end = clock.after((1000 * numX * numY) / PIXELS_A_SECOND, () => {
      picture = taken;
      last = { startUtc, seconds };
      exposure = undefined;
      state = IDLE;
      frames++;
      tell();
    });
    exposure = { ...exposure, end };
  }

  function stop(): void {
    if (state !== EXPOSING || !exposure || faults.neverReady) return;
    exposure.end();
    finish((clock.now() - exposure.startUtc) / 1000);
  }

  function abort(): void {
    if (!exposure || faults.neverReady) return;
    exposure.end();
    exposure = undefined;
    state = IDLE;
    tell();
  }

  function image(): ImageAnswer {
    if (!picture) throw invalidOperation('no image is ready');
    return imageAnswer(picture);
  }

  const is = (value: unknown): Member => ({ get: () => value });
  const missing = (member: string): Member => ({
    get: () => {
      throw notImplemented(member);
    },
  });
  /** A number that may be set within a range that is checked at once. */
  const knob = <K extends string>(
    parameter: string,
    target: Record<K, number>,
    key: K,
    min: number,
    max: number,
  ): Member => ({
    get: () => target[key],
    put(form) {
      const value = form.integer(parameter);
      if (value < min || value > max) throw invalidValue(`${parameter} ${value} is outside ${min}…${max}`);
      target[key] = value;
      tell();
    },
  });
  /** Subframes are checked when the exposure starts, for their members come one by one. */
  const edge = (parameter: string, key: keyof typeof frame) => knob(parameter, frame, key, 0, 0x7fffffff);

  const ranges = { u16: 2 ** sensor.bits - 1, i32: 0x7fffffff, f32: 0xffff };
  const bayer = sensor.bayer ? ['RGGB', 'GRBG', 'GBRG', 'BGGR'].indexOf(sensor.bayer) : -1;
  const members: Readonly<Record<string, Member>> = {
    ...each(ABLE, () => is(true)),
    ...each(ABSENT, missing),
    bayeroffsetx: bayer < 0 ? missing('bayeroffsetx') : is(bayer & 1),
    bayeroffsety: bayer < 0 ? missing('bayeroffsety') : is(bayer >> 1),
    binx: knob('BinX', frame, 'bin', 1, maxBin),
    biny: knob('BinY', frame, 'bin', 1, maxBin),
    camerastate: { get: () => state },
    cameraxsize: is(sensor.width),
    cameraysize: is(sensor.height),
    canasymmetricbin: is(false),
    canfastreadout: is(false),
    ccdtemperature: { get: cooler.temperature },
    cooleron: {
      get: () => cooler.on,
      put(form) {
        cooler.set({ on: form.flag('CoolerOn') });
        tell();
      },
    },
    coolerpower: { get: cooler.power },
    devicestate: {
      get: () => [
        { Name: 'CameraState', Value: state },
        { Name: 'CCDTemperature', Value: cooler.temperature() },
        { Name: 'CoolerPower', Value: cooler.power() },
        { Name: 'ImageReady', Value: picture !== undefined },
        { Name: 'IsPulseGuiding', Value: relays.busy() },
        { Name: 'TimeStamp', Value: fitsTime(clock.now()) },
      ],
    },
    electronsperadu: { get: () => sensor.electronsPerAdu / 10 ** (dial.gain / 200) },
    exposuremax: is(3600),
    exposuremin: is(0),
    exposureresolution: is(0.001),
    fullwellcapacity: is(sensor.fullWell),
    gain: knob('Gain', dial, 'gain', 0, MAX_GAIN),
    gainmax: is(MAX_GAIN),
    gainmin: is(0),
    hasshutter: is(false),
    heatsinktemperature: { get: () => world.weather.at().temperatureCelsius + cooler.power() / 10 },
    imagearray: { image },
    imageready: { get: () => picture !== undefined },
    ispulseguiding: { get: () => relays.busy() },
    lastexposureduration: { get: () => taken().seconds },
    lastexposurestarttime: { get: () => fitsTime(taken().startUtc) },
    maxadu: is(ranges[format]),
    maxbinx: is(maxBin),
    maxbiny: is(maxBin),
    numx: edge('NumX', 'numX'),
    numy: edge('NumY', 'numY'),
    offset: knob('Offset', dial, 'offset', 0, MAX_OFFSET),
    offsetmax: is(MAX_OFFSET),
    offsetmin: is(0),
    percentcompleted: {
      get: () =>
        exposure
          ? Math.min(100, Math.floor((clock.now() - exposure.startUtc) / 10 / (exposure.seconds || 1)))
          : 100,
    },
    pixelsizex: is(sensor.pixelMicrons),
    pixelsizey: is(sensor.pixelMicrons),
    readoutmode: knob('ReadoutMode', dial, 'readout', 0, 0),
    readoutmodes: is(['Normal']),
    sensorname: is(sensor.name),
    sensortype: is(bayer < 0 ? 0 : 2),
    setccdtemperature: {
      get: () => cooler.setpoint,
      put(form) {
        const celsius = form.number('SetCCDTemperature');
        if (celsius < -60 || celsius > 40) throw invalidValue(`a sensor at ${celsius} °C`);
        cooler.set({ setpoint: celsius });
        tell();
      },
    },
    startx: edge('StartX', 'startX'),
    starty: edge('StartY', 'startY'),
    abortexposure: { put: abort },
    pulseguide: { put: (form) => relays.pulse(form.integer('Direction'), form.integer('Duration')) },
    startexposure: { put: (form) => start(form.number('Duration'), form.flag('Light')) },
    stopexposure: { put: stop },
  };

  function taken() {
    if (!last) throw invalidOperation('there was no exposure yet');
    return last;
  }

  tell();
  const handle = alpacaServer('Nightjar emulated cameras', [
    {
      type: 'Camera',
      name: `Emulated ${role} camera`,
      uniqueId: `nightjar-emulated-${role}-camera`,
      description: sensor.name,
      interfaceVersion: 4,
      members,
    },
  ]);
  return { truth, handle, faults };
}

export const alpacaCamera: EmulatorFamily = {
  family: 'alpaca-camera',
  kind: 'http',
  create: createAlpacaCamera,
};

function each(names: readonly string[], make: (name: string) => Member): Readonly<Record<string, Member>> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}
