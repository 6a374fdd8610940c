#!/usr/bin/python3
"""Writes vectors.json, by which the geometry of src/sky is judged: astropy 5.2.1 with pyerfa 2.0.0, offline.

UT1 is set equal to UTC, as src/sky takes it, so that the vectors judge the geometry and not the Earth's uneven turning.
Run it from anywhere, then `npx biome format --write src/sky/vectors.json`.
"""
import json
import math
import os
import random
import sys
import warnings

import astropy
import astropy.units as u
from astropy.coordinates import GCRS, ICRS, TETE, AltAz, EarthLocation, SkyCoord, get_body
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
iers.conf.iers_degraded_accuracy = 'ignore'
warnings.simplefilter('ignore')
if astropy.__version__ != '5.2.1':
    print('made with astropy 5.2.1, this is', astropy.__version__, file=sys.stderr)

random.seed(20260101)
START, END = 1577836800, 2208988800  # 2020-01-01 … 2040-01-01, seconds since 1970
SITES = [(90, 0, 2800), (-90, 0, 2835), (89.999, 120, 0), (-24.6272, -70.4042, 2635), (51.4779, 0, 46),
         (0, 179.9999, 0), (-33.8688, 151.2093, 20), (19.8207, -155.4681, 4205), (69.65, 18.95, 100)]
POLES = [(0, 90), (123.4, 89.99), (200, -90), (37.9546, 89.2641), (0, 0), (359.9999, -89.9)]


def moment():
    seconds = random.randrange(START, END)
    time = Time(seconds, format='unix', scale='utc')
    time.delta_ut1_utc = 0.0
    return seconds * 1000, time


def anywhere():
    ra, z = random.uniform(0, 360), random.uniform(-1, 1)
    return round(ra, 6), round(math.degrees(math.asin(z)), 6)


def away_from_sun(ra, dec, time):
    """The Sun bends light by 0.03″ at 15°, which src/sky leaves out."""
    star = SkyCoord(ra, dec, unit='deg').transform_to(GCRS(obstime=time))
    return star.separation(get_body('sun', time)).deg > 15


def degrees(*angles):
    return [round(float(a.to_value(u.deg)), 7) for a in angles]


def site(index):
    if index < len(SITES) * 4:
        return SITES[index % len(SITES)]
    return anywhere()[1], round(random.uniform(-180, 180), 4), random.randrange(0, 4000)


apparent, horizon, refracted, bodies = [], [], [], []
while len(apparent) < 300:
    utc, time = moment()
    ra, dec = POLES[len(apparent)] if len(apparent) < len(POLES) else anywhere()
    if not away_from_sun(ra, dec, time):
        continue
    place = ICRS(ra * u.deg, dec * u.deg).transform_to(TETE(obstime=time))
    gast = time.sidereal_time('apparent', 'greenwich')
    apparent.append([utc, ra, dec, *degrees(place.ra, place.dec, gast)])

while len(horizon) < 200:
    utc, time = moment()
    ra, dec = anywhere()
    lat, lon, height = site(len(horizon))
    if not away_from_sun(ra, dec, time):
        continue
    where = EarthLocation.from_geodetic(lon, lat, height)
    star = ICRS(ra * u.deg, dec * u.deg)
    place = star.transform_to(AltAz(obstime=time, location=where))
    horizon.append([utc, lat, lon, height, ra, dec, *degrees(place.alt, place.az)])
    if place.alt.deg > 15:
        hpa, celsius = random.randrange(600, 1030), random.randrange(-20, 35)
        seen = star.transform_to(AltAz(obstime=time, location=where, pressure=hpa * u.hPa,
                                       temperature=celsius * u.deg_C, obswl=0.574 * u.um))
        refracted.append([hpa, celsius, *degrees(place.alt, seen.alt)])

for index in range(40):
    utc, time = moment()
    lat, lon, height = site(index)
    where = EarthLocation.from_geodetic(lon, lat, height)
    row = [utc, lat, lon, height]
    for body, observer in (('sun', None), ('moon', None), ('moon', where)):
        frame = TETE(obstime=time, location=observer) if observer else TETE(obstime=time)
        place = get_body(body, time, observer, ephemeris='builtin').transform_to(frame)
        row += degrees(place.ra, place.dec)
    bodies.append(row)

columns = {
    'apparent': 'utc ra dec apparentRa apparentDec greenwichSidereal',
    'horizon': 'utc latitude longitude elevation ra dec altitude azimuth',
    'refracted': 'hectopascals celsius altitude observedAltitude',
    'bodies': 'utc latitude longitude elevation sunRa sunDec moonRa moonDec siteMoonRa siteMoonDec',
}
tables = {'columns': columns, 'apparent': apparent, 'horizon': horizon, 'refracted': refracted, 'bodies': bodies}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'vectors.json'), 'w') as file:
    json.dump(tables, file)
