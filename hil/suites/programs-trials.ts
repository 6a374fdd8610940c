import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { state } from './fuzz-watch.ts';
import { onStage, type Stage, until } from './programs-stage.ts';
import type { Case, Form } from './suite.ts';
import { present } from './tools.ts';

const DEVICE = 'Trial';
const definition = `<defNumberVector device='${DEVICE}' name='COUNT' state='Ok' perm='ro'><defNumber name='N' format='%g' min='0' max='0' step='0'>1</defNumber></defNumberVector>`;
const update = `<setNumberVector device='${DEVICE}' name='COUNT' state='Ok'><oneNumber name='N'>1</oneNumber></setNumberVector>`;

/** Programs as no driver should be. */
export function trialCases(form: Form): Case[] {
  const cases: Case[] = [
    {
      name: 'a program that writes garbage, and one that ends at once, are told and tried again later',
      run: () => onStage(garbage),
    },
  ];
  if (form === 'full') {
    cases.push(
      {
        name: 'a program that floods is ended after ten seconds',
        run: () => onStage(flood),
      },
      { name: 'a program that hangs is ended, and its device comes back', run: () => onStage(hang) },
    );
  }
  return cases;
}

async function script(stage: Stage, name: string, body: string): Promise<string> {
  const path = join(stage.directory, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

async function garbage(stage: Stage): Promise<undefined> {
  const { programs } = stage;
  const garbled = await script(
    stage,
    'garbled',
    `echo "${definition}"; echo '<1 is no name>'; exec cat >/dev/null`,
  );
  const short = await script(stage, 'short', 'echo what a pity >&2; exit 3');
  // What is told for a second only must not be missed between two looks.
  const told = new Set<string>();
  programs.list.watch((list) => {
    for (const { id, message = '' } of list) told.add(`${id}: ${message}`);
  });
  programs.add({ id: 'garbled', executable: garbled });
  programs.add({ id: 'short', executable: short });
  const isTold = (words: RegExp) => [...told].some((text) => words.test(text));
  await until('the garbage is told', () => isTold(/^garbled: .*no INDI.*again in 1 s/));
  await until('the exit is told', () => isTold(/^short: .*exit code 3.*again in 2 s/));
  const words = programs.list.value.find(({ id }) => id === 'short')?.lastWords;
  assert.ok(words?.includes('what a pity'));
}

async function flood(stage: Stage): Promise<undefined> {
  const { programs } = stage;
  const path = await script(stage, 'flood', `echo "${definition}"; exec yes "${update}"`);
  const client = await stage.client();
  const start = systemClock.monotonic();
  programs.add({ id: 'flood', executable: path });
  let slowest = 0;
  await until(
    'it is ended',
    async () => {
      const look = systemClock.monotonic();
      await systemClock.turn();
      slowest = Math.max(slowest, systemClock.monotonic() - look);
      return /floods/.test(programs.list.value[0]?.message ?? '');
    },
    60,
  );
  state({
    'seconds to the end': (systemClock.monotonic() - start) / 1000,
    'ms of the longest turn': slowest,
  });
  await client.untilState(DEVICE, 'COUNT', 'Alert', 30_000);
  assert.ok(!client.closed);
}

async function hang(stage: Stage): Promise<string | undefined> {
  if (!present('indi_simulator_focus')) return 'indi_simulator_focus is not installed';
  const device = await stage.bring({ id: 'focus', executable: 'indi_simulator_focus' }, 'Focuser Simulator');
  const pid = stage.programs.list.value[0]?.pid;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  await until('it is ended', () => device.status.value.state === 'recovering', 60);
  await until('it is back', () => device.status.value.state === 'connected', 30);
  return undefined;
}
