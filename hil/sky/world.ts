import type { Clock } from '../../src/core/clock.ts';
import { type Axis, createAxis } from './axis.ts';
import { type CameraBody, type CameraOptions, createCameraBody } from './camera-body.ts';
import { type Catalogue, openCatalogue } from './catalogue.ts';
import { createFocusTrain, type FocusModel, type FocusTrain } from './focus.ts';
import type { Place, Site } from './geometry.ts';
import { createGlass, type Glass, type GlassState } from './glass.ts';
import { createMountBody, type MountBody, type MountFlaws } from './mount-body.ts';
import { airmass, skyMagnitude, transparency } from './night.ts';
import {
  guideSensor,
  guideTelescope,
  mainSensor,
  mainTelescope,
  projection,
  type SensorModel,
  type Telescope,
} from './optics.ts';
import type { Scene } from './render.ts';
import { createShaper } from './spread.ts';
import { moonAt, type Seen, sunAt } from './sun-moon.ts';
import { fromPlace, separation, toPlace } from './vector.ts';
import { type Conditions, createWeather, type Weather } from './weather.ts';

export type { CameraBody, Catalogue, Conditions, FocusTrain, Glass, MountBody, Site, Weather };

export interface Filter {
  name: string;
  /** Share of the white light that passes. */
  transmission: number;
  /** Steps by which the focus moves outward. */
  focusOffset: number;
}

export interface FilterWheelBody {
  readonly filters: readonly Filter[];
  /** 1 and up; 0 while it stands between two. */
  slot: number;
}

/** A cover with a lamp, before the main telescope. */
export interface Panel {
  closed: boolean;
  /** 0–1; at 1 a white-light pixel fills in one second. Seen when closed. */
  lamp: number;
}

/** Where everything stands, without time: plain JSON. */
export interface WorldState {
  seed: number;
  axes: { ra: number; dec: number; focus: number; rotator: number };
  flaws: MountFlaws;
  focus: FocusModel;
  slot: number;
  panel: Panel;
  glass: GlassState;
  sensorCelsius: { main: number; guide: number };
  weather: Partial<Conditions>;
}

/**
 * What is true at the telescope, whatever anybody believes. Emulators move its parts and look through its cameras;
 * it has no timers and reads only the clock. Everything random follows from the seed.
 */
export interface World {
  readonly clock: Clock;
  readonly seed: number;
  readonly site: Site;
  readonly catalogue: Catalogue;
  readonly mount: MountBody;
  readonly focus: FocusTrain;
  readonly wheel: FilterWheelBody;
  /** Turns the main camera in the tube, degrees toward east. */
  readonly rotator: Axis;
  readonly panel: Panel;
  /** Of the main telescope. */
  readonly glass: Glass;
  readonly weather: Weather;
  readonly main: CameraBody;
  readonly guide: CameraBody;
  /** What a sky-quality meter at the zenith reads, magnitudes a square arc-second. */
  skyMagnitude(utc?: number): number;
  moon(utc?: number): Seen & { illumination: number };
  sun(utc?: number): Seen;
  save(): WorldState;
  /** Everything is at rest there afterwards. The seed has to be this world's. */
  restore(state: WorldState): void;
}

export interface WorldOptions {
  clock: Clock;
  seed?: number;
  site?: Site;
  catalogue?: Catalogue;
  flaws?: Partial<MountFlaws>;
  focus?: Partial<FocusModel>;
  main?: CameraOptions;
  guide?: CameraOptions;
  filters?: readonly Filter[];
}

export const heidelberg: Site = { latitude: 49.398, longitude: 8.724, elevationMetres: 570 };
export const laPalma: Site = { latitude: 28.7606, longitude: -17.8816, elevationMetres: 2396 };

/** Luminance, colours and hydrogen alpha as commonly sold. */
export const usualFilters: readonly Filter[] = [
  { name: 'L', transmission: 1, focusOffset: 0 },
  { name: 'R', transmission: 0.33, focusOffset: 12 },
  { name: 'G', transmission: 0.35, focusOffset: 6 },
  { name: 'B', transmission: 0.3, focusOffset: -9 },
  { name: 'Ha', transmission: 0.025, focusOffset: 20 },
];

