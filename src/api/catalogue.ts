import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../core/errors.ts';
import { fieldDegrees } from '../solve/catalogue/sufficiency.ts';
import { endpoint } from './endpoint.ts';
import type { Parts } from './parts.ts';

interface Optics {
  focalLengthMm: number;
  pixelMicrons: number;
  width: number;
  height: number;
}

const about = z.strictObject({
  focalLengthMm: z.coerce.number().positive().max(100_000).optional(),
  pixelMicrons: z.coerce.number().positive().max(1000).optional(),
  width: z.coerce.number().int().min(1).max(100_000).describe('pixels').optional(),
  height: z.coerce.number().int().min(1).max(100_000).describe('pixels').optional(),
});

const answer = z.object({
  fieldWidth: z.number().describe('degrees'),
  fieldHeight: z.number().describe('degrees'),
  verdict: z.enum(['enough', 'mostly', 'too-few']),
  share: z.number().describe('of fields of this size that hold the stars which a solver wants'),
  message: z.string(),
  stars: z.number(),
  completeTo: z.number().describe('magnitude'),
  deeper: z.array(z.string()).describe("the owner's catalogues"),
  problems: z.array(z.string()).describe('what is wrong with files among them'),
});

/** Whether the star catalogue suffices for the rig, or for optics that somebody thinks of. */
export function catalogueRoute(app: OpenAPIHono, parts: Parts): void {
  endpoint(
    app,
    {
      method: 'get',
      path: '/api/v1/observatory/catalogue',
      access: 'look',
      summary: 'Whether the star catalogue suffices to solve with this telescope and camera, or with others',
      query: about,
      answers: { 200: { description: 'In words, and as figures', schema: answer } },
    },
    async ({ query, c }) => {
      const { solver } = parts;
      if (!solver) throw new Fault('unsupported', 'this unit has no star catalogue: it cannot solve');
      const { focalLengthMm, pixelMicrons, width, height } = opticsOf(parts, query);
      const fieldWidth = fieldDegrees(focalLengthMm, pixelMicrons, width);
      const fieldHeight = fieldDegrees(focalLengthMm, pixelMicrons, height);
      return c.json({ fieldWidth, fieldHeight, ...(await solver.suffices(fieldWidth, fieldHeight)) });
    },
  );
}

/** As asked; what was not said is the rig's. @throws Fault for what nobody knows */
function opticsOf({ host, rig }: Parts, asked: { [K in keyof Optics]?: Optics[K] | undefined }): Optics {
  const sensor = host.inRole('camera')?.capabilities.value.camera?.sensor;
  const focalLengthMm = asked.focalLengthMm ?? rig.facts.value.telescope?.focalLengthMm;
  const pixelMicrons = asked.pixelMicrons ?? sensor?.pixelMicrons.x;
  const width = asked.width ?? sensor?.width;
  const height = asked.height ?? sensor?.height;
  if (!focalLengthMm)
    throw new Fault('refused', 'the focal length is not known: say it under Rig, Telescope');
  if (!pixelMicrons || !width || !height)
    throw new Fault('refused', 'the size of the sensor is not known: connect a camera');
  return { focalLengthMm, pixelMicrons, width, height };
}
