/**
 * Tangent-plane world coordinates with SIP distortion (FITS 4.0, section 8; Shupe et al. 2005, "The SIP Convention").
 * Pixels as in `imaging/stars/star.ts`: 0-based, centres at integers, y with the rows as stored.
 */
export interface Wcs {
  readonly width: number;
  readonly height: number;
  /** ICRS degrees of the reference point. */
  readonly ra: number;
  readonly dec: number;
  /** The reference point's pixel. */
  readonly x: number;
  readonly y: number;
  /** Degrees a pixel: [∂ξ/∂x, ∂ξ/∂y, ∂η/∂x, ∂η/∂y], ξ towards east, η towards north. */
  readonly cd: readonly [number, number, number, number];
  readonly sip?: Sip;
}

/** Polynomials in pixels from the reference point; a term's entry is [p, q, coefficient of u^p v^q]. */
export interface Sip {
  readonly order: number;
  readonly a: readonly SipTerm[];
  readonly b: readonly SipTerm[];
  /** The inverse. */
  readonly ap: readonly SipTerm[];
  readonly bp: readonly SipTerm[];
}

export type SipTerm = readonly [p: number, q: number, value: number];
