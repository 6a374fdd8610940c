const [A, B] = [17.62, 243.12];

/**
 * Over water, °C: Magnus's formula with Sonntag's constants (1990; WMO No. 8, annex 4.B), good from −45 to 60 °C.
 * @param humidity percent; what is below 1 counts as 1
 */
export function dewPointOf(celsius: number, humidity: number): number {
  const gamma = Math.log(Math.min(100, Math.max(1, humidity)) / 100) + (A * celsius) / (B + celsius);
  return (B * gamma) / (A - gamma);
}

/** Percent: the other way round. */
export function humidityOf(celsius: number, dewPoint: number): number {
  return 100 * Math.exp((A * dewPoint) / (B + dewPoint) - (A * celsius) / (B + celsius));
}
