import { drivers } from '../../drivers/index.ts';
import { phone } from '../../src/api/parts.ts';
import { assets, pathOf } from '../../src/assets.ts';
import { readBench } from '../../src/cli/bench-file.ts';
import { httpFace, indiFace } from '../../src/cli/faces.ts';
import { rigUp } from '../../src/cli/rig-up.ts';
import { systemClock } from '../../src/core/clock.ts';
import { asError, Fault } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/lane.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Run } from '../../src/core/run.ts';
import type { Device } from '../../src/device/device.ts';
import type { RunBook } from '../../src/device/run-book.ts';
import { indi } from '../../src/indi/actor.ts';
import { IndiClient } from '../../src/indi/client.ts';
import { fromApparent } from '../../src/sky/apparent.ts';
import { fromHorizon } from '../../src/sky/horizon.ts';
import { openBench } from '../bench.ts';
import { ask } from './appliance.ts';

export type ActuatorName = 'mount' | 'camera' | 'focuser';

/** Something that can be moved in the words of every face; it takes long enough to be met under way. */
export interface Actuator {
  readonly name: ActuatorName;
  readonly device: Device;
  /** The lanes of the motion. */
  readonly lanes: readonly string[];
  /** In the words of INDI. */
  readonly property: string;
  command(): Readonly<Record<string, number>>;
  readonly abort: string;
  /** In our own. */
  readonly operation: string;
  readonly stop: string;
  args(): object;
}

/** Who asks, and how: an answer is the Run that was started, or the words of the refusal. */
export interface Voice {
  readonly label: string;
  readonly actor: Actor;
  begin(actuator: Actuator): Promise<Run | string>;
  stop(actuator: Actuator): Promise<void>;
}

export interface LanesRig {
  readonly actuators: readonly Actuator[];
  readonly voices: readonly Voice[];
  readonly url: string;
  readonly clients: readonly IndiClient[];
  readonly runs: RunBook;
  close(): Promise<void>;
}

export const night: Actor = { name: 'night', rank: 'night' };
const limits: Actor = { name: 'limits', rank: 'safety' };
const DEVICES = ['mount', 'camera', 'focuser'];
const ANSWER_MS = 5000;

/** The demo bench with real sockets in front of it, in this process: so that a night can hold a lease. */
export async function startLanesRig(directory: string): Promise<LanesRig> {
  const bench = readBench(pathOf(new URL('demo.json', assets.benches)));
  const opened = openBench(bench, systemClock);
  const { site } = opened;
  const works = await rigUp({
    ...{ clock: systemClock, log: silentLog, directory, bench, site, drivers },
    portOf: (device) => opened.portOf(device),
    workers: { imaging: assets.imagingWorker, storage: assets.storageWorker },
  });
  const listen = { port: 0, bind: '127.0.0.1' };
  const faces = [
    await httpFace(silentLog, undefined)(works, listen),
    await indiFace(silentLog)(works, listen),
  ];
  const [http, server] = faces as [(typeof faces)[0], (typeof faces)[0]];
  await works.host.connectAll();
  const clients = [
    await IndiClient.connect(systemClock, server.port),
    await IndiClient.connect(systemClock, server.port),
  ];
  for (const client of clients) {
    client.getProperties();
    await client.untilState('Demo Mount', 'CONNECTION', 'Ok');
  }
  const [mount, camera, focuser] = DEVICES.map((id) => works.host.find(id) as Device) as [
    Device,
    Device,
    Device,
  ];
  await mount.operate(phone, 'mount', 'unpark', {}).outcome;

  // Two places of the sky that are up all the time, far from each other.
  let turn = 0;
  const place = () => {
    const utc = systemClock.now();
    return fromHorizon({ altitude: 65, azimuth: turn++ % 2 ? 90 : 270 }, site, utc);
  };
  const steps = () => (turn++ % 2 ? 5000 : 45_000);
  const actuators: Actuator[] = [
    {
      ...{ name: 'mount', device: mount, lanes: ['ra', 'dec'], operation: 'slewTo', stop: 'halt' },
      ...{ property: 'EQUATORIAL_EOD_COORD', abort: 'TELESCOPE_ABORT_MOTION' },
      command: () => {
        const { ra, dec } = place();
        return { RA: ra / 15, DEC: dec };
      },
      args: () => ({ ...fromApparent(place(), systemClock.now()) }),
    },
    {
      ...{ name: 'camera', device: camera, lanes: ['camera'], operation: 'expose', stop: 'abort' },
      ...{ property: 'CCD_EXPOSURE', abort: 'CCD_ABORT_EXPOSURE' },
      command: () => ({ CCD_EXPOSURE_VALUE: 60 }),
      args: () => ({ seconds: 60, type: 'light' }),
    },
    {
      ...{ name: 'focuser', device: focuser, lanes: ['focuser'], operation: 'moveTo', stop: 'halt' },
      ...{ property: 'ABS_FOCUS_POSITION', abort: 'FOCUS_ABORT_MOTION' },
      command: () => ({ FOCUS_ABSOLUTE_POSITION: steps() }),
      args: () => ({ steps: steps() }),
    },
  ];
  const url = `http://127.0.0.1:${http.port}`;
  return {
    actuators,
    clients,
    url,
    runs: works.host.runs,
    voices: [
      ...clients.map((client, index) => indiVoice(client, `client ${'AB'[index]}`)),
      phoneVoice(url),
      engineVoice(night),
      engineVoice(limits),
    ],
    async close() {
      for (const client of clients) client.close();
      await Promise.allSettled(faces.map((face) => face.close()));
      await works.close();
    },
  };
}

