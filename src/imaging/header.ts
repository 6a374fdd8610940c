import { isoUtc } from '../core/clock.ts';
import { sexagesimal } from '../core/units.ts';
import type { ExposureFacts } from './facts.ts';
import { type Card, integer, logical, real, text, withClientCards } from './fits-card.ts';
import type { FrameShape, PixelFormat } from './frame.ts';

/** FITS times have no zone letter: TIMESYS is UTC by default (FITS 4.0, section 9.1.1). */
const fitsTime = (utc: number): string => isoUtc(utc).slice(0, -1);

const BITPIX: Record<PixelFormat, number> = { u16: 16, i32: 32, f32: -32 };

/** Words of libindi. A dark for flats is a dark to the stackers, which match it by its exposure; NJ-TYPE tells. */
const WORDS: Record<ExposureFacts['type'], string> = {
  light: 'Light',
  dark: 'Dark',
  darkflat: 'Dark',
  bias: 'Bias',
  flat: 'Flat',
};

/**
 * Every keyword that the facts allow: those of libindi, those by which PixInsight, Siril and ASTAP group and
 * solve, and our own `NJ-` ones, from which a file without a ledger row is adopted; then what a client wants.
 */
export function headerCards(frame: FrameShape, facts: ExposureFacts): Card[] {
  const own = [
    ...structureCards(frame),
    ...exposure(facts),
    ...camera(facts),
    ...bayer(frame),
    ...optics(facts),
    ...pointing(facts),
    ...surroundings(facts),
    ...identity(facts),
  ];
  return withClientCards(own, facts.keywords ?? []);
}

/** What every image's header begins with (FITS 4.0, section 4.4.1). */
export function structureCards(frame: FrameShape): Card[] {
  const colour = frame.planes === 3;
  return [
    logical('SIMPLE', true, 'file conforms to the FITS standard'),
    integer('BITPIX', BITPIX[frame.format], 'bits per data value'),
    integer('NAXIS', colour ? 3 : 2, 'number of data axes'),
    integer('NAXIS1', frame.width, 'columns'),
    integer('NAXIS2', frame.height, 'rows'),
    ...(colour ? [integer('NAXIS3', 3, 'red, green, blue')] : []),
    ...(frame.format === 'f32'
      ? []
      : [
          integer('BZERO', frame.format === 'u16' ? 32768 : 0, 'physical = BZERO + BSCALE x stored'),
          integer('BSCALE', 1, 'default scaling factor'),
        ]),
    text('ROWORDER', 'TOP-DOWN', 'order of the rows'),
    text('BUNIT', 'ADU', 'unit of the pixel values'),
  ];
}

function exposure(facts: ExposureFacts): Card[] {
  const { seconds } = facts;
  return [
    real('EXPTIME', seconds, '[s] exposure'),
    real('EXPOSURE', seconds, '[s] exposure'),
    real('DARKTIME', seconds, '[s] dark current time'),
    text('FRAME', WORDS[facts.type], 'frame type'),
    text('IMAGETYP', `${WORDS[facts.type]} Frame`, 'frame type'),
    text('DATE-OBS', fitsTime(facts.startUtc), 'UTC start of the exposure'),
    text('DATE-AVG', fitsTime(facts.startUtc + seconds * 500), 'UTC middle of the exposure'),
    text('DATE-LOC', fitsTime(facts.startUtc + facts.zoneMinutes * 60_000), 'local start of the exposure'),
    ...words('OBJECT', facts.object, 'target'),
    ...words('FILTER', facts.filter, 'filter'),
  ];
}

function camera({ camera }: ExposureFacts): Card[] {
  const { pixelMicrons, binning } = camera;
  return [
    text('INSTRUME', camera.name, 'camera'),
    ...number('CCD-TEMP', camera.temperatureCelsius, '[degC] sensor temperature'),
    ...number('SET-TEMP', camera.setpointCelsius, '[degC] cooler setpoint'),
    real('PIXSIZE1', pixelMicrons.x, '[um] unbinned pixel width'),
    real('PIXSIZE2', pixelMicrons.y, '[um] unbinned pixel height'),
    real('XPIXSZ', pixelMicrons.x * binning, '[um] binned pixel width'),
    real('YPIXSZ', pixelMicrons.y * binning, '[um] binned pixel height'),
    integer('XBINNING', binning, 'binning of columns'),
    integer('YBINNING', binning, 'binning of rows'),
    ...whole('GAIN', camera.gain, "gain in the camera's units"),
    ...whole('OFFSET', camera.offset, "offset in the camera's units"),
    ...number('EGAIN', camera.electronsPerAdu, '[e-/ADU] as stored'),
    ...words('READOUTM', camera.readout, 'readout mode'),
  ];
}

