import type { ProgramView } from '../src/api/program-view.ts';
import type { DeviceView, ExposureView, LiveEvents, RigView, RunView, Snapshot } from '../src/api/views.ts';

/** All that the page knows of the rig. */
export interface RigState {
  devices: readonly DeviceView[];
  runs: readonly RunView[];
  rig?: RigView;
  exposure?: ExposureView;
  /** Absent: this unit runs its own drivers only. */
  programs?: readonly ProgramView[];
}

export const nothingYet: RigState = { devices: [], runs: [] };

export type News = { [E in keyof LiveEvents]: { event: E; data: LiveEvents[E] } }[keyof LiveEvents];

/** The state after one event. Runs that have ended are dropped: their outcome has been told. */
export function after(state: RigState, news: News): RigState {
  switch (news.event) {
    case 'snapshot':
      return { ...(news.data satisfies Snapshot) };
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
    case 'rig':
      return { ...state, rig: news.data };
    case 'exposure':
      return { ...state, exposure: news.data };
  }
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
