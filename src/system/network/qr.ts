import { encode } from 'uqr';

/** Light modules around the code, as ISO/IEC 18004, 9.1 wants. */
const QUIET = 4;

/** @returns rows of modules, dark = true, with the quiet zone around them */
function modules(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', border: QUIET }).data;
}

/** Dark on white whatever the page's colours are: cameras want it so. */
export function qrSvg(text: string): string {
  const rows = modules(text);
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const size = rows.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
  );
}

/** Lines for a console that writes light on dark: two modules a character, light ones drawn. */
export function qrText(text: string): string {
  const rows = modules(text);
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const above = rows[y] ?? [];
    // A missing last row counts as light: the quiet zone goes on.
    const below = rows[y + 1] ?? above.map(() => false);
    lines.push(above.map((dark, x) => BLOCKS[`${dark ? 0 : 1}${below[x] ? 0 : 1}`]).join(''));
  }
  return lines.join('\n');
}

const BLOCKS: Readonly<Record<string, string>> = { '00': ' ', '10': '▀', '01': '▄', '11': '█' };

/** What phones' cameras take for an invitation into a WiFi (the form ZXing has given it). */
export const wifiCode = (ssid: string, password: string): string =>
  `WIFI:T:WPA;S:${quoted(ssid)};P:${quoted(password)};;`;

const quoted = (text: string): string => text.replace(/[\\;,":]/g, '\\$&');
