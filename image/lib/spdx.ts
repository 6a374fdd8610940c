/** spdx.ts ROOT BUNDLE: prints what a root file system is made of as an SPDX 2.3 document (JSON): Debian packages and npm's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declared, licenceNames } from './copyright.ts';

interface Part {
  readonly name: string;
  readonly version: string;
  /** Package URL: names the same package to every tool. */
  readonly purl: string;
  readonly licence: string | undefined;
  readonly homepage?: string | undefined;
}

/** Installed packages of `var/lib/dpkg/status` (deb-control(5): paragraphs of `Field: value`). */
function debianParts(root: string): Part[] {
  const paragraphs = readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8').split('\n\n');
  const parts: Part[] = [];
  for (const paragraph of paragraphs) {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1];
    const [name, version, architecture] = [field('Package'), field('Version'), field('Architecture')];
    if (!name || !version || !field('Status')?.endsWith(' installed')) continue;
    const copyright = join(root, 'usr/share/doc', name, 'copyright');
    const names = existsSync(copyright) ? licenceNames(readFileSync(copyright, 'utf8')) : [];
    parts.push({
      name,
      version,
      purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
      licence: names.length > 0 ? declared(names) : undefined,
      homepage: field('Homepage'),
    });
  }
  return parts;
}

/** What the bundler says it put in, `share/packages.json`. */
function npmParts(bundle: string): Part[] {
  const list = join(bundle, 'share/packages.json');
  if (!existsSync(list)) return [];
  const packages = JSON.parse(readFileSync(list, 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  }[];
  return packages.map(({ name, version, license }) => ({
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licence: license,
  }));
}

function spdxPackage(part: Part, index: number) {
  return {
    SPDXID: `SPDXRef-Package-${index}`,
    name: part.name,
    versionInfo: part.version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: part.licence ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(part.homepage ? { homepage: part.homepage } : {}),
    externalRefs: [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: part.purl },
    ],
  };
}

const [root = '/', bundle = '/usr/lib/nightjar', version = '0'] = process.argv.slice(2);
const created = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000)
  .toISOString()
  .replace(/\.\d+/, '');
const packages = [...debianParts(root), ...npmParts(bundle)]
  .sort((a, b) => (a.purl < b.purl ? -1 : 1))
  .map(spdxPackage);
const references = new Set(
  packages.flatMap((part) => part.licenseDeclared.match(/LicenseRef-[\w.-]+/g) ?? []),
);
const document = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: `nightjar-${version}`,
  documentNamespace: `https://spdx.org/spdxdocs/nightjar-${version}-${process.env.SOURCE_DATE_EPOCH ?? 0}`,
  creationInfo: { created, creators: ['Tool: nightjar-image'] },
  packages,
  hasExtractedLicensingInfos: [...references].sort().map((licenseId) => ({
    licenseId,
    name: licenseId.slice('LicenseRef-'.length),
    extractedText: 'See /usr/share/doc/<package>/copyright in the image.',
  })),
  relationships: packages.map(({ SPDXID }) => ({
    spdxElementId: 'SPDXRef-DOCUMENT',
    relationshipType: 'DESCRIBES',
    relatedSpdxElement: SPDXID,
  })),
};
process.stdout.write(`${JSON.stringify(document, null, 1)}\n`);
