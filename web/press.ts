/** How often a held direction says that the finger is still there; the unit waits 500 ms. */
export const SIGN_MS = 200;
/** Signs on their way at once: a slow network gets no queue of them. */
const MOST_UNDER_WAY = 2;

export interface PressParts {
  /** One sign of life; rejects when the unit declines. */
  sign(): Promise<void>;
  /** Tells the unit to stop, by the surest way there is. */
  release(): void;
  failed(error: unknown): void;
  /** Calls every `milliseconds` until the returned function is called. */
  every(milliseconds: number, call: () => void): () => void;
}

/**
 * One press on the paddle, from finger down to finger up. However it ends, it says so once; the unit stops by itself
 * when even that does not arrive.
 * @returns ends the press; may be called any number of times
 */
export function press({ sign, release, failed, every }: PressParts): () => void {
  let held = true;
  let underWay = 0;
  const tell = () => {
    if (!held || underWay >= MOST_UNDER_WAY) return;
    underWay++;
    sign().then(
      () => underWay--,
      (error: unknown) => {
        underWay--;
        if (!held) return;
        end();
        failed(error);
      },
    );
  };
  const cancel = every(SIGN_MS, tell);
  const end = () => {
    if (!held) return;
    held = false;
    cancel();
    release();
  };
  tell();
  return end;
}
