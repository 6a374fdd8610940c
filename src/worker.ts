import { serveThread } from './core/thread.ts';
import { imagingJobs } from './imaging/jobs.ts';

/** The imaging worker's entry. */
serveThread(imagingJobs);
