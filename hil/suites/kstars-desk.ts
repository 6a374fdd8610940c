import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/core/clock.ts';
import { confined } from '../../src/indi/foreign/executable.ts';
import { type Said, tool } from './tools.ts';

/** A screen that nobody looks at and a message bus of its own: what a desktop program wants around it. */
export interface Desk {
  /** Starts a program there: without the right to set the clock, ended with this process, its words gathered. */
  run(program: string): Program;
  /** `busctl` on the desk's bus, its answers in JSON (busctl(1)). */
  bus(...args: string[]): Promise<Said>;
  /** Ends the screen and the bus; whoever still runs there loses both. */
  close(): Promise<void>;
}

export interface Program {
  output(): string;
  /** How it ended, `SIGSEGV` or `code 0`; undefined: it runs. */
  ending(): string | undefined;
  /** SIGTERM, and SIGKILL for whoever does not listen. */
  end(): Promise<void>;
}

/** Nothing is started on demand: a bus with Debian's session services would start daemons that outlive it. */
const busConfig = (socket: string) => `<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
`;

const OUTPUT_CHARACTERS = 400_000;
const START_SECONDS = 10;
const END_SECONDS = 5;
/** Long enough for a program that is busy drawing, short enough for a lost answer to be noticed. */
const ANSWER_SECONDS = 10;

export const DESK_PROGRAMS = ['Xvfb', 'dbus-daemon', 'busctl', 'setpriv'] as const;

/** @param home what the programs are to take for the home directory */
export async function openDesk(home: string, clock: Clock): Promise<Desk> {
  const socket = join(home, 'bus');
  const config = join(home, 'bus.conf');
  writeFileSync(config, busConfig(socket));
  const bare = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
  // It looks for a free display itself, and says on descriptor 3 which; 0 would ask for one from 1 on.
  const screen = start(['Xvfb', '-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], bare);
  const bus = start(['dbus-daemon', `--config-file=${config}`, '--nofork', '--print-address=3'], bare);
  const close = async () => void (await Promise.all([screen.end(), bus.end()]));
  try {
    const [display] = await Promise.all([screen.announced(), bus.announced()]);
    const environment = {
      ...{ ...bare, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` },
      ...{ XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local/share') },
      ...{ XDG_CACHE_HOME: join(home, '.cache'), XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'xcb' },
      // What it would fetch from the net is of no use here: nobody answers there.
      ...{ http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', no_proxy: '127.0.0.1' },
      QT_LOGGING_RULES: 'org.kde.kstars.*=true',
    };
    return {
      run: (program) => start([program], environment),
      bus: (...args) =>
        tool('busctl', [
          `--address=unix:path=${socket}`,
          '--json=short',
          `--timeout=${ANSWER_SECONDS}`,
          ...args,
        ]),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }

  function start([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Announcer {
    const [command, ...rest] = confined(program);
    const child = spawn(command, [...rest, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    return attend(program, child, clock);
  }
}

interface Announcer extends Program {
  /** The first line on descriptor 3. */
  announced(): Promise<string>;
}

function attend(name: string, child: ChildProcess, clock: Clock): Announcer {
  let output = '';
  let announced = '';
  let ending: string | undefined;
  const gather = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS);
  };
  child.stdout?.on('data', gather);
  child.stderr?.on('data', gather);
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    announced += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => {
    const settle = (how: string) => {
      ending ??= how;
      resolve();
    };
    child.once('error', ({ message }) => settle(message));
    child.once('exit', (code, signal) => settle(signal ?? `code ${code}`));
  });
  return {
    output: () => output,
    ending: () => ending,
    async announced() {
      const deadline = clock.monotonic() + START_SECONDS * 1000;
      while (!announced.includes('\n')) {
        if (ending || clock.monotonic() > deadline) throw new Error(`${name} does not start: ${output}`);
        await clock.sleep(20);
      }
      return announced.trim();
    },
    async end() {
      if (ending) return;
      child.kill('SIGTERM');
      const kill = clock.after(END_SECONDS * 1000, () => void child.kill('SIGKILL'));
      await ended;
      kill();
    },
  };
}
