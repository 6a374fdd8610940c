import { adoption } from './adoption.ts';
import { cameras } from './adoption-camera.ts';
import { clients } from './clients.ts';
import { contracts } from './contracts.ts';
import { fuzz } from './fuzz.ts';
import { guard } from './guard.ts';
import { indi } from './indi.ts';
import { judges } from './judges.ts';
import { kills } from './kills.ts';
import { kstars } from './kstars.ts';
import { lanes } from './lanes.ts';
import { nights } from './nights.ts';
import { programs } from './programs.ts';
import { soak } from './soak.ts';
import type { Suite } from './suite.ts';

export const suites: readonly Suite[] = [
  contracts,
  adoption,
  cameras,
  fuzz,
  guard,
  indi,
  clients,
  judges,
  kills,
  kstars,
  lanes,
  nights,
  programs,
  soak,
];
