import type { RoleView } from '../src/api/role-view.ts';
import { Choice } from './parts.tsx';
import { ask, state } from './rig.ts';

const names: Record<RoleView['role'], string> = {
  mount: 'Mount',
  guider: 'Guides by',
  camera: 'Takes the pictures',
  guideCamera: 'Guide camera',
  focuser: 'Focuser',
  wheel: 'Filter wheel',
  rotator: 'Rotator',
  dome: 'Dome',
  power: 'Power',
  weather: 'Weather',
  gps: 'GPS',
  cover: 'Dust cover',
  light: 'Flat light',
};

/** The only one that can; of several, nobody. */
const AUTOMATIC = '';

/** Who does what, where there is a choice or one was made. */
export function RolesView() {
  const { rig } = state.value;
  const open = rig?.roles.map((role) => ({ ...role, able: candidates(role) })) ?? [];
  const chosen = open.filter(({ able, assigned }) => able.length > 1 || assigned !== undefined);
  if (chosen.length === 0) return null;
  return (
    <section aria-label="roles">
      <h2>Who does what</h2>
      {chosen.map(({ able, ...role }) => (
        <div class="field" key={role.role}>
          <span>{`${names[role.role]}: ${role.device === undefined ? 'nobody' : labelOf(role.device)}`}</span>
          <Choice
            label={names[role.role]}
            wide
            options={[...able, { value: AUTOMATIC, name: 'automatic' }]}
            value={role.assigned ?? AUTOMATIC}
            choose={(id) => void ask(`roles/${role.role}`, { device: id === AUTOMATIC ? null : id }, 'PUT')}
          />
        </div>
      ))}
    </section>
  );
}

/** Those that can, and whom the owner has chosen though it is not there. */
function candidates({ capability, assigned }: RoleView): { value: string; name: string }[] {
  const able = state.value.devices
    .filter(({ capabilities }) => capabilities[capability])
    .map(({ id, label }) => ({ value: id, name: label }));
  const missing = assigned !== undefined && !able.some(({ value }) => value === assigned);
  return missing ? [...able, { value: assigned, name: `${labelOf(assigned)} (not there)` }] : able;
}

const labelOf = (id: string) => state.value.devices.find((device) => device.id === id)?.label ?? id;
