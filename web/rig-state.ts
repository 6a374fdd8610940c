import type { ExposureView } from '../src/api/exposure-view.ts';
import type { ProgramView } from '../src/api/program-view.ts';
import type { StackView } from '../src/api/stack-view.ts';
import type { DeviceView, LiveEvents, RigView, RunView, Snapshot } from '../src/api/views.ts';

/** All that the page knows of the rig. */
export interface RigState {
  devices: readonly DeviceView[];
  runs: readonly RunView[];
  rig?: RigView;
  /** Latest first: the one the unit told of at first, and all that it has told of since. */
  exposures: readonly ExposureView[];
  /** Absent: this unit runs its own drivers only. */
  programs?: readonly ProgramView[];
  /** Absent: this unit cannot stack. */
  stack?: StackView;
}

export const nothingYet: RigState = { devices: [], runs: [], exposures: [] };

/** A phone remembers no more. */
const MOST_EXPOSURES = 200;

export type News = { [E in keyof LiveEvents]: { event: E; data: LiveEvents[E] } }[keyof LiveEvents];

/** The state after one event. Runs that have ended are dropped: their outcome has been told. */
export function after(state: RigState, news: News): RigState {
  switch (news.event) {
    case 'snapshot': {
      const { exposure, ...rest } = news.data satisfies Snapshot;
      return { ...rest, exposures: withExposures(state.exposures, exposure ? [exposure] : []) };
    }
    case 'device':
      return { ...state, devices: replaced(state.devices, news.data) };
    case 'program':
      return { ...state, programs: replaced(state.programs ?? [], news.data) };
    case 'removed': {
      const { data } = news;
      const others = <T extends { id: string }>(list: readonly T[], gone: string) =>
        list.filter(({ id }) => id !== gone);
      if ('device' in data) return { ...state, devices: others(state.devices, data.device) };
      return { ...state, programs: others(state.programs ?? [], data.program) };
    }
    case 'run': {
      const others = state.runs.filter(({ id }) => id !== news.data.id);
      return { ...state, runs: news.data.state === 'running' ? [...others, news.data] : others };
    }
    case 'stack':
      return { ...state, stack: news.data };
    case 'rig':
      return { ...state, rig: news.data };
    case 'exposure':
      return { ...state, exposures: withExposures(state.exposures, [news.data]) };
  }
}

/** The newer word on each exposure counts. */
export function withExposures(
  known: readonly ExposureView[],
  told: readonly ExposureView[],
): readonly ExposureView[] {
  const byId = new Map([...known, ...told].map((exposure) => [exposure.id, exposure]));
  return [...byId.values()]
    .sort((a, b) => Date.parse(b.startUtc) - Date.parse(a.startUtc))
    .slice(0, MOST_EXPOSURES);
}

function replaced<T extends { id: string }>(list: readonly T[], one: T): readonly T[] {
  const known = list.some(({ id }) => id === one.id);
  return known ? list.map((other) => (other.id === one.id ? one : other)) : [...list, one];
}

type Role = DeviceView['roles'][number];
type Capability = keyof DeviceView['capabilities'];

/** The device in a role; where nobody has chosen, the first that can. */
export function inRole(state: RigState, role: Role, capability: Capability): DeviceView | undefined {
  return (
    state.devices.find(({ roles }) => roles.includes(role)) ??
    state.devices.find(({ capabilities }) => capabilities[capability])
  );
}

/** The exposure in progress on a device: the one that ends when the image is stored. */
export const exposureRun = (state: RigState, device: string): RunView | undefined =>
  state.runs.find((run) => run.device === device && run.name === `${device} exposure`);

export type LinkState = 'live' | 'late' | 'lost';

/** @param silentMs since the unit was last heard; it beats every 3 s */
export const linkOf = (silentMs: number): LinkState =>
  silentMs < 5000 ? 'live' : silentMs < 10_000 ? 'late' : 'lost';
