import { cell } from '../src/core/cell.ts';
import { Fault } from '../src/core/errors.ts';
import { defineDriver, serial } from '../src/device/driver.ts';
import { Asker } from '../src/wire/asker.ts';
import { until } from '../src/wire/framing.ts';

/** From one end of the slowest wheel to the other, with a search for the index. */
const TURN_MS = 30_000;
/** Some firmware says a second line after a turn, within this time. */
const AFTERTHOUGHT_MS = 1000;

/** Xagyl filter wheels (Xagyl serial commands): two characters without an end, answers are lines. */
export const xagyl = defineDriver({
  id: 'xagyl',
  label: 'Xagyl filter wheel',
  transport: serial({ baud: 9600 }),
  usb: [{ vid: 0x0403, pid: 0x6001 }],
  pollMs: 2000,
  provides: ['wheel'],
  settings: {},

  async open({ link, run }) {
    const line = new Asker(link, run.clock, { framing: until('\n'), timeoutMs: 1500 });

    async function read(command: string, form: RegExp, timeoutMs?: number): Promise<string> {
      const answer = (await line.ask(command, undefined, timeoutMs)).trim();
      const found = form.exec(answer)?.[1];
      if (found === undefined) throw new Fault('garbled', `${command}: "${answer}" is no answer to that`);
      return found;
    }
    const place = async (command: string, timeoutMs?: number) =>
      Number.parseInt(await read(command, /^P([0-9A-F])$/i, timeoutMs), 16);

    const firmware = await read('I1', /^(?:FW\s*)?(\d[\w.]*)$/i);
    const slots = Number(await read('I8', /^FilterSlots\s*(\d{1,2})$/i));
    if (slots < 1 || slots > 15) throw new Fault('garbled', `a wheel with ${slots} slots is none`);
    const product = await read('I0', /^(\S.{0,60})$/);
    const identity = await read('I3', /^S\/N:\s*(\S{1,40})$/i);

    const known = (position: number) => (position >= 1 && position <= slots ? position : undefined);
    const slot = cell(known(await place('I2')));
    let turning = false;

    return {
      identity,
      model: `${product} (firmware ${firmware})`,
      wheel: {
        slot,
        slots,
        async select(wanted) {
          turning = true;
          slot.set(undefined);
          try {
            await place(`G${wanted.toString(16).toUpperCase()}`, TURN_MS);
            slot.set(known(await where()));
          } finally {
            turning = false;
          }
          if (slot.value !== wanted) {
            throw new Fault('refused', `the wheel stands at ${slot.value ?? 'no slot'} instead of ${wanted}`);
          }
        },
      },
      async poll() {
        const position = await place('I2');
        // What was asked before a turn began says nothing about where the wheel is now.
        if (!turning) slot.set(known(position));
      },
    };

    /** Where the wheel came to rest, asked again where the afterthought of a turn was taken for the answer. */
    async function where(): Promise<number> {
      try {
        return await place('I2');
      } catch (error) {
        if (!(error instanceof Fault && error.kind === 'garbled')) throw error;
        await run.clock.sleep(AFTERTHOUGHT_MS);
        return await place('I2');
      }
    }
  },
});
