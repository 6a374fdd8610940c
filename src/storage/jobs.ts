import { adoptFiles } from './adopt.ts';
import type { StoredText, Tables } from './database.ts';
import { diskFault, type StoreInput, storeExposure } from './files.ts';
import type { ExposureRow, PageQuery, UnseenQuery } from './rows.ts';

/** What the storage worker does. */
export function storageJobs(directory: string, tables: Tables) {
  /** A write, its disk errors in plain words. */
  const writing = <T>(write: () => T): T => {
    try {
      return write();
    } catch (thrown) {
      throw diskFault(thrown);
    }
  };
  return {
    adopt: ({ createdUtc }: { createdUtc: number }) => adoptFiles(directory, tables, createdUtc),
    store: (input: StoreInput) => storeExposure(directory, tables, input),
    add: (row: ExposureRow) => writing(() => tables.add(row)),
    get: (id: string) => tables.get(id),
    judge: ({ id, state, reason }: { id: string; state: 'accepted' | 'rejected'; reason?: string }) =>
      writing(() => tables.judge(id, state, reason)),
    analyse: ({ id, version, result }: { id: string; version: number; result: unknown }) =>
      writing(() => tables.analyse(id, version, result)),
    solve: ({ id, solution }: { id: string; solution: unknown }) => writing(() => tables.solve(id, solution)),
    unseen: (query: UnseenQuery) => tables.unseen(query),
    page: (query: PageQuery) => tables.page(query),
    countOf: ({ plan, set }: { plan: string; set: string }) => tables.countOf(plan, set),
    textGet: ({ table, key }: { table: StoredText; key: string }) => tables[table].get(key),
    textPut: ({ table, key, value }: { table: StoredText; key: string; value: unknown }) =>
      writing(() => tables[table].put(key, value)),
    textAll: (table: StoredText) => tables[table].all(),
    close: () => tables.close(),
  };
}

export type StorageJobs = ReturnType<typeof storageJobs>;
