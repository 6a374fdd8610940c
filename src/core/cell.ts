/** A value that anyone can watch and only its owner can set. */
export interface Cell<T> {
  readonly value: T;
  /** Calls the listener after each change; returns the function that ends the watch. */
  watch(listener: (value: T) => void): () => void;
}

export interface OwnedCell<T> extends Cell<T> {
  set(value: T): void;
}

/**
 * Listeners are called synchronously, in order of subscription, each change seen by all before `set` returns.
 * Setting an equal value tells nobody.
 */
export function cell<T>(initial: T, same: (a: T, b: T) => boolean = Object.is): OwnedCell<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get value() {
      return value;
    },
    set(next) {
      if (same(value, next)) return;
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    watch(listener) {
      const own = (next: T) => listener(next);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

/** A cell computed from others; it is recomputed on read, and watched only while somebody watches it. */
export function derived<T>(sources: readonly Cell<unknown>[], compute: () => T): Cell<T> {
  return {
    get value() {
      return compute();
    },
    watch(listener) {
      let last = compute();
      const check = () => {
        const next = compute();
        if (Object.is(last, next)) return;
        last = next;
        listener(next);
      };
      const ends = sources.map((source) => source.watch(check));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** Resolves with the first value that satisfies the condition; rejects with the signal's reason. */
export function when<T>(source: Cell<T>, wanted: (value: T) => boolean, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (wanted(source.value)) return resolve(source.value);
    const finish = () => {
      end();
      signal?.removeEventListener('abort', stop);
    };
    const end = source.watch((value) => {
      if (!wanted(value)) return;
      finish();
      resolve(value);
    });
    const stop = () => {
      finish();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}
