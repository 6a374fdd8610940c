import type { Clock } from '../core/clock.ts';
import { BadInput } from '../core/errors.ts';
import { bytesOf, latin1 } from './framing.ts';
import type { StreamLink } from './link.ts';

/**
 * A conversation as plain text, its origin on the first line (`# source: …`): `>` host to device, `<` device to host,
 * `~` a pause in milliseconds. Printable ASCII stands for itself; `\r \n \t \\ \xNN` for the rest.
 */
export interface Transcript {
  source: string;
  lines: readonly TranscriptLine[];
}

export type TranscriptLine = { kind: '>' | '<'; bytes: Uint8Array } | { kind: '~'; milliseconds: number };

export function parseTranscript(text: string): Transcript {
  const [first = '', ...rest] = text.split('\n');
  const source = /^# source: (.+)$/.exec(first)?.[1];
  if (!source) throw new BadInput('a transcript begins with a line `# source: …`');
  const lines: TranscriptLine[] = [];
  rest.forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const kind = line[0];
    const body = line.slice(2);
    if (kind === '~' && /^\d+$/.test(body)) lines.push({ kind, milliseconds: Number(body) });
    else if (kind === '>' || kind === '<') lines.push({ kind, bytes: unescapeBytes(body) });
    else throw new BadInput(`transcript line ${index + 2}: expected \`> …\`, \`< …\` or \`~ milliseconds\``);
  });
  return { source, lines };
}

export function formatTranscript({ source, lines }: Transcript): string {
  const body = lines.map((line) =>
    line.kind === '~' ? `~ ${line.milliseconds}` : `${line.kind} ${escapeBytes(line.bytes)}`,
  );
  return `${[`# source: ${source}`, ...body].join('\n')}\n`;
}

/** The same link, writing down what passes. Pauses below 5 ms are noise and are left out. */
export function record(link: StreamLink, clock: Clock, lines: TranscriptLine[]): StreamLink {
  let last = clock.monotonic();
  const note = (kind: '>' | '<', bytes: Uint8Array) => {
    const pause = Math.round(clock.monotonic() - last);
    last = clock.monotonic();
    if (pause >= 5 && lines.length > 0) lines.push({ kind: '~', milliseconds: pause });
    lines.push({ kind, bytes: Uint8Array.from(bytes) });
  };
  return {
    ...link,
    write(bytes) {
      note('>', bytes);
      return link.write(bytes);
    },
    read: (reader) =>
      link.read((bytes) => {
        note('<', bytes);
        reader(bytes);
      }),
  };
}

/** What differed when a transcript was played. */
export interface Mismatch {
  at: number;
  expected: string;
  got: string;
}

/**
 * Plays one side of a transcript at the other end of the link: as `host` at a device or emulator, as `device` at a
 * driver. Resolves with the first mismatch, or undefined when all was as written.
 */
export async function play(
  transcript: Transcript,
  as: 'host' | 'device',
  link: StreamLink,
  clock: Clock,
  timeoutMs = 5000,
): Promise<Mismatch | undefined> {
  const mine = as === 'host' ? '>' : '<';
  let heard = '';
  let wake = () => {};
  link.read((bytes) => {
    heard += latin1(bytes);
    wake();
  });
  for (const [at, line] of transcript.lines.entries()) {
    if (line.kind === '~') {
      if (as === 'device') await clock.sleep(line.milliseconds);
      continue;
    }
    if (line.kind === mine) {
      await link.write(line.bytes);
      continue;
    }
    const expected = latin1(line.bytes);
    const deadline = clock.monotonic() + timeoutMs;
    while (heard.length < expected.length && expected.startsWith(heard) && clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(deadline - clock.monotonic(), resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
    if (!heard.startsWith(expected)) return { at, expected, got: heard };
    heard = heard.slice(expected.length);
  }
  return undefined;
}

function escapeBytes(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[^ -~]|\\/g, (character) => {
    const named = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\' }[character];
    return named ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function unescapeBytes(text: string): Uint8Array {
  return bytesOf(
    text.replace(/\\(r|n|t|\\|x[0-9a-fA-F]{2})/g, (_, code: string) => {
      const named: Record<string, string> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
      return named[code] ?? String.fromCharCode(Number.parseInt(code.slice(1), 16));
    }),
  );
}
