import { existsSync, readFileSync } from 'node:fs';
import { startGuest } from './machine.ts';
import { cache, said, tree } from './tools.ts';

/** From power on to something to use: seconds of the clock, and of QEMU's CPU time. */
export interface Boot {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const own = `${cache}/bare.vmlinuz`;

/**
 * Makes the bare Debian where it is missing or has another kernel, and with it the phone's busybox.
 * @param kernel the image's
 */
export async function makeBare(kernel: string): Promise<void> {
  const same = () => existsSync(own) && readFileSync(own).equals(readFileSync(kernel));
  if (!same()) await said('bash', `${tree}/image/test/bare.sh`, cache);
  if (!same()) throw new Error('Debian has a newer kernel than the image: make image');
}

/** To its login prompt: what the machine itself costs. */
export async function bootBare(): Promise<Boot> {
  const guest = await startGuest({
    board: 'virt',
    name: 'bare',
    disk: `${cache}/bare.ext4`,
    throwaway: true,
    files: { kernel: own, initrd: `${cache}/bare.initrd` },
    commandLine: 'root=LABEL=bare rw',
  });
  try {
    await guest.console.shows(/bare login:/, 600);
    return { seconds: guest.seconds(), cpuSeconds: guest.cpuSeconds() };
  } finally {
    await guest.stop();
  }
}
