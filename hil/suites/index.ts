import { contracts } from './contracts.ts';
import { judges } from './judges.ts';
import { kills } from './kills.ts';
import { nights } from './nights.ts';
import type { Suite } from './suite.ts';

export const suites: readonly Suite[] = [contracts, judges, kills, nights];
