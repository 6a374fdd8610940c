/** A busy driver says some hundred a second. */
const MOST_MESSAGES = 20_000;
/** So many in a row are a flood. */
const FLOOD_SECONDS = 10;
/** Without a word for so long it is asked for one, and has as long again to say it. */
const QUIET_MS = 20_000;
/** What was commanded may keep a driver from answering: most are blocked while they open a port or read a sensor. */
const COMMANDED_MS = 120_000;
/** Bytes after which some message must have come: no image is larger. */
const SENSELESS_BYTES = 512 << 20;

/** What is seen of a program, once a second. */
interface Sight {
  /** Monotonic. */
  now: number;
  /** Since the last look. */
  messages: number;
  bytesRead: number;
  /** Monotonic, of the latest command to it. */
  commandedAt: number;
}

/**
 * Whether a program still does what programs do. libindi drivers answer no ping; a definition asked for is answered by
 * all that live.
 */
export class Vigil {
  readonly #ask: () => boolean;
  readonly #mostMessages: number;
  #heardAt: number;
  #bytesAtMessage = 0;
  #bytesRead = 0;
  #askedAt: number | undefined;
  #floodSeconds = 0;

  /**
   * @param ask asks for something that will be answered; false: nothing is known to ask for
   * @param mostMessages a second, for ten seconds in a row
   */
  constructor(now: number, ask: () => boolean, mostMessages = MOST_MESSAGES) {
    this.#heardAt = now;
    this.#mostMessages = mostMessages;
    this.#ask = ask;
  }

  /** Why it must be ended; undefined: it need not. */
  look({ now, messages, bytesRead, commandedAt }: Sight): string | undefined {
    this.#floodSeconds = messages > this.#mostMessages ? this.#floodSeconds + 1 : 0;
    if (this.#floodSeconds >= FLOOD_SECONDS) {
      return `it floods: more than ${this.#mostMessages} messages a second for ${FLOOD_SECONDS} s`;
    }
    if (messages > 0) this.#bytesAtMessage = bytesRead;
    if (bytesRead - this.#bytesAtMessage > SENSELESS_BYTES) return 'it writes without end and says nothing';
    if (bytesRead > this.#bytesRead) {
      this.#bytesRead = bytesRead;
      this.#heardAt = now;
      this.#askedAt = undefined;
    } else if (this.#askedAt !== undefined) {
      const patience = commandedAt > this.#heardAt ? COMMANDED_MS : QUIET_MS;
      if (now - this.#askedAt >= patience)
        return `it hangs: no answer for ${Math.round((now - this.#heardAt) / 1000)} s`;
    } else if (now - this.#heardAt >= QUIET_MS && this.#ask()) this.#askedAt = now;
    return undefined;
  }
}
