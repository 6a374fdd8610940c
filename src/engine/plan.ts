import { z } from 'zod';

const identifier = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and - only, at most 64');

const exposureSet = z
  .object({
    id: identifier,
    filter: z.string().min(1).max(40).optional(),
    seconds: z.number().positive().max(3600),
    count: z.number().int().min(1).max(10_000),
    binning: z.number().int().min(1).max(8).default(1),
    gain: z.number().optional(),
    offset: z.number().optional(),
    /** Focuser position for this filter, in steps. */
    focus: z.number().int().min(0).optional(),
  })
  .strict();

/**
 * What an owner wants of a night, as data: it never holds status. What was taken is in the ledger, under the ids of
 * plan and set.
 */
export const planSchema = z
  .object({
    id: identifier,
    target: z
      .object({
        name: z.string().min(1).max(60),
        /** ICRS degrees. */
        ra: z.number().min(0).lt(360),
        dec: z.number().min(-90).max(90),
      })
      .strict(),
    sets: z.array(exposureSet).min(1),
    /** Leave the mount parked at the end. */
    park: z.boolean().default(true),
  })
  .strict()
  .refine(({ sets }) => new Set(sets.map(({ id }) => id)).size === sets.length, 'two sets have the same id');

export type Plan = z.infer<typeof planSchema>;
export type ExposureSet = Plan['sets'][number];
