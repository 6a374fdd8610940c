import { useState } from 'preact/hooks';
import type { DeviceView } from '../src/api/views.ts';
import { Stepper, Toggle } from './parts.tsx';
import { operate } from './rig.ts';
import { figure, settingText } from './words.ts';

type Camera = NonNullable<DeviceView['capabilities']['camera']>;

const STEP = 5;
const [COLDEST, WARMEST] = [-50, 30];
const FIRST = -10;

/** How cold the sensor is, and shall be. A new figure counts at once while the cooler is on. */
export function CoolerView({ device, able }: { device: DeviceView; able: Camera }) {
  const { cooler, temperature } = able;
  const [chosen, choose] = useState<number | undefined>(undefined);
  if (!cooler) return null;
  const wanted = chosen ?? cooler.setpoint ?? FIRST;
  const cool = (celsius?: number) =>
    void operate(device.id, 'camera/cool', celsius === undefined ? {} : { celsius });
  const to = (celsius: number) => () => {
    const next = Math.min(WARMEST, Math.max(COLDEST, celsius));
    choose(next);
    if (cooler.on) cool(next);
  };
  return (
    <section aria-label="cooler">
      <h2>
        Cooler
        <span>
          {temperature !== undefined && `${figure(temperature)} °C`}
          {cooler.on && cooler.power !== undefined && ` · ${Math.round(cooler.power)} %`}
        </span>
      </h2>
      <div class="pair">
        <Stepper
          label="cool to"
          text={`${settingText(wanted)} °C`}
          less={to(wanted - STEP)}
          more={to(wanted + STEP)}
        />
        <Toggle label="Cooling" on={cooler.on} set={(on) => cool(on ? wanted : undefined)} />
      </div>
    </section>
  );
}
