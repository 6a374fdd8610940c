import { cell } from '../core/cell.ts';
import { BadInput } from '../core/errors.ts';
import { type Capabilities, capabilityNames } from '../device/capabilities.ts';
import { type AnyDriver, defineDriver, serial } from '../device/driver.ts';
import type { DeviceHost } from '../device/host.ts';
import { text } from '../device/settings.ts';
import type { Catalogue } from '../indi/foreign/catalogue.ts';
import type { Program, ProgramSpec } from '../indi/foreign/programs.ts';
import { socketOf } from './little-rig.ts';
import type { ProgramShelf } from './parts.ts';

const catalogue: Catalogue = {
  entries: [
    entry('ZWO CCD', 'ZWO', 'CCDs', 'indi_asi_ccd', false),
    entry('CCD Simulator', undefined, 'CCDs', 'indi_simulator_ccd', true),
    entry('Pegasus UPB', 'Pegasus Astro', 'Power', 'indi_pegasus_upb', true),
    entry('LX200 Basic', 'Meade', 'Telescopes', 'indi_lx200basic', true),
    entry('MoonLite', 'MoonLite', 'Focusers', 'indi_moonlite_focus', true),
  ],
  complaints: ['broken.xml: no catalogue'],
};

function entry(
  label: string,
  manufacturer: string | undefined,
  group: string,
  executable: string,
  installed: boolean,
) {
  return {
    ...{ label, name: label, group, executable, installed, multiple: false },
    ...(manufacturer && { manufacturer }),
  };
}

/** A driver that always finds its device, which can do this and nothing more. */
export function driverOf(label: string, able: Capabilities): AnyDriver {
  return defineDriver({
    ...{ id: 'pretended', label, transport: serial(), pollMs: 1000, settings: { port: text('Port') } },
    provides: capabilityNames.filter((name) => able[name]),
    open: async () => able,
  });
}

/** Programs that begin at once and bring one device each, as `driver` says: for the tests of the web face. */
export function fakeShelf(host: DeviceHost, able: () => Capabilities) {
  const list = cell<readonly Program[]>([]);
  const change = (id: string, changes: Partial<Program>) =>
    list.set(list.value.map((program) => (program.id === id ? { ...program, ...changes } : program)));
  const shelf = {
    list,
    catalogue: async () => catalogue,
    async add(spec: ProgramSpec) {
      if (list.value.some(({ id }) => id === spec.id))
        throw new BadInput(`program "${spec.id}" is there twice`);
      const about =
        'remote' in spec
          ? ({ kind: 'remote', label: spec.remote, address: spec.remote } as const)
          : ({ kind: 'child', label: spec.executable, executable: spec.executable } as const);
      const device = `Device of ${spec.id}`;
      const figures = { cpuSeconds: 1.23, cpuPercent: 2.6, residentBytes: 12_345_678, pid: 4711 };
      const program = { id: spec.id, ...about, ...figures, state: 'running', restarts: 0 } as const;
      list.set([
        ...list.value,
        { ...program, devices: [device], lastWords: ['no camera found', 'giving up'] },
      ]);
      const id = `indi/${spec.id}`;
      const driver = driverOf(device, able());
      await host.add({ id, label: device, driver, port: socketOf(id) }).connect(true);
    },
    async remove(id: string) {
      list.set(list.value.filter((program) => program.id !== id));
      await host.remove(`indi/${id}`);
    },
    restart: (id: string) =>
      change(id, { restarts: (list.value.find((each) => each.id === id)?.restarts ?? 0) + 1 }),
    change,
  };
  return shelf satisfies ProgramShelf & { change: typeof change };
}
