import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import type { Guest } from './machine.ts';
import { cache, said } from './tools.ts';

export interface Answer {
  readonly code: number;
  readonly output: string;
}

/** A key pair made for this test; its public half goes into nightjar.toml, as an owner's would. */
export async function makeKey(): Promise<string> {
  const file = `${cache}/key`;
  for (const name of [file, `${file}.pub`]) rmSync(name, { force: true });
  await said('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'image-test', '-f', file);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

/** The owner's shell on the unit: what the key in nightjar.toml opens, and nothing that the release image lacks. */
export class Shell {
  readonly #port: number;

  constructor(guest: Pick<Guest, 'ssh'>) {
    this.#port = guest.ssh;
  }

  /** Waits until the unit lets the owner in. @throws Error when it does not in time */
  async ready(seconds: number): Promise<void> {
    const late = systemClock.monotonic() + 1000 * seconds;
    for (;;) {
      const { code, output } = await this.try('true', 90);
      if (code === 0) return;
      if (systemClock.monotonic() > late) throw new Error(`no SSH in ${seconds} s: ${output.trim()}`);
      await systemClock.sleep(3000);
    }
  }

  /** Output of a shell script run as root. @throws Error with its output when it fails or is late */
  async root(script: string, seconds = 120): Promise<string> {
    const { code, output } = await this.try(script, seconds);
    if (code !== 0)
      throw new Error(`${script.trim().split('\n')[0]}: code ${code}: ${output.trim().slice(-600)}`);
    return output;
  }

  /** The same, where failing is an answer. */
  async try(script: string, seconds: number): Promise<Answer> {
    return await this.#run('sudo -n sh', Buffer.from(script), seconds);
  }

  /** Puts a file of this machine onto the guest. */
  async put(file: string, path: string, mode = '0755'): Promise<void> {
    const { code, output } = await this.#run(
      `sudo -n sh -c 'umask 077; mkdir -p $(dirname ${path}); cat >${path}; chmod ${mode} ${path}'`,
      readFileSync(file),
      180,
    );
    if (code !== 0) throw new Error(`${path}: ${output.trim()}`);
  }

  /** Words of sshd's greeting say nothing of the guest: one connection serves all (ControlMaster). */
  #run(command: string, input: Buffer, seconds: number): Promise<Answer> {
    const options = {
      IdentityFile: `${cache}/key`,
      IdentitiesOnly: 'yes',
      StrictHostKeyChecking: 'no',
      UserKnownHostsFile: '/dev/null',
      LogLevel: 'ERROR',
      BatchMode: 'yes',
      ConnectTimeout: '60',
      ControlMaster: 'auto',
      ControlPath: `${cache}/ssh-${this.#port}`,
      ControlPersist: '900',
    };
    const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const child = spawn('ssh', ['-p', String(this.#port), ...words, 'owner@127.0.0.1', command]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    // A guest that goes down while it is spoken to is told of by the exit code.
    child.stdin.on('error', () => child.kill());
    child.stdin.end(input);
    return new Promise((resolve) => {
      const cancel = systemClock.after(1000 * seconds, () => {
        output += `\nnot done after ${seconds} s`;
        child.kill('SIGKILL');
      });
      child.once('exit', (code) => {
        cancel();
        resolve({ code: code ?? 255, output });
      });
    });
  }
}
