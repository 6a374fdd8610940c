import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case, Suite } from '../../suites/suite.ts';
import { tool } from '../../suites/tools.ts';
import { share } from './share.ts';
import { until } from './until.ts';

const SYSTEM = '/data/system';
/** systemd's own word for what is not exposed: below 5 of 10. */
const EXPOSED = 5;
/** What a board of 512 MB must have left beside everything. */
const SPARE_MB = 100;

/** Of the unit: what setup has made of it. */
export interface Identity {
  name: string;
  ssid: string;
  password: string;
}

export const identity = (): Identity =>
  JSON.parse(readFileSync(join(SYSTEM, 'unit.json'), 'utf8')) as Identity;

export async function said(program: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await tool(program, words, { timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`${program} ${words.join(' ')}: ${code} ${stderr.trim()}`);
  return stdout;
}

/** The unit as a whole: that it comes up, what it needs, whom it lets in, what first boot has made. */
export const unit: Suite = {
  name: 'unit',
  cases: () => [
    shown('the page is there seconds after power-on', page),
    shown('no unit has failed', healthy),
    shown('memory at idle, of 512 MB', memory),
    shown('first boot made names, keys, password and the data partition', made),
    shown('no default credential: no password to log in with, none in the image, no SSH', credentials),
    shown('our units expose little', security),
    shown('what is to stay is written down for the second boot', async () => {
      writeFileSync(join(share(), 'first.json'), JSON.stringify(lasting()));
    }),
  ],
};

export const shown = (name: string, body: () => Promise<void>): Case => ({
  name,
  run: async () => void (await body()),
});

async function page(): Promise<void> {
  const file = join(share(), 'page');
  assert.ok(existsSync(file), 'the page has not answered within a minute');
  console.log(`     page at ${readFileSync(file, 'utf8').trim()} s of uptime`);
  const words = (await said('systemctl', 'show', 'nightjar', '-p', 'ActiveState', '--value')).trim();
  assert.equal(words, 'active', `nightjar.service is ${words}`);
  const answer = await fetch('http://127.0.0.1/');
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /<html/i);
}

async function healthy(): Promise<void> {
  const failed = (await said('systemctl', '--failed', '--no-legend', '--plain')).trim();
  assert.equal(failed, '');
}

async function memory(): Promise<void> {
  const script = join(share(), 'phone/memory.sh');
  const lines = (await said('sh', script)).trim().split('\n');
  const values = Object.fromEntries(lines.map((line) => line.split(' '))) as Record<string, string>;
  const number = (name: string) => Number(values[name] ?? Number.NaN);
  const spare = number('MemAvailable');
  const pid = (await said('systemctl', 'show', 'nightjar', '-p', 'MainPID', '--value')).trim();
  const resident = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  console.log(
    `     ${number('MemTotal') - spare} of ${number('MemTotal')} MB in use; nightjar.service ${number('MemoryCurrent')} MB (peak ${number('MemoryPeak')}), its process ${resident.toFixed(0)} MB resident`,
  );
  assert.ok(spare >= SPARE_MB, `only ${spare} MB are left`);
  assert.equal(number('OutOfMemory'), 0);
}

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

async function made(): Promise<void> {
  const { ssid, password } = identity();
  assert.match(ssid, /^Nightjar-[0-9A-F]{4}$/);
  assert.ok(password.length >= 12, `a password of ${password.length} letters`);
  assert.equal(mode(join(SYSTEM, 'unit.json')), '640');
  const network = join(SYSTEM, 'network');
  for (const name of readdirSync(network)) assert.equal(mode(join(network, name)), '600', name);
  const card = readFileSync('/boot/nightjar/nightjar.txt', 'utf8');
  assert.ok(card.includes(ssid) && card.includes(password), 'nightjar.txt does not tell them');
  const [source = '', size = ''] = (await said('findmnt', '-bno', 'SOURCE,SIZE', '/data'))
    .trim()
    .split(/\s+/);
  assert.match(source, /^\/dev\//, `/data is ${source}`);
  const root = (await said('findmnt', '-no', 'OPTIONS', '/')).trim().split(',')[0];
  assert.equal(root, 'ro', 'the root can be written to');
  console.log(
    `     ${ssid}, /data on ${source}, ${Math.round(Number(size) / 2 ** 20)} MB; the root is read-only`,
  );
}

async function credentials(): Promise<void> {
  const open = readFileSync('/etc/shadow', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, hash = '']) => !/^[!*]/.test(hash));
  assert.deepEqual(
    open.map(([name]) => name),
    [],
  );
  const ssh = (await tool('systemctl', ['is-active', 'ssh.service'])).stdout.trim();
  assert.notEqual(ssh, 'active');
  const { password } = identity();
  const { stdout } = await tool('grep', [
    '-rslF',
    '--',
    password,
    '/etc',
    '/usr/lib/nightjar',
    '/usr/lib/systemd',
  ]);
  assert.equal(stdout.trim(), '', 'the password is in the image');
}

async function security(): Promise<void> {
  const rows = (await said('systemd-analyze', 'security', '--no-pager'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name = '']) => name.startsWith('nightjar'));
  assert.ok(rows.length > 0, 'no unit of ours is loaded');
  for (const [name, exposure, words] of rows) console.log(`     ${exposure} ${words?.padEnd(8)} ${name}`);
  const [, exposure] = rows.find(([name]) => name === 'nightjar.service') ?? [];
  assert.ok(Number(exposure) < EXPOSED, `nightjar.service: ${exposure}`);
}

/** Everything that must be the same after any later boot, by name. */
export function lasting(): Record<string, string> {
  const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  const files = readdirSync(SYSTEM, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|nmconnection|pub)$|_key$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const facts = Object.fromEntries(files.sort().map((file) => [file, digest(file)]));
  return { ...facts, ssid: identity().ssid, card: digest('/boot/nightjar/nightjar.txt') };
}

/** Of a second boot with the same card. */
export const again: Suite = {
  name: 'again',
  alone: true,
  cases: () => [
    shown('the second boot changed no key, no password and no data', async () => {
      const before = JSON.parse(readFileSync(join(share(), 'first.json'), 'utf8')) as object;
      assert.deepEqual(lasting(), before);
      console.log(`     ${Object.keys(before).length} facts the same`);
    }),
    shown('the page is there seconds after power-on', page),
    shown('what was exposed is still there', async () => {
      const answer = await fetch('http://127.0.0.1/api/v1/exposures?limit=1');
      const { exposures } = (await answer.json()) as { exposures: unknown[] };
      assert.equal(exposures.length, 1);
    }),
    shown('no unit has failed', healthy),
    shown('the hotspot is up again', () => until('it is', hotspotUp, 60).then(() => {})),
  ],
};

export async function hotspotUp(): Promise<boolean> {
  const { stdout } = await tool('nmcli', ['-t', '-f', 'NAME', 'connection', 'show', '--active']);
  return stdout.split('\n').includes('nightjar-hotspot');
}
