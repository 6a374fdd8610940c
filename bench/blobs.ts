import type { Figure } from './figure.ts';
import { type Peer, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf, usageOf } from './process.ts';
import { Tally } from './tally.ts';
import { ask, connectDevice, enableBlobs, setNumbers } from './words.ts';

const DEVICE = 'CCD Simulator';
const MEASURED_MS = 3000;
/** No frame takes longer. */
const PATIENCE_MS = 20_000;
const FITS_HEADER = 28_800;

interface Stream {
  megabytesPerSecond: number;
  framesPerSecond: number;
  cpuPerGigabyte: number;
  peakMiB: number;
}

/** One exposure after the other, the next asked for when the image has come; the client counts bytes. */
export async function blobs(compare: boolean, flood: string | undefined): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { width, height } of [
    { width: 1280, height: 1024 },
    { width: 6000, height: 4000 },
  ]) {
    const payload = width * height * 2;
    const ours = await stream(await startNightjar(['--width', `${width}`, '--height', `${height}`]), payload);
    const bytes = payload + FITS_HEADER;
    const theirs =
      flood && (await stream(await startIndiserver([flood], { FLOOD: `blob:${bytes}` }), payload));
    const simulated = compare
      ? await stream(await startIndiserver(['indi_simulator_ccd']), payload, async (client) => {
          client.say(setNumbers(DEVICE, 'SIMULATOR_SETTINGS', { SIM_XRES: width, SIM_YRES: height }));
          client.say(connectDevice(DEVICE));
          await client.quiet(700);
          client.say(setNumbers(DEVICE, 'POLLING_PERIOD', { PERIOD_MS: 10 }));
          await client.quiet(300);
        })
      : undefined;
    const line = (measure: string, of: keyof Stream, unit: string, better?: 'more' | 'less'): Figure => ({
      measure: `${width}×${height}: ${measure}`,
      unit,
      ...(better && { better }),
      nightjar: ours[of],
      ...(theirs && { indiserver: theirs[of] }),
    });
    figures.push(
      { ...line('payload', 'megabytesPerSecond', 'MB/s', 'more'), note: 'pre-made frames on both sides' },
      line('frames', 'framesPerSecond', '/s'),
      line('server CPU', 'cpuPerGigabyte', 's/GB', 'less'),
      line('server peak memory', 'peakMiB', 'MiB', 'less'),
    );
    if (!simulated) continue;
    figures.push({
      measure: `${width}×${height}: with indi_simulator_ccd`,
      unit: 'MB/s',
      indiserver: simulated.megabytesPerSecond,
      note: 'limited by the simulator, which draws its frames',
    });
  }
  return figures;
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
    let start = { at: 0, cpu: 0 };
    client.onData = () => {
      if (client.count === seen) return;
      seen = client.count;
      late.refresh();
      const now = { at: performance.now(), cpu: cpuOf([peer.pid]) };
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
      });
    };
    expose();
  });
  const { peakMiB } = usageOf(peer.pid);
  client.close();
  await peer.stop();
  return { ...result, peakMiB };
}
