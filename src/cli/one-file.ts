import { BadInput } from '../core/errors.ts';

/** The one file that a command is about. @throws BadInput with the usage */
export function oneFile(positionals: readonly string[], usage: string): string {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new BadInput(`usage: ${usage}`);
  return file;
}

/** A number among the options. @throws BadInput naming it */
export function numberOption(
  name: string,
  text: string | undefined,
  [low, high]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high))
    throw new BadInput(`--${name} ${text}: a number from ${low} to ${high} is wanted`);
  return value;
}

/** With as many digits as mean something; JSON has no NaN, so that what is not known is null. */
export const digits = (value: number, count: number): number => Number(value.toPrecision(count));
export const decimals = (value: number, count: number): number => Number(value.toFixed(count));
