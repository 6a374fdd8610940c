/** Who watches which property. */
export class Watchers<A extends readonly unknown[]> {
  readonly #lists = new Map<string, Set<(...news: A) => void>>();

  /** Returns the end of it. */
  add(name: string, listener: (...news: A) => void): () => void {
    const own = (...news: A) => listener(...news);
    const list = this.#lists.get(name) ?? new Set();
    this.#lists.set(name, list.add(own));
    return () => {
      if (list.delete(own) && list.size === 0) this.#lists.delete(name);
    };
  }

  tell(name: string, ...news: A): void {
    for (const listener of [...(this.#lists.get(name) ?? [])]) listener(...news);
  }
}
