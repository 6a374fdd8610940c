import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { defineDriver, lines } from '../src/device/driver.ts';
import type { DigitalInput } from '../src/device/lines.ts';
import type { DewHeater, SwitchedPort } from '../src/device/power.ts';
import { choice, number, text, toggle } from '../src/device/settings.ts';
import type { OutputLine } from '../src/wire/link.ts';
import { TimeProportion } from './shared/time-proportion.ts';
import { checkOnce, parseWiring, type Wire } from './shared/wiring.ts';

/**
 * Ports, dew heaters and contacts on the lines of a GPIO chip, through MOSFETs or relays. Heaters are off whenever nobody
 * heats: at start, when the device is disconnected, when Nightjar ends. Ports stay as they are unless the owner says
 * otherwise, for a mount must not lose its power because a program restarts. A process that hangs keeps its heaters as they
 * are: the service's watchdog ends it, and what cleans up after it sets the safe levels (`safe-lines`).
 */
export const gpio = defineDriver({
  id: 'gpio',
  label: 'GPIO ports and dew heaters',
  transport: lines(),
  pollMs: 1000,
  provides: ['power'],
  settings: {
    ports: text('Switched ports, as "17 Mount, !27 Relay" (! is on at low)'),
    heaters: text('Dew heaters, as "18 Main, 23 Guide"'),
    inputs: text('Inputs, as "24 Roof closed"'),
    portsAtExit: choice('Ports when Nightjar ends', ['keep', 'off'], 'keep'),
    periodSeconds: number('Heater period (s)', 2, { min: 0.5, max: 120, step: 0.5 }),
    reservedLines: toggle('Allow lines of I2C, SPI, UART and 1-wire', false),
  },

  async open({ link, settings, run }) {
    const wiring = {
      ports: parseWiring(settings.ports, 'Switched ports'),
      heaters: parseWiring(settings.heaters, 'Dew heaters'),
      inputs: parseWiring(settings.inputs, 'Inputs'),
    };
    checkOnce([...wiring.ports, ...wiring.heaters, ...wiring.inputs]);
    const reserved = settings.reservedLines;
    const keep = settings.portsAtExit === 'keep';
    let broken: Error | undefined;

    async function portOn(wire: Wire): Promise<SwitchedPort> {
      const output = await link.output(wire.line, { safe: wire.inverted, keep, reserved });
      const on = cell(isOn(output, wire));
      return {
        id: idOf(wire),
        label: cell(wire.label),
        on,
        async setOn(wanted) {
          await output.write(wanted !== wire.inverted);
          on.set(isOn(output, wire));
        },
      };
    }

    async function heaterOn(
      wire: Wire,
      index: number,
    ): Promise<{ heater: DewHeater; cool(): Promise<void> }> {
      const output = await link.output(wire.line, { safe: wire.inverted, reserved });
      const duty = cell(0);
      const power = new TimeProportion({
        clock: run.clock,
        periodMs: settings.periodSeconds * 1000,
        phase: index / wiring.heaters.length,
        switchTo: (on) => output.write(on !== wire.inverted),
        failed: (error) => {
          broken = error;
        },
      });
      async function setDuty(percent: number): Promise<void> {
        await power.set(percent);
        duty.set(percent);
      }
      return {
        heater: { id: idOf(wire), label: cell(wire.label), duty, setDuty },
        cool: () => setDuty(0),
      };
    }

    async function contactOn(wire: Wire): Promise<{ input: DigitalInput; look(): Promise<void> }> {
      const input = await link.input(wire.line, { reserved });
      const on = cell<boolean | undefined>(undefined);
      return {
        input: { id: idOf(wire), label: cell(wire.label), on },
        look: async () => on.set((await input.read()) !== wire.inverted),
      };
    }

    const ports = await inTurn(wiring.ports, portOn);
    const heaters = await inTurn(wiring.heaters, heaterOn);
    const contacts = await inTurn(wiring.inputs, contactOn);

    return {
      model: 'GPIO',
      power: { ports, usb: [], heaters: heaters.map(({ heater }) => heater), adjustable: [] },
      ...(contacts.length > 0 && {
        lines: { outputs: [], inputs: contacts.map(({ input }) => input), analog: [] },
      }),
      async poll() {
        if (broken) throw broken instanceof Fault ? broken : new Fault('gone', broken.message);
        for (const { look } of contacts) await look();
      },
      async close() {
        for (const { cool } of heaters) await cool();
      },
    };
  },
});

const idOf = ({ line }: Wire): string => `line-${line}`;
const isOn = ({ level }: OutputLine, { inverted }: Wire): boolean => level !== inverted;

async function inTurn<T>(
  wires: readonly Wire[],
  make: (wire: Wire, index: number) => Promise<T>,
): Promise<T[]> {
  const made: T[] = [];
  for (const [index, wire] of wires.entries()) made.push(await make(wire, index));
  return made;
}
