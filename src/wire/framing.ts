/**
 * Where the first complete message in a buffer ends: its length in bytes, or undefined while more must come.
 * A framing is a function, so that a driver combines the three that exist or writes its own in a line.
 */
export type Framing = (buffer: Uint8Array) => number | undefined;

/** Up to and with a terminator: `until('#')`, `until('\r\n')`. */
export function until(terminator: string): Framing {
  const last = terminator.charCodeAt(terminator.length - 1);
  return (buffer) => {
    for (let end = buffer.indexOf(last); end >= 0; end = buffer.indexOf(last, end + 1)) {
      if (latin1(buffer.subarray(0, end + 1)).endsWith(terminator)) return end + 1;
    }
    return undefined;
  };
}

/** A fixed count of bytes: one-character answers, packets of a known length. */
export const exactly =
  (length: number): Framing =>
  (buffer) =>
    buffer.length >= length ? length : undefined;

export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
