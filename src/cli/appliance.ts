/** What the commands that run a rig are made of: loaded by them alone, for a solve shall not wait for drivers and servers. */
export { drivers } from '../../drivers/index.ts';
export { createLog } from '../core/log.ts';
export { Plugged } from '../wire/plugged.ts';
export { readBench } from './bench-file.ts';
export { devicesCommand } from './devices.ts';
export { doctorCommand } from './doctor.ts';
export { httpFace, indiFace } from './faces.ts';
export { nightCommand } from './night.ts';
export { openSockets } from './ports.ts';
export { startAppliance } from './serve.ts';
export { untilStopped } from './shutdown.ts';
