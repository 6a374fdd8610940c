import { parentPort, workerData } from 'node:worker_threads';
import { pause, Tally } from './tally.ts';
import { ask } from './words.ts';

/** Idle clients in a thread of their own: they have asked for everything and only listen. */
const { port, clients } = workerData as { port: number; clients: number };

for (let index = 0; index < clients; index++) {
  // One after another: joining at once is another measurement.
  const client = await Tally.connect(port, '?');
  client.say(ask());
  await client.quiet(30);
}
await pause(300);
parentPort?.postMessage('ready');
