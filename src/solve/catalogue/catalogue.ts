import type { Direction } from '../../sky/direction.ts';

/** What to leave out, and when. */
export interface StarQuery {
  /** Magnitude; fainter stars are left out. */
  readonly faintest?: number;
  /** At most so many, the brightest. */
  readonly most?: number;
  /** UTC milliseconds: stars of known proper motion stand where they are then. Absent: 2000.0. */
  readonly utc?: number;
}

/** Stars of a cone, brightest first. */
export interface CatalogueStars {
  readonly length: number;
  /** ICRS unit vectors: x, y, z a star. */
  readonly vectors: Float64Array;
  /** In the catalogue's own band: good for order and limits, not for photometry. */
  readonly magnitudes: Float32Array;
}

/** A star catalogue on disk, whatever its format. */
export interface StarCatalogue {
  /** For people: what it is and where it lies. */
  readonly name: string;
  /** Stars in it; of other programs' formats about so many. */
  readonly count: number;
  /** Everything brighter is there, wherever on the sky; 99 when it is as deep as its source. */
  readonly completeTo: number;
  /** @throws BadInput when the file behind it turns out broken */
  near(centre: Direction, radiusDegrees: number, query?: StarQuery): CatalogueStars;
}
