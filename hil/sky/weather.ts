import type { Clock } from '../../src/core/clock.ts';
import { clamp } from '../../src/core/units.ts';
import type { Site } from './geometry.ts';
import { drifting } from './random.ts';

export interface Conditions {
  temperatureCelsius: number;
  /** Percent. */
  humidity: number;
  /** At the site, not reduced to the sea. */
  pressureHpa: number;
  dewPointCelsius: number;
  /** Cover, 0–1. */
  clouds: number;
  /** FWHM at the zenith. */
  seeingArcsec: number;
  /** What an infrared thermometer sees. */
  skyTemperatureCelsius: number;
  windMetresPerSecond: number;
  rain: boolean;
}

export interface Weather {
  at(utc?: number): Conditions;
  /** A field set here stays so until it is deleted: that is how clouds, rain and wind are brought on. */
  readonly override: Partial<Conditions>;
  /** Short for the clouds now; setting it overrides them. */
  clouds: number;
}

const HOUR = 3600_000;

/**
 * A quiet night: it cools until dawn, seeing and wind wander, now and then thin veils pass. Nothing here closes the sky
 * by chance; whoever needs a cloud bank brings it.
 */
export function createWeather(clock: Clock, site: Site, seed: number): Weather {
  const override: Partial<Conditions> = {};
  const wander = (key: number, utc: number, hours: number) => drifting(seed * 31 + key, utc, hours * HOUR);
  const weather: Weather = {
    override,
    get clouds() {
      return weather.at().clouds;
    },
    set clouds(cover) {
      override.clouds = cover;
    },
    at(utc = clock.now()) {
      const solarHour = (utc / HOUR + site.longitude / 15) % 24;
      const warmth = 5 * Math.cos(((solarHour - 15) / 12) * Math.PI);
      const temperatureCelsius = override.temperatureCelsius ?? 8 + warmth + 2 * wander(1, utc, 5);
      const humidity = override.humidity ?? clamp(68 - 3 * warmth + 20 * (wander(2, utc, 6) - 0.5), 5, 100);
      const clouds = override.clouds ?? 0.3 * Math.max(0, wander(3, utc, 1.5) - 0.6);
      return {
        temperatureCelsius,
        humidity,
        pressureHpa: 1013 * Math.exp(-site.elevationMetres / 8430) + 12 * (wander(4, utc, 20) - 0.5),
        dewPointCelsius: dewPoint(temperatureCelsius, humidity),
        clouds,
        seeingArcsec: 1.8 + 1.4 * wander(5, utc, 0.4),
        skyTemperatureCelsius: temperatureCelsius - 24 * (1 - clouds),
        windMetresPerSecond: 4 * wander(6, utc, 0.7) ** 2,
        rain: false,
        ...override,
      };
    },
  };
  return weather;
}

/** Magnus's formula with Sonntag's constants (1990). */
function dewPoint(celsius: number, humidity: number): number {
  const gamma = Math.log(Math.max(1, humidity) / 100) + (17.62 * celsius) / (243.12 + celsius);
  return (243.12 * gamma) / (17.62 - gamma);
}
