import { connect } from 'node:net';

/** `scan HOST`: which of all TCP ports open when they are knocked at; prints one line of JSON. */
const host = process.argv[2] ?? '127.0.0.1';
const LAST = 65_535;
const AT_ONCE = 8000;
const PATIENCE_MS = 1500;

const open: number[] = [];
let refused = 0;
let silent = 0;
let next = 1;

function knock(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: PATIENCE_MS });
    const done = (count: () => void) => () => {
      count();
      socket.destroy();
      resolve();
    };
    socket.once(
      'connect',
      done(() => open.push(port)),
    );
    socket.once(
      'timeout',
      done(() => silent++),
    );
    socket.once(
      'error',
      done(() => refused++),
    );
  });
}

async function walk(): Promise<void> {
  while (next <= LAST) await knock(next++);
}

await Promise.all(Array.from({ length: AT_ONCE }, walk));
console.log(JSON.stringify({ open: open.sort((a, b) => a - b), refused, silent }));
