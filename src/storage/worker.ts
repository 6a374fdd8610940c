import { workerData } from 'node:worker_threads';
import { serveThread } from '../core/thread.ts';
import { openTables } from './database.ts';
import { storageJobs } from './jobs.ts';

/** The storage worker's entry: the one place where the database is open. */
const { directory } = workerData as { directory: string };
serveThread(storageJobs(directory, openTables(directory)));
