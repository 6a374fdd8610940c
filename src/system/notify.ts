import { execFile } from 'node:child_process';
import type { Clock } from '../core/clock.ts';
import { asError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** What the service manager is told of us (sd_notify(3)); without one, nobody is told anything. */
export interface Notifier {
  /** We serve. @param words what `systemctl status` shows */
  ready(words: string): Promise<void>;
  /** What we are at. */
  status(words: string): Promise<void>;
  /** We are on our way out: the watchdog is fed no more. */
  stopping(): Promise<void>;
}

export interface NotifierParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves while what we cannot do without answers: the storage worker. The main loop is proven by asking at all. */
  alive(): Promise<unknown>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Of ourselves, to know whether the watchdog is meant for us. */
  readonly pid?: number;
  /** Sends one message; what cannot be sent rejects. */
  send?(assignments: readonly string[]): Promise<void>;
}

/** Three signs of life in the time that the manager waits for one. */
const SIGNS = 3;

/** @returns silent where no manager listens */
export function openNotifier(parts: NotifierParts): Notifier {
  const { clock, log, alive, environment = process.env, pid = process.pid, send = bySystemdNotify } = parts;
  if (!environment.NOTIFY_SOCKET) return silent;
  let complained = false;
  const tell = async (...assignments: string[]) => {
    try {
      await clock.external(send(assignments));
    } catch (error) {
      if (!complained) log.warn({ error: asError(error).message }, 'the service manager cannot be told');
      complained = true;
    }
  };
  let cancel = () => {};
  const everyMs = watchdogMs(environment, pid) / SIGNS;
  const feed = async () => {
    if (await answersWithin(clock, alive, everyMs)) await tell('WATCHDOG=1');
    else log.warn('the storage does not answer: the watchdog is not fed');
  };
  const feedLater = () => {
    cancel = clock.after(everyMs, () => {
      feedLater();
      void feed();
    });
  };
  return {
    async ready(words) {
      if (Number.isFinite(everyMs)) feedLater();
      await tell('READY=1', `STATUS=${oneLine(words)}`);
    },
    status: (words) => tell(`STATUS=${oneLine(words)}`),
    stopping() {
      cancel();
      return tell('STOPPING=1');
    },
  };
}

const silent: Notifier = { ready: async () => {}, status: async () => {}, stopping: async () => {} };

/** sd_watchdog_enabled(3). Infinity: nobody watches us. */
function watchdogMs(environment: NonNullable<NotifierParts['environment']>, pid: number): number {
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment;
  const ours = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === pid;
  const microseconds = Number(WATCHDOG_USEC);
  return ours && microseconds > 0 ? microseconds / 1000 : Number.POSITIVE_INFINITY;
}

function answersWithin(clock: Clock, ask: () => Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, () => resolve(false));
    const settle = (answer: boolean) => () => {
      cancel();
      resolve(answer);
    };
    ask().then(settle(true), settle(false));
  });
}

const oneLine = (words: string): string => words.replaceAll(/\s+/g, ' ').trim();

const PATIENCE_MS = 5000;

/** Node has no datagrams over UNIX sockets. The message comes from a child: the unit needs `NotifyAccess=all`. */
const bySystemdNotify = (assignments: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile('systemd-notify', assignments, { timeout: PATIENCE_MS }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
