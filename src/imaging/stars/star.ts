/**
 * One star of an image. Pixels are those of the stored image whatever was binned on the way: x grows along a row, y with
 * the rows as stored, and the centre of the first pixel of the first row is 0, 0 (FITS' own numbers are greater by one).
 */
export interface Star {
  readonly x: number;
  readonly y: number;
  /** Background-subtracted, ADU. */
  readonly flux: number;
  /** The brightest pixel above the background, ADU. */
  readonly peak: number;
  /** Flux over its standard deviation. */
  readonly snr: number;
  /** Radius that holds half of the flux, pixels. */
  readonly hfr: number;
  /** Flux-weighted mean radius, which some programs call HFR, pixels. */
  readonly meanRadius: number;
  /** Full width at half maximum, the mean of both axes, pixels. */
  readonly fwhm: number;
  /** √(1 − b²/a²) of the windowed second moments: 0 round, → 1 a line. */
  readonly eccentricity: number;
  /** Direction of its longer axis: degrees 0…180 from the x axis towards the y axis. */
  readonly elongationDegrees: number;
  /** It touches the value at which the sensor or the converter is full: its place and widths are less sure. */
  readonly saturated: boolean;
}

/** What a part of the image says of its stars: medians of those that are neither saturated nor blended. */
export interface StarStatistics {
  /** Those counted. */
  readonly stars: number;
  readonly hfr: number;
  readonly fwhm: number;
  readonly eccentricity: number;
  /** Common direction of the elongation, degrees 0…180 from x towards y; NaN where they have none in common. */
  readonly elongationDegrees: number;
}

/** The stars of an image, brightest first. */
export interface StarField {
  readonly width: number;
  readonly height: number;
  readonly stars: readonly Star[];
  /** All that were found, where `stars` is only the brightest of them. */
  readonly found: number;
  /** Median of the sky, ADU. */
  readonly background: number;
  /** Standard deviation of the sky of one pixel, ADU. */
  readonly noise: number;
  /** Stars that are saturated. */
  readonly saturated: number;
  /** Of the whole image; NaN where no star counts. */
  readonly whole: StarStatistics;
  /** Thirds of width and height, row by row: [0] top left, [4] the centre, [8] bottom right. */
  readonly ninths: readonly StarStatistics[];
  /** (worst corner's − best corner's HFR) ÷ the centre's; NaN where a corner has too few stars. */
  readonly tilt: number;
}
