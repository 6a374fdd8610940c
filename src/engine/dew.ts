import { clamp } from '../core/units.ts';
import type { DewRegime } from '../device/dew.ts';

/** What is known at this moment; what is silent is absent. */
export interface DewReading {
  /** Since the last decision. */
  seconds: number;
  air?: Air | undefined;
  /** Present: a probe is on the glass, whether or not it answers. */
  probe?: { name: string; celsius: number | undefined } | undefined;
  /** What the sensor of the air is called, for words; absent: there is none. */
  sensor?: string | undefined;
  marginCelsius: number;
}

export interface Air {
  ambientCelsius: number;
  dewPointCelsius: number;
}

export interface DewMemory {
  /** Percent, as it was last decided. */
  readonly duty: number;
  /** Percent: what the glass needs all the time, as the loop has learnt it. */
  readonly steady: number;
  readonly air?: Air | undefined;
  readonly glassCelsius?: number | undefined;
  readonly airSilentSeconds: number;
  readonly glassSilentSeconds: number;
}

export interface DewDecision {
  /** Whole percent. */
  duty: number;
  regime: Exclude<DewRegime, 'by hand' | 'waiting'>;
  /** Something it needs is missing. */
  alarm: boolean;
  state: string;
  memory: DewMemory;
}

/** No strap is heated without a rest. */
export const MOST_PERCENT = 90;
/** With nothing to go by: what carries common glass through most nights and burns nothing. */
export const SAFE_PERCENT = 30;
/** A reading older than this is none. */
export const STALE_SECONDS = 60;

/** Glass under a clear sky in still air is so much colder than the air, at the worst. */
const DEEPEST_CELSIUS = 5;
/** A strap as commonly sold raises its glass by 10 °C at full power in still air. */
const PERCENT_PER_CELSIUS = 10;

/** The loop: a quick answer, and a slow one that forgets nothing. Common glass follows its strap within half an hour. */
const GAIN_PERCENT_PER_CELSIUS = 25;
const LEARNING_SECONDS = 900;
/** Warmer than wanted by so much, it gets nothing. */
const WELL_ABOVE_CELSIUS = 3;
const FASTEST_PERCENT_PER_SECOND = 1;
/** No jump, however soon after the last decision. */
const SMALL_PERCENT = 5;

/** A probe beyond these, from the air's temperature, hangs loose, is broken, or has just been switched on (85 °C). */
const COLDER_CELSIUS = 15;
const WARMER_CELSIUS = 25;

/** @param duty percent that the heater has now */
export const dewMemory = (duty = 0): DewMemory => ({
  duty,
  steady: duty,
  airSilentSeconds: STALE_SECONDS,
  glassSilentSeconds: STALE_SECONDS,
});

/**
 * The duty for a spread (air above its dew point, °C): all of what the worst sky and the margin ask beyond the spread, at
 * 10 % a degree: with a margin of 2 °C nothing from 7 °C up, 40 % at 3 °C, 70 % in saturated air.
 */
export const feedForward = (spread: number, margin: number): number =>
  clamp(PERCENT_PER_CELSIUS * (DEEPEST_CELSIUS + margin - spread), 0, MOST_PERCENT);

/** How much to heat: by the glass where a probe tells it, else by the air, else with care. Pure. */
export function decideDew(reading: DewReading, before: DewMemory): DewDecision {
  const known = remember(reading, before);
  if (!known.air || known.airSilentSeconds > STALE_SECONDS) return decideBlind(reading, known);
  const spread = known.air.ambientCelsius - known.air.dewPointCelsius;
  const { probe, marginCelsius } = reading;
  if (probe && known.glassCelsius !== undefined && known.glassSilentSeconds <= STALE_SECONDS) {
    return regulate(reading, known, known.glassCelsius - known.air.dewPointCelsius);
  }
  const memory = approach(reading, known, feedForward(spread, marginCelsius));
  const by = `air ${celsius(spread)} above its dew point`;
  const lost = probe && `${silence(probe.name, known.glassSilentSeconds)}, ${by}`;
  return decision('air', lost ?? by, lost !== undefined, { ...memory, steady: memory.duty });
}

