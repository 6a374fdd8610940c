/** What the supervisor knows at one moment. Milliseconds are of a clock that never jumps. */
export interface Scene {
  readonly nowMs: number;
  /** How many WiFi radios can be used. */
  readonly radios: number;
  readonly hotspot: 'up' | 'starting' | 'down';
  /** Somebody else's WiFi: joined, being joined by NetworkManager itself, or neither. */
  readonly home: 'joined' | 'joining' | 'away';
  /** How many of them may be joined without asking. */
  readonly known: number;
  /** Since when neither the hotspot nor a home WiFi has been there. */
  readonly aloneSinceMs: number;
  /** Phones on the hotspot; undefined: nobody can tell. */
  readonly phones: number | undefined;
  /** When the hotspot last came up, had a phone, or gave way in vain. */
  readonly quietSinceMs: number;
  /** How often in a row known WiFis were looked for in vain. */
  readonly misses: number;
}

/** `raise` the hotspot; `look`: let it go for a moment and see whether a known WiFi is there. */
export type Act = 'nothing' | 'raise' | 'look';

/** What NetworkManager has to join a known WiFi at start, or after one was lost… */
const KNOWN_FIRST_MS = 25_000;
/** …and when it is at it. With the seconds that the hotspot needs, a unit is reachable within a minute. */
const JOINING_MS = 40_000;
const LOOK_EVERY_MS = 3 * 60_000;
const LOOK_AT_LEAST_EVERY_MS = 30 * 60_000;

/**
 * The rules, in this order: a second radio keeps the hotspot always; with one radio a joined WiFi is left alone; where
 * nothing is joined the hotspot comes, after a known WiFi had its chance; while a phone may be on it, the hotspot is
 * never taken away; without one, known WiFis are looked for, ever more seldom.
 */
export function decide(scene: Scene): Act {
  const { radios, hotspot, home, known, nowMs } = scene;
  if (radios === 0 || hotspot === 'starting') return 'nothing';
  if (radios > 1) return hotspot === 'up' ? 'nothing' : 'raise';
  if (hotspot === 'up') return mayLook(scene) ? 'look' : 'nothing';
  if (home === 'joined') return 'nothing';
  if (known === 0 && home === 'away') return 'raise';
  const patience = home === 'joining' ? JOINING_MS : KNOWN_FIRST_MS;
  return nowMs - scene.aloneSinceMs >= patience ? 'raise' : 'nothing';
}

function mayLook({ known, phones, nowMs, quietSinceMs, misses }: Scene): boolean {
  if (known === 0 || phones !== 0) return false;
  return nowMs - quietSinceMs >= Math.min(LOOK_EVERY_MS * 2 ** misses, LOOK_AT_LEAST_EVERY_MS);
}
