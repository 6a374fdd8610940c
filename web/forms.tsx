import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { say } from './rig.ts';

const SURE_MS = 4000;

/** Does what a slip of the thumb must not do: the second tap does it. @param sure what the first one asks */
export function SureButton({ label, sure, act }: { label: string; sure: string; act(): void }) {
  const [asked, ask] = useState(false);
  useEffect(() => {
    if (!asked) return;
    const timer = setTimeout(() => ask(false), SURE_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const tap = () => {
    ask(!asked);
    if (asked) act();
  };
  return (
    <button type="button" class={asked ? 'danger' : ''} onClick={tap}>
      {asked ? sure : label}
    </button>
  );
}

/** A number to type, and what to do with it; further buttons stand beside. */
export function NumberForm({
  label,
  go,
  min,
  max,
  act,
  children,
}: {
  label: string;
  go: string;
  min: number;
  max: number;
  act(value: number): void;
  children?: ComponentChildren;
}) {
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    const value = Number(text.replace(',', '.'));
    if (text.trim() === '' || !(value >= min && value <= max)) {
      return say(`Type a number from ${min} to ${max}.`, 'error');
    }
    setText('');
    act(value);
  };
  return (
    <form class="goto" onSubmit={submit}>
      <input
        inputMode="decimal"
        placeholder={`${min}…${max}`}
        aria-label={label}
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit">{go}</button>
      {children}
    </form>
  );
}
