import { systemClock } from '../../src/core/clock.ts';
import type { Guest } from './machine.ts';

/** Seconds from power to the page, asked for from outside as a browser would. @throws Error when it does not come */
export async function untilPage(guest: Guest, seconds: number): Promise<number> {
  // Questions to a network card that is not up yet would only be noise; a silent console must not hide the page either.
  const patience = new Promise<void>((resolve) => {
    systemClock.after(60_000, resolve);
  });
  await Promise.race([guest.console.shows(/login:|Multi-User System/, seconds), patience]);
  for (;;) {
    const body = await text(guest, '/').catch(() => undefined);
    if (body !== undefined && /nightjar/i.test(body)) return guest.seconds();
    if (!guest.running()) throw new Error(`the guest went down: ${guest.console.tail()}`);
    if (guest.seconds() > seconds) throw new Error(`no page in ${seconds} s: ${guest.console.tail()}`);
    await systemClock.sleep(1000);
  }
}

async function text(guest: Guest, path: string): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${guest.http}${path}`, { signal: deadline(20) });
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return await reply.text();
}

/** JSON from the unit. @throws Error with its problem document */
export async function api<T>(guest: Guest, method: string, path: string, body?: object): Promise<T> {
  const reply = await fetch(`http://127.0.0.1:${guest.http}/api/v1${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: deadline(120),
  });
  const answer = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${answer}`);
  return JSON.parse(answer) as T;
}

function deadline(seconds: number): AbortSignal {
  const controller = new AbortController();
  systemClock.after(1000 * seconds, () => controller.abort(new Error(`no answer in ${seconds} s`)));
  return controller.signal;
}

/** Tries until it holds. @throws Error with the words, and the last thing seen, when it does not in time */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const late = systemClock.monotonic() + 1000 * seconds;
  let why = '';
  for (;;) {
    const seen = await look().catch((error: Error) => {
      why = `: ${error.message}`;
      return undefined;
    });
    if (seen !== undefined) return seen;
    if (systemClock.monotonic() > late) throw new Error(`${what}: not in ${seconds} s${why}`);
    await systemClock.sleep(2000);
  }
}
