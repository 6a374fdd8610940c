import { join, resolve } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { startThread } from '../core/thread.ts';
import type { ExposureFacts } from '../imaging/facts.ts';
import type { NativeFile } from '../imaging/frame.ts';
import type { StoredText } from './database.ts';
import type { StorageJobs } from './jobs.ts';
import type { Adoption, Counts, ExposureRow, PageQuery, UnseenQuery } from './rows.ts';

/** Values kept as JSON under a key; undefined: there is none. */
export interface Shelf {
  get(key: string): Promise<unknown>;
  /** On the disk when it resolves; undefined removes. */
  set(key: string, value: unknown): Promise<void>;
  /** Ordered by key. */
  all(): Promise<[key: string, value: unknown][]>;
}

/**
 * The ledger of exposures, settings and plans: the storage worker, from the outside. What was awaited is on the disk.
 * Every call rejects with Fault `refused` on a full or failing disk, `gone` when the worker died of it; the next call
 * starts it again.
 */
export interface Ledger {
  /** What was found, and set right, at start. */
  readonly adoption: Adoption;
  /**
   * Writes the camera's own file where there is one, the sealed FITS file, then its row. Storing the same exposure again
   * returns the row it has.
   */
  store(file: Uint8Array, facts: ExposureFacts, native?: NativeFile): Promise<ExposureRow>;
  /** A row for a file already there; false when the exposure has one. */
  add(row: ExposureRow): Promise<boolean>;
  /** @throws BadInput for an unknown id, here, in `analyse` and in `solve` */
  judge(id: string, state: 'accepted' | 'rejected', reason?: string): Promise<void>;
  analyse(id: string, version: number, result: unknown): Promise<void>;
  solve(id: string, solution: unknown): Promise<void>;
  unseen(query: UnseenQuery): Promise<ExposureRow[]>;
  get(id: string): Promise<ExposureRow | undefined>;
  /** Latest start first. */
  page(query: PageQuery): Promise<ExposureRow[]>;
  countOf(plan: string, set: string): Promise<Counts>;
  /** Where the row's file is. */
  pathOf(row: ExposureRow): string;
  readonly settings: Shelf;
  readonly plans: Shelf;
  close(): Promise<void>;
}

/**
 * Opens the database, brings it up to date and adopts what the frames directory holds.
 * @param options.directory of data, made where it is missing
 * @param options.workerUrl `src/storage/worker.ts`, or its bundle
 */
export async function openLedger(options: {
  directory: string;
  clock: Clock;
  workerUrl: URL;
}): Promise<Ledger> {
  const { clock, workerUrl } = options;
  const directory = resolve(options.directory);
  const thread = startThread<StorageJobs>(workerUrl, clock, { directory });
  const shelf = (table: StoredText): Shelf => ({
    get: (key) => thread.call('textGet', { table, key }),
    set: (key, value) => thread.call('textPut', { table, key, value }),
    all: () => thread.call('textAll', table),
  });
  const adoption = await thread.call('adopt', { createdUtc: clock.now() });
  return {
    adoption,
    store: (file, facts, native) =>
      thread.call('store', { file, facts, createdUtc: clock.now(), ...(native && { native }) }),
    add: (row) => thread.call('add', row),
    judge: (id, state, reason) =>
      thread.call('judge', { id, state, ...(reason !== undefined && { reason }) }),
    analyse: (id, version, result) => thread.call('analyse', { id, version, result }),
    solve: (id, solution) => thread.call('solve', { id, solution }),
    unseen: (query) => thread.call('unseen', query),
    get: (id) => thread.call('get', id),
    page: (query) => thread.call('page', query),
    countOf: (plan, set) => thread.call('countOf', { plan, set }),
    pathOf: (row) => join(directory, row.file),
    settings: shelf('settings'),
    plans: shelf('plans'),
    async close() {
      await thread.call('close', undefined);
      await thread.close();
    },
  };
}
