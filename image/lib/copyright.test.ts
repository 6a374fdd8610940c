import assert from 'node:assert/strict';
import test from 'node:test';
import { declared, licenceNames } from './copyright.ts';

const FORMAT = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n';

test('the licences of a copyright file are those of its Files paragraphs, each once', () => {
  const text = `${FORMAT}\nFiles: *\nCopyright: someone\nLicense: GPL-2+\n text\n\nFiles: debian/*\nLicense: GPL-2+\n\nFiles: lib/*\nLicense: Expat\n\nLicense: Expat\n Permission is granted\n`;
  assert.deepEqual(licenceNames(text), ['Expat', 'GPL-2+']);
  assert.equal(declared(licenceNames(text)), 'MIT AND GPL-2.0-or-later');
});

test('a file in prose names none: that is not for a program to guess', () => {
  assert.deepEqual(licenceNames('This package may be used under the License: GPL-2+ or so.'), []);
});

test('alternatives, exceptions and unknown names stay valid SPDX expressions', () => {
  assert.equal(declared(['GPL-2+ or Artistic']), 'GPL-2.0-or-later OR Artistic-1.0-Perl');
  assert.equal(
    declared(['Apache-2.0', 'GPL-3, or LGPL-2.1+']),
    'Apache-2.0 AND (GPL-3.0-only OR LGPL-2.1-or-later)',
  );
  assert.equal(declared(['GPL-3+ with Bison exception']), 'LicenseRef-GPL-3-or-later-with-Bison-exception');
  assert.equal(declared(['public-domain']), 'LicenseRef-public-domain');
});
