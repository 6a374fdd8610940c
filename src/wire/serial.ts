import { SerialPort } from 'serialport';
import { cell } from '../core/cell.ts';
import { Fault } from '../core/errors.ts';
import { type Port, requireRealTime, type StreamLink } from './link.ts';
import { streamLink } from './tcp.ts';

/**
 * A serial line, 8N1. The port is taken exclusively (TIOCEXCL), so that no second program drives the same motor;
 * DTR is left alone at close, for boards that reset on it.
 */
export function serialPort(path: string): Port<StreamLink> {
  return {
    kind: 'stream',
    name: path,
    async open(clock, { baud = 9600 }) {
      requireRealTime(clock, 'a serial port');
      const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true, hupcl: false });
      await new Promise<void>((resolve, reject) =>
        port.open((error) => (error ? reject(new Fault('gone', `${path}: ${wordsOf(error)}`)) : resolve())),
      );
      const alive = cell(true);
      port.on('close', () => alive.set(false));
      port.on('error', () => alive.set(false));
      const link = streamLink(port, alive);
      return {
        ...link,
        alive,
        async close() {
          alive.set(false);
          if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
        },
      };
    },
  };
}

/** With what to do, where that is known. */
function wordsOf({ message }: Error): string {
  if (/permission denied/i.test(message)) return 'it may not be opened: add the user to the group "dialout"';
  if (/cannot lock|resource busy|EBUSY/i.test(message))
    return 'another program has it to itself: `nightjar doctor` names it';
  return message;
}
