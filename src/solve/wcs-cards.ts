import { radians } from '../core/units.ts';
import { type Card, integer, real, text } from '../imaging/fits-card.ts';
import { type Header, numberIn, textIn } from '../imaging/fits-header.ts';
import type { Sip, SipTerm, Wcs } from './wcs.ts';

/** The cards of the coordinates: FITS 4.0, section 8; SIP as Shupe et al. 2005. */
export function wcsCards(wcs: Wcs): Card[] {
  const suffix = wcs.sip ? '-SIP' : '';
  const cards: Card[] = [
    integer('WCSAXES', 2, 'plate solution'),
    text('CTYPE1', `RA---TAN${suffix}`, 'right ascension, gnomonic projection'),
    text('CTYPE2', `DEC--TAN${suffix}`, 'declination, gnomonic projection'),
    text('CUNIT1', 'deg'),
    text('CUNIT2', 'deg'),
    real('CRVAL1', wcs.ra, '[deg] right ascension of the reference point'),
    real('CRVAL2', wcs.dec, '[deg] declination of the reference point'),
    real('CRPIX1', wcs.x + 1, 'its column, first is 1'),
    real('CRPIX2', wcs.y + 1, 'its row, first is 1'),
    ...wcs.cd.map((value, n) => real(`CD${n < 2 ? 1 : 2}_${1 + (n % 2)}`, value, '[deg/pixel]')),
    text('RADESYS', 'ICRS'),
    real('EQUINOX', 2000),
  ];
  if (!wcs.sip) return cards;
  const { order, a, b, ap, bp } = wcs.sip;
  const orderOf = (terms: readonly SipTerm[]) => Math.max(order, ...terms.map(([p, q]) => p + q));
  const polynomials = [
    ['A', a],
    ['B', b],
    ['AP', ap],
    ['BP', bp],
  ] as const;
  for (const [name, terms] of polynomials) {
    cards.push(integer(`${name}_ORDER`, orderOf(terms), 'distortion polynomial'));
    for (const [p, q, value] of terms) cards.push(real(`${name}_${p}_${q}`, value));
  }
  return cards;
}

/**
 * Reads gnomonic coordinates, with SIP or without, by CD, PC with CDELT, or CDELT with CROTA2.
 * @returns undefined where there are none, or such as are not understood
 */
export function wcsFromHeader(header: Header, width: number, height: number): Wcs | undefined {
  const [first, second] = [textIn(header, 'CTYPE1'), textIn(header, 'CTYPE2')];
  if (!/^RA---TAN(-SIP)?$/.test(first ?? '') || !/^DEC--TAN(-SIP)?$/.test(second ?? '')) return undefined;
  if ((numberIn(header, 'LONPOLE') ?? 180) !== 180) return undefined;
  const numbers = ['CRVAL1', 'CRVAL2', 'CRPIX1', 'CRPIX2'].map((keyword) => numberIn(header, keyword));
  const [ra, dec, x, y] = numbers;
  const cd = matrixIn(header);
  if (ra === undefined || dec === undefined || x === undefined || y === undefined || !cd) return undefined;
  if (Math.abs(dec) > 90 || cd[0] * cd[3] - cd[1] * cd[2] === 0) return undefined;
  const sip = first!.endsWith('-SIP') ? sipIn(header) : undefined;
  return { width, height, ra, dec, x: x - 1, y: y - 1, cd, ...(sip && { sip }) };
}

function matrixIn(header: Header): Wcs['cd'] | undefined {
  const four = (name: string, unit: 0 | 1) =>
    ['1_1', '1_2', '2_1', '2_2'].map(
      (suffix) => numberIn(header, `${name}${suffix}`) ?? (suffix[0] === suffix[2] ? unit : 0),
    ) as [number, number, number, number];
  const there = (name: string) => ['1_1', '1_2', '2_1', '2_2'].some((n) => header.has(`${name}${n}`));
  if (there('CD')) return four('CD', 0);
  const [dx, dy] = [numberIn(header, 'CDELT1'), numberIn(header, 'CDELT2')];
  if (dx === undefined || dy === undefined) return undefined;
  const turn = radians(numberIn(header, 'CROTA2') ?? 0);
  if (there('PC')) {
    const [a, b, c, d] = four('PC', 1);
    return [dx * a, dx * b, dy * c, dy * d];
  }
  return [dx * Math.cos(turn), -dy * Math.sin(turn), dx * Math.sin(turn), dy * Math.cos(turn)];
}

/** A polynomial's terms are at most of the ninth order. */
const HIGHEST = 9;

function sipIn(header: Header): Sip | undefined {
  const terms = (name: string): SipTerm[] => {
    const order = Math.min(HIGHEST, numberIn(header, `${name}_ORDER`) ?? 0);
    const found: SipTerm[] = [];
    for (let p = 0; p <= order; p++) {
      for (let q = 0; p + q <= order; q++) {
        const value = numberIn(header, `${name}_${p}_${q}`);
        if (value !== undefined) found.push([p, q, value]);
      }
    }
    return found;
  };
  const [a, b, ap, bp] = [terms('A'), terms('B'), terms('AP'), terms('BP')];
  if (a.length + b.length === 0) return undefined;
  return { order: Math.max(...[...a, ...b].map(([p, q]) => p + q)), a, b, ap, bp };
}
