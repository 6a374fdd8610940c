import { cell } from '../../src/core/cell.ts';
import { bytesOf, latin1 } from '../../src/wire/framing.ts';
import type { EmulatorFamily } from './emulator.ts';

const MS_A_SLOT = 1000;
/** The letters a command may begin with; other bytes are noise on the line. */
const FIRST = /[IGOSMNR()[\]{}]/;
/** What waits while the wheel turns: the firmware's receive buffer. */
const MAX_WAITING = 32;

/** A Xagyl filter wheel that holds the world's filters; it turns one way round or the other, whichever is shorter. */
export const xagyl: EmulatorFamily = {
  family: 'xagyl',
  kind: 'stream',
  create({ clock, world, options }) {
    const { wheel } = world;
    const slots = wheel.filters.length;
    const serialNumber = String(options.serialNumber ?? '123456');
    const tuning = { speed: 100, jitter: 1, threshold: 30, pulse: 1500, offsets: wheel.filters.map(() => 0) };
    const truth = cell<Readonly<Record<string, unknown>>>({});
    const tell = () => truth.set({ slot: wheel.slot, turning: wheel.slot === 0, ...tuning });
    let last = wheel.slot || 1;

    async function turn(target: number): Promise<void> {
      const apart = Math.abs(target - last);
      const steps = Math.min(apart, slots - apart);
      if (steps > 0) {
        wheel.slot = 0;
        tell();
        await clock.sleep(steps * MS_A_SLOT);
      }
      wheel.slot = target;
      last = target;
      tell();
    }

    /** Lines without their ends; undefined: the command is none. */
    async function answer(command: string): Promise<string[]> {
      const [verb = '', digit = ''] = command;
      const index = Number.parseInt(digit, 16);
      const here = Number.isInteger(index) && index >= 1 && index <= slots;
      const offset = (change: number) => {
        if (!here) return [];
        tuning.offsets[index - 1] = tuning.offsets[index - 1]! + change;
        return [`P${digit} Offset ${tuning.offsets[index - 1]}`];
      };
      switch (verb) {
        case 'I':
          return inform(digit);
        case 'G':
          // A slot that is not there leaves the wheel where it is, and it says so.
          if (here) await turn(index);
          return [`P${last.toString(16).toUpperCase()}`];
        case 'O':
          return offset(0);
        case '(':
          return offset(1);
        case ')':
          return offset(-1);
        case 'S':
          if (index >= 1 && index <= 10) tuning.speed = 10 * index;
          return [`Speed=${tuning.speed}%`];
        case ']':
        case '[':
          tuning.jitter = Math.min(10, Math.max(1, tuning.jitter + (verb === ']' ? 1 : -1)));
          return [`Jitter ${tuning.jitter}`];
        case '}':
        case '{':
          tuning.threshold = Math.min(100, Math.max(0, tuning.threshold + (verb === '}' ? 1 : -1)));
          return [`Threshold ${tuning.threshold}`];
        case 'M':
        case 'N':
          tuning.pulse += verb === 'M' ? 100 : -100;
          return [`PulseWidth ${tuning.pulse}uS`];
        case 'R':
          if (digit === '2') tuning.offsets.fill(0);
          else await turn(1);
          return digit === '1' ? ['Initializing', 'P1'] : [];
        default:
          return [];
      }
    }

    function inform(digit: string): string[] {
      const lines: Record<string, string> = {
        0: 'Xagyl FW5125VX',
        1: 'FW 3.1.5',
        2: `P${last.toString(16).toUpperCase()}`,
        3: `S/N: ${serialNumber}`,
        4: `MaxSpeed ${tuning.speed}%`,
        5: `Jitter ${tuning.jitter}`,
        6: `P${last} Offset ${tuning.offsets[last - 1]}`,
        7: `Threshold ${tuning.threshold}`,
        8: `FilterSlots ${slots}`,
        9: `PulseWidth ${tuning.pulse}uS`,
      };
      const line = lines[digit];
      return line === undefined ? [] : [line];
    }

    tell();
    return {
      truth,
      attach(link) {
        let first = '';
        let waiting = 0;
        let queue: Promise<unknown> = Promise.resolve();
        // One thing at a time: what is asked while the wheel turns is answered when it stands.
        const perform = (command: string) => {
          if (waiting >= MAX_WAITING) return;
          waiting++;
          queue = queue.then(async () => {
            const lines = await answer(command);
            waiting--;
            if (lines.length > 0 && link.alive.value) await link.write(bytesOf(`${lines.join('\r\n')}\r\n`));
          });
        };
        link.read((bytes) => {
          for (const character of latin1(bytes)) {
            if (first) {
              perform(first + character);
              first = '';
            } else if (FIRST.test(character)) first = character;
          }
        });
      },
    };
  },
};
