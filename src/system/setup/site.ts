import { join } from 'node:path';
import { z } from 'zod';
import type { Site } from '../../device/observatory.ts';
import { jsonIn, writeWhole } from '../whole-file.ts';
import type { Settings } from './settings.ts';

const schema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  elevationMetres: z.number(),
});

const at = (system: string) => join(system, 'site.json');

/** Where the owner has written that the telescope stands. @param system `/data/system` */
export const writtenSite = (system: string): Site | undefined => schema.safeParse(jsonIn(at(system))).data;

export function keepWrittenSite(system: string, { site }: Settings): void {
  if (!site) return;
  const { latitude, longitude, elevation: elevationMetres } = site;
  writeWhole(at(system), `${JSON.stringify({ latitude, longitude, elevationMetres })}\n`, { mode: 0o644 });
}
