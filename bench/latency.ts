import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Figure } from './figure.ts';
import { type Peer, startIndiserver, startNightjar } from './peers.ts';
import { cpuOf } from './process.ts';
import { Tally } from './tally.ts';
import { ask, connectDevice, turnOn } from './words.ts';

const COMMANDS = 2000;
const DEVICE = 'CCD Simulator';
/** Four switches of which one is On, answered at once, by one message, by both. */
const PROPERTY = 'CCD_FRAME_TYPE';
const CHOICES = ['FRAME_DARK', 'FRAME_LIGHT'];
const IDLE_CLIENTS = 50;

export async function latency(compare: boolean): Promise<Figure[]> {
  const ours = await measured(await startNightjar());
  const theirs = compare ? await measured(await startIndiserver(['indi_simulator_ccd'])) : undefined;
  return [0, IDLE_CLIENTS].flatMap((idle, index): Figure[] => {
    const where = idle === 0 ? 'alone' : `beside ${idle} idle clients`;
    const line = (measure: string, of: keyof Latency, unit: string): Figure => ({
      measure: `${measure}, ${where}`,
      unit,
      better: 'less',
      nightjar: ours[index]![of],
      ...(theirs && { indiserver: theirs[index]![of] }),
    });
    return [
      line('set → update, median', 'median', 'ms'),
      line('set → update, p99', 'p99', 'ms'),
      line('server CPU a command', 'cpu', 'ms'),
    ];
  });
}

interface Latency {
  median: number;
  p99: number;
  cpu: number;
}

async function measured(peer: Peer): Promise<Latency[]> {
  const client = await Tally.connect(peer.port, PROPERTY);
  client.say(ask());
  await client.quiet(300);
  client.say(connectDevice(DEVICE));
  if (!(await client.reaches(1, 5000))) throw new Error(`${peer.name}: ${PROPERTY} was not defined`);
  await client.quiet(300);
  const alone = await commands(peer, client);
  const crowd = new Worker(join(import.meta.dirname, 'crowd.ts'), {
    workerData: { port: peer.port, clients: IDLE_CLIENTS },
  });
  await once(crowd, 'message');
  await client.quiet(300);
  const beside = await commands(peer, client);
  await crowd.terminate();
  client.close();
  await peer.stop();
  return [alone, beside];
}

function commands(peer: Peer, client: Tally): Promise<Latency> {
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
      if (times.length < COMMANDS) return send();
      client.onData = () => {};
      times.sort((a, b) => a - b);
      const used = cpuOf([peer.pid]) - cpu;
      resolve({
        median: times[COMMANDS / 2]!,
        p99: times[Math.floor(COMMANDS * 0.99)]!,
        cpu: (used * 1000) / COMMANDS,
      });
    };
    send();
  });
}
