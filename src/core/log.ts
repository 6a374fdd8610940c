import { type Logger as Pino, pino } from 'pino';

/** Structured, one JSON object a line on stdout; levels trace…fatal. */
export type Log = Pick<Pino, 'trace' | 'debug' | 'info' | 'warn' | 'error'> & {
  child(fields: Record<string, unknown>): Log;
};

/** @param level `trace` `debug` `info` `warn` `error` `silent` */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}

export const silentLog: Log = createLog('silent');
