import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Drivers flush both directions before each command. A serial chip has sent its bytes by then; a pty throws away what
 * the other end has not read. So the output is left alone.
 */
const source = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <termios.h>
int tcflush(int fd, int queue)
{
  int (*real)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "tcflush");
  if (queue == TCOFLUSH) return 0;
  return real(fd, queue == TCIOFLUSH ? TCIFLUSH : queue);
}
`;

/** Builds the shared object for LD_PRELOAD in a folder; undefined without a C compiler. */
export async function buildPreload(folder: string): Promise<string | undefined> {
  const file = join(folder, 'keep-output.c');
  const object = join(folder, 'keep-output.so');
  await writeFile(file, source);
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', '-o', object, file, '-ldl']);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return object;
}
