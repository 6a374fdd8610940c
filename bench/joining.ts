import type { Figure } from './figure.ts';
import { type Peer, SIMULATORS, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf } from './process.ts';
import { pause, Tally } from './tally.ts';
import { ask, connectDevice } from './words.ts';

const DEVICES = ['CCD', 'Telescope', 'Focuser', 'Filter'].map((name) => `${name} Simulator`);
const LIMIT_MS = 20_000;
const DEFINITION = /<def(?:Text|Number|Switch|Light|BLOB)Vector\s([^>]*)>/g;

/** Which properties a client has been told of; what they are is not read. */
class Roll {
  readonly #known = new Set<string>();
  #rest = '';

  get size(): number {
    return this.#known.size;
  }

  /** Resolves when nothing new was learnt for so long. */
  async settled(milliseconds: number): Promise<void> {
    for (let before = -1; before !== this.size; ) {
      before = this.size;
      await pause(milliseconds);
    }
  }

  take(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    let end = 0;
    for (const match of text.matchAll(DEFINITION)) {
      end = match.index + match[0].length;
      const [device, name] = ['device', 'name'].map(
        (key) => new RegExp(`(?:^|\\s)${key}=(['"])(.*?)\\1`).exec(match[1]!)?.[2],
      );
      this.#known.add(`${device}.${name}`);
    }
    this.#rest = text.slice(Math.max(end, text.lastIndexOf('<')));
  }
}

/** From `getProperties` of all to the last definition at the last; the four devices of a small rig, connected. */
export async function joining(compare: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const clients of [10, 25, 50]) {
    const ours = await joined(await startNightjar(), clients);
    const theirs = compare ? await joined(await startIndiserver(SIMULATORS), clients) : undefined;
    figures.push({
      measure: `${clients} clients at once, all complete after`,
      unit: 'ms',
      better: 'less',
      nightjar: ours.time,
      ...(theirs && { peers: { indiserver: theirs.time } }),
      note: `${ours.properties} and ${theirs?.properties ?? '–'} properties; server CPU ${ours.cpu.toFixed(2)} and ${theirs?.cpu.toFixed(2) ?? '–'} s`,
    });
  }
  return figures;
}

async function joined(peer: Peer, count: number) {
  const one = await Tally.connect(peer.port, '?');
  const roll = new Roll();
  one.onData = (chunk) => roll.take(chunk);
  one.say(ask());
  await roll.settled(500);
  one.say(DEVICES.map(connectDevice).join(''));
  await roll.settled(1500);
  one.close();
  await pause(100);

  const clients = await Promise.all(Array.from({ length: count }, () => Tally.connect(peer.port, '?')));
  const cpu = cpuOf([peer.pid]);
  const start = performance.now();
  let complete = 0;
  for (const client of clients) {
    const own = new Roll();
    client.onData = (chunk) => {
      own.take(chunk);
      if (own.size < roll.size) return;
      complete++;
      client.onData = () => {};
    };
    client.say(ask());
  }
  while (complete < count && performance.now() - start < LIMIT_MS) await pause(1);
  const milliseconds = performance.now() - start;
  const used = cpuOf([peer.pid]) - cpu;
  for (const client of clients) client.close();
  await peer.stop();
  const time = complete === count ? milliseconds : `${complete} of ${count} within ${LIMIT_MS / 1000} s`;
  return { time, properties: roll.size, cpu: used };
}
