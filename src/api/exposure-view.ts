import { z } from '@hono/zod-openapi';
import { isoUtc } from '../core/clock.ts';
import { ANALYSIS_VERSION, type Analysis } from '../imaging/analysis.ts';
import type { Solution, Unsolved } from '../solve/solution.ts';
import type { ExposureRow } from '../storage/rows.ts';

const sharpness = {
  hfr: z.number().optional().describe('half-flux radius, pixels'),
  fwhm: z.number().optional().describe('pixels'),
  eccentricity: z.number().optional(),
  elongationDegrees: z.number().optional().describe('common direction, from x towards y'),
};

export type { Analysis };

const analysisSchema = z
  .object({
    stars: z.number().describe('all that were found'),
    ...sharpness,
    width: z.number(),
    height: z.number(),
    background: z.number().describe('ADU'),
    noise: z.number().describe('ADU, of one pixel'),
    saturated: z.number().describe('stars'),
    ninths: z
      .array(z.object({ stars: z.number(), ...sharpness }))
      .describe('thirds of width and height, row by row'),
    tilt: z.number().optional().describe("(worst − best corner's HFR) ÷ the centre's"),
  })
  .meta({ id: 'Analysis' }) satisfies z.ZodType<Analysis>;

/** A file that could not be analysed, and why. */
const problemSchema = z.object({ problem: z.string() });

const term = z.tuple([z.number(), z.number(), z.number()]);
const terms = z.array(term);
const wcsSchema = z.object({
  width: z.number(),
  height: z.number(),
  ra: z.number(),
  dec: z.number(),
  x: z.number(),
  y: z.number(),
  cd: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  sip: z.object({ order: z.number(), a: terms, b: terms, ap: terms, bp: terms }).exactOptional(),
});

/** Other programs do not tell everything; JSON makes null of it. */
const unsaid = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const placeSchema = z.object({
  solved: z.literal(true),
  ra: z.number().describe('ICRS degrees of the centre'),
  dec: z.number(),
  scale: z.number().describe('arc-seconds a pixel'),
  rotation: z.number().describe('position angle of the way up, degrees from north through east'),
  parity: z.union([z.literal(1), z.literal(-1)]).describe('1 as the sky is seen, −1 mirrored'),
  fieldWidth: z.number().describe('degrees'),
  fieldHeight: z.number().describe('degrees'),
  stars: unsaid,
  matched: unsaid,
  rmsArcsec: unsaid,
});
const solvedSchema = placeSchema.extend({ wcs: wcsSchema, logChance: unsaid });
const unsolvedSchema = z.object({
  solved: z.literal(false),
  reason: z.enum(['few-stars', 'trailed', 'scale-off', 'field-too-small', 'no-match']),
  message: z.string(),
  stars: unsaid,
}) satisfies z.ZodType<Unsolved>;

/** A stored solution, whoever has written it. */
const storedSchema = z.discriminatedUnion('solved', [
  solvedSchema,
  unsolvedSchema,
]) satisfies z.ZodType<Solution>;

/** A solution as it is told: without its polynomials, which the FITS file has. */
export const solutionSchema = z
  .discriminatedUnion('solved', [placeSchema, unsolvedSchema])
  .meta({ id: 'Solution' });
export type SolutionView = z.infer<typeof solutionSchema>;

export type ExposureView = Omit<ExposureRow, 'startUtc' | 'createdUtc' | 'analysis' | 'solution'> & {
  /** ISO 8601. */
  startUtc: string;
  createdUtc: string;
  /** Absent: not yet, or the exposure is no light. */
  analysis?: Analysis | { problem: string };
  /** What the last plate solve gave. Absent: nobody has asked. */
  solution?: SolutionView;
};

export const exposureSchema = z
  .looseObject({
    ...{ id: z.string(), startUtc: z.string(), seconds: z.number(), type: z.string() },
    analysis: z.union([analysisSchema, problemSchema]).optional(),
    solution: solutionSchema.optional(),
  })
  .meta({ id: 'Exposure' });

export function viewExposure(row: ExposureRow): ExposureView {
  const { startUtc, createdUtc, analysis: kept, solution: stored, ...same } = row;
  const analysis = kept?.version === ANALYSIS_VERSION ? analysisIn(kept.result) : undefined;
  const solution = viewSolution(stored);
  return {
    ...same,
    startUtc: isoUtc(startUtc),
    createdUtc: isoUtc(createdUtc),
    ...(analysis && { analysis }),
    ...(solution && { solution }),
  };
}

const analysisIn = (result: unknown): ExposureView['analysis'] =>
  z.union([analysisSchema, problemSchema]).safeParse(result).data;

/** What the ledger keeps of a solution, where this version understands it. */
export const solutionOf = (stored: unknown): Solution | undefined => storedSchema.safeParse(stored).data;

export const viewSolution = (solution: unknown): SolutionView | undefined =>
  solutionSchema.safeParse(solution).data;