/** The pattern is that of the first stored pixel, whatever the region: hence no offsets. */
function bayer(frame: FrameShape): Card[] {
  if (!frame.bayer) return [];
  return [
    integer('XBAYROFF', 0, 'pattern begins at the first column'),
    integer('YBAYROFF', 0, 'pattern begins at the first row'),
    text('BAYERPAT', frame.bayer, 'colours of the first pixels, top row first'),
  ];
}

const ARCSECONDS_PER_MICRON_PER_MILLIMETRE = 206.264806247;

function optics({ telescope, camera }: ExposureFacts): Card[] {
  if (!telescope) return [];
  const { focalLengthMm: focal, apertureMm: aperture } = telescope;
  const scale =
    focal && (camera.pixelMicrons.x * camera.binning * ARCSECONDS_PER_MICRON_PER_MILLIMETRE) / focal;
  return [
    text('TELESCOP', telescope.name, 'telescope'),
    ...number('FOCALLEN', focal, '[mm] focal length'),
    ...number('APTDIA', aperture, '[mm] aperture'),
    ...number('FOCRATIO', focal && aperture && focal / aperture, 'focal ratio'),
    ...number('SCALE', scale, '[arcsec/pixel] image scale'),
  ];
}

function pointing({ mount }: ExposureFacts): Card[] {
  if (!mount) return [];
  const spaced = [' ', ' ', ''];
  return [
    real('RA', mount.ra, '[deg] J2000, middle of the exposure'),
    real('DEC', mount.dec, '[deg] J2000, middle of the exposure'),
    text('OBJCTRA', sexagesimal(mount.ra / 15, 2, '', spaced), '[h m s] J2000'),
    text('OBJCTDEC', sexagesimal(mount.dec, 2, '+', spaced), '[d m s] J2000'),
    text('RADESYS', 'ICRS', 'reference frame'),
    real('EQUINOX', 2000, '[yr] equinox'),
    logical('PLTSOLVD', false, 'pointing is as the mount said'),
    ...number('OBJCTALT', mount.altitude, '[deg] altitude'),
    ...number('OBJCTAZ', mount.azimuth, '[deg] azimuth'),
    ...number('AIRMASS', mount.airmass, 'airmass'),
    ...words('PIERSIDE', mount.pierSide?.toUpperCase(), 'side of the pier of the telescope'),
  ];
}

function surroundings(facts: ExposureFacts): Card[] {
  const { focuser, rotatorDegrees, site } = facts;
  return [
    ...(focuser
      ? [
          integer('FOCUSPOS', focuser.position, '[step] focuser position'),
          integer('FOCPOS', focuser.position, '[step] focuser position'),
          ...number('FOCUSTEM', focuser.temperatureCelsius, '[degC] focuser temperature'),
          ...number('FOCTEMP', focuser.temperatureCelsius, '[degC] focuser temperature'),
        ]
      : []),
    ...number('ROTATANG', rotatorDegrees, '[deg] rotator angle'),
    ...number('ROTATOR', rotatorDegrees, '[deg] rotator angle'),
    ...number('MPSAS', facts.skyMagnitude, '[mag/arcsec2] sky brightness'),
    ...(site
      ? [
          real('SITELAT', site.latitude, '[deg] north positive'),
          real('SITELONG', site.longitude, '[deg] east positive, -180 to 180'),
          real('SITEELEV', site.elevationMetres, '[m] elevation'),
        ]
      : []),
    ...words('OBSERVER', facts.observer, 'observer'),
    text('SWCREATE', facts.software, 'software that wrote this file'),
  ];
}

function identity({ id, plan, type, snapshot, camera, timeSource, zoneMinutes }: ExposureFacts): Card[] {
  const { x, y, width, height } = camera.region;
  return [
    text('NJ-ID', id, 'exposure'),
    ...words('NJ-PLAN', plan?.plan, 'plan'),
    ...words('NJ-SET', plan?.set, 'set of the plan'),
    text('NJ-TYPE', type, 'exposure type'),
    logical('NJ-SNAP', snapshot, 'taken by hand'),
    text('NJ-CAM', camera.id, 'identity of the camera'),
    text('NJ-ROI', `${x},${y},${width},${height}`, 'unbinned x, y, width, height'),
    ...words('NJ-TRUST', timeSource, 'source of the time'),
    integer('NJ-ZONE', zoneMinutes, '[min] east of UTC'),
  ];
}

const words = (keyword: string, value: string | undefined, comment: string): Card[] =>
  value === undefined ? [] : [text(keyword, value, comment)];

const number = (keyword: string, value: number | undefined, comment: string): Card[] =>
  value === undefined || !Number.isFinite(value) ? [] : [real(keyword, value, comment)];

/** A setting that most cameras count in whole steps. */
const whole = (keyword: string, value: number | undefined, comment: string): Card[] =>
  value !== undefined && Number.isInteger(value)
    ? [integer(keyword, value, comment)]
    : number(keyword, value, comment);
