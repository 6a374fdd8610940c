import type { Run } from '../../core/run.ts';
import type { CapabilityName } from '../../device/capabilities.ts';
import type { Hosted } from './hosted.ts';
import { textIn } from './tools.ts';

/** DRIVER_INTERFACE bits (INDI protocol 1.7, libindi's basedevice.h), and a property that each promises. */
const interfaces: Record<CapabilityName, { bits: number; property: RegExp }> = {
  mount: { bits: 1, property: /^EQUATORIAL_(EOD_)?COORD$/ },
  camera: { bits: 2, property: /^CCD1$/ },
  guide: { bits: 4, property: /^TELESCOPE_TIMED_GUIDE_/ },
  focuser: { bits: 8, property: /^(ABS_FOCUS_POSITION|FOCUS_MOTION)$/ },
  wheel: { bits: 16, property: /^FILTER_SLOT$/ },
  dome: { bits: 32, property: /^DOME_(MOTION|PARK|SHUTTER)$/ },
  gps: { bits: 64, property: /^GEOGRAPHIC_COORD$/ },
  weather: { bits: 128, property: /^(WEATHER|SAFETY)_STATUS$/ },
  cover: { bits: 512, property: /^CAP_PARK$/ },
  light: { bits: 1024, property: /^FLAT_LIGHT_CONTROL$/ },
  rotator: { bits: 4096, property: /^ABS_ROTATOR_ANGLE$/ },
  lines: { bits: 65_536 | 131_072, property: /^(DIGITAL_(OUTPUT|INPUT)|ANALOG_INPUT)_\d+$/ },
  power: { bits: 262_144, property: /^POWER_/ },
  // Ours alone: what INDI's drivers regulate by themselves is their heaters' automatic.
  dew: { bits: 0, property: /^DEW_/ },
};

const SETTLED_MS = 400;
const SETTLE_AT_MOST_MS = 5000;

/** What it says that it is, by DRIVER_INTERFACE. */
export function provided(hosted: Hosted): readonly CapabilityName[] {
  const mask = Number(textIn(hosted.property('DRIVER_INFO'), 'DRIVER_INTERFACE') ?? 0);
  return (Object.keys(interfaces) as CapabilityName[]).filter((name) => (mask & interfaces[name].bits) !== 0);
}

/** Definitions come one by one, with the device's answers between them: quiet, and all that the bits promise. */
export async function settle(hosted: Hosted, run: Run): Promise<void> {
  const begun = run.clock.monotonic();
  let last = begun;
  const end = hosted.names.watch(() => {
    last = run.clock.monotonic();
  });
  const promised = () =>
    provided(hosted).every((name) =>
      hosted.names.value.some(
        // What is left of an earlier life of the program is in Alert until it is defined again.
        (property) =>
          interfaces[name].property.test(property) && hosted.property(property)?.state !== 'Alert',
      ),
    );
  const quiet = () => hosted.settled?.value !== false && run.clock.monotonic() - last >= SETTLED_MS;
  try {
    for (;;) {
      if (run.clock.monotonic() - begun >= SETTLE_AT_MOST_MS || (quiet() && promised())) return;
      await run.sleep(50);
    }
  } finally {
    end();
  }
}
