import type { CapabilityName } from '../device/capabilities.ts';
import { type DeviceHost, type Role, roleNames, roles } from '../device/host.ts';

export interface RoleView {
  role: Role;
  /** What a device needs to play it. */
  capability: CapabilityName;
  /** Who plays it; absent: nobody. */
  device?: string;
  /** Whom the owner has chosen, though it may not be there; absent: the only one that can. */
  assigned?: string;
}

export const viewRoles = (host: DeviceHost): readonly RoleView[] =>
  roleNames.map((role) => viewRole(host, role));

export function viewRole(host: DeviceHost, role: Role): RoleView {
  const device = host.inRole(role)?.id;
  const assigned = host.roles.value[role];
  return {
    role,
    capability: roles[role],
    ...(device !== undefined && { device }),
    ...(assigned !== undefined && { assigned }),
  };
}
