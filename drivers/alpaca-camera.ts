import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import type { CameraState } from '../src/device/camera.ts';
import { defineDriver, http } from '../src/device/driver.ts';
import type { GuidePort } from '../src/device/guide-port.ts';
import { choice, number } from '../src/device/settings.ts';
import { type Alpaca, alpacaDevice, connectAlpaca, orAbsent, uniqueIdOf } from './shared/alpaca.ts';
import { exposer, preferring, STATES } from './shared/alpaca-exposure.ts';
import {
  readControl,
  readCooler,
  readElectrons,
  readReadout,
  readSensor,
  readTemperature,
  within,
} from './shared/alpaca-facts.ts';

/** ICameraV4 brought `connect` and `connecting` (ASCOM Platform 7). */
const PLATFORM_7 = 4;
const DIRECTIONS = ['north', 'south', 'east', 'west'] as const;

/** Cameras behind an ASCOM Alpaca server (Alpaca API reference, Camera; ICameraV3 and V4). */
export const alpacaCamera = defineDriver({
  id: 'alpaca-camera',
  label: 'ASCOM Alpaca camera',
  transport: http(),
  pollMs: 2000,
  provides: ['camera'],
  settings: {
    device: number('Device number', 0, { min: 0, max: 99 }),
    transfer: choice('Image transfer', ['ImageBytes', 'JSON'], 'ImageBytes'),
  },

  async open({ link, settings, run, darkroom }) {
    const api = alpacaDevice(link, 'camera', settings.device);
    const identity = await uniqueIdOf(link, 'camera', settings.device);
    await connectAlpaca(api, run.clock, PLATFORM_7);

    const sensor = await readSensor(api);
    const most = Math.min(await within(api, 'maxbinx', 1, 64), await within(api, 'maxbiny', 1, 64));
    const min = (await orAbsent(api.number('exposuremin'))) ?? 0;
    const max = (await orAbsent(api.number('exposuremax'))) ?? 86_400;
    const gain = await readControl(api, 'gain', () => readElectrons(api, sensor));
    const offset = await readControl(api, 'offset');
    const readout = await readReadout(api);
    const temperature = await readTemperature(api);
    const cooler = await readCooler(api);
    const canStop = (await orAbsent(api.flag('canstopexposure'))) ?? false;
    const canAbort = (await orAbsent(api.flag('canabortexposure'))) ?? false;
    const discard = canAbort ? 'abortexposure' : canStop ? 'stopexposure' : undefined;
    const canGuide = (await orAbsent(api.flag('canpulseguide'))) ?? false;
    const model = await orAbsent(api.text('name'));

    const state = cell<CameraState>('idle');
    const expose = exposer({
      api,
      sensor,
      state,
      darkroom,
      accept: preferring(settings.transfer === 'ImageBytes'),
      ...(gain && { gain: gain.part }),
      ...(offset && { offset: offset.part }),
      ...(discard && { discard }),
    });
    const readings = [gain, offset, readout, temperature, cooler];
    let busy = false;

    return {
      ...(identity !== undefined && { identity }),
      ...(model !== undefined && { model }),
      camera: {
        sensor,
        binnings: Array.from({ length: most }, (_, index) => index + 1),
        exposureSeconds: { min, max },
        state,
        ...(gain && { gain: gain.part }),
        ...(offset && { offset: offset.part }),
        ...(readout && { readout: readout.part }),
        ...(temperature && { temperature: temperature.part }),
        ...(cooler && { cooler: cooler.part }),
        async expose(request, own) {
          busy = true;
          try {
            return await expose(request, own);
          } finally {
            busy = false;
          }
        },
        ...(canStop && { finish: () => api.put('stopexposure') }),
      },
      ...(canGuide && { guide: guidePort(api) }),
      async poll() {
        for (const reading of readings) await reading?.refresh();
        const said = STATES[await api.number('camerastate')];
        if (said === undefined) throw new Fault('garbled', 'camerastate is no state of a camera');
        // While we expose, the state is ours to tell; otherwise somebody else may be using the camera.
        if (!busy) state.set(said);
      },
      close: () => api.put('connected', { Connected: false }),
    };
  },
});

/** The camera's ST-4 port. Its server only says that some axis is guided, so the length of a pulse is timed here. */
function guidePort(api: Alpaca): GuidePort {
  return {
    async pulse(direction, milliseconds, run) {
      const start = run.clock.monotonic();
      const Direction = DIRECTIONS.indexOf(direction);
      await api.put('pulseguide', { Direction, Duration: Math.round(milliseconds) }, milliseconds + 10_000);
      // Some servers answer when the pulse is over, the others when it begins.
      if (run.clock.monotonic() - start < milliseconds) await run.sleep(milliseconds);
    },
  };
}