/** What was heard last, and how long ago. */
function remember({ seconds, air, probe }: DewReading, before: DewMemory): DewMemory {
  const heard = air && plausibleAir(air) ? air : undefined;
  const around = heard ?? before.air;
  const glass = probe?.celsius;
  const felt = glass !== undefined && around && plausibleGlass(glass, around) ? glass : undefined;
  return {
    ...before,
    air: around,
    airSilentSeconds: heard ? 0 : before.airSilentSeconds + seconds,
    glassCelsius: felt ?? (probe && before.glassCelsius),
    glassSilentSeconds: felt !== undefined ? 0 : before.glassSilentSeconds + seconds,
  };
}

/** @param above °C by which the glass is above the dew point */
function regulate(reading: DewReading, known: DewMemory, above: number): DewDecision {
  const { seconds, marginCelsius } = reading;
  const missing = marginCelsius - above;
  const here = `glass ${celsius(above)} above the dew point`;
  if (missing < -WELL_ABOVE_CELSIUS) return decision('glass', here, false, { ...known, duty: 0, steady: 0 });
  const wanted = known.steady + GAIN_PERCENT_PER_CELSIUS * missing;
  // What cannot be given, or taken, teaches nothing.
  const full = (wanted >= MOST_PERCENT && missing > 0) || (wanted <= 0 && missing < 0);
  const learnt = full ? 0 : (GAIN_PERCENT_PER_CELSIUS * missing * seconds) / LEARNING_SECONDS;
  const steady = clamp(known.steady + learnt, 0, MOST_PERCENT);
  return decision('glass', here, false, { ...approach(reading, known, wanted), steady });
}

/** No less than it took while the air was known, nor than what the last that was heard of it asks for. */
function decideBlind(reading: DewReading, known: DewMemory): DewDecision {
  const { air } = known;
  const asked = air ? feedForward(air.ambientCelsius - air.dewPointCelsius, reading.marginCelsius) : 0;
  const memory = approach(reading, known, Math.max(SAFE_PERCENT, asked, known.steady));
  const why = reading.sensor
    ? silence(reading.sensor, known.airSilentSeconds)
    : 'no sensor of temperature and humidity';
  return decision('safe', why, true, memory);
}

/** Toward the duty, no faster than heaters and batteries like. */
function approach({ seconds }: DewReading, memory: DewMemory, wanted: number): DewMemory {
  const most = Math.max(SMALL_PERCENT, FASTEST_PERCENT_PER_SECOND * seconds);
  const duty = clamp(clamp(wanted, 0, MOST_PERCENT), memory.duty - most, memory.duty + most);
  return { ...memory, duty };
}

function decision(
  regime: DewDecision['regime'],
  why: string,
  alarm: boolean,
  memory: DewMemory,
): DewDecision {
  const duty = Math.round(memory.duty);
  return { duty, regime, alarm, state: `${why}: ${duty > 0 ? `heating at ${duty} %` : 'no heat'}`, memory };
}

const plausibleAir = ({ ambientCelsius, dewPointCelsius }: Air) =>
  ambientCelsius > -60 &&
  ambientCelsius < 60 &&
  dewPointCelsius > -80 &&
  dewPointCelsius <= ambientCelsius + 1;

const plausibleGlass = (glass: number, { ambientCelsius }: Air) =>
  glass >= ambientCelsius - COLDER_CELSIUS && glass <= ambientCelsius + WARMER_CELSIUS;

const celsius = (value: number) => `${value.toFixed(1).replace('-', '−')} °C`;

const silence = (name: string, seconds: number) =>
  seconds < 120
    ? `no reading from ${name}`
    : `no reading from ${name} for ${seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`}`;