/** Rests at home: counterweight down, telescope at the pole, in focus, first filter. */
export function createWorld(options: WorldOptions): World {
  const { clock, seed = 1, site = heidelberg } = options;
  const catalogue = options.catalogue ?? openCatalogue();
  const weather = createWeather(clock, site, seed);
  const air = (utc: number) => weather.at(utc);
  const mount = createMountBody({
    clock,
    site,
    seed,
    air,
    ...(options.flaws ? { flaws: options.flaws } : {}),
  });
  const wheel: FilterWheelBody = { filters: options.filters ?? usualFilters, slot: 1 };
  const filter = (): Filter | undefined => wheel.filters[wheel.slot - 1];
  const focus = createFocusTrain({
    clock,
    temperature: (utc) => weather.at(utc).temperatureCelsius,
    filterOffset: () => filter()?.focusOffset ?? 0,
    ...(options.focus ? { model: options.focus } : {}),
  });
  const rotator = createAxis(clock);
  const panel: Panel = { closed: false, lamp: 0 };
  const glass = createGlass(clock, weather);

  const moon = (utc = clock.now()) => moonAt(utc, site);
  const sun = (utc = clock.now()) => sunAt(utc, site);
  const brightness = (utc: number, altitude: number, moonDistance: (moonPlace: Place) => number) => {
    const moonSeen = moon(utc);
    return skyMagnitude(altitude, {
      sunAltitude: sun(utc).altitude,
      moonAltitude: moonSeen.altitude,
      moonIllumination: moonSeen.illumination,
      moonDistance: moonDistance(moonSeen),
      clouds: weather.at(utc).clouds,
    });
  };

  /** What both cameras share: one mount under one sky. */
  const scene = (telescope: Telescope, sensor: SensorModel): Scene => {
    const altitude = (utc: number) => mount.pointing(utc).altitude;
    return {
      catalogue,
      telescope,
      sensor,
      seed,
      shape: createShaper(),
      centre: (utc) => toPlace(mount.attitude(utc).axis),
      projection: (utc) => projection(mount.attitude(utc), telescope, sensor),
      seeingArcsec: (utc) => weather.at(utc).seeingArcsec * airmass(altitude(utc)) ** 0.6,
      defocusMicrons: () => 0,
      starlight: (utc) => transparency(altitude(utc), weather.at(utc).clouds),
      skylight: () => 1,
      skyMagnitude(utc) {
        const { axis } = mount.attitude(utc);
        return brightness(utc, altitude(utc), (place) => separation(axis, fromPlace(place)));
      },
      panelElectrons: () => undefined,
    };
  };
  const common = { temperatureCelsius: weather.at().temperatureCelsius, now: () => clock.now() };

  const main = createCameraBody(
    options.main ?? {},
    { ...common, telescope: mainTelescope, sensor: mainSensor },
    (telescope, sensor) => {
      const open = scene(telescope, sensor);
      const passing = () => filter()?.transmission ?? 0;
      return {
        ...open,
        // Another stream of noise than the guide camera's.
        seed: seed + 0x5eed,
        projection: (utc) =>
          projection(mount.attitude(utc), telescope, sensor, sensor.rotationDegrees + rotator.at(utc)),
        defocusMicrons: focus.defocusMicrons,
        starlight: (utc) => open.starlight(utc) * passing(),
        skylight: passing,
        panelElectrons: () => (panel.closed ? panel.lamp * sensor.fullWell * passing() : undefined),
      };
    },
  );
  const guide = createCameraBody(
    options.guide ?? {},
    { ...common, telescope: guideTelescope, sensor: guideSensor },
    scene,
  );

  return {
    clock,
    seed,
    site,
    catalogue,
    mount,
    focus,
    wheel,
    rotator,
    panel,
    glass,
    weather,
    main,
    guide,
    moon,
    sun,
    skyMagnitude(utc = clock.now()) {
      return brightness(utc, 90, () => 90 - moon(utc).altitude);
    },
    save: () => ({
      seed,
      axes: { ra: mount.ra.angle, dec: mount.dec.angle, focus: focus.axis.angle, rotator: rotator.angle },
      flaws: { ...mount.flaws },
      focus: { ...focus.model },
      slot: wheel.slot,
      panel: { ...panel },
      glass: glass.save(),
      sensorCelsius: { main: main.temperatureCelsius, guide: guide.temperatureCelsius },
      weather: { ...weather.override },
    }),
    restore(state) {
      if (state.seed !== seed)
        throw new RangeError(`the state is of a world with seed ${state.seed}, not ${seed}`);
      Object.assign(mount.flaws, state.flaws);
      Object.assign(focus.model, state.focus);
      mount.ra.place(state.axes.ra);
      mount.dec.place(state.axes.dec);
      focus.axis.place(state.axes.focus);
      rotator.place(state.axes.rotator);
      wheel.slot = state.slot;
      Object.assign(panel, state.panel);
      main.temperatureCelsius = state.sensorCelsius.main;
      guide.temperatureCelsius = state.sensorCelsius.guide;
      for (const key of Object.keys(weather.override) as (keyof Conditions)[]) delete weather.override[key];
      Object.assign(weather.override, state.weather);
      glass.restore(state.glass);
    },
  };
}
