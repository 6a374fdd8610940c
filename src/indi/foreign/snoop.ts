import { Interest } from '../interest.ts';
import type { EnableBlob, GetProperties } from '../message.ts';
import type { Parcel } from '../outbox.ts';
import type { Listener, Router } from '../router.ts';

/** A program, as far as one that listens to other devices needs it. */
interface Snooper {
  write(text: Buffer): void;
  writeImage(parcel: Parcel): void;
  owns(device: string): boolean;
  note(line: string): void;
}

const NEW = Buffer.from('<new');

/**
 * A program that listens to devices of others (a camera to the mount, for its headers): to the router it is one more
 * client, who hears all but its own, and commands nothing.
 */
export class Snoop implements Listener {
  readonly interest = new Interest();
  readonly #snooper: Snooper;
  readonly #router: Router;
  readonly #gone = new AbortController();
  readonly #leave: () => void;

  constructor(snooper: Snooper, router: Router) {
    this.#snooper = snooper;
    this.#router = router;
    this.#leave = router.join(this);
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Answered at once with what is known of the device, whoever has it; then it hears of every change. */
  ask(request: GetProperties | EnableBlob): void {
    if (request.device !== undefined && !this.#snooper.owns(request.device))
      this.#router.receive(request, this);
  }

  send(text: Buffer): void {
    // What clients ask of devices is echoed among clients; drivers take a command for their own.
    if (text.compare(NEW, 0, NEW.length, 0, NEW.length) !== 0) this.#snooper.write(text);
  }

  sendBlob(parcel: Parcel): void {
    const [device = ''] = parcel.property.split('\u0000');
    if (this.#snooper.owns(device)) parcel.done();
    else this.#snooper.writeImage(parcel);
  }

  tell(text: string): void {
    this.#snooper.note(text);
  }

  /** A pipe needs no watching: its end is the end of the program. */
  watchClosely(): () => void {
    return () => {};
  }

  close(): void {
    this.#gone.abort();
    this.#leave();
  }
}
