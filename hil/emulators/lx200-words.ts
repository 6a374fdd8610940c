import { parseSexagesimal } from '../../src/core/units.ts';
import type { Place } from '../sky/geometry.ts';
import { SIDEREAL_DEGREES_PER_SECOND } from '../sky/mount-body.ts';
import type { Conditions } from '../sky/world.ts';
import type { Almanac } from './lx200-almanac.ts';
import type { Gem, Way } from './lx200-gem.ts';
import { clockText, dateText, degreeText, hourText } from './lx200-text.ts';

/** What the mount answers, by the command's word; `''`: understood and not answered. */
export type Vocabulary = Readonly<Record<string, (argument: string) => string>>;

export interface Parts {
  gem: Gem;
  almanac: Almanac;
  /** Degrees a second. */
  slewRate: number;
  precise: boolean;
  weather(): Conditions;
}

/** What the commands of one mount share: the target, the chosen rate, the reading's precision. */
interface Desk {
  target: Place;
  rate: number;
  precise: boolean;
}

const ways: readonly Way[] = ['n', 's', 'e', 'w'];
const SIDEREAL = SIDEREAL_DEGREES_PER_SECOND;
/** Meade's degree mark in character set of its display. */
const MEADE_MARKS = ['\xdf', ':'] as const;

export function classicWords(parts: Parts): Vocabulary {
  return classic(parts, { target: { ra: 0, dec: 0 }, rate: SIDEREAL, precise: parts.precise }, MEADE_MARKS);
}

export function autostarWords(parts: Parts): Vocabulary {
  const desk: Desk = { target: { ra: 0, dec: 0 }, rate: SIDEREAL, precise: parts.precise };
  return {
    ...classic(parts, desk, MEADE_MARKS),
    ...pulses(parts.gem, () => 0.5 * SIDEREAL),
    GVD: () => 'Nov 26 2006#',
    GVT: () => '10:25:00#',
    GVN: () => '43Eg#',
    GVP: () => 'Autostar#',
    GVF: () => 'Autostar,A,43Eg,Nov 26 2006@10:25:00#',
    D: () => (parts.gem.phase === 'ready' || parts.gem.phase === 'parked' ? '#' : '\x7f#'),
    CM: () => {
      parts.gem.syncOn(desk.target);
      return " M31 EX GAL MAG 3.5 SZ178.0'#";
    },
    hS: () => {
      parts.gem.goHome();
      return '';
    },
  };
}

/** `:Mgn0500#`: so many milliseconds. */
function pulses(gem: Gem, rate: () => number): Vocabulary {
  const pulse = (way: Way) => (argument: string) => {
    if (/^\d{1,5}$/.test(argument)) gem.pulse(way, rate(), Number(argument));
    return '';
  };
  return Object.fromEntries(ways.map((way) => [`Mg${way}`, pulse(way)]));
}

