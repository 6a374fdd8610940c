import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Fifo {
  readonly output: Socket;
  /** For the child's stdout; close it once the child has it. */
  readonly end: number;
}

/** What a pipe holds. */
const PIPE_BYTES = 65_536;

/**
 * A one-way pipe for a child's stdout. Node's own is a UNIX socket: a libindi driver sees that and sends its images as
 * file descriptors, which Node cannot receive. Read as a socket, not as a file: a file stream holds one of the
 * process's four file threads for as long as the pipe is silent. It has no end: the child's exit is the end.
 * @param receive is handed the same memory again and again
 */
export async function openFifo(receive: (bytes: Uint8Array) => void): Promise<Fifo> {
  // mkdtemp makes the directory for this user alone.
  const directory = await mkdtemp(join(tmpdir(), 'nightjar-'));
  try {
    const path = join(directory, 'stdout');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      const end = openSync(path, constants.O_WRONLY);
      const callback = (length: number, bytes: Uint8Array) => {
        receive(bytes.subarray(0, length));
        return true;
      };
      const onread = { buffer: Buffer.allocUnsafeSlow(PIPE_BYTES), callback };
      return { output: new Socket({ fd, readable: true, writable: false, onread }), end };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } finally {
    // Both ends are open: the name is needed no more.
    await rm(directory, { recursive: true });
  }
}
