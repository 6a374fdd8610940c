import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { assets, pathOf } from '../../src/assets.ts';
import { systemClock } from '../../src/core/clock.ts';
import { BadInput } from '../../src/core/errors.ts';
import { fromLine, type Result } from '../results.ts';
import type { Form } from '../suites/suite.ts';
import { commandLine } from './units.ts';

/** The checkout: sources lie in it beside `dist/`. */
const project = join(pathOf(new URL('.', assets.hil)), '..');
const cache = join(process.env.NIGHTJAR_CACHE ?? join(project, '.cache'), 'vm');
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Of a whole VM, from power-on to power-off. */
const LIMIT_SECONDS: Record<Form, number> = { quick: 600, full: 7200 };

/**
 * Boots the image's root as User-Mode Linux on a card of its own, runs the suites inside, then starts it a second time
 * to see that it is still the same unit. Everything is made if it is not there; every step's time is printed.
 */
export async function runInVm(form: Form, suite: string | undefined): Promise<Result[]> {
  const why = unfit();
  if (why) return [{ suite: 'vm', name: 'boots the image', seconds: 0, skipped: why }];
  mkdirSync(cache, { recursive: true });
  const kernel = await step('kernel', () => script('hil/vm/kernel.sh'));
  const tools = await step('tools', () => script('hil/vm/tools.sh'));
  const root = join(cache, 'root');
  await step('root of the image, amd64', () => script('image/root.sh', 'amd64', root));
  const stage = join(cache, 'stage');
  await step('disks', () => script('hil/vm/disks.sh', root, stage));
  const share = join(stage, 'share');
  cpSync(tools, join(share, 'tools'), { recursive: true });
  cpSync(join(project, 'image/test/guest'), join(share, 'phone'), { recursive: true });
  chmodSync(join(share, 'phone/lease.sh'), 0o755);
  cpSync(join(tools, 'busybox'), join(share, 'phone/busybox'));
  cpSync(join(project, 'hil/vm/inside.sh'), join(share, 'inside.sh'));
  cpSync(join(kernel, 'i2c-stub.ko'), join(share, 'i2c-stub.ko'));
  const boot = (name: string, chosen: string | undefined) =>
    step(name, () => bootOnce({ kernel, stage, name, form, suite: chosen }));
  const results = await boot('first boot', suite);
  // The second one is no use where the first did not come up.
  if (suite === undefined && results.length > 1) results.push(...(await boot('second boot', 'again')));
  return results;
}

function unfit(): string | undefined {
  if (process.arch !== 'x64') return 'User-Mode Linux is for x86 only';
  if (!existsSync(join(project, 'image/root.sh'))) return 'the scripts that make the image are not here';
  if (process.getuid?.() !== 0)
    return 'only root can make the root of the image (try: sudo make hil BENCH=vm)';
  return undefined;
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = systemClock.monotonic();
  const done = await work();
  console.log(`   ${name}: ${((systemClock.monotonic() - start) / 1000).toFixed(1)} s`);
  return done;
}

/** What it says last on its output is its answer; all that it says is in `<name>.log`. */
async function script(name: string, ...words: string[]): Promise<string> {
  const log = join(cache, `${basename(name, '.sh')}.log`);
  const said = openSync(log, 'w');
  try {
    const child = spawn('bash', [join(project, name), ...words], { stdio: ['ignore', 'pipe', said] });
    let answer = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      writeSync(said, chunk);
      answer += chunk;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new BadInput(`${name} ended with ${code}; the end of ${log}:\n${tail(log)}`);
    return answer.trim().split('\n').at(-1) ?? '';
  } finally {
    closeSync(said);
  }
}

interface Boot {
  kernel: string;
  stage: string;
  name: string;
  form: Form;
  suite: string | undefined;
}

async function bootOnce({ kernel, stage, name, form, suite }: Boot): Promise<Result[]> {
  const share = join(stage, 'share');
  for (const file of ['out', 'lines', 'done']) rmSync(join(share, file), { force: true });
  writeFileSync(
    join(share, 'words'),
    [...(suite ? ['--suite', suite] : []), ...(form === 'full' ? ['--full'] : [])].join(' '),
  );
  const log = join(stage, `${name.replace(' ', '-')}.log`);
  const console = openSync(log, 'w');
  const linux = spawn(join(kernel, 'linux'), commandLine(stage), {
    cwd: stage,
    env: { ...process.env, TMPDIR: stage },
    stdio: ['ignore', console, console],
    // A group of its own: its processes are many, and end together.
    detached: true,
  });
  const kill = () => void (linux.exitCode === null && linux.pid && process.kill(-linux.pid, 'SIGKILL'));
  process.on('exit', kill);
  // Interrupted, it takes the VM with it, which would go on writing into the share of the next one.
  const interrupt = () => process.exit(130);
  for (const signal of INTERRUPTS) process.once(signal, interrupt);
  const cancel = systemClock.after(LIMIT_SECONDS[form] * 1000, kill);
  await follow(linux, join(share, 'out'));
  cancel();
  process.off('exit', kill);
  for (const signal of INTERRUPTS) process.off(signal, interrupt);
  closeSync(console);
  const lines = existsSync(join(share, 'lines')) ? readFileSync(join(share, 'lines'), 'utf8') : '';
  const results = lines.split('\n').filter(Boolean).map(fromLine);
  if (!existsSync(join(share, 'done'))) {
    const error = new Error(`the VM did not come to its end; its console: ${log}\n${tail(log)}`);
    results.push({ suite: 'vm', name, seconds: 0, error });
  }
  return results;
}

/** Prints what is written to the file until the process ends. */
async function follow(child: ChildProcess, file: string): Promise<void> {
  let over = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  }).finally(() => {
    over = true;
  });
  let position = 0;
  for (;;) {
    const last = over;
    const text = readFrom(file, position);
    position += text.length;
    process.stdout.write(text);
    if (last) break;
    await Promise.race([ended, systemClock.sleep(200)]);
  }
  await ended;
}

function readFrom(file: string, position: number): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const opened = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(1 << 16);
    return buffer.subarray(0, readSync(opened, buffer, 0, buffer.length, position));
  } finally {
    closeSync(opened);
  }
}

const tail = (file: string): string => readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');
