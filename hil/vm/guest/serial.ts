import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { drivers } from '../../../drivers/index.ts';
import { realPort } from '../../../src/cli/ports.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { Plugged } from '../../../src/wire/plugged.ts';
import { emulatorOf } from '../../emulators/index.ts';
import type { Case, Suite } from '../../suites/suite.ts';
import { contractOn, rigOn } from '../../wired.ts';
import { until } from './until.ts';
import { workbench } from './workbench.ts';

/**
 * Every driver of a serial line through its contract, over a tty of the kernel's: its emulator is a USB modem at the
 * other end of a cable (dummy_hcd). Then a cable with an FTDI chip, pulled and plugged in elsewhere.
 */
export const serial: Suite = {
  name: 'serial',
  async cases() {
    const bench = workbench();
    const spoken = drivers.filter(
      ({ id, transport }) => transport.kind === 'stream' && emulatorOf(id)?.kind === 'stream',
    );
    const cases: Case[] = [];
    for (const driver of spoken) {
      const byId = await bench.modem(driver.id);
      await until(`${byId} is there`, () => existsSync(byId));
      console.log(`     ${driver.id}: ${byId}`);
      const port = () => realPort({ serial: byId });
      cases.push(...(await contractOn(driver, port, () => bench.powerCycle(driver.id))));
    }
    const hotPlug: Case = {
      name: 'an FTDI cable that is pulled is missed, and found in another socket by its serial number',
      run: replug,
    };
    return [...cases, hotPlug];
  },
};

const SERIAL = 'A50285BI';

/** What the package `usb` tells of, so that a cable is missed at once and not at the next question. */
async function replug(): Promise<undefined> {
  const bench = workbench();
  const driver = drivers.find(({ id }) => id === 'moonlite')!;
  const byId = await bench.adapter(driver.id, SERIAL, 1);
  const plugged = await Plugged.open({ clock: systemClock, log: silentLog });
  const socket = () => plugged.now.value.serial.find(({ usb }) => usb?.serial === SERIAL)?.usb?.socket;
  await until('the adapter is there', () => existsSync(byId));
  await plugged.look();
  const rig = rigOn(driver, realPort({ usb: { vid: 0x0403, pid: 0x6001, serial: SERIAL } }, { plugged }));
  const state = () => rig.device.status.value.state;
  try {
    await rig.device.connect(true);
    assert.equal(state(), 'connected');
    assert.equal(await bench.baud(SERIAL), 9600, 'the line is not set as the device has it');
    const first = socket();
    await bench.pull(SERIAL);
    const missed = await timed(() => until('it is missed', () => state() !== 'connected'));
    await bench.adapter(driver.id, SERIAL, 4);
    const found = await timed(() => until('it is found again', () => state() === 'connected'));
    assert.ok(first && socket() && socket() !== first, 'it is where it was');
    console.log(`     ${first} → ${socket()}: missed after ${missed} ms, connected again after ${found} ms`);
  } finally {
    await rig.host.close();
    await plugged.close();
    await bench.pull(SERIAL);
  }
  return undefined;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = systemClock.monotonic();
  await work();
  return Math.round(systemClock.monotonic() - start);
}
