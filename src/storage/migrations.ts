import type { Database } from 'better-sqlite3';
import { BadInput } from '../core/errors.ts';

/** In order, each once; never edited after a release. `user_version` counts those that were done. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE exposures (
     id TEXT PRIMARY KEY,
     plan TEXT,
     set_id TEXT,
     state TEXT NOT NULL CHECK (state IN ('stored', 'accepted', 'rejected')),
     reason TEXT,
     type TEXT NOT NULL,
     snapshot INTEGER NOT NULL,
     object TEXT,
     filter TEXT,
     night TEXT NOT NULL,
     start_utc INTEGER NOT NULL,
     seconds REAL NOT NULL,
     trust TEXT,
     camera TEXT NOT NULL,
     file TEXT NOT NULL UNIQUE,
     checksum TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     missing INTEGER NOT NULL DEFAULT 0,
     created_utc INTEGER NOT NULL,
     analysis_version INTEGER,
     analysis TEXT
   ) STRICT;
   CREATE INDEX exposures_by_start ON exposures (start_utc, id);
   CREATE INDEX exposures_by_night ON exposures (night, start_utc);
   CREATE INDEX exposures_by_set ON exposures (plan, set_id, state);
   CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE plans (id TEXT PRIMARY KEY, plan TEXT NOT NULL) STRICT;`,
  `ALTER TABLE exposures ADD COLUMN solution TEXT;`,
];

/** @throws BadInput for a database that a later version has written */
export function migrate(database: Database, migrations = MIGRATIONS): void {
  const done = Number(database.pragma('user_version', { simple: true }));
  if (done > migrations.length) {
    throw new BadInput(
      `${database.name} was written by a newer version: update Nightjar, or restore a backup`,
    );
  }
  migrations.forEach((sql, index) => {
    if (index < done) return;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  });
}