function classic(parts: Parts, desk: Desk, marks: readonly [string, string]): Vocabulary {
  const { gem, almanac, slewRate } = parts;
  const silent = (act: () => void) => () => {
    act();
    return '';
  };
  /** `1` and done, or `0`. */
  const set =
    (read: (text: string) => number, low: number, high: number, act: (value: number) => void) =>
    (text: string): string => {
      const value = read(text);
      if (!(value >= low && value <= high)) return '0';
      act(value);
      return '1';
    };
  const twelve = { on: false };
  const time = () => {
    const { hour, minute, second } = almanac.local;
    return clockText(twelve.on ? hour % 12 || 12 : hour, minute, second);
  };
  const rateOf = (degreesPerSecond: number) =>
    silent(() => {
      desk.rate = degreesPerSecond;
    });
  const words: Record<string, (argument: string) => string> = {
    GR: () => `${hourText(gem.shown.ra, desk.precise)}#`,
    GD: () => `${degreeText(gem.shown.dec, desk.precise, 2, marks.join(''))}#`,
    GA: () => `${degreeText(gem.altitudeOf(gem.shown), desk.precise, 2, `${marks[0]}'`)}#`,
    U: silent(() => {
      desk.precise = !desk.precise;
    }),
    Sr: set(parseSexagesimal, 0, 23.99999, (hours) => {
      desk.target = { ...desk.target, ra: hours * 15 };
    }),
    Sd: set(parseSexagesimal, -90, 90, (dec) => {
      desk.target = { ...desk.target, dec };
    }),
    MS: () => {
      if (gem.phase === 'parked' || gem.phase === 'parking') return '2Telescope is parked#';
      return gem.slewTo(desk.target) ? '0' : '1Object is below horizon.        #';
    },
    D: () => {
      const still = gem.phase === 'ready' || gem.phase === 'parked';
      return `${(still ? '' : '\xff'.repeat(8)).padEnd(32, ' ')}#`;
    },
    CM: () => {
      gem.syncOn(desk.target);
      return 'Coordinates     matched.        #';
    },
    Q: silent(() => gem.release()),
    RG: rateOf(SIDEREAL),
    RC: rateOf(16 * SIDEREAL),
    RM: rateOf(slewRate / 4),
    RS: rateOf(slewRate),
    TQ: silent(() => {
      gem.hertz = 60.164;
    }),
    TS: silent(() => {
      gem.hertz = 60;
    }),
    TL: silent(() => {
      gem.hertz = 57.9;
    }),
    GT: () => `${(Math.trunc(gem.hertz * 10) / 10).toFixed(1)}#`,
    ST: set(Number, 50, 70, (hertz) => {
      gem.hertz = hertz;
    }),
    Gc: () => `${twelve.on ? 12 : 24}#`,
    H: silent(() => {
      twelve.on = !twelve.on;
    }),
    GL: () => `${time()}#`,
    GC: () => {
      const { year, month, day } = almanac.local;
      return `${dateText(year, month, day)}#`;
    },
    GG: () =>
      `${almanac.hoursToUtc < 0 ? '-' : '+'}${Math.abs(almanac.hoursToUtc).toFixed(1).padStart(4, '0')}#`,
    GS: () => `${hourText(almanac.siderealTime)}#`,
    SL: set(parseSexagesimal, 0, 23.99999, (hours) => almanac.setLocalTime(hours)),
    SG: set(parseSexagesimal, -24, 24, (hours) => {
      almanac.hoursToUtc = hours;
    }),
    SC: (argument) => {
      const [, month, day, year] = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(argument)?.map(Number) ?? [];
      if (!month || !day || year === undefined || month > 12 || day > 31) return '0';
      almanac.setDate(2000 + year, month, day);
      return `1Updating Planetary Data#${' '.repeat(30)}#`;
    },
    Gt: () => `${degreeText(almanac.latitude, false, 2, marks[0])}#`,
    Gg: () => `${degreeText(almanac.longitudeWest, false, 3, marks[0])}#`,
    St: set(parseSexagesimal, -90, 90, (latitude) => {
      almanac.latitude = latitude;
    }),
    Sg: set(parseSexagesimal, -180, 360, (west) => {
      almanac.longitudeWest = west;
    }),
    GM: () => 'Home#',
    GN: () => 'AN2#',
    GO: () => 'AN3#',
    GP: () => 'AN4#',
    W: () => '',
    hP: silent(() => gem.phase === 'parked' || gem.park()),
  };
  for (const way of ways) {
    words[`M${way}`] = silent(() => gem.paddle(way, desk.rate));
    words[`Q${way}`] = silent(() => gem.release(way === 'n' || way === 's' ? 'dec' : 'ra'));
  }
  return words;
}

/** OnStep's slew rates `:R0#`…`:R7#` in multiples of sidereal; 8 is half and 9 the whole of the goto rate. */
const STEP_RATES = [0.25, 0.5, 1, 2, 4, 8, 20, 48];

