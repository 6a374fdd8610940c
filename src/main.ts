import type * as Hil from '../hil/index.ts';
import { assets, cataloguePlace, pathOf, webDirectory } from './assets.ts';
import type { Bench } from './cli/bench-file.ts';
import { readOptions } from './cli/options.ts';
import type { ServeParts } from './cli/serve.ts';
import { systemClock } from './core/clock.ts';
import { asError, BadInput } from './core/errors.ts';

const workers = { imaging: assets.imagingWorker, storage: assets.storageWorker };

/** Emulators and suites stay out of the appliance's memory until somebody asks for them. */
const hil = (): Promise<typeof Hil> => import(assets.hil.href);
/** Drivers and servers stay out of a command that only looks at a file. */
const appliance = () => import('./cli/appliance.ts');

const emptyBench: Bench = {
  name: 'rig',
  clock: 'untrusted',
  filters: [],
  world: {},
  programs: [],
  devices: [],
};

async function serve(args: string[]): Promise<number> {
  const { values } = readOptions(args, {
    bench: { type: 'string' },
    demo: { type: 'boolean', default: false },
  });
  const file =
    values.bench ??
    process.env.NIGHTJAR_BENCH ??
    (values.demo ? pathOf(new URL('demo.json', assets.benches)) : undefined);
  const {
    createLog,
    drivers,
    httpFace,
    indiFace,
    openSockets,
    Plugged,
    readBench,
    startAppliance,
    untilStopped,
  } = await appliance();
  const bench = file === undefined ? emptyBench : readBench(file);
  const emulated = bench.devices.some(({ port }) => port === undefined);
  const opened = emulated ? (await hil()).openBench(bench, systemClock) : undefined;
  const site = opened?.site ?? (bench.site === 'night' ? undefined : bench.site);
  const log = createLog(process.env.NIGHTJAR_LOG ?? 'info');
  const sockets = openSockets(await Plugged.open({ clock: systemClock, log }), log);
  const portOf: ServeParts['portOf'] = (device) =>
    device.port ? sockets.portOf(device, device.port) : opened!.portOf(device);
  const unit = await startAppliance(
    { log, bench, site, drivers, portOf, sockets, workers, catalogue: cataloguePlace() },
    { http: httpFace(log, webDirectory()), indi: indiFace(log) },
  );
  console.log(`Nightjar: ${unit.url} (INDI on port ${unit.indiPort})`);
  return untilStopped(systemClock, log, () => unit.close());
}

async function night(args: string[]): Promise<number> {
  const [{ openNightBench }, { drivers, nightCommand }] = await Promise.all([hil(), appliance()]);
  return nightCommand(args, { drivers, openBench: openNightBench, workers, catalogue: cataloguePlace() });
}

async function emulate(args: string[]): Promise<number> {
  const [{ emulate: start }, { createLog, untilStopped }] = await Promise.all([hil(), appliance()]);
  const emulator = await start(args);
  return untilStopped(systemClock, createLog('warn'), () => emulator.close());
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  serve,
  solve: async (args) => {
    const { solveCommand } = await import('./cli/solve.ts');
    return solveCommand(args, cataloguePlace(), systemClock);
  },
  stars: async (args) => (await import('./cli/stars.ts')).starsCommand(args, systemClock),
  night,
  emulate,
  hil: async (args) => (await hil()).runSuites(args),
  setup: async (args) => (await import('./cli/setup.ts')).setupCommand(args, systemClock),
  devices: async (args) => {
    const [{ census }, { devicesCommand, drivers }] = await Promise.all([hil(), appliance()]);
    return devicesCommand(args, drivers, census());
  },
  doctor: async (args) => {
    const { doctorCommand, drivers } = await appliance();
    return doctorCommand(args, drivers, cataloguePlace());
  },
};

/**
 * Commands that leave nothing open end by themselves: `process.exit` waits for compilers that may wait for it, which
 * hung one of them in a hundred and thirty (nodejs/node#54918).
 */
const endsByItself = new Set(['solve', 'stars', 'setup']);

async function main([first = 'serve', ...rest]: string[]): Promise<void> {
  const [name, args] = first.startsWith('-') ? ['serve', [first, ...rest]] : [first, rest];
  const command = commands[name];
  if (!command)
    throw new BadInput(`there is no command "${name}"; there are: ${Object.keys(commands).join(' ')}`);
  process.exitCode = await command(args);
  if (!endsByItself.has(name)) process.exit();
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  const error = asError(thrown);
  console.error(error instanceof BadInput ? `nightjar: ${error.message}` : error);
  process.exit(1);
}
