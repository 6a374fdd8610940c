import type { Clock } from '../../src/core/clock.ts';
import { clamp } from '../../src/core/units.ts';
import type { Weather } from './weather.ts';

/** A doublet of 100 mm in its cell with a strap round it. */
const JOULES_PER_KELVIN = 400;
/** To the air: at rest, and more for each metre a second of wind. W/K. */
const STILL_AIR = 0.15;
const WIND = 0.07;
/** To the sky, 4σT³ times the area: W/K. */
const SKY = 0.04;
/** The share of the strap's watts that arrives in the glass: the rest warms tube and air. */
const HEATER_WATTS = 2.3;

const STEP_MS = 30_000;
/** Older heat has left the glass. */
const MEMORY_MS = 12 * 3600_000;
/** Kelvin below the dew point, times seconds, until the glass is covered whole. */
const COVERED = 1800;

export interface GlassState {
  celsius: number;
  heater: number;
  dew: number;
}

/**
 * The front glass: it radiates to the sky, holds to the air, is warmed by its heater, and is not the air. Under a clear
 * sky it settles 5 °C below the air when that is still, 2 °C below in a wind of 4 m/s, at the air's temperature under clouds.
 */
export interface Glass {
  celsius(): number;
  /** 0–1: the mean of a switched output is set as it is (a duty), or each of its levels at its time. */
  heater: number;
  /** 0–1: how much of it dew covers; it dries once the glass is warmer than the dew point. */
  dew(): number;
  /** Below the dew point now. */
  dewed(): boolean;
  save(): GlassState;
  restore(state: GlassState): void;
}

/**
 * Each reading goes on from the last change, in steps of which each is solved exactly for the weather in its middle: the
 * temperature does not depend on who has read it when. An override of the weather counts for what was not yet read.
 */
export function createGlass(clock: Clock, weather: Weather): Glass {
  const balance = (utc: number, heater: number) => {
    const air = weather.at(utc);
    const toAir = STILL_AIR + WIND * air.windMetresPerSecond;
    const total = toAir + SKY;
    const gain = toAir * air.temperatureCelsius + SKY * air.skyTemperatureCelsius + HEATER_WATTS * heater;
    return { settles: gain / total, perSecond: total / JOULES_PER_KELVIN, dewPoint: air.dewPointCelsius };
  };
  let at = clock.now();
  let heater = 0;
  let celsius = balance(at, heater).settles;
  let dew = 0;

  /** To the present. */
  const advance = () => {
    const now = clock.now();
    // A clock that was set leaves the glass as it is.
    if (now < at) at = now;
    at = Math.max(at, now - MEMORY_MS);
    while (at < now) {
      const step = Math.floor(at / STEP_MS);
      const end = Math.min(now, (step + 1) * STEP_MS);
      const seconds = (end - at) / 1000;
      const { settles, perSecond, dewPoint } = balance((step + 0.5) * STEP_MS, heater);
      celsius = settles + (celsius - settles) * Math.exp(-perSecond * seconds);
      dew = clamp(dew + ((dewPoint - celsius) * seconds) / COVERED, 0, 1);
      at = end;
    }
  };
  const present = <T>(value: () => T): T => {
    advance();
    return value();
  };
  return {
    celsius: () => present(() => celsius),
    dew: () => present(() => dew),
    dewed: () => present(() => celsius < weather.at(at).dewPointCelsius),
    get heater() {
      return heater;
    },
    set heater(level) {
      advance();
      heater = clamp(level, 0, 1);
    },
    save: () => present(() => ({ celsius, heater, dew })),
    restore(state) {
      at = clock.now();
      ({ celsius, heater, dew } = state);
    },
  };
}
