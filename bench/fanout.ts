import type { Figure } from './figure.ts';
import { type Peer, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf, ownCpu, usageOf } from './process.ts';
import { pause, Tally } from './tally.ts';
import { ask, turnOn } from './words.ts';

const DEVICE = 'Focuser Simulator';
const PROPERTY = 'ABS_FOCUS_POSITION';
const WARM_MS = 500;
const MEASURED_MS = 1500;

/**
 * How the driver is asked for more: bursts of so many updates, so many bursts under way, the next asked for by a client
 * that has got one. indiserver reads its drivers without end and grows slower the more it has queued, so that a source
 * that never pauses gets nothing through; both are measured at the better of these.
 */
interface Pace {
  burst: number;
  underWay: number;
}
const PACES: readonly Pace[] = [
  { burst: 100, underWay: 2 },
  { burst: 100, underWay: 4 },
];
const UNPACED: Pace = { burst: 0, underWay: 1 };

interface Delivery {
  perSecond: number;
  lost: number;
  /** Clients that the server threw out. */
  dropped: number;
  serverCores: number;
  clientCores: number;
  cpuPerMillion: number;
  peakMiB: number;
}

/** @param flood the compiled `flood.c`, the same driver executable under both */
export async function fanout(flood: string | undefined, compare: boolean): Promise<Figure[]> {
  if (!flood) return [];
  const nightjar = ({ burst }: Pace) =>
    startNightjar([], { executable: flood, environment: { FLOOD: `numbers:${burst}` } });
  const indiserver = ({ burst }: Pace) => startIndiserver([flood], { FLOOD: `numbers:${burst}` });
  const figures: Figure[] = [];
  for (const clients of [1, 10, 50]) {
    const ours = await bestOf(nightjar, clients);
    const theirs = compare ? await bestOf(indiserver, clients) : undefined;
    const line = (measure: string, of: keyof Delivery, unit: string, better?: 'more' | 'less'): Figure => ({
      measure: `${clients} ${clients === 1 ? 'client' : 'clients'}: ${measure}`,
      unit,
      ...(better && { better }),
      nightjar: ours[of],
      ...(theirs && { peers: { indiserver: theirs[of] } }),
    });
    const emitted = [ours, ...(theirs ? [theirs] : [])]
      .map(({ perSecond }) => Math.round(perSecond / clients / 1000))
      .join(' and ');
    const used = [ours, ...(theirs ? [theirs] : [])].map(cores).join(' and ');
    figures.push(
      {
        ...line('delivered', 'perSecond', '/s', 'more'),
        note: `the driver said ${emitted} thousand/s; cores used, server + client: ${used}`,
      },
      line('server CPU a million', 'cpuPerMillion', 's', 'less'),
      line('server peak memory', 'peakMiB', 'MiB', 'less'),
      line('lost', 'lost', ''),
      line('clients thrown out', 'dropped', ''),
    );
  }
  const ours = await delivery(await nightjar(UNPACED), 10, UNPACED);
  const theirs = compare ? await delivery(await indiserver(UNPACED), 10, UNPACED) : undefined;
  figures.push({
    measure: '10 clients: delivered, from a driver that never pauses',
    unit: '/s',
    better: 'more',
    nightjar: ours.perSecond,
    ...(theirs && { peers: { indiserver: theirs.perSecond } }),
    note: `${[ours, ...(theirs ? [theirs] : [])].map(({ peakMiB }) => Math.round(peakMiB)).join(' and ')} MiB after ${(WARM_MS + MEASURED_MS) / 1000} s`,
  });
  return figures.filter(
    ({ nightjar, peers, unit }) => unit !== '' || nightjar !== 0 || (peers?.indiserver ?? 0) !== 0,
  );
}

async function bestOf(start: (pace: Pace) => Promise<Peer>, clients: number): Promise<Delivery> {
  let best: Delivery | undefined;
  for (const pace of PACES) {
    const one = await delivery(await start(pace), clients, pace);
    if (!best || one.perSecond > best.perSecond) best = one;
  }
  return best!;
}

const cores = ({ serverCores, clientCores }: Delivery): string =>
  `${serverCores.toFixed(2)} + ${clientCores.toFixed(2)}`;

async function delivery(peer: Peer, count: number, { burst, underWay }: Pace): Promise<Delivery> {
  const clients = await Promise.all(
    Array.from({ length: count }, () => Tally.connect(peer.port, '</oneNumber>')),
  );
  for (const client of clients) client.say(ask(DEVICE, PROPERTY));
  await pause(500);
  const first = clients[0]!;
  // The clients, who asked for one property, hear no echo of another.
  const more = () => first.say(turnOn(DEVICE, 'NEXT', 'NEXT'));
  for (let bursts = 0; bursts < underWay; bursts++) more();
  let due = first.count + burst;
  first.onData = () => {
    for (; burst > 0 && first.count >= due; due += burst) more();
  };
  await pause(WARM_MS);
  const look = () => ({
    at: performance.now(),
    counts: clients.map((client) => client.count),
    numbers: clients.map(({ lastNumber }) => lastNumber),
    server: cpuOf([peer.pid]),
    client: ownCpu(),
  });
  const before = look();
  await pause(MEASURED_MS);
  const after = look();
  const seconds = (after.at - before.at) / 1000;
  const delivered = sum(after.counts) - sum(before.counts);
  const dropped = clients.filter(({ socket }) => socket.destroyed).length;
  const { peakMiB } = usageOf(peer.pid);
  for (const client of clients) client.close();
  await peer.stop();
  return {
    perSecond: Math.round(delivered / seconds),
    lost: sum(after.numbers) - sum(before.numbers) - delivered,
    dropped,
    serverCores: (after.server - before.server) / seconds,
    clientCores: (after.client - before.client) / seconds,
    cpuPerMillion: ((after.server - before.server) / delivered) * 1e6,
    peakMiB,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
