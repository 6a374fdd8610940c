/** What of a longer line is kept. */
const LINE_LENGTH = 500;

/** Cuts a stream of text into lines; of a line without an end, only its beginning is kept. */
export class Lines {
  readonly #found: (line: string) => void;
  #open = '';

  constructor(found: (line: string) => void) {
    this.#found = found;
  }

  push(text: string): void {
    const [first = '', ...more] = text.split('\n');
    this.#extend(first);
    for (const piece of more) {
      this.end();
      this.#extend(piece);
    }
  }

  /** The stream is over, or the line is. */
  end(): void {
    const line = this.#open.trim();
    this.#open = '';
    if (line !== '') this.#found(line);
  }

  #extend(piece: string): void {
    if (this.#open.length < LINE_LENGTH) this.#open = (this.#open + piece).slice(0, LINE_LENGTH);
  }
}
