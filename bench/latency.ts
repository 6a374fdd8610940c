import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Figure } from './figure.ts';
import { type Peer, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf } from './process.ts';
import { Tally } from './tally.ts';
import { ask, connectDevice, turnOn } from './words.ts';

/** Both take turns, and the middle one counts: what else the machine does meets both. */
const ROUNDS = 3;
const COMMANDS = 2000;
/** At a pace that both keep, so that both wake the idle clients equally often. */
const PACED = 1000;
const PACE_MS = 1;
/** A server runs all night: its first moments, in which V8 compiles, are a line of their own. */
const COLD = 2000;
const WARM = 15_000;
const SIMULATOR = 'indi_simulator_ccd';
const DEVICE = 'CCD Simulator';
/** Four switches of which one is On, answered at once, by one message, by both. */
const PROPERTY = 'CCD_FRAME_TYPE';
const CHOICES = ['FRAME_DARK', 'FRAME_LIGHT'];
const IDLE_CLIENTS = 50;

interface Series {
  /** Milliseconds. */
  times: number[];
  cpuSeconds: number;
}

interface Round {
  cold: Series;
  alone: Series;
  beside: Series;
  paced: Series;
}

const places: Readonly<Record<keyof Round, string>> = {
  cold: `alone, the first ${COLD} of a process`,
  alone: 'alone',
  beside: `beside ${IDLE_CLIENTS} idle clients`,
  paced: `beside ${IDLE_CLIENTS} idle clients, one each ms`,
};

export async function latency(compare: boolean): Promise<Figure[]> {
  const ours: Round[] = [];
  const hosted: Round[] = [];
  const theirs: Round[] = [];
  await rehearse();
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measured(await startNightjar()));
    if (!compare) continue;
    theirs.push(await measured(await startIndiserver([SIMULATOR])));
    hosted.push(await measured(await startNightjar([], { executable: SIMULATOR })));
  }
  const lines = (rounds: readonly Round[], of: keyof Round, where = places[of]): Figure[] => {
    const line = (measure: string, value: (series: Series) => number): Figure => ({
      measure: `${measure}, ${where}`,
      unit: 'ms',
      better: 'less',
      nightjar: middle(rounds.map((round) => value(round[of]))),
      ...(compare && { peers: { indiserver: middle(theirs.map((round) => value(round[of]))) } }),
    });
    return [
      line('set → update, median', ({ times }) => quantile(times, 0.5)),
      line('set → update, p99', ({ times }) => quantile(times, 0.99)),
      line('server CPU a command', ({ times, cpuSeconds }) => (cpuSeconds * 1000) / times.length),
    ];
  };
  return [
    ...(['alone', 'beside', 'paced', 'cold'] as const).flatMap((of) => lines(ours, of)),
    ...(hosted.length > 0 ? (['alone', 'beside'] as const) : []).flatMap((of) =>
      lines(hosted, of, `${SIMULATOR} under both, ${places[of]}`),
    ),
  ];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)]!;
}

const middle = (values: readonly number[]): number => quantile(values, 0.5);

/** The client, too, compiles itself: not while it measures one of the two. */
async function rehearse(): Promise<void> {
  const peer = await startNightjar();
  const client = await joined(peer);
  await commands(peer, client, WARM);
  client.close();
  await peer.stop();
}

async function joined(peer: Peer): Promise<Tally> {
  const client = await Tally.connect(peer.port, PROPERTY);
  client.say(ask());
  await client.quiet(300);
  client.say(connectDevice(DEVICE));
  if (!(await client.reaches(1, 5000))) throw new Error(`${peer.name}: ${PROPERTY} was not defined`);
  await client.quiet(300);
  return client;
}

async function measured(peer: Peer): Promise<Round> {
  const client = await joined(peer);
  const cold = await commands(peer, client, COLD);
  await commands(peer, client, WARM);
  const alone = await commands(peer, client, COMMANDS);
  const crowd = new Worker(join(import.meta.dirname, 'crowd.ts'), {
    workerData: { port: peer.port, clients: IDLE_CLIENTS },
  });
  await once(crowd, 'message');
  await client.quiet(300);
  await commands(peer, client, WARM);
  const beside = await commands(peer, client, COMMANDS);
  const paced = await commands(peer, client, PACED, PACE_MS);
  await crowd.terminate();
  client.close();
  await peer.stop();
  return { cold, alone, beside, paced };
}

/** One after the other, the next when the answer has come. @param pace milliseconds from an answer to the next */
function commands(peer: Peer, client: Tally, count: number, pace = 0): Promise<Series> {
  const times: number[] = [];
  const cpu = cpuOf([peer.pid]);
  return new Promise((resolve) => {
    let seen = client.count;
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      client.say(turnOn(DEVICE, PROPERTY, CHOICES[times.length % CHOICES.length]!));
    };
    client.onData = () => {
      if (client.count === seen) return;
      seen = client.count;
      times.push(performance.now() - sentAt);
      if (times.length < count) return pace > 0 ? void setTimeout(send, pace) : send();
      client.onData = () => {};
      resolve({ times, cpuSeconds: cpuOf([peer.pid]) - cpu });
    };
    send();
  });
}
