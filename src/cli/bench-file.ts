import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { asError, BadInput } from '../core/errors.ts';
import { roleNames } from '../device/host.ts';
import { NAME_LENGTH } from '../indi/message.ts';

const settingValue = z.union([z.string(), z.number(), z.boolean()]);

const usbNumber = z
  .string()
  .regex(/^[0-9a-f]{4}$/i, 'four hexadecimal digits, as lsusb prints them')
  .transform((text) => Number.parseInt(text, 16));

/** Where a device is. */
export const place = z.union([
  z.object({ serial: z.string(), baud: z.number().int().positive().optional() }).strict(),
  /** A serial adapter, wherever it is plugged in: `serial` its own number, `path` its socket (`1-1.4`). */
  z
    .object({
      usb: z
        .object({
          vid: usbNumber,
          pid: usbNumber,
          serial: z.string().optional(),
          path: z.string().optional(),
          interface: z.number().int().min(0).optional(),
        })
        .strict(),
    })
    .strict(),
  z.object({ tcp: z.string().regex(/^[^:]+:\d+$/, 'host:port') }).strict(),
  z.object({ http: z.string().regex(/^[^:]+:\d+$/, 'host:port') }).strict(),
  /** A chip on an I2C bus; 0x76 is 118. */
  z
    .object({
      i2c: z
        .object({ bus: z.number().int().min(0).max(255), address: z.number().int().min(0x08).max(0x77) })
        .strict(),
    })
    .strict(),
  /** The lines of a GPIO chip, by its label or name; absent: the chip of the header. */
  z.object({ gpio: z.object({ chip: z.string().min(1).exactOptional() }).strict() }).strict(),
  /** A 1-wire thermometer, as the kernel names it. */
  z.object({ w1: z.string().regex(/^28-[0-9a-f]{12}$/, 'a name as 28-0316a2794bff') }).strict(),
]);

const telescope = z
  .object({ name: z.string(), focalLengthMm: z.number().positive(), apertureMm: z.number().positive() })
  .strict();

/** Which devices a rig has, real or emulated, and what the owner says about it. */
export const benchSchema = z
  .object({
    name: z.string(),
    /** `trusted`: the computer's clock is taken for true, as on an emulated rig. */
    clock: z.enum(['trusted', 'untrusted']).default('untrusted'),
    /** `night`: of a few great observatories the one where it is night now. */
    site: z
      .union([
        z.literal('night'),
        z
          .object({
            latitude: z.number().min(-90).max(90),
            longitude: z.number().min(-180).max(180),
            elevationMetres: z.number().min(-500).max(9000).default(0),
          })
          .strict(),
      ])
      .optional(),
    telescope: telescope.optional(),
    guideTelescope: telescope.optional(),
    filters: z.array(z.string().max(40)).default([]),
    observer: z.string().optional(),
    /** The emulated world: seed, cameras, flaws; read by the bench only. */
    world: z.record(z.string(), z.unknown()).default({}),
    /** INDI driver executables and other INDI servers; `roles` names their devices' ids, `indi/ccd-simulator`. */
    programs: z
      .array(
        z.union([
          z
            .object({
              id: z.string(),
              executable: z.string(),
              name: z.string().exactOptional(),
              environment: z.record(z.string(), z.string()).exactOptional(),
              roles: z.partialRecord(z.enum(roleNames), z.string()).default({}),
            })
            .strict(),
          z
            .object({
              id: z.string(),
              remote: z.string(),
              roles: z.partialRecord(z.enum(roleNames), z.string()).default({}),
            })
            .strict(),
        ]),
      )
      .default([]),
    devices: z
      .array(
        z
          .object({
            id: z.string(),
            label: z.string().min(1).max(NAME_LENGTH),
            driver: z.string(),
            role: z.enum(roleNames).array().default([]),
            settings: z.record(z.string(), settingValue).default({}),
            /** Where the device is; absent: it is emulated. */
            port: place.optional(),
            /** Options of the emulator of this family. */
            emulate: z.record(z.string(), z.unknown()).default({}),
          })
          .strict(),
      )
      .check(oncePlaced),
  })
  .strict();

/** A chip on a bus has one owner. */
function oncePlaced({
  value,
  issues,
}: z.core.ParsePayload<{ id: string; port?: z.infer<typeof place> | undefined }[]>): void {
  const owners = new Map<string, string>();
  for (const [index, { id, port }] of value.entries()) {
    if (!port || !('i2c' in port || 'w1' in port)) continue;
    const text = JSON.stringify(port);
    const owner = owners.get(text);
    const message = `${text} is ${owner}'s already`;
    if (owner !== undefined) issues.push({ code: 'custom', message, path: [index, 'port'], input: port });
    owners.set(text, id);
  }
}

export type Bench = z.infer<typeof benchSchema>;
export type BenchDevice = Bench['devices'][number];

/** @throws BadInput naming the file and what is wrong in it */
export function readBench(file: string): Bench {
  return parseJson(file, benchSchema);
}

export function parseJson<T>(file: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadInput(`${file}: ${asError(error).message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BadInput(`${file}: ${firstIssue(parsed.error, 'the file')}`);
}

/** What is wrong first, and where: `devices.0.id: …`. @param whole what to call the value itself */
export function firstIssue({ issues: [issue] }: z.ZodError, whole: string): string {
  return `${issue?.path.join('.') || whole}: ${issue?.message}`;
}