/** The Run that holds the actuator now. */
export const holding = ({ device, lanes }: Actuator): Run | undefined =>
  device.lane(lanes[0] as string).current;

function indiVoice(client: IndiClient, label: string): Voice {
  return {
    label,
    actor: indi,
    async begin(actuator) {
      const { property } = actuator;
      const device = actuator.device.label.value;
      const before = holding(actuator);
      let refusal: string | undefined;
      const unwatch = client.watch((message) => {
        const own = message.type === 'set' && message.device === device && message.name === property;
        if (own && message.state === 'Alert' && message.message?.startsWith('busy'))
          refusal = message.message;
      });
      client.set(device, property, actuator.command());
      const answered = () => refusal !== undefined || (holding(actuator) ?? before) !== before;
      await until(answered, `${label} is answered by ${property}`);
      unwatch();
      return refusal ?? (holding(actuator) as Run);
    },
    async stop({ device, abort }) {
      client.set(device.label.value, abort, { ABORT: true });
    },
  };
}

function phoneVoice(url: string): Voice {
  const path = ({ name, device }: Actuator, operation: string) =>
    `${url}/api/v1/devices/${device.id}/${name}/${operation}`;
  return {
    label: 'phone',
    actor: phone,
    async begin(actuator) {
      const reply = await fetch(path(actuator, actuator.operation), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(actuator.args()),
      });
      const said = (await reply.json()) as { detail?: string };
      if (reply.status === 409) return said.detail ?? '';
      if (!reply.ok) throw new Error(`${reply.status}: ${said.detail}`);
      return holding(actuator) as Run;
    },
    stop: async (actuator) => void (await ask(path(actuator, actuator.stop), {})),
  };
}

/** Night and limits speak no protocol: they are in the process. */
function engineVoice(actor: Actor): Voice {
  const operate = ({ device, name }: Actuator, operation: string, args: object) =>
    device.operate(actor, name, operation as never, args as never) as Run;
  return {
    label: actor.name,
    actor,
    async begin(actuator) {
      try {
        return operate(actuator, actuator.operation, actuator.args());
      } catch (error) {
        if (error instanceof Fault && error.kind === 'busy') return error.message;
        throw asError(error);
      }
    },
    stop: async (actuator) => void (await operate(actuator, actuator.stop, {}).outcome),
  };
}

export async function until(met: () => boolean, what: string, milliseconds = ANSWER_MS): Promise<void> {
  const deadline = systemClock.monotonic() + milliseconds;
  while (!met()) {
    if (systemClock.monotonic() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await systemClock.sleep(5);
  }
}
