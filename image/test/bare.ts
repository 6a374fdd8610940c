import { existsSync } from 'node:fs';
import { startGuest } from './machine.ts';
import { cache, said, tree } from './tools.ts';

/** From power on to something to use: seconds of the clock, and of QEMU's CPU time. */
export interface Boot {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Seconds from power to the login prompt of a bare Debian with the image's kernel: what the machine itself costs. */
export async function bootBare(): Promise<Boot> {
  if (!existsSync(`${cache}/bare.ext4`)) await said('bash', `${tree}/image/test/bare.sh`, cache);
  const guest = await startGuest({
    board: 'virt',
    name: 'bare',
    disk: `${cache}/bare.ext4`,
    throwaway: true,
    files: { kernel: `${cache}/bare.vmlinuz`, initrd: `${cache}/bare.initrd` },
    commandLine: 'root=LABEL=bare rw',
  });
  try {
    await guest.console.shows(/bare login:/, 600);
    return { seconds: guest.seconds(), cpuSeconds: guest.cpuSeconds() };
  } finally {
    await guest.stop();
  }
}
