import { HOTSPOT_ADDRESS, USB_ADDRESS } from '../network/keyfiles.ts';
import { qrText, wifiCode } from '../network/qr.ts';
import type { Complaint } from './read.ts';
import type { Unit } from './unit.ts';

export interface Told {
  unit: Unit;
  complaints: readonly Complaint[];
  /** There is a key that may log in. */
  ssh: boolean;
}

/** `nightjar.txt`: for an editor, which writes dark on light. */
export const cardText = (told: Told): string => wordsOf(told, inverted(codeOf(told.unit)));

/** For the screen, which writes light on dark. */
export const consoleText = (told: Told): string => wordsOf(told, codeOf(told.unit));

const codeOf = ({ ssid, password }: Unit): string => qrText(wifiCode(ssid, password));

/** What `nightjar.txt` told people at an earlier start. Undefined: it is another text. */
export function toldIn(text: string): Pick<Unit, 'ssid' | 'password'> | undefined {
  const [, ssid, password] =
    /^ {2}1\. Join this WiFi: {3}(.+)\n {5}Its password: {5}(.{8,63})$/m.exec(text) ?? [];
  return ssid === undefined || password === undefined ? undefined : { ssid, password };
}

function wordsOf({ unit, complaints, ssh }: Told, code: string): string {
  const { ssid, password } = unit;
  return [
    'Nightjar',
    '',
    `  1. Join this WiFi:   ${ssid}`,
    `     Its password:     ${password}`,
    `  2. Open:             http://nightjar.local  or  http://${HOTSPOT_ADDRESS}`,
    '',
    `  Over a USB cable:    http://${USB_ADDRESS}`,
    ...(ssh ? ['  SSH is on:           ssh owner@nightjar.local'] : []),
    '',
    ...complaintLines(complaints),
    'A phone joins by its camera:',
    '',
    code,
    '',
  ].join('\n');
}

function complaintLines(complaints: readonly Complaint[]): string[] {
  if (complaints.length === 0) return [];
  const lines = complaints.map(
    ({ line, words }) => `  ${line === undefined ? '' : `line ${line}: `}${words}`,
  );
  return ['What needs a look (lines are those of nightjar.toml; all else of it counts):', '', ...lines, ''];
}

const INVERSE: Readonly<Record<string, string>> = { '█': ' ', ' ': '█', '▀': '▄', '▄': '▀' };
const inverted = (code: string): string => [...code].map((sign) => INVERSE[sign] ?? sign).join('');