export function onstepWords(parts: Parts): Vocabulary {
  const { gem, almanac, slewRate, weather } = parts;
  const desk: Desk = { target: { ra: 0, dec: 0 }, rate: 8 * SIDEREAL, precise: true };
  const state = { rateIndex: 5, error: 0 };
  const guiding = 0.5;
  const base = classic(parts, desk, ['*', ':']);
  const choose = (index: number) => () => {
    state.rateIndex = index;
    desk.rate = index < 8 ? (STEP_RATES[index] as number) * SIDEREAL : index === 8 ? slewRate / 2 : slewRate;
    return '';
  };
  const rates = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`R${index}`, choose(index)]));
  const fixed = (answer: string) => () => answer;
  const number = (read: () => number) => () => `${read().toFixed(1)}#`;

  function status(): string {
    const { phase } = gem;
    const going = phase === 'slewing' || phase === 'homing' || phase === 'parking';
    const park = phase === 'parked' ? 'P' : phase === 'parking' ? 'I' : 'p';
    const home = gem.atHome && !going;
    const pier = home ? 'o' : gem.pierSide === 'west' ? 'W' : 'T';
    const error = String.fromCharCode(48 + state.error);
    return (
      `${gem.tracking ? '' : 'n'}${going ? '' : 'N'}${park}${home ? 'H' : ''}E${pier}` +
      `1${state.rateIndex}${error}#`
    );
  }

  return {
    ...base,
    ...pulses(gem, () => guiding * SIDEREAL),
    ...rates,
    RG: choose(2),
    RC: choose(5),
    RM: choose(7),
    RS: choose(9),
    GVP: fixed('On-Step#'),
    GVN: fixed('4.24k#'),
    GVD: fixed('Nov 02 2021#'),
    GVT: fixed('12:00:00#'),
    GVF: fixed('On-Step 4.24k#'),
    GU: status,
    Gm: () => (gem.atHome ? 'N#' : gem.pierSide === 'west' ? 'W#' : 'E#'),
    D: () => (gem.phase === 'ready' || gem.phase === 'parked' ? '#' : '\x7f#'),
    MS: () => {
      if (gem.phase === 'parked' || gem.phase === 'parking') return '4';
      if (gem.phase !== 'ready') return '5';
      if (gem.moving) return '8';
      const accepted = gem.slewTo(desk.target);
      state.error = accepted ? 0 : 2;
      return accepted ? '0' : '1';
    },
    CM: () => {
      if (gem.phase === 'parked') return 'E4#';
      gem.syncOn(desk.target);
      return 'N/A#';
    },
    Te: () => {
      if (gem.phase === 'parked' || gem.phase === 'parking') return '0';
      gem.track(true);
      return '1';
    },
    Td: () => {
      gem.track(false);
      return '1';
    },
    hP: () => {
      if (gem.phase === 'parked') return '0';
      gem.park();
      return '1';
    },
    hR: () => {
      if (gem.phase !== 'parked') return '0';
      gem.unpark();
      gem.track(true);
      return '1';
    },
    hQ: fixed('1'),
    hC: () => {
      if (gem.phase !== 'parked') gem.goHome();
      return '';
    },
    SC: (argument) => (base.SC?.(argument) ?? '0').slice(0, 1),
    GG: () => {
      const minutes = Math.round(Math.abs(almanac.hoursToUtc) * 60);
      const sign = almanac.hoursToUtc < 0 ? '-' : '+';
      return `${sign}${clockText(Math.floor(minutes / 60), minutes % 60, 0).slice(0, 5)}#`;
    },
    GX90: fixed(`${guiding.toFixed(2)}#`),
    GX95: fixed('0#'),
    GX96: fixed('B#'),
    GX98: fixed('N#'),
    GX9A: number(() => weather().temperatureCelsius),
    GX9B: number(() => weather().pressureHpa),
    GX9C: number(() => weather().humidity),
    GX9E: number(() => weather().dewPointCelsius),
    GX9F: number(() => weather().temperatureCelsius + 15),
    GXE9: fixed('60#'),
    GXEA: fixed('60#'),
    GXU: fixed('0#'),
    GX0: fixed('0#'),
    GXY0: fixed('00000000#'),
    '%BD': fixed('0#'),
    '%BR': fixed('0#'),
    'A?': fixed('300#'),
    FA: fixed('0'),
    fA: fixed('0'),
    To: fixed('0'),
    Tr: fixed('0'),
    Tn: fixed('0'),
    T1: fixed('0'),
    T2: fixed('0'),
  };
}
