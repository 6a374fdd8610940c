import type { Program } from '../indi/foreign/programs.ts';

export type { CatalogueEntry } from '../indi/foreign/catalogue.ts';

/** A program as pages see it: its figures rounded, so that only what somebody would notice is news. */
export type ProgramView = Program;

const MEGABYTE = 1e6;

export function viewProgram(program: Program): ProgramView {
  const { cpuSeconds, cpuPercent, residentBytes } = program;
  return {
    ...program,
    ...(cpuSeconds !== undefined && { cpuSeconds: Math.round(cpuSeconds) }),
    ...(cpuPercent !== undefined && { cpuPercent: Math.round(cpuPercent) }),
    ...(residentBytes !== undefined && { residentBytes: Math.round(residentBytes / MEGABYTE) * MEGABYTE }),
  };
}

/** What is new about the programs since the last look. */
export class ProgramNews {
  #told = new Map<string, string>();

  look(list: readonly Program[]): { changed: readonly ProgramView[]; gone: readonly string[] } {
    const views = list.map(viewProgram);
    const texts = new Map(views.map((view) => [view.id, JSON.stringify(view)]));
    const changed = views.filter(({ id }) => texts.get(id) !== this.#told.get(id));
    const gone = [...this.#told.keys()].filter((id) => !texts.has(id));
    this.#told = texts;
    return { changed, gone };
  }
}
