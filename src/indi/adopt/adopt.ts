import type { Capabilities, CapabilityName } from '../../device/capabilities.ts';
import type { AnyDriver, OpenContext, Opened } from '../../device/driver.ts';
import type { Claims } from '../../wire/claims.ts';
import type { ProgramLink } from '../../wire/link.ts';
import { adoptCamera, adoptGuideHead } from './camera.ts';
import { adoptCover } from './cover.ts';
import { adoptDome } from './dome.ts';
import { adoptFocuser } from './focuser.ts';
import { adoptGps } from './gps.ts';
import { adoptGuidePort } from './guide.ts';
import { connect, connectionSettings, disconnect } from './handshake.ts';
import type { AdoptionParts, Hosted } from './hosted.ts';
import { adoptLight } from './light.ts';
import { adoptLines } from './lines.ts';
import { adoptMount } from './mount.ts';
import { tellTimeAndPlace } from './place.ts';
import { adoptPower } from './power.ts';
import { adoptRotator } from './rotator.ts';
import { scoped } from './scoped.ts';
import { provided, settle } from './settle.ts';
import { textIn } from './tools.ts';
import { adoptWeather } from './weather.ts';
import { adoptWheel } from './wheel.ts';

/**
 * The driver of a device that another program drives: its properties as capabilities. Nothing is polled.
 * @param claims which serial ports are whose: the program must not open another device's
 */
export function adoptionDriver(hosted: Hosted, claims?: Claims): AnyDriver {
  return {
    id: 'indi',
    label: hosted.device,
    transport: { kind: 'program' },
    pollMs: 3_600_000,
    get provides() {
      return provided(hosted);
    },
    settings: connectionSettings,
    async open({ link, settings, run, ...parts }: OpenContext<ProgramLink, typeof connectionSettings>) {
      const scope = scoped(hosted);
      let release = () => {};
      const end = () => {
        release();
        scope.end();
      };
      const claim = async (place: string, connected: boolean) => {
        claims?.check(hosted.device, place);
        // Once it is connected, the program that has it open is the driver itself.
        if (!connected) await claims?.checkFree(place);
        release = claims?.add(hosted.device, () => place) ?? release;
      };
      link.alive.watch((alive) => alive || end());
      const whole: AdoptionParts = { ...parts, clock: run.clock };
      try {
        const ours = await connect(hosted, settings, run, claim);
        await settle(hosted, run);
        if (ours) await tellTimeAndPlace(hosted, whole, run);
        return {
          ...adopted(scope.hosted, whole),
          ...identityOf(hosted),
          async close() {
            scope.end();
            await disconnect(hosted, run.clock);
            release();
          },
        };
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}

/** All that is there. What only says so by its bits, and not by its properties, cannot be used. */
function adopted(hosted: Hosted, parts: AdoptionParts): Opened {
  const found: { [C in CapabilityName]?: Capabilities[C] | undefined } = {
    mount: adoptMount(hosted, parts),
    guide: adoptGuidePort(hosted),
    camera: adoptCamera(hosted, parts),
    focuser: adoptFocuser(hosted, parts),
    wheel: adoptWheel(hosted),
    rotator: adoptRotator(hosted, parts),
    dome: adoptDome(hosted, parts),
    power: adoptPower(hosted),
    lines: adoptLines(hosted),
    weather: adoptWeather(hosted),
    // Others than GPS have a place too: what they were told.
    gps: provided(hosted).includes('gps') ? adoptGps(hosted, parts) : undefined,
    cover: adoptCover(hosted, parts),
    light: adoptLight(hosted),
  };
  const present = Object.entries(found).filter(([, capability]) => capability !== undefined);
  const guide = adoptGuideHead(hosted, parts);
  return { ...Object.fromEntries(present), ...(guide && { heads: { guide: { camera: guide } } }) };
}

/** What it says of itself: a serial number is compared at every return. */
function identityOf(hosted: Hosted): Pick<Opened, 'identity' | 'model'> {
  const model = textIn(hosted.property('DRIVER_INFO'), 'DRIVER_NAME');
  for (const name of hosted.names.value) {
    const seen = hosted.property(name);
    if (seen?.kind !== 'text' || seen.definition.perm !== 'ro') continue;
    const element = Object.keys(seen.values).find((key) =>
      /^(SERIAL|SERIAL_?(NUMBER|NO)|SN|UUID|UNIQUE_?ID)$/i.test(key),
    );
    const identity = element && textIn(seen, element)?.trim();
    if (identity) return { identity, ...(model && { model }) };
  }
  return model ? { model } : {};
}
