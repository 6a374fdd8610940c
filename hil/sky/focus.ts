import type { Clock } from '../../src/core/clock.ts';
import { type Axis, createAxis } from './axis.ts';

export interface FocusModel {
  maxStep: number;
  micronsPerStep: number;
  /** Steps at which a star is sharpest at 10 °C through a filter without offset. */
  bestAtTenCelsius: number;
  /** Steps a degree; negative: the tube shrinks in the cold and the drawtube has to go out. */
  stepsPerCelsius: number;
  /** Play of the gears, steps. */
  backlashSteps: number;
}

export interface FocusTrain {
  /** Steps, outward positive. */
  readonly axis: Axis;
  /** May be changed at any time. */
  readonly model: FocusModel;
  readonly maxStep: number;
  readonly micronsPerStep: number;
  /** The sharpest position at an instant: temperature and filter as they are then. */
  best(utc?: number): number;
  /** Outward positive. */
  defocusMicrons(utc?: number): number;
}

const usual: FocusModel = {
  maxStep: 60_000,
  micronsPerStep: 4,
  bestAtTenCelsius: 25_000,
  stepsPerCelsius: -8,
  backlashSteps: 0,
};

/** A focuser that stands, at first, where the stars are sharp. */
export function createFocusTrain(options: {
  clock: Clock;
  model?: Partial<FocusModel>;
  temperature: (utc: number) => number;
  filterOffset: () => number;
}): FocusTrain {
  const { clock } = options;
  const model: FocusModel = { ...usual, ...options.model };
  const best = (utc = clock.now()) =>
    model.bestAtTenCelsius + model.stepsPerCelsius * (options.temperature(utc) - 10) + options.filterOffset();
  const axis = createAxis(clock, Math.round(best()), () => model.backlashSteps);
  return {
    axis,
    model,
    get maxStep() {
      return model.maxStep;
    },
    get micronsPerStep() {
      return model.micronsPerStep;
    },
    best,
    defocusMicrons: (utc = clock.now()) => (axis.shaft(utc) - best(utc)) * model.micronsPerStep,
  };
}
