import { BadInput } from '../core/errors.ts';

/** A driver's own knob, as data: an INDI property, a form in the page and a stored value come from it. */
export type Setting =
  | { kind: 'choice'; label: string; options: readonly string[]; initial: string }
  | { kind: 'number'; label: string; min: number; max: number; step: number; initial: number }
  | { kind: 'switch'; label: string; initial: boolean }
  | { kind: 'text'; label: string; initial: string };

export type Settings = Readonly<Record<string, Setting>>;
export type SettingValue = string | number | boolean;

type ValueOf<S extends Setting> = S extends { kind: 'choice'; options: readonly (infer O)[] }
  ? O
  : S extends { initial: infer I }
    ? I extends number
      ? number
      : I extends boolean
        ? boolean
        : string
    : never;

export type Values<S extends Settings> = { -readonly [K in keyof S]: ValueOf<S[K]> };

export const choice = <const O extends readonly string[]>(label: string, options: O, initial: O[number]) => ({
  kind: 'choice' as const,
  label,
  options,
  initial: initial as string,
});

export const number = (
  label: string,
  initial: number,
  range: { min: number; max: number; step?: number },
) => ({
  kind: 'number' as const,
  label,
  initial,
  step: 1,
  ...range,
});

export const toggle = (label: string, initial: boolean) => ({ kind: 'switch' as const, label, initial });
export const text = (label: string, initial = '') => ({ kind: 'text' as const, label, initial });

export function initialValues<S extends Settings>(settings: S): Values<S> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, { initial }]) => [key, initial]),
  ) as Values<S>;
}

/** The values with the changes applied. @throws BadInput naming the setting and what it takes */
export function applySettings<S extends Settings>(
  settings: S,
  values: Values<S>,
  changes: Readonly<Record<string, SettingValue>>,
): Values<S> {
  const next: Record<string, SettingValue> = { ...values };
  for (const [key, value] of Object.entries(changes)) {
    const setting = settings[key];
    if (!setting) throw new BadInput(`there is no setting "${key}"`);
    if (!fits(setting, value))
      throw new BadInput(`${setting.label}: ${JSON.stringify(value)} is not ${takes(setting)}`);
    next[key] = value;
  }
  return next as Values<S>;
}

function fits(setting: Setting, value: SettingValue): boolean {
  switch (setting.kind) {
    case 'choice':
      return typeof value === 'string' && setting.options.includes(value);
    case 'number':
      return typeof value === 'number' && value >= setting.min && value <= setting.max;
    case 'switch':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value.length <= 255;
  }
}

function takes(setting: Setting): string {
  switch (setting.kind) {
    case 'choice':
      return `one of ${setting.options.join(', ')}`;
    case 'number':
      return `a number from ${setting.min} to ${setting.max}`;
    case 'switch':
      return 'on or off';
    case 'text':
      return 'a text of at most 255 characters';
  }
}
