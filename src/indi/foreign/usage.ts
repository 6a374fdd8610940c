import { readFile } from 'node:fs/promises';

/** What a process has used, all its threads together. */
export interface Usage {
  cpuSeconds: number;
  residentBytes: number;
}

/** Of Linux: fixed for user space (USER_HZ), and the page size of both our architectures. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** From /proc/<pid>/stat (proc(5)); undefined when the process is gone. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    return readStat(await readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

export function readStat(text: string): Usage {
  // The second field is the program's name in parentheses, which may hold blanks and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    residentBytes: field(24) * PAGE_BYTES,
  };
}
