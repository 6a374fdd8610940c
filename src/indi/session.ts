import type { Socket } from 'node:net';
import type { Clock } from '../core/clock.ts';
import { asError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Silence, unacknowledged } from './acknowledged.ts';
import { Interest } from './interest.ts';
import { Outbox, type Parcel } from './outbox.ts';
import { Reader } from './reader.ts';
import type { Listener, Router } from './router.ts';

/** Waiting messages above which a client is dropped (the limit of indiserver). */
const MOST_WAITING_BYTES = 128 << 20;
/** Without a byte taken for so long while something waits, a client is dead. */
const STALLED_MS = 30_000;
/** The limit of HOUSE's dead man, while a client holds something in motion. */
const UNACKNOWLEDGED_MS = 3000;
const CLOSE_LOOK_MS = 500;
const LAST_WORDS_MS = 500;
/** Clients have no large BLOBs to say to us. */
const BLOB_BYTES = 1 << 20;

/** One client's connection. */
export class Session implements Listener {
  readonly interest = new Interest();
  readonly #socket: Socket;
  readonly #router: Router;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #outbox: Outbox;
  readonly #gone = new AbortController();
  readonly #quit: () => void;
  #sent = 0;
  #progressAt: number;

  constructor(socket: Socket, router: Router, clock: Clock, log: Log) {
    this.#socket = socket;
    this.#router = router;
    this.#clock = clock;
    this.#log = log;
    this.#outbox = new Outbox(socket, (feed) => router.rounds.await(feed, router.speaker === this));
    this.#progressAt = clock.monotonic();
    this.#quit = router.join(this);
    const reader = new Reader(
      {
        receive: (message) => router.receive(message, this),
        complain: (reason) => this.tell(reason),
      },
      { blobBytes: BLOB_BYTES },
    );
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 10_000);
    socket.on('drain', () => this.#outbox.feed());
    socket.on('data', (chunk) => {
      if (this.gone.aborted) return;
      try {
        reader.push(chunk);
        // Whoever asked is answered before the others hear of it.
        this.#outbox.feed();
      } catch (error) {
        this.#refuse(asError(error).message);
      }
    });
    socket.on('error', (error) => this.drop(error.message));
    socket.on('close', () => this.drop('closed'));
    socket.on('end', () => this.drop('ended'));
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  send(text: Buffer): void {
    if (this.gone.aborted) return;
    this.#outbox.send(text);
    if (this.#outbox.waitingBytes > MOST_WAITING_BYTES) this.drop('it does not read: 128 MB are waiting');
  }

  sendBlob(parcel: Parcel): void {
    if (this.gone.aborted) parcel.done();
    else this.#outbox.sendBlob(parcel);
  }

  tell(text: string, device?: string): void {
    this.send(this.#router.printed({ type: 'message', ...(device !== undefined && { device }), text }));
  }

  /** Called now and then. */
  check(): void {
    const now = this.#clock.monotonic();
    const sent = this.#socket.bytesWritten - this.#socket.writableLength;
    if (sent !== this.#sent || this.#outbox.empty) this.#progressAt = now;
    this.#sent = sent;
    if (now - this.#progressAt >= STALLED_MS) this.drop(`it took nothing for ${STALLED_MS / 1000} s`);
  }

  watchClosely(stir: () => void): () => void {
    const watch = { on: true };
    this.#lookClosely(watch, stir);
    return () => {
      watch.on = false;
    };
  }

  drop(reason: string): void {
    this.#socket.destroy();
    if (this.gone.aborted) return;
    this.#log.info({ client: this.#socket.remoteAddress, skipped: this.#outbox.skipped }, `INDI: ${reason}`);
    this.#leave();
  }

  /** What cannot be read ends the connection, with the reason as its last message. */
  #refuse(reason: string): void {
    this.tell(`the connection is closed: ${reason}`);
    this.#outbox.feed();
    this.#log.warn({ client: this.#socket.remoteAddress }, `INDI: ${reason}`);
    this.#leave();
    this.#socket.end();
    this.#clock.after(LAST_WORDS_MS, () => this.#socket.destroy());
  }

  #leave(): void {
    this.#gone.abort();
    this.#quit();
    this.#outbox.clear();
  }

  async #lookClosely(watch: { on: boolean }, stir: () => void): Promise<void> {
    const silence = new Silence();
    while (watch.on && !this.gone.aborted) {
      // Something must be under way for its acknowledgement to be missed.
      if (this.#outbox.empty) stir();
      await this.#clock.sleep(CLOSE_LOOK_MS);
      const queued = this.#socket.writableLength;
      const waiting = (await unacknowledged(this.#socket)) ?? queued;
      const silentMs = silence.lasts(this.#socket.bytesWritten - queued, waiting, this.#clock.monotonic());
      if (watch.on && silentMs >= UNACKNOWLEDGED_MS) {
        this.drop('it acknowledges nothing while it holds a motion');
      }
    }
  }
}
