import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { BadInput } from '../core/errors.ts';
import { clamp } from '../core/units.ts';
import { migrate } from './migrations.ts';
import type { Counts, ExposureRow, ExposureState, PageQuery, UnseenQuery } from './rows.ts';

interface Stored {
  [column: string]: unknown;
}

const COLUMNS = [
  ...[
    'id',
    'plan',
    'set_id',
    'state',
    'reason',
    'type',
    'snapshot',
    'object',
    'filter',
    'night',
    'start_utc',
  ],
  ...['seconds', 'trust', 'camera', 'file', 'checksum', 'bytes', 'missing', 'created_utc'],
  ...['analysis_version', 'analysis', 'solution'],
];

export type StoredText = 'settings' | 'plans';

/** The tables of `nightjar.db`. Lives in the storage worker; each change is on the disk when its call returns. */
export type Tables = ReturnType<typeof openTables>;

/** @param directory of data, made where it is missing. @throws BadInput for a database of a later version */
export function openTables(directory: string) {
  mkdirSync(directory, { recursive: true });
  const database = new Sqlite(join(directory, 'nightjar.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  migrate(database);

  const insert = database.prepare(
    `INSERT INTO exposures (${COLUMNS}) VALUES (${COLUMNS.map((column) => `@${column}`)}) ON CONFLICT (id) DO NOTHING`,
  );
  const select = database.prepare<[string], Stored>('SELECT * FROM exposures WHERE id = ?');
  const judge = database.prepare('UPDATE exposures SET state = ?, reason = ? WHERE id = ?');
  const analyse = database.prepare('UPDATE exposures SET analysis_version = ?, analysis = ? WHERE id = ?');
  const solve = database.prepare('UPDATE exposures SET solution = ? WHERE id = ?');
  const unseen = database.prepare<[Stored], Stored>(
    `SELECT * FROM exposures
     WHERE start_utc >= @since AND type = 'light' AND missing = 0
       AND (analysis_version IS NULL OR analysis_version < @version)
     ORDER BY start_utc DESC, id DESC LIMIT @limit`,
  );
  const move = database.prepare('UPDATE exposures SET file = ?, missing = 0 WHERE id = ?');
  const miss = database.prepare('UPDATE exposures SET missing = ? WHERE id = ?');
  const files = database.prepare<[], Stored>('SELECT id, file, missing FROM exposures');
  const page = database.prepare<[Stored], Stored>(
    `SELECT * FROM exposures
     WHERE (@night IS NULL OR night = @night) AND (@plan IS NULL OR plan = @plan) AND (@set IS NULL OR set_id = @set)
       AND (@before IS NULL OR (start_utc, id) < (SELECT start_utc, id FROM exposures WHERE id = @before))
     ORDER BY start_utc DESC, id DESC LIMIT @limit`,
  );
  const count = database.prepare<[string, string], { state: ExposureState; total: number }>(
    'SELECT state, count(*) AS total FROM exposures WHERE plan = ? AND set_id = ? GROUP BY state',
  );
  const known = (changes: number, id: string) => {
    if (changes === 0) throw new BadInput(`there is no exposure ${id}`);
  };

  return {
    /** False when the exposure has a row already, which is then left as it is. */
    add: (row: ExposureRow): boolean => insert.run(toStored(row)).changes > 0,
    get(id: string): ExposureRow | undefined {
      const found = select.get(id);
      return found && toRow(found);
    },
    judge: (id: string, state: ExposureState, reason?: string) =>
      known(judge.run(state, reason ?? null, id).changes, id),
    analyse: (id: string, version: number, result: unknown) =>
      known(analyse.run(version, JSON.stringify(result), id).changes, id),
    solve: (id: string, solution: unknown) => known(solve.run(JSON.stringify(solution), id).changes, id),
    unseen: (query: UnseenQuery): ExposureRow[] => unseen.all({ ...query }).map(toRow),
    move: (id: string, file: string) => known(move.run(file, id).changes, id),
    setMissing: database.transaction((changes: readonly { id: string; missing: boolean }[]) => {
      for (const { id, missing } of changes) miss.run(Number(missing), id);
    }),
    files: () =>
      files.all().map(({ id, file, missing }) => ({
        id: String(id),
        file: String(file),
        missing: missing === 1,
      })),
    page: (query: PageQuery): ExposureRow[] =>
      page
        .all({
          before: null,
          night: null,
          plan: null,
          set: null,
          ...query,
          limit: clamp(query.limit, 1, 500),
        })
        .map(toRow),
    countOf(plan: string, set: string): Counts {
      const counts: Counts = { stored: 0, accepted: 0, rejected: 0 };
      for (const { state, total } of count.all(plan, set)) counts[state] = total;
      return counts;
    },
    settings: textTable(database, 'settings', 'key', 'value'),
    plans: textTable(database, 'plans', 'id', 'plan'),
    close: () => database.close(),
  };
}

/** A table of one JSON text per key. */
function textTable(database: Sqlite.Database, table: StoredText, key: string, value: string) {
  const get = database.prepare<[string], { value: string }>(
    `SELECT ${value} AS value FROM ${table} WHERE ${key} = ?`,
  );
  const put = database.prepare(
    `INSERT INTO ${table} VALUES (?, ?) ON CONFLICT (${key}) DO UPDATE SET ${value} = excluded.${value}`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
  const all = database.prepare<[], { key: string; value: string }>(
    `SELECT ${key} AS key, ${value} AS value FROM ${table} ORDER BY ${key}`,
  );
  return {
    get(name: string): unknown {
      const found = get.get(name);
      return found && JSON.parse(found.value);
    },
    /** Undefined removes. */
    put(name: string, content: unknown): void {
      if (content === undefined) remove.run(name);
      else put.run(name, JSON.stringify(content));
    },
    all: (): [string, unknown][] => all.all().map((row) => [row.key, JSON.parse(row.value)]),
  };
}

function toStored(row: ExposureRow): Stored {
  const { set, startUtc, createdUtc, analysis, solution, ...same } = row;
  return {
    ...{ plan: null, reason: null, object: null, filter: null, trust: null },
    ...same,
    set_id: set ?? null,
    snapshot: Number(row.snapshot),
    missing: Number(row.missing),
    start_utc: Math.round(startUtc),
    created_utc: Math.round(createdUtc),
    analysis_version: analysis?.version ?? null,
    analysis: analysis ? JSON.stringify(analysis.result) : null,
    solution: solution === undefined ? null : JSON.stringify(solution),
  };
}

function toRow(stored: Stored): ExposureRow {
  const { set_id, start_utc, created_utc, analysis_version, analysis, solution, ...same } = stored;
  const row = {
    ...same,
    set: set_id,
    snapshot: stored.snapshot === 1,
    missing: stored.missing === 1,
    startUtc: start_utc,
    createdUtc: created_utc,
    analysis:
      analysis_version === null ? null : { version: analysis_version, result: JSON.parse(String(analysis)) },
    solution: solution === null ? null : JSON.parse(String(solution)),
  };
  // The table's columns and checks, written above, are the row's members and types.
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null),
  ) as unknown as ExposureRow;
}
