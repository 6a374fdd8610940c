import type { ExposureFacts } from '../imaging/facts.ts';

/** Stored until it is judged; what is missing of a set is its count − accepted − stored (HOUSE, rule 5). */
export type ExposureState = 'stored' | 'accepted' | 'rejected';

/** One exposure of the ledger. */
export interface ExposureRow {
  /** The UUID chosen before the shutter opened; NJ-ID in the file. */
  id: string;
  plan?: string;
  set?: string;
  state: ExposureState;
  /** Why it was rejected. */
  reason?: string;
  type: ExposureFacts['type'];
  snapshot: boolean;
  object?: string;
  filter?: string;
  /** The civil date of the preceding local noon, `2026-11-22`. */
  night: string;
  startUtc: number;
  seconds: number;
  /** Source of the time; absent: not trusted. */
  trust?: string;
  /** Stable identity of the camera. */
  camera: string;
  /** Relative to the data directory, with `/`. */
  file: string;
  /** SHA-256 of the file, hexadecimal. */
  checksum: string;
  bytes: number;
  /** The file was not there at the last start. It still counts: people move their images elsewhere. */
  missing: boolean;
  createdUtc: number;
  /** What the image itself says, and by which version of the analysis; plain JSON. */
  analysis?: { version: number; result: unknown };
  /** What the last plate solve gave, plain JSON; absent: nobody has asked. */
  solution?: unknown;
}

/** Lights whose files are there and that no analysis of this version has seen, latest start first. */
export interface UnseenQuery {
  version: number;
  /** UTC milliseconds of the earliest start. */
  since: number;
  limit: number;
}

export interface PageQuery {
  /** Id of the last row of the page before; rows come latest start first. */
  before?: string;
  /** 1…500. */
  limit: number;
  night?: string;
  plan?: string;
  set?: string;
}

export type Counts = Record<ExposureState, number>;

/** What was found in the frames directory at start. Paths are relative to the data directory. */
export interface Adoption {
  /** Half-written files that were deleted. */
  temporary: string[];
  /** Ids of the rows made, or set right, from the files' headers. */
  adopted: string[];
  /** Files that cannot be read, now in the directory `unreadable`, with the reason. */
  unreadable: { file: string; reason: string }[];
  /** Files that are not ours or whose exposure has a file already; left where they are. */
  foreign: string[];
  /** Ids of rows whose file is gone. */
  missing: string[];
}

/** The row of an exposure whose file has just been written, or found. */
export function rowOf(
  facts: ExposureFacts,
  night: string,
  written: Pick<ExposureRow, 'file' | 'checksum' | 'bytes' | 'createdUtc'>,
): ExposureRow {
  return {
    id: facts.id,
    ...(facts.plan && { plan: facts.plan.plan, set: facts.plan.set }),
    state: 'stored',
    type: facts.type,
    snapshot: facts.snapshot,
    ...(facts.object !== undefined && { object: facts.object }),
    ...(facts.filter !== undefined && { filter: facts.filter }),
    night,
    startUtc: facts.startUtc,
    seconds: facts.seconds,
    ...(facts.timeSource !== undefined && { trust: facts.timeSource }),
    camera: facts.camera.id,
    missing: false,
    ...written,
  };
}
