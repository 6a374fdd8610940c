import { z } from '@hono/zod-openapi';
import type { CapabilityName } from '../device/capabilities.ts';
import { marginRange } from '../device/dew.ts';
import type { ArgumentsOf, OperationName } from '../device/operations.ts';

/** One schema for every operation of every capability: a new operation without one does not compile. */
type OperationSchemas = {
  readonly [C in CapabilityName]: { readonly [O in OperationName<C>]: z.ZodType<ArgumentsOf<C, O>> };
};

const nothing = z.strictObject({});
export const compass = z.enum(['north', 'south', 'east', 'west']);
const steps = z.strictObject({ steps: z.int().min(0).describe('of the focuser') });
const value = z.strictObject({ value: z.number() });

const onOff = z.strictObject({ on: z.boolean() });
const outputId = z.string().max(40).describe('of the output, as the device lists it');
const channelId = z.string().max(200).describe('of the heater, as dew control lists it');
export const margin = z
  .number()
  .min(marginRange.min)
  .max(marginRange.max)
  .describe('degrees Celsius above the dew point');
const outputOnOff = z.strictObject({ id: outputId, on: z.boolean() });
const angle = z.strictObject({ degrees: z.number().min(0).max(360) });

/** ICRS degrees. */
export const direction = z.strictObject({
  ra: z.number().min(0).lt(360).describe('ICRS degrees'),
  dec: z.number().min(-90).max(90).describe('ICRS degrees'),
});

const region = z
  .strictObject({
    x: z.int().min(0),
    y: z.int().min(0),
    width: z.int().min(1),
    height: z.int().min(1),
  })
  .describe('unbinned pixels from the top left');

const exposureRequest = z.strictObject({
  seconds: z.number().min(0),
  type: z.enum(['light', 'dark', 'bias', 'flat', 'darkflat']).default('light'),
  region: region.exactOptional(),
  binning: z.int().min(1).exactOptional(),
  gain: z.number().exactOptional(),
  offset: z.number().exactOptional(),
});

const exposureOrder = exposureRequest.extend({
  object: z.string().max(68).describe('what is in the picture').exactOptional(),
});

export const operationSchemas = {
  mount: {
    slewTo: direction,
    sync: direction,
    track: onOff,
    trackAt: z.strictObject({ rate: z.enum(['sidereal', 'solar', 'lunar']) }),
    park: nothing,
    unpark: nothing,
    parkHere: nothing,
    parkAt: z.strictObject({
      at: z
        .tuple([z.number().min(-360).max(360), z.number().min(-90).max(90)])
        .describe('degrees, as its park position has them'),
    }),
    home: nothing,
    findHome: nothing,
    setHome: nothing,
    move: z.strictObject({ direction: compass, rate: z.int().min(0).describe('index into rates') }),
    halt: nothing,
  },
  guide: {
    pulse: z.strictObject({ direction: compass, milliseconds: z.int().min(1).max(60_000) }),
    setRate: z.strictObject({
      ra: z.number().positive().describe('multiple of sidereal'),
      dec: z.number().positive().describe('multiple of sidereal'),
    }),
  },
  camera: {
    expose: exposureOrder,
    abort: nothing,
    finish: nothing,
    gain: value,
    offset: value,
    readout: value,
    stream: onOff,
    cool: z.strictObject({
      celsius: z.number().min(-100).max(50).describe('absent: the cooler is switched off').optional(),
    }),
  },
  focuser: {
    moveTo: steps,
    sync: steps,
    speed: value,
    reverse: onOff,
    backlash: steps,
    drive: z.strictObject({
      direction: z.enum(['inward', 'outward']),
      milliseconds: z.int().min(1).max(60_000),
    }),
    halt: nothing,
  },
  wheel: { select: z.strictObject({ slot: z.int().min(1) }) },
  rotator: { turnTo: angle, sync: angle, reverse: onOff, home: nothing, halt: nothing },
  dome: {
    turnTo: angle,
    turn: z.strictObject({ direction: z.enum(['clockwise', 'counterclockwise']) }),
    sync: angle,
    openRoof: nothing,
    closeRoof: nothing,
    park: nothing,
    unpark: nothing,
    halt: nothing,
  },
  power: {
    port: outputOnOff,
    usb: outputOnOff,
    heat: z.strictObject({ id: outputId, percent: z.number().min(0).max(100) }),
    heatAutomatically: outputOnOff,
    adjust: z.strictObject({ id: outputId, volts: z.number().min(0).max(60) }),
    adjustable: outputOnOff,
    cycle: nothing,
  },
  dew: {
    automatic: z.strictObject({ id: channelId, on: z.boolean() }),
    margin: z.strictObject({ id: channelId, celsius: margin }),
  },
  lines: { output: outputOnOff },
  weather: { refresh: nothing },
  gps: { refresh: nothing },
  cover: { open: nothing, close: nothing, halt: nothing },
  light: { switch: onOff, dim: z.strictObject({ brightness: z.number().min(0) }) },
} as const satisfies OperationSchemas;

export const deviceId = z.strictObject({
  id: z.string().max(200).describe('may contain /, plain or as %2F'),
});
export const runId = z.strictObject({ id: z.string().max(64) });

export const runSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    device: z.string().optional(),
    state: z.enum(['running', 'returned', 'threw', 'stopped']),
    startedUtc: z.string(),
    endedUtc: z.string().optional(),
    fraction: z.number().optional(),
    note: z.string().optional(),
    steps: z.array(z.string()),
    message: z.string().optional(),
    fault: z.string().optional(),
    exposure: z.string().optional().describe('id of the exposure it has stored'),
    exposureSeconds: z.number().optional(),
  })
  .meta({ id: 'Run' });

export const deviceSchema = z
  .looseObject({
    id: z.string(),
    label: z.string(),
    driver: z.string(),
    status: z.object({ state: z.string(), message: z.string().optional() }),
    roles: z.array(z.string()),
    capabilities: z.record(z.string(), z.unknown()),
    settings: z.record(z.string(), z.unknown()),
    runs: z.array(z.string()),
  })
  .meta({ id: 'Device' });
