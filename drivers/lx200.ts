import { Fault } from '../src/core/errors.ts';
import { type Driver, defineDriver, serial } from '../src/device/driver.ts';
import { toggle } from '../src/device/settings.ts';
import type { StreamLink } from '../src/wire/link.ts';
import { autostar, classic, type Dialect, onstep as onstepDialect } from './shared/lx200-dialect.ts';
import { type Lx200Line, lx200Line } from './shared/lx200-line.ts';
import { lx200Mount } from './shared/lx200-mount.ts';
import { tellTimeAndSite } from './shared/lx200-site.ts';
import { isLowPrecision, parseRightAscension } from './shared/lx200-text.ts';

const settings = { tellTime: toggle('Set the mount’s clock and site', true) };

const ftdi = { vid: 0x0403, pid: 0x6001 };
const ch340 = { vid: 0x1a86, pid: 0x7523 };
const cp210x = { vid: 0x10c4, pid: 0xea60 };

/** Meade LX200 of the first generation and what imitates it (Meade Telescope Protocol). */
export const lx200 = family('lx200', 'LX200 mount', classic, [ftdi]);
export const lx200autostar = family('lx200autostar', 'LX200 Autostar mount', autostar, [ftdi]);
/** OnStep and OnStepX (OnStep command reference). */
export const onstep = family('onstep', 'OnStep mount', onstepDialect, [ch340, ftdi, cp210x]);

type Usb = NonNullable<Driver['usb']>;

function family(id: string, label: string, dialect: Dialect, usb: Usb): Driver<StreamLink, typeof settings> {
  return defineDriver({
    id,
    label,
    provides: ['mount', 'guide'],
    transport: serial({ baud: 9600 }),
    usb,
    pollMs: 1000,
    settings,

    async open({ link, settings: { tellTime }, run: { clock }, observatory }) {
      const line = lx200Line(link, clock);
      await chooseHighPrecision(line);
      const model = await modelOf(line, dialect, label);
      const guideRate = dialect.status ? await line.read('GX90', parseNumber) : undefined;
      const { mount, guide, refresh } = lx200Mount(line, dialect, clock, guideRate);

      /** What the mount was told last: a site or a trusted clock that comes later is passed on too. */
      let told = '';
      async function introduce(): Promise<void> {
        const site = observatory.site.value;
        const source = observatory.timeSource.value;
        if (!tellTime || !site || !source) return;
        const words = JSON.stringify([site, source]);
        if (words === told) return;
        await tellTimeAndSite(line, dialect, site, () => clock.now());
        told = words;
      }

      await introduce();
      return {
        model,
        mount,
        guide,
        async poll() {
          await refresh();
          const still = mount.motion.value === 'tracking' || mount.motion.value === 'stopped';
          if (still || mount.motion.value === 'parked') await introduce();
        },
      };
    },
  });
}

/** The short form knows only 6″ of right ascension and whole minutes of declination; `:U#` toggles it. */
async function chooseHighPrecision(line: Lx200Line): Promise<void> {
  const isShort = () =>
    line.read('GR', (answer) =>
      parseRightAscension(answer) === undefined ? undefined : isLowPrecision(answer),
    );
  if (!(await isShort())) return;
  await line.tell('U');
  if (await isShort())
    throw new Fault('garbled', 'the mount stays in low precision although it was told otherwise');
}

/** @throws Fault `garbled` when the mount is of another make */
async function modelOf(line: Lx200Line, { product }: Dialect, label: string): Promise<string> {
  if (!product) return label;
  const name = await line.read('GVP', parseText);
  if (!product.test(name)) throw new Fault('garbled', `no ${label}: it calls itself "${name}"`);
  return `${name} ${await line.read('GVN', parseText)}`;
}

const parseText = (answer: string) => answer.slice(0, -1).trim() || undefined;

function parseNumber(answer: string): number | undefined {
  const value = Number.parseFloat(answer);
  return Number.isNaN(value) ? undefined : value;
}
