import vendors from './vendors.json' with { type: 'json' };

/** One file of a mirror. */
export interface Pinned {
  /** Below the mirror's root. */
  path: string;
  size: number;
  sha256: string;
}

export interface VendorPackage {
  name: string;
  version: string;
  /** By Debian's name of the architecture. */
  files: Readonly<Record<string, Pinned>>;
}

/** The drivers of one maker, as this version of Nightjar knows them. */
export interface VendorKit {
  /** The name of the package that holds the INDI drivers. */
  id: string;
  maker: string;
  devices: string;
  /** Its name; the text is in the packages, and shown before anything is installed. */
  licence: string;
  /** What an owner has to know or do. */
  note?: string;
  /** Exact versions; none: nobody may be asked for it, the owner gives the files. */
  packages: readonly VendorPackage[];
}

export interface Vendors {
  /** Asked one after the other: the second keeps what the first has replaced by a newer version. */
  mirrors: readonly string[];
  kits: readonly VendorKit[];
}

export const knownVendors: Vendors = vendors;

const architectures: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'armhf',
};

/** What Debian calls this process's architecture. */
export const ownArchitecture: string = architectures[process.arch] ?? process.arch;
