/** Licences named in a Debian copyright file, in SPDX's words. */

/**
 * The distinct licences of a machine-readable file (copyright-format 1.0), as written there: one for each `Files:`
 * paragraph. Empty for a file in prose: what that means is for a person to say.
 */
export function licenceNames(text: string): string[] {
  if (!/^Format:.*copyright-format/m.test(text.slice(0, 2000))) return [];
  const names = new Set<string>();
  for (const paragraph of text.split(/\n\s*\n/)) {
    if (!/^Files:/m.test(paragraph)) continue;
    const name = /^License:[ \t]*(.+)$/m.exec(paragraph)?.[1]?.trim();
    if (name) names.add(name);
  }
  return [...names].sort();
}

/** One SPDX expression for all of them: every one holds for some part of the package. */
export function declared(names: readonly string[]): string {
  const terms = [...new Set(names.map(expression))];
  return terms.map((term) => (terms.length > 1 && / OR /.test(term) ? `(${term})` : term)).join(' AND ');
}

/** `GPL-2+ or Artistic` → `GPL-2.0-or-later OR Artistic-1.0-Perl`; the comma of Debian's grammar only groups. */
function expression(name: string): string {
  const words = name.replaceAll(',', '').replaceAll('/', ' or ');
  const alternatives = words.split(/\s+or\s+/i).map((alternative) =>
    alternative
      .split(/\s+and\s+/i)
      .map(identifier)
      .join(' AND '),
  );
  return alternatives.length > 1
    ? alternatives.map((term) => (term.includes(' AND ') ? `(${term})` : term)).join(' OR ')
    : (alternatives[0] ?? 'NOASSERTION');
}

const SPDX: Readonly<Record<string, string>> = {
  expat: 'MIT',
  mit: 'MIT',
  'bsd-2-clause': 'BSD-2-Clause',
  'bsd-3-clause': 'BSD-3-Clause',
  'bsd-4-clause': 'BSD-4-Clause',
  'apache-2.0': 'Apache-2.0',
  'apache-2': 'Apache-2.0',
  artistic: 'Artistic-1.0-Perl',
  isc: 'ISC',
  zlib: 'Zlib',
  'mpl-2.0': 'MPL-2.0',
  'mpl-1.1': 'MPL-1.1',
  'cc0-1.0': 'CC0-1.0',
  'bsl-1.0': 'BSL-1.0',
  unlicense: 'Unlicense',
  'psf-2': 'PSF-2.0',
  'ofl-1.1': 'OFL-1.1',
};

/** One name. What SPDX does not list becomes a reference to the package's own file. */
function identifier(name: string): string {
  const known = SPDX[name.toLowerCase()];
  if (known) return known;
  const gnu = /^(GPL|LGPL|AGPL|GFDL)-(\d)(?:\.(\d))?(\+?)$/i.exec(name);
  if (gnu) {
    const [, family = '', major, minor = '0', later] = gnu;
    return `${family.toUpperCase()}-${major}.${minor}-${later ? 'or-later' : 'only'}`;
  }
  return `LicenseRef-${name.replace(/[^\w.+-]+/g, '-').replaceAll('+', '-or-later')}`;
}
