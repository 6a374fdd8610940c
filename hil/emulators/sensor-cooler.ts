import type { Clock } from '../../src/core/clock.ts';
import { clamp } from '../../src/core/units.ts';
import type { CameraBody } from '../sky/camera-body.ts';

/** How far below the air it reaches, and how fast the sensor follows. */
const REACH_CELSIUS = 40;
const CELSIUS_A_SECOND = 0.5;

/** A Peltier cooler on one of the world's sensors: it goes where the cooler or the air takes it, at a steady pace. */
export function createCooler(clock: Clock, body: CameraBody, air: () => number) {
  const state = { on: false, setpoint: 0 };
  let celsius = body.temperatureCelsius;
  let utc = clock.now();

  function temperature(): number {
    const target = state.on ? clamp(state.setpoint, air() - REACH_CELSIUS, air()) : air();
    const most = (CELSIUS_A_SECOND * (clock.now() - utc)) / 1000;
    celsius += clamp(target - celsius, -most, most);
    utc = clock.now();
    body.temperatureCelsius = celsius;
    return celsius;
  }

  return {
    get on() {
      return state.on;
    },
    get setpoint() {
      return state.setpoint;
    },
    /** Celsius of the sensor, now. */
    temperature,
    /** Percent. */
    power: () => (state.on ? clamp((100 * (air() - temperature())) / REACH_CELSIUS, 0, 100) : 0),
    set(change: { on?: boolean; setpoint?: number }): void {
      temperature();
      Object.assign(state, change);
    },
  };
}
