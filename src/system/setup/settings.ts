import { z } from 'zod';

/** What the owner may write into `nightjar.toml`. Each message is read by a person who holds the card in the hand. */

const plainPassword = z
  .string('a password stands between quotes')
  .regex(
    /^$|^[\x20-\x7e]{8,63}$/,
    'a WiFi password has 8 to 63 letters, digits or signs of a plain keyboard',
  );

const ssid = z
  .string('the name of a WiFi stands between quotes')
  .refine(
    (text) => isBetween(new TextEncoder().encode(text).length, 1, 32),
    'a WiFi has a name of 1 to 32 bytes',
  );

const degrees = (limit: number) => {
  const words = `a number from -${limit} to ${limit}, with a point: 48.21`;
  return z.number(words).min(-limit, words).max(limit, words);
};

/** As `ssh-keygen` writes them: type, base64, comment. A private key has several lines, and is none of these. */
const publicKey = z
  .string('the key stands between quotes')
  .trim()
  .regex(
    /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-[\w-]+@openssh\.com) [\w+/]{40,}={0,3}( [^\r\n]*)?$/,
    'this is no public key: it is the one line of the file that ends in .pub',
  );

const server = z
  .string('a server stands between quotes')
  .regex(/^[\w.:-]{1,253}$/, 'a server is a name or an address: "ntp.example.org"');

export const wifi = z.strictObject({
  ssid,
  /** Blank: the one that was taken in before. Absent: an open network. */
  password: plainPassword.exactOptional(),
  hidden: z.boolean('true or false').exactOptional(),
});

export const settings = z.strictObject({
  name: ssid.exactOptional(),
  hotspot_password: plainPassword.exactOptional(),
  country: z
    .string('two letters between quotes: "DE"')
    .regex(/^[a-z]{2}$/i, 'two letters: DE, US …')
    .toUpperCase()
    .exactOptional(),
  rig: z.literal('demo', 'there is one rig to try: "demo"').exactOptional(),
  site: z
    .strictObject({
      latitude: degrees(90),
      longitude: degrees(180),
      elevation: z
        .number('metres above the sea')
        .min(-500, 'metres above the sea, -500 to 9000')
        .max(9000, 'metres above the sea, -500 to 9000')
        .default(0),
    })
    .exactOptional(),
  wifi: z.array(wifi).max(32, 'at most 32 WiFis').exactOptional(),
  ssh: z
    .strictObject({
      key: z.union([publicKey, z.array(publicKey).max(32)]).transform((keys) => [keys].flat()),
    })
    .exactOptional(),
  time: z
    .strictObject({
      servers: z.array(server, 'a list: ["ntp.example.org"]').max(8).exactOptional(),
      gps: z
        .string('a serial port stands between quotes')
        .regex(/^\/dev\/[\w/.:-]{1,100}$/, 'a serial port: "/dev/ttyAMA0"')
        .exactOptional(),
    })
    .exactOptional(),
});

export type Settings = z.infer<typeof settings>;
export type Wifi = z.infer<typeof wifi>;

const isBetween = (value: number, low: number, high: number) => value >= low && value <= high;
