import type { Clock } from '../src/core/clock.ts';
import { Fault } from '../src/core/errors.ts';
import type { HttpLink, Link, Port, StreamLink } from '../src/wire/link.ts';

/** What is wrong with a device's answers: they are noise, or none comes. */
export type Trouble = 'garble' | 'silence';

/** A port whose links can be troubled while they are open, serial or HTTP. */
export interface DisturbedPort extends Port {
  trouble: Trouble | undefined;
}

const HTTP_PATIENCE_MS = 10_000;

/** @param opening called whenever the port is opened */
export function disturbedPort(port: Port, opening: () => void): DisturbedPort {
  const disturbed: DisturbedPort = {
    kind: port.kind,
    name: port.name,
    trouble: undefined,
    async open(clock, options) {
      opening();
      const link: Link = await port.open(clock, options);
      const trouble = () => disturbed.trouble;
      if (link.kind === 'stream') return troubledStream(link, trouble);
      return link.kind === 'http' ? troubledHttp(link, trouble, clock) : link;
    },
  };
  return disturbed;
}

const troubledStream = (link: StreamLink, trouble: () => Trouble | undefined): StreamLink => ({
  ...link,
  read: (reader) =>
    link.read((bytes) => {
      const now = trouble();
      if (now !== 'silence') reader(now === 'garble' ? noiseOf(bytes) : bytes);
    }),
});

const troubledHttp = (link: HttpLink, trouble: () => Trouble | undefined, clock: Clock): HttpLink => ({
  ...link,
  async request(request) {
    const reply = await link.request(request);
    const now = trouble();
    if (now === 'garble') return { ...reply, body: noiseOf(reply.body) };
    if (now === undefined) return reply;
    const { method, path, timeoutMs = HTTP_PATIENCE_MS } = request;
    await clock.sleep(timeoutMs);
    throw new Fault('silent', `${method} ${path.split('?')[0]}: no answer within ${timeoutMs / 1000} s`);
  },
});

/** Noise in place of what the device said, of the same length: every third byte gone wrong. */
const noiseOf = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at % 3 === 0 ? byte ^ 0x5a : byte));
