import type { Device } from '../../device/device.ts';
import type { DeviceHost } from '../../device/host.ts';
import type { GpsReport } from './gpsd.ts';

/** Hears every GPS among the devices, as they come and go. @returns ends it */
export function followGps(host: DeviceHost, hear: (report: GpsReport) => void): () => void {
  const watched = new Map<Device, () => void>();
  const follow = () => {
    for (const [device, end] of watched) {
      if (host.devices.value.includes(device)) continue;
      end();
      watched.delete(device);
    }
    for (const device of host.devices.value) {
      if (!watched.has(device)) watched.set(device, listenTo(device, hear));
    }
  };
  const endFollow = host.devices.watch(follow);
  follow();
  return () => {
    endFollow();
    for (const end of watched.values()) end();
    watched.clear();
  };
}

/** A device's abilities are new ones each time that it connects. */
function listenTo({ capabilities }: Device, hear: (report: GpsReport) => void): () => void {
  let endFix = () => {};
  const attend = () => {
    endFix();
    const fix = capabilities.value.gps?.fix;
    const tell = () => {
      if (fix?.value) hear(fix.value);
    };
    endFix = fix?.watch(tell) ?? (() => {});
    tell();
  };
  const endCapabilities = capabilities.watch(attend);
  attend();
  return () => {
    endCapabilities();
    endFix();
  };
}
