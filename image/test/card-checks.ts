import { type Checks, expect } from './checks.ts';
import { ext4, ownersFile, partition, partitionsOf } from './disk.ts';

/** Root of slot A, and the data partition. */
const ROOT = 5;
const DATA = 7;

/** What the image must not bring along: nothing that two units would share. Read from the file, before any boot. */
export async function cardChecks(checks: Checks, image: string): Promise<void> {
  await checks.check('no default credential', async () => {
    const shadow = await ext4(image, ROOT, 'cat /etc/shadow');
    const open = shadow
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([name, password]) => name && password !== undefined && !/^[!*]/.test(password));
    expect(open.length === 0, `these users have a password: ${open.map(([name]) => name).join(' ')}`);
    const keys = (await ext4(image, ROOT, 'ls -p /etc/ssh')).match(/ssh_host_\w+/g);
    expect(keys === null, `host keys are in the image: ${keys?.join(' ')}`);
    return `${shadow.trim().split('\n').length} users, none with a password; no SSH host key`;
  });
  await checks.check('nothing of a unit in the image', async () => {
    const names = entries(await ext4(image, DATA, 'ls -p /'));
    expect(!names.includes('system'), `the data partition is not empty: ${names.join(' ')}`);
    const id = (await ext4(image, ROOT, 'cat /etc/machine-id')).trim();
    expect(!/^[0-9a-f]{32}$/.test(id), 'the image has a machine-id');
    const text = await ownersFile(image, 'nightjar.toml');
    const set = text.split('\n').filter((line) => /^\s*[^#\s]/.test(line));
    expect(set.length === 0, `nightjar.toml sets ${set.join(' ')}`);
    return 'no data, no machine-id, every line of nightjar.toml a comment';
  });
  await checks.check('layout', async () => {
    const all = await partitionsOf(image);
    const gigabytes = (number: number) => (partition(all, number).sizeBytes / 2 ** 30).toFixed(2);
    const sizes = [1, 2, 3, 5, 6, 7].map((number) => `p${number} ${gigabytes(number)}`);
    expect(gigabytes(5) === gigabytes(6), 'the root slots differ in size');
    expect(gigabytes(2) === gigabytes(3), 'the boot slots differ in size');
    return `${sizes.join(', ')} GiB`;
  });
}

/** Names in debugfs's `ls -p`: /inode/mode/uid/gid/name/size/ */
function entries(listing: string): string[] {
  return listing
    .split('\n')
    .map((line) => line.split('/')[5] ?? '')
    .filter((name) => !['', '.', '..', 'lost+found'].includes(name));
}
