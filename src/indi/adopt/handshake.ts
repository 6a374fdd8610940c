import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/errors.ts';
import type { Run } from '../../core/run.ts';
import { choice, text, type Values } from '../../device/settings.ts';
import type { Hosted } from './hosted.ts';
import { networkAddress, serialPortOf } from './serial-port.ts';
import { type CommandValues, choose, chosenIn, command, has, send } from './tools.ts';

const CONNECTION = 'CONNECTION';
const DEFINED_MS = 5000;
const CONNECT_MS = 30_000;
const GOODBYE_MS = 3000;
const UNCHANGED = 'as it is';

/** How the program reaches its device, where the owner wants to say it. */
export const connectionSettings = {
  port: text('Port (/dev/…, or host:port); empty: as the driver has it'),
  baud: choice('Baud rate', [UNCHANGED, '9600', '19200', '38400', '57600', '115200', '230400'], UNCHANGED),
};

/**
 * Brings the device online unless it already is, which is left as it is found.
 * @param claim of the serial port that the driver opens: throws when it is another's
 * @returns whether it was us @throws Fault `refused` with the device's words, `silent` after 30 s
 */
export async function connect(
  hosted: Hosted,
  settings: Values<typeof connectionSettings>,
  run: Run,
  claim: (port: string, connected: boolean) => Promise<void> = async () => {},
): Promise<boolean> {
  await defined(hosted, run);
  const port = serialPortOf(hosted, settings.port);
  if (port !== undefined) await claimed(hosted, run.clock, () => claim(port, connected(hosted)));
  if (connected(hosted)) return false;
  await prepare(hosted, settings, run);
  const give = { answerMs: CONNECT_MS, timeoutMs: CONNECT_MS };
  const back = () => send(hosted, CONNECTION, choose(hosted, CONNECTION, 'DISCONNECT'));
  await command(hosted, CONNECTION, choose(hosted, CONNECTION, 'CONNECT'), run, { ...give, halt: back });
  if (!connected(hosted)) throw new Fault('refused', `${hosted.device} did not connect`);
  return true;
}

/** Last words: a driver stops its motors. Waits for the answer, at most 3 s. */
export function disconnect(hosted: Hosted, clock: Clock): Promise<void> {
  if (!has(hosted, CONNECTION) || !connected(hosted)) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      end();
      resolve();
    };
    const cancel = clock.after(GOODBYE_MS, finish);
    const end = hosted.watch(CONNECTION, (seen) => chosenIn(seen) !== 'CONNECT' && finish());
    send(hosted, CONNECTION, choose(hosted, CONNECTION, 'DISCONNECT'));
  });
}

function connected(hosted: Hosted): boolean {
  const seen = hosted.property(CONNECTION);
  return chosenIn(seen) === 'CONNECT' && seen?.state === 'Ok';
}

/** A client may have connected the driver to a port that is another's: it is made to let go. */
async function claimed(hosted: Hosted, clock: Clock, claim: () => Promise<void>): Promise<void> {
  try {
    await claim();
  } catch (error) {
    await disconnect(hosted, clock);
    throw error;
  }
}

/** The program has begun to speak when the device is known; its CONNECTION comes first or soon. */
async function defined(hosted: Hosted, run: Run): Promise<void> {
  const end = run.clock.monotonic() + DEFINED_MS;
  while (!has(hosted, CONNECTION)) {
    if (run.clock.monotonic() > end)
      throw new Fault('silent', `${hosted.device} does not define ${CONNECTION}`);
    await run.sleep(100);
  }
}

/** Where the device is. A driver that searches by itself would open the ports of others. */
async function prepare(
  hosted: Hosted,
  { port, baud }: Values<typeof connectionSettings>,
  run: Run,
): Promise<void> {
  const tell = async (property: string, values: CommandValues) => {
    const now = hosted.property(property)?.values;
    if (!now || Object.entries(values).every(([name, value]) => !(name in now) || now[name] === value))
      return;
    await command(hosted, property, values, run, { answerMs: 3000 });
  };
  const pick = (property: string, element: string) =>
    has(hosted, property, element) ? tell(property, choose(hosted, property, element)) : undefined;
  await pick('DEVICE_AUTO_SEARCH', 'INDI_DISABLED');
  await pick('DEVICE_LAN_SEARCH', 'INDI_DISABLED');
  const [, host, number] = networkAddress.exec(port) ?? [];
  if (host && number) {
    await pick('CONNECTION_MODE', 'CONNECTION_TCP');
    await tell('DEVICE_ADDRESS', { ADDRESS: host, PORT: number });
  } else if (port) {
    await pick('CONNECTION_MODE', 'CONNECTION_SERIAL');
    await tell('DEVICE_PORT', { PORT: port });
  }
  if (baud !== UNCHANGED) await pick('DEVICE_BAUD_RATE', baud);
}
