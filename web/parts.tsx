import type { ComponentChildren } from 'preact';

/** A labelled line of facts; figures keep their width while they change. */
export function Fact({
  name,
  alert,
  children,
}: {
  name: string;
  alert?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="fact">
      <span>{name}</span>
      <b class={alert ? 'alert' : ''}>{children}</b>
    </div>
  );
}

interface ChoiceParts<T> {
  label: string;
  options: readonly { value: T; name: string }[];
  value: T | undefined;
  choose(value: T): void;
  disabled?: boolean;
  /** For options of several words. */
  wide?: boolean;
}

/** One of a few, each as large as a cold thumb. */
export function Choice<T extends string | number>({
  label,
  options,
  value,
  choose,
  disabled,
  wide,
}: ChoiceParts<T>) {
  return (
    <div class={wide ? 'choice words' : 'choice'} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          type="button"
          key={option.value}
          aria-pressed={option.value === value}
          disabled={disabled ?? false}
          onClick={() => choose(option.value)}
        >
          {option.name}
        </button>
      ))}
    </div>
  );
}

interface StepperParts {
  label: string;
  text: string;
  less(): void;
  more(): void;
}

export function Stepper({ label, text, less, more }: StepperParts) {
  return (
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={`less ${label}`} onClick={less}>
        −
      </button>
      <div>
        <b>{text}</b>
        <span>{label}</span>
      </div>
      <button type="button" aria-label={`more ${label}`} onClick={more}>
        +
      </button>
    </div>
  );
}

/** On or off, with its state in words. */
export function Toggle({
  label,
  on,
  note,
  set,
}: {
  label: string;
  on: boolean;
  note?: string | undefined;
  set(on: boolean): void;
}) {
  return (
    <button type="button" class="toggle" aria-pressed={on} onClick={() => set(!on)}>
      <span>
        {label}
        {note && <small>{note}</small>}
      </span>
      <b>{on ? 'on' : 'off'}</b>
    </button>
  );
}

export function Absent({ what, children }: { what: string; children?: ComponentChildren }) {
  return (
    <section class="absent">
      <p>{what}</p>
      {children}
    </section>
  );
}
