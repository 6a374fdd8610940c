import type { Figure } from './figure.ts';
import { type Peer, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf, usageOf } from './process.ts';
import { Tally } from './tally.ts';
import { ask, connectDevice, enableBlobs, setNumbers } from './words.ts';

const DEVICE = 'CCD Simulator';
const SIMULATOR = 'indi_simulator_ccd';
const MEASURED_MS = 3000;
/** No frame takes longer. */
const PATIENCE_MS = 20_000;
const FITS_HEADER = 28_800;

interface Stream {
  megabytesPerSecond: number;
  framesPerSecond: number;
  cpuPerGigabyte: number;
  peakMiB: number;
  /** Seconds, of what feeds the server from other processes. */
  driverCpuPerFrame: number;
}

/** One exposure after the other, the next asked for when the image has come; the client counts bytes. */
export async function blobs(compare: boolean, flood: string | undefined): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [width, height] of [
    [1280, 1024],
    [6000, 4000],
  ] as const) {
    const payload = width * height * 2;
    const made = { FLOOD: `blob:${payload + FITS_HEADER}` };
    const simulate = (client: Tally) => simulator(client, width, height);
    const hosted = flood
      ? await stream(await startNightjar([], { executable: flood, environment: made }), payload)
      : undefined;
    const indiserver =
      compare && flood ? await stream(await startIndiserver([flood], made), payload) : undefined;
    const inMemory = await startNightjar(['--width', `${width}`, '--height', `${height}`]);
    figures.push(
      ...lines(`${width}×${height}, made beforehand`, await stream(inMemory, payload), indiserver, {
        note: 'from a camera in our memory, and from a driver through shared memory',
      }),
    );
    if (hosted) {
      const note = 'the same driver under both: base64 through a pipe, and shared memory';
      figures.push(...lines(`${width}×${height}, from a driver`, hosted, indiserver, { note }));
    }
    if (!compare) continue;
    const [ours, theirs] = [
      await stream(await startNightjar([], { executable: SIMULATOR }), payload, simulate),
      await stream(await startIndiserver([SIMULATOR]), payload, simulate),
    ];
    const note = `limited by the simulator, which draws its frames: CPU a frame ${drawn(ours)} and ${drawn(theirs)}`;
    figures.push(...lines(`${width}×${height}, ${SIMULATOR}`, ours, theirs, { note }));
  }
  return figures;
}

function lines(
  where: string,
  ours: Stream,
  theirs: Stream | undefined,
  { note }: { note: string },
): Figure[] {
  const line = (measure: string, of: keyof Stream, unit: string, better?: 'more' | 'less'): Figure => ({
    measure: `${where}: ${measure}`,
    unit,
    ...(better && { better }),
    nightjar: ours[of],
    ...(theirs && { peers: { indiserver: theirs[of] } }),
  });
  return [
    { ...line('payload', 'megabytesPerSecond', 'MB/s', 'more'), note },
    line('frames', 'framesPerSecond', '/s'),
    line('server CPU', 'cpuPerGigabyte', 's/GB', 'less'),
    line('server peak memory', 'peakMiB', 'MiB', 'less'),
  ];
}

const drawn = ({ driverCpuPerFrame }: Stream): string => `${Math.round(driverCpuPerFrame * 1000)} ms`;

async function simulator(client: Tally, width: number, height: number): Promise<void> {
  client.say(setNumbers(DEVICE, 'SIMULATOR_SETTINGS', { SIM_XRES: width, SIM_YRES: height }));
  client.say(connectDevice(DEVICE));
  await client.quiet(1000);
  client.say(setNumbers(DEVICE, 'POLLING_PERIOD', { PERIOD_MS: 10 }));
  await client.quiet(300);
}

async function stream(
  peer: Peer,
  payload: number,
  prepare?: (client: Tally) => Promise<void>,
): Promise<Stream> {
  const client = await Tally.connect(peer.port, '</setBLOBVector>');
  client.say(ask() + enableBlobs(DEVICE));
  await client.quiet(300);
  await prepare?.(client);
  // The simulator's shortest; the made frames take none.
  const seconds = prepare ? 0.01 : 0.001;
  const expose = () => client.say(setNumbers(DEVICE, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: seconds }));
  const result = await new Promise<Omit<Stream, 'peakMiB'>>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`${peer.name}: no image in ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    let seen = client.count;
    let frames = -1;
    let start = { at: 0, cpu: 0, driver: 0 };
    const drivers = peer.drivers();
    client.onData = () => {
      if (client.count === seen) return;
      seen = client.count;
      late.refresh();
      const now = { at: performance.now(), cpu: cpuOf([peer.pid]), driver: cpuOf(drivers) };
      // The first one warms up.
      if (++frames === 0) start = now;
      const elapsed = (now.at - start.at) / 1000;
      if (elapsed * 1000 < MEASURED_MS) return expose();
      clearTimeout(late);
      client.onData = () => {};
      const megabytes = (frames * payload) / 1e6;
      resolve({
        megabytesPerSecond: megabytes / elapsed,
        framesPerSecond: frames / elapsed,
        cpuPerGigabyte: ((now.cpu - start.cpu) / megabytes) * 1000,
        driverCpuPerFrame: (now.driver - start.driver) / frames,
      });
    };
    expose();
  });
  const { peakMiB } = usageOf(peer.pid);
  client.close();
  await peer.stop();
  return { ...result, peakMiB };
}
