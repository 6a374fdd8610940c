import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { answer, readSetup, type UsbGear } from './usb.ts';

/** Linux, Documentation/usb/usbip_protocol.rst: big-endian headers of 48 bytes. */
const HEADER = 48;
const SUBMIT = 1;
const UNLINK = 2;
const SUBMITTED = 3;
const UNLINKED = 4;
const TO_HOST = 1;
const EPIPE = -32;
const ECONNRESET = -104;
const FULL_SPEED = 2;
const NO_ISOCHRONOUS = 0xffffffff;
const ATTACH = '/sys/devices/platform/vhci_hcd.0/attach';

export interface PluggedGear {
  /** As one who takes the cable in his hand. */
  pull(): void;
}

/** Plugs a device into a socket of the kernel's virtual host (vhci_hcd), 0 and up. Needs root. */
export async function plugIn(gear: UsbGear, socket: number): Promise<PluggedGear> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [ours, theirs] = await pair(server);
  server.close();
  serve(gear, ours);
  // The kernel takes the connection from the process that names it: it is handed to a shell as its descriptor 3.
  const words = `echo ${socket} 3 ${0x10001 + socket} ${FULL_SPEED} > ${ATTACH}`;
  const shell = spawn('sh', ['-c', words], { stdio: ['ignore', 'ignore', 'inherit', theirs] });
  const [code] = await once(shell, 'close');
  theirs.destroy();
  if (code !== 0) {
    ours.destroy();
    throw new Error(`the kernel took no device at socket ${socket} of vhci_hcd`);
  }
  return { pull: () => ours.destroy() };
}

async function pair(server: ReturnType<typeof createServer>): Promise<[ours: Socket, theirs: Socket]> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const theirs = connect((server.address() as AddressInfo).port, '127.0.0.1');
  // What the kernel is to read must not be read here.
  theirs.pause();
  await once(theirs, 'connect');
  const [ours] = await accepted;
  ours.setNoDelay(true);
  return [ours, theirs];
}

function serve(gear: UsbGear, socket: Socket): void {
  const pending = new Map<number, AbortController>();
  let received: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const transfer of pending.values()) transfer.abort();
  });
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= HEADER) {
      const command = received.readUInt32BE(0);
      const inward = received.readUInt32BE(12) === TO_HOST;
      const payload = command === SUBMIT && !inward ? received.readUInt32BE(24) : 0;
      if (received.length < HEADER + payload) return;
      const header = received.subarray(0, HEADER);
      const bytes = received.subarray(HEADER, HEADER + payload);
      received = received.subarray(HEADER + payload);
      if (command === SUBMIT) submit(header, inward, bytes);
      else if (command === UNLINK) unlink(header);
      else return void socket.destroy(new Error(`USB/IP command ${command}`));
    }
  });

  function submit(header: Buffer, inward: boolean, bytes: Buffer): void {
    const sequence = header.readUInt32BE(4);
    const endpoint = header.readUInt32BE(16);
    const length = header.readUInt32BE(24);
    const done = (status: number, actual: number, data?: Uint8Array) => {
      if (socket.destroyed) return;
      const reply = replyOf(SUBMITTED, sequence, status);
      reply.writeUInt32BE(actual, 24);
      reply.writeUInt32BE(NO_ISOCHRONOUS, 32);
      socket.write(data ? Buffer.concat([reply, data]) : reply);
    };
    if (endpoint === 0) {
      const data = answer(gear, readSetup(header.subarray(40, 48)));
      if (!data) done(EPIPE, 0);
      else if (inward) done(0, data.length, data);
      else done(0, bytes.length);
    } else if (!inward) {
      gear.out(endpoint, Uint8Array.from(bytes));
      done(0, bytes.length);
    } else {
      const transfer = new AbortController();
      pending.set(sequence, transfer);
      gear.in(endpoint, length, transfer.signal).then(
        (data) => {
          pending.delete(sequence);
          done(0, data.length, data);
        },
        // It was taken back: the answer to that is all there is to say.
        () => pending.delete(sequence),
      );
    }
  }

  /** Status 0: the transfer was answered before. */
  function unlink(header: Buffer): void {
    const transfer = pending.get(header.readUInt32BE(20));
    transfer?.abort();
    socket.write(replyOf(UNLINKED, header.readUInt32BE(4), transfer ? ECONNRESET : 0));
  }
}

function replyOf(command: number, sequence: number, status: number): Buffer {
  const reply = Buffer.alloc(HEADER);
  reply.writeUInt32BE(command, 0);
  reply.writeUInt32BE(sequence, 4);
  reply.writeInt32BE(status, 20);
  return reply;
}
