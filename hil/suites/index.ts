import { clients } from './clients.ts';
import { contracts } from './contracts.ts';
import { fuzz } from './fuzz.ts';
import { judges } from './judges.ts';
import { kills } from './kills.ts';
import { nights } from './nights.ts';
import type { Suite } from './suite.ts';

export const suites: readonly Suite[] = [contracts, fuzz, clients, judges, kills, nights];
