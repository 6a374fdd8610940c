/** What the appliance loads only for emulated rigs and for tests: benches, emulators, the world, suites. */
export { openBench } from './bench.ts';
export { census } from './census.ts';
export { emulate } from './emulate.ts';
export { openNightBench } from './night-bench.ts';
export { runSuites } from './run.ts';
