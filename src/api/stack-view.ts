import { z } from '@hono/zod-openapi';
import { isoUtc } from '../core/clock.ts';
import type { StackState } from '../engine/stacker.ts';

/** The live stack as it is told. */
export type StackView = Omit<StackState, 'endUtc'> & {
  /** ISO 8601; absent while it is empty. */
  endUtc?: string;
};

export const stackSchema = z
  .object({
    state: z
      .enum(['none', 'on', 'ended', 'lost'])
      .describe('ended: it takes no more but can be looked at; lost: with the worker that held it'),
    id: z.string().describe('of this stack; empty where there is none'),
    following: z.boolean().describe('it takes every light that comes'),
    waiting: z.int().describe('exposures to be looked at'),
    frames: z.int().describe('in it'),
    seconds: z.number().describe('exposure gathered'),
    endUtc: z.string().optional().describe('when the last of its exposures ended'),
    width: z.int(),
    height: z.int(),
    factor: z.int().describe('side of the square of camera pixels that became one'),
    clippedShare: z.number().describe('of all values: satellites, aircraft, cosmic rays'),
    refused: z.int().describe('exposures that are not in it'),
    refusals: z
      .array(z.object({ exposure: z.string(), reason: z.string(), message: z.string() }))
      .describe('the latest of them, latest last'),
    object: z.string().optional().describe('of its first frame'),
    filter: z.string().optional(),
    problem: z.string().optional().describe('why it was lost'),
  })
  .meta({ id: 'Stack' });

export const viewStack = ({ endUtc, ...state }: StackState): StackView => ({
  ...state,
  ...(endUtc > 0 && { endUtc: isoUtc(endUtc) }),
});
