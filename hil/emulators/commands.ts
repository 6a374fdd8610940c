import { bytesOf, latin1 } from '../../src/wire/framing.ts';
import type { StreamLink } from '../../src/wire/link.ts';

/** More than any command: a host that babbles is cut back, as a small controller's buffer would. */
const MAX_COMMAND_BYTES = 256;

/**
 * Reads commands that begin and end with fixed characters (`:…#`) and answers what `answer` returns; undefined says
 * nothing. Bytes outside a command are ignored, as firmware does, unless `loose` wants them.
 */
export function serveCommands(
  link: StreamLink,
  answer: (command: string) => string | undefined | Promise<string | undefined>,
  loose: (character: string) => string | undefined = () => undefined,
): void {
  let pending = '';
  let inside = false;
  let queue: Promise<unknown> = Promise.resolve();
  const say = (reply: string | undefined) => {
    if (reply && link.alive.value) return link.write(bytesOf(reply));
    return undefined;
  };
  link.read((bytes) => {
    for (const character of latin1(bytes)) {
      if (character === ':') {
        inside = true;
        pending = '';
      } else if (!inside) {
        queue = queue.then(() => say(loose(character))).catch(() => {});
      } else if (character === '#') {
        inside = false;
        const command = pending;
        // A reply to a host that has gone meanwhile goes nowhere, as on a real line.
        queue = queue.then(async () => say(await answer(command))).catch(() => {});
      } else {
        pending = (pending + character).slice(-MAX_COMMAND_BYTES);
      }
    }
  });
}
