/** Where the observatory stands: geodetic degrees (WGS 84), longitude east-positive −180…180. */
export interface Site {
  readonly latitude: number;
  readonly longitude: number;
  readonly elevationMetres: number;
}
