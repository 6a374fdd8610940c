import { drivers } from '../drivers/index.ts';
import type * as Hil from '../hil/index.ts';
import { assets, pathOf, webDirectory } from './assets.ts';
import { type Bench, readBench } from './cli/bench-file.ts';
import { devicesCommand } from './cli/devices.ts';
import { doctorCommand } from './cli/doctor.ts';
import { httpFace, indiFace } from './cli/faces.ts';
import { nightCommand } from './cli/night.ts';
import { readOptions } from './cli/options.ts';
import { openSockets } from './cli/ports.ts';
import { startAppliance } from './cli/serve.ts';
import { untilStopped } from './cli/shutdown.ts';
import { systemClock } from './core/clock.ts';
import { asError, BadInput } from './core/errors.ts';
import { createLog } from './core/log.ts';
import { Plugged } from './wire/plugged.ts';

const workers = { imaging: assets.imagingWorker, storage: assets.storageWorker };

/** Emulators and suites stay out of the appliance's memory until somebody asks for them. */
const hil = (): Promise<typeof Hil> => import(assets.hil.href);

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
  const bench = file === undefined ? emptyBench : readBench(file);
  const emulated = bench.devices.some(({ port }) => port === undefined);
  const opened = emulated ? (await hil()).openBench(bench, systemClock) : undefined;
  const site = opened?.site ?? (bench.site === 'night' ? undefined : bench.site);
  const log = createLog(process.env.NIGHTJAR_LOG ?? 'info');
  const sockets = openSockets(await Plugged.open({ clock: systemClock, log }), log);
  const portOf: Parameters<typeof startAppliance>[0]['portOf'] = (device) =>
    device.port ? sockets.portOf(device, device.port) : opened!.portOf(device);
  const appliance = await startAppliance(
    { log, bench, site, drivers, portOf, sockets, workers },
    { http: httpFace(log, webDirectory()), indi: indiFace(log) },
  );
  console.log(`Nightjar: ${appliance.url} (INDI on port ${appliance.indiPort})`);
  return untilStopped(systemClock, log, () => appliance.close());
}

async function night(args: string[]): Promise<number> {
  const { openNightBench } = await hil();
  return nightCommand(args, { drivers, openBench: openNightBench, workers });
}

async function emulate(args: string[]): Promise<number> {
  const emulator = await (await hil()).emulate(args);
  return untilStopped(systemClock, createLog('warn'), () => emulator.close());
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  serve,
  night,
  emulate,
  hil: async (args) => (await hil()).runSuites(args),
  devices: async (args) => devicesCommand(args, drivers, (await hil()).census()),
  doctor: async (args) => doctorCommand(args, drivers),
};

async function main([first = 'serve', ...rest]: string[]): Promise<number> {
  const [name, args] = first.startsWith('-') ? ['serve', [first, ...rest]] : [first, rest];
  const command = commands[name];
  if (!command)
    throw new BadInput(`there is no command "${name}"; there are: ${Object.keys(commands).join(' ')}`);
  return command(args);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (thrown) {
  const error = asError(thrown);
  console.error(error instanceof BadInput ? `nightjar: ${error.message}` : error);
  process.exit(1);
}
