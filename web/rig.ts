import { computed, effect, signal } from '@preact/signals';
import { after, inRole, linkOf, type News, nothingYet } from './rig-state.ts';
import { type Failure, plainWords } from './words.ts';

/** What the page shows, as signals; and the one way to ask the unit for something. */
export const state = signal(nothingYet);
export const now = signal(Date.now());
const heardAt = signal(0);
/** The unit's clock minus this phone's, milliseconds. */
const clockAhead = signal(0);
export const link = computed(() => linkOf(now.value - heardAt.value));
export const rigUtc = computed(() => now.value + clockAhead.value);

/** How often the unit has told everything: at first, and after each time that it was out of reach. */
export const arrivals = signal(0);

export const camera = computed(() => inRole(state.value, 'camera', 'camera'));
export const focuser = computed(() => inRole(state.value, 'focuser', 'focuser'));
export const wheel = computed(() => inRole(state.value, 'wheel', 'wheel'));
export const mount = computed(() => inRole(state.value, 'mount', 'mount'));

export interface Toast {
  text: string;
  kind: 'error' | 'note';
}
export const toast = signal<Toast | undefined>(undefined);
let fade: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, kind: Toast['kind'] = 'note'): void {
  clearTimeout(fade);
  toast.value = { text, kind };
  fade = setTimeout(
    () => {
      toast.value = undefined;
    },
    kind === 'error' ? 9000 : 4000,
  );
}

class Declined extends Error {}

/** @throws Declined with plain words */
export async function request<T>(
  method: string,
  path: string,
  body?: object,
  more?: RequestInit,
): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(`/api/v1/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      ...more,
    });
  } catch (cause) {
    throw new Declined('The unit does not answer. Is your phone still on its WiFi?', { cause });
  }
  const text = await reply.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (!reply.ok) throw new Declined(plainWords(answer as Failure));
  return answer as T;
}

export function complain(error: unknown): void {
  say(error instanceof Declined ? error.message : 'Something went wrong in this page: reload it.', 'error');
  if (!(error instanceof Declined)) console.error(error);
}

/**
 * Asks and, if it is declined, says why. A lost connection or late failure is told as well.
 * @returns whether it was taken
 */
export async function ask(path: string, body: object = {}, method = 'POST'): Promise<boolean> {
  try {
    await request(method, path, body, { signal: AbortSignal.timeout(10_000) });
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

export const operate = (device: string, operation: string, args: object = {}): Promise<boolean> =>
  ask(`devices/${encodeURIComponent(device)}/${operation}`, args);

export const stopAll = (): Promise<boolean> => ask('stop');

/** Listens for as long as the page lives; a connection that has gone silent is given up and made anew. */
export function listen(): void {
  let source: EventSource | undefined;
  let openedAt = 0;
  const open = () => {
    source?.close();
    openedAt = Date.now();
    source = new EventSource('/api/v1/live');
    const on = (event: string, take: (data: unknown) => void) =>
      source?.addEventListener(event, (message) => {
        heardAt.value = Date.now();
        now.value = Date.now();
        take(JSON.parse((message as MessageEvent<string>).data));
      });
    for (const event of [
      'snapshot',
      'device',
      'run',
      'rig',
      'exposure',
      'program',
      'stack',
      'removed',
    ] as const) {
      on(event, (data) => {
        const news = { event, data } as News;
        state.value = after(state.value, news);
        if (news.event === 'snapshot') {
          clockAhead.value = Date.parse(news.data.rig.utc) - Date.now();
          arrivals.value++;
        }
        if (news.event === 'run' && news.data.state === 'threw') {
          const { fault, message } = news.data;
          say(plainWords({ ...(fault && { type: fault }), ...(message && { detail: message }) }), 'error');
        }
      });
    }
    on('beat', (utc) => {
      clockAhead.value = Number(utc) - Date.now();
    });
  };
  open();
  setInterval(() => {
    now.value = Date.now();
    const silent = Math.min(Date.now() - heardAt.value, Date.now() - openedAt);
    if (link.value === 'lost' && silent > 4000) open();
  }, 250);
}

/** Everything red, for eyes that have got used to the dark; remembered. */
export const red = signal(localStorage.getItem('red') === 'yes');

export function keepRed(): void {
  effect(() => {
    document.documentElement.classList.toggle('red', red.value);
    localStorage.setItem('red', red.value ? 'yes' : 'no');
  });
}

/** A unit that was switched off meanwhile has forgotten the time, and the page may still be open. */
export function keepTime(): void {
  offerTime().catch(complain);
  effect(() => {
    if (arrivals.value > 1 && state.peek().rig?.time.trusted === false) offerTime().catch(complain);
  });
}

/** The phone knows the time where a unit without a clock does not. */
async function offerTime(): Promise<void> {
  const utc = new Date().toISOString();
  const taken = await request<{ time: boolean; differenceSeconds: number }>(
    'POST',
    'observatory/time-and-site',
    { utc },
  );
  if (!taken.time && Math.abs(taken.differenceSeconds) > 30) {
    const seconds = Math.round(Math.abs(taken.differenceSeconds));
    say(`The unit's clock and this phone's are ${seconds} s apart; the unit trusts its own.`, 'note');
  }
}
