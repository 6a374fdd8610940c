import { workerData } from 'node:worker_threads';
import { serveThread } from './core/thread.ts';
import { type ImagingJobs, imagingJobs } from './imaging/jobs.ts';
import { type StackJobs, stackJobs } from './imaging/stack/jobs.ts';
import { type CataloguePlace, type SolveJobs, solveJobs } from './solve/jobs.ts';

export type WorkerJobs = ImagingJobs & SolveJobs & StackJobs;

/** What a camera waits for comes between the bands of an analysis: guiding must not wait for a large frame's stars. */
const quick = ['arrange', 'adopt'] as const;

/** The imaging worker's entry: pixels, and the places on the sky that they show. */
const { catalogue } = (workerData ?? {}) as { catalogue?: CataloguePlace };
serveThread<WorkerJobs>({ ...imagingJobs, ...solveJobs(catalogue), ...stackJobs() }, quick);
