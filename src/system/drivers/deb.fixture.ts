import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ownArchitecture, type VendorPackage } from './vendors.ts';

export const canBuild = existsSync('/usr/bin/dpkg-deb');

export interface Made {
  name: string;
  bytes: Buffer<ArrayBuffer>;
  package: VendorPackage;
}

/** Files by path: a text, `{ link }`, or `program`: a real executable of this machine. */
export type Files = Record<string, string | { link: string } | { program: string; mode?: number }>;

/** A Debian package, as small as can be. */
export function makeDeb(
  name: string,
  files: Files,
  { depends = 'libindidriver1', architecture = ownArchitecture, version = '1.0', postinst = '' } = {},
): Made {
  const work = mkdtempSync(join(tmpdir(), 'nightjar-deb-'));
  const root = join(work, 'root');
  mkdirSync(join(root, 'DEBIAN'), { recursive: true });
  const control = { Package: name, Version: version, Architecture: architecture, Maintainer: 'nobody <n@n>' };
  const lines = Object.entries({ ...control, Depends: depends, Description: 'made up' });
  writeFileSync(join(root, 'DEBIAN/control'), `${lines.map((pair) => pair.join(': ')).join('\n')}\n`);
  if (postinst) {
    writeFileSync(join(root, 'DEBIAN/postinst'), postinst);
    chmodSync(join(root, 'DEBIAN/postinst'), 0o755);
  }
  const all: Files = { [`usr/share/doc/${name}/copyright`]: `Licence of ${name}: be kind.`, ...files };
  for (const [path, content] of Object.entries(all)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if (typeof content === 'string') writeFileSync(target, content);
    else if ('link' in content) symlinkSync(content.link, target);
    else {
      copyFileSync(content.program, target);
      chmodSync(target, content.mode ?? 0o755);
    }
  }
  const file = join(work, `${name}.deb`);
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Znone', root, file], { stdio: 'ignore' });
  const bytes = readFileSync(file);
  rmSync(work, { recursive: true });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const pinned = { path: `pool/${name}.deb`, size: bytes.length, sha256 };
  return { name, bytes, package: { name, version, files: { [ownArchitecture]: pinned } } };
}
