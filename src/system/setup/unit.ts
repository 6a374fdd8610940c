import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { type Clock, isoUtc } from '../../core/clock.ts';
import { jsonIn } from '../whole-file.ts';
import type { Settings } from './settings.ts';

/** What is this unit's own, made on it at its first start, and nowhere else. */
const unitSchema = z.object({
  /** `nightjar-7f3a`. */
  name: z.string().min(1),
  ssid: z.string().min(1),
  /** Of its own WiFi. */
  password: z.string().min(8),
  /** ISO 3166; absent: the owner has not said. */
  country: z.string().length(2).exactOptional(),
  /** ISO 8601, by a clock that may have been wrong. */
  made: z.string(),
});

export type Unit = z.infer<typeof unitSchema>;

/** 31 signs that nobody misreads on a screen in the dark: no 0 O 1 l I i o. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_SIGNS = 4;
/** Of the password: 16 signs of 31, 79 bits. */
export const PASSWORD_BITS = Math.floor(GROUPS * GROUP_SIGNS * Math.log2(SIGNS.length));

export function makeUnit(clock: Clock): Unit {
  const number = randomInt(0x10000).toString(16).padStart(4, '0');
  return {
    name: `nightjar-${number}`,
    ssid: `Nightjar-${number.toUpperCase()}`,
    password: Array.from({ length: GROUPS }, group).join('-'),
    made: isoUtc(clock.now()),
  };
}

const group = () => Array.from({ length: GROUP_SIGNS }, () => SIGNS[randomInt(SIGNS.length)]).join('');

/** The unit as the owner wants it to be called. What is not asked for stays. */
export function asAsked(unit: Unit, { name, hotspot_password, country }: Settings): Unit {
  return {
    ...unit,
    ...(name !== undefined && { name: hostName(name) ?? unit.name, ssid: name }),
    ...(hotspot_password && { password: hotspot_password }),
    ...(country !== undefined && { country }),
  };
}

/** RFC 1123: letters, digits and hyphens, at most 63. Undefined: nothing is left of it. */
const hostName = (name: string): string | undefined =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63) || undefined;

/** Undefined: there is no unit in this file, or the card has lost it. */
export const unitIn = (path: string): Unit | undefined => unitSchema.safeParse(jsonIn(path)).data;

/** The same unit is the same text, in whatever order its parts were put together. */
export const unitText = ({ name, ssid, password, country, made }: Unit): string =>
  `${JSON.stringify({ name, ssid, password, country, made }, null, 2)}\n`;
