import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { parseUtc } from '../core/clock.ts';
import { Fault } from '../core/errors.ts';
import { radians } from '../core/units.ts';
import {
  correctionInWords,
  measureAxis,
  type NoAlignment,
  type PolarAlignment,
  type PolarPlace,
  type Sighting,
} from '../sky/polar-alignment.ts';
import { followAxis } from '../sky/polar-screws.ts';
import { endpoint } from './endpoint.ts';
import { solutionOf } from './exposure-view.ts';
import { requireExposure } from './exposures.ts';
import type { Parts } from './parts.ts';
import { Rejected } from './problem.ts';
import { direction } from './schemas.ts';

const sighting = z
  .union([
    z.strictObject({ exposure: z.string().max(64).describe('id of one that is solved') }),
    direction.extend({
      utc: z.iso.datetime({ offset: true }).describe('middle of the exposure'),
      errorArcsec: z.number().min(0).max(3600).default(1).describe('one standard deviation of the centre'),
    }),
  ])
  .describe('where the telescope looked');
type Seen = z.infer<typeof sighting>;

const sightings = z
  .array(sighting)
  .min(3)
  .max(50)
  .describe(
    'between them the right ascension axis alone was turned, by 20° or more: by its keys, for a goto moves both',
  );
const pole = z
  .enum(['true', 'refracted'])
  .default('true')
  .describe('refracted: where air lifts it to, for a mount without a model of refraction');

const horizontal = z.object({ altitude: z.number(), azimuth: z.number() });
const arcmin = z.number().describe('minutes of arc');
const alignmentSchema = z
  .discriminatedUnion('found', [
    z.object({
      found: z.literal(true),
      words: z.string().describe('how far off it is, how sure that is, and what to do at the screws'),
      correction: z.string().describe('the last of these alone'),
      altitudeArcmin: arcmin.describe('the axis points too high by it'),
      azimuthArcmin: arcmin.describe('the base is turned too far clockwise by it'),
      totalArcmin: arcmin.describe('between axis and pole'),
      altitudeUncertaintyArcmin: arcmin.describe('one standard deviation'),
      azimuthUncertaintyArcmin: arcmin,
      residualArcsec: z.number().describe('what more than three sightings leave unexplained'),
      axis: horizontal,
      pole: horizontal,
    }),
    z.object({
      found: z.literal(false),
      reason: z.enum(['few', 'low', 'close', 'far', 'blind']),
      message: z.string(),
    }),
  ])
  .meta({ id: 'PolarAlignment' });
export type PolarView = z.infer<typeof alignmentSchema>;

const answers = { 200: { description: 'It, or why not and what to do', schema: alignmentSchema } };

/** Three-point polar alignment: where the mount's axis points, by images of anywhere in the sky. Nothing is kept. */
export function polarRoutes(app: OpenAPIHono, { ledger, host }: Parts): void {
  const placeFor = (pole: 'true' | 'refracted'): PolarPlace => {
    const site = host.observatory.site.value;
    if (!site)
      throw new Rejected(422, 'the site is not known: set it first, the axis is measured against it');
    return { site, pole };
  };
  const sightingOf = async (seen: Seen): Promise<Sighting> => {
    if (!('exposure' in seen)) {
      const { ra, dec, utc, errorArcsec } = seen;
      return { direction: { ra, dec }, utc: parseUtc(utc), errorArcsec };
    }
    const row = await requireExposure(ledger, seen.exposure);
    const solution = solutionOf(row.solution);
    if (!solution?.solved) {
      throw new Rejected(409, `exposure ${row.id} is not solved: POST …/solve first`);
    }
    if (row.trust === undefined) {
      throw new Fault('refused', `nobody knows when exposure ${row.id} was taken: the clock was not trusted`);
    }
    const { ra, dec } = solution;
    return { direction: { ra, dec }, utc: row.startUtc + 500 * row.seconds, errorArcsec: errorOf(solution) };
  };
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/polar/measure',
      access: 'move',
      summary: 'How the right ascension axis lies, by three or more sightings',
      body: z.strictObject({ sightings, pole }),
      answers,
    },
    async ({ body, c }) => {
      const place = placeFor(body.pole);
      const seen = await Promise.all(body.sightings.map(sightingOf));
      return c.json(viewAlignment(measureAxis(seen, place)));
    },
  );
  endpoint(
    app,
    {
      method: 'post',
      path: '/api/v1/polar/follow',
      access: 'move',
      summary: 'How it lies now that its screws were turned: always by the same sightings, and one more',
      body: z.strictObject({
        sightings: sightings.describe(
          'those of the measurement; since the last of them only screws have moved',
        ),
        now: sighting,
        tracking: z
          .boolean()
          .default(true)
          .describe('false: the mount has stood still since the last of them'),
        pole,
      }),
      answers,
    },
    async ({ body, c }) => {
      const place = placeFor(body.pole);
      const seen = await Promise.all(body.sightings.map(sightingOf));
      const start = measureAxis(seen, place);
      if (!start.found) return c.json(viewAlignment(start));
      const now = await sightingOf(body.now);
      return c.json(viewAlignment(followAxis(start, seen.at(-1)!, now, place, body.tracking)));
    },
  );
}

/** Of solvers that do not say by how many stars. */
const UNSAID_ARCSEC = 1;
/** What a catalogue of the bright stars and a sensor's flatness leave, however many stars agree. */
const LEAST_ARCSEC = 0.1;

function errorOf({ rmsArcsec, matched }: { rmsArcsec: number; matched: number }): number {
  const error = rmsArcsec / Math.sqrt(matched);
  return Number.isFinite(error) ? Math.max(LEAST_ARCSEC, error) : UNSAID_ARCSEC;
}

function viewAlignment(alignment: PolarAlignment | NoAlignment): PolarView {
  if (!alignment.found) return alignment;
  const { totalArcmin, altitudeUncertaintyArcmin, azimuthUncertaintyArcmin, axis } = alignment;
  const sideways = azimuthUncertaintyArcmin * Math.cos(radians(axis.altitude));
  const sure = Math.max(0.1, Math.hypot(altitudeUncertaintyArcmin, sideways));
  const correction = correctionInWords(alignment);
  const words = `the axis points ${totalArcmin.toFixed(1)}′ from the pole, known to ±${sure.toFixed(1)}′: ${correction}`;
  return { ...alignment, words, correction };
}
