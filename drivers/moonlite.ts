import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { defineDriver, serial } from '../src/device/driver.ts';
import { choice } from '../src/device/settings.ts';
import { Asker } from '../src/wire/asker.ts';
import { exactly, until } from '../src/wire/framing.ts';

/** While the motor turns, its position is read this often. */
const MOVING_MS = 250;

/** MoonLite single focuser (MoonLite serial command set): `:XX#`, answers in hexadecimal, sets are not answered. */
export const moonlite = defineDriver({
  id: 'moonlite',
  label: 'MoonLite focuser',
  transport: serial({ baud: 9600 }),
  usb: [{ vid: 0x0403, pid: 0x6001 }],
  pollMs: 2000,
  provides: ['focuser'],
  settings: { stepMode: choice('Step mode', ['half', 'full'], 'full') },

  async open({ link, settings, run }) {
    const line = new Asker(link, run.clock, { framing: until('#'), timeoutMs: 1500 });
    const read = async (command: string) => hex(await line.ask(`:${command}#`), command);

    // The version alone may come without its `#`: two digits, then whatever follows is dropped.
    const version = await line.ask(':GV#', exactly(2));
    if (!/^\d\d$/.test(version)) throw new Fault('garbled', `no MoonLite: it says version "${version}"`);
    await line.tell(settings.stepMode === 'half' ? ':SH#' : ':SF#');

    const position = cell(await read('GP'));
    const moving = cell(false);
    const temperature = cell<number | undefined>(undefined);

    /** Moving first: asked after the position, a motor that stopped in between seems to have stopped short. */
    async function refresh() {
      const turning = (await read('GI')) !== 0;
      position.set(await read('GP'));
      moving.set(turning);
    }

    return {
      model: `MoonLite v${version[0]}.${version[1]}`,
      focuser: {
        position,
        moving,
        temperature,
        maxStep: 0xffff,
        async moveTo(steps, move) {
          await line.tell(`:SN${steps.toString(16).toUpperCase().padStart(4, '0')}#`);
          await line.tell(':FG#');
          moving.set(true);
          const from = position.value;
          try {
            do {
              await move.sleep(MOVING_MS);
              await refresh();
              move.report({ fraction: Math.abs(position.value - from) / (Math.abs(steps - from) || 1) });
            } while (moving.value);
          } finally {
            if (moving.value) await line.tell(':FQ#');
          }
          if (position.value !== steps) {
            throw new Fault('refused', `the focuser stopped at ${position.value} on its way to ${steps}`);
          }
        },
        async sync(steps) {
          await line.tell(`:SP${steps.toString(16).toUpperCase().padStart(4, '0')}#`);
          await refresh();
        },
        async halt() {
          await line.tell(':FQ#');
          await refresh();
        },
      },
      async poll() {
        await refresh();
        await line.tell(':C#');
        const halves = await read('GT');
        // Half degrees, 16 bits signed; a missing probe reads far below any night.
        const celsius = (halves > 0x7fff ? halves - 0x10000 : halves) / 2;
        temperature.set(celsius < -60 ? undefined : celsius);
      },
    };
  },
});

function hex(answer: string, command: string): number {
  const digits = answer.slice(0, -1);
  if (!/^[0-9A-Fa-f]{1,8}$/.test(digits)) throw new Fault('garbled', `${command}: "${answer}" is no number`);
  return Number.parseInt(digits, 16);
}
