import type { Finding } from './finding.ts';

/** Programs that open serial ports which are not theirs, and what to do about each. */
export const grabbers: ReadonlyMap<string, string> = new Map([
  [
    'ModemManager',
    'it looks for a modem in every new port; end it for good: sudo systemctl mask --now ModemManager',
  ],
  [
    'gpsd',
    'name only the GPS in /etc/default/gpsd, set USBAUTO="false" there, then: sudo systemctl restart gpsd',
  ],
  ['brltty', 'it takes adapters for Braille displays; remove it: sudo apt remove brltty'],
]);

/** @param running those that run; what one holds is said of the port */
export const grabberFindings = (running: readonly string[]): Finding[] =>
  running.map((name) => ({
    what: name,
    state: name === 'gpsd' ? 'ok' : 'note',
    words: `runs here, and may take a port as it is plugged in: ${grabbers.get(name)}`,
  }));
