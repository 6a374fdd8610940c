import { bytesOf, latin1 } from '../../src/wire/framing.ts';
import type { StreamLink } from '../../src/wire/link.ts';

const ACK = '\x06';
/** More than any command. */
const MAX_BYTES = 256;
/** A broken command before it is forgotten. */
const lastCommand = /.*:([A-Za-z%$].*)$/s;

/**
 * Commands of the family: `:…#`, with colons inside as well (`:SL23:59:00#`), so that only a colon before a word
 * begins one; and the byte ACK, by which a host asks for the alignment. Other bytes mean nothing.
 */
export function serveLx200(link: StreamLink, answer: (command: string) => string | undefined): void {
  let heard = '';
  const say = (reply: string | undefined) => {
    // A reply to a host that has gone meanwhile goes nowhere, as on a real line.
    if (reply && link.alive.value) link.write(bytesOf(reply)).catch(() => {});
  };
  link.read((bytes) => {
    for (const character of latin1(bytes)) {
      if (character === ACK) say('P');
      else if (character !== '#') heard = (heard + character).slice(-MAX_BYTES);
      else {
        const command = lastCommand.exec(heard)?.[1];
        heard = '';
        if (command !== undefined) say(answer(command));
      }
    }
  });
}
