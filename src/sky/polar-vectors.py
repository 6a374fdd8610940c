#!/usr/bin/python3
"""Writes polar-vectors.json, by which polar alignment is judged: astropy 5.2.1 with pyerfa 2.0.0, offline.

A tube on a skewed axis is turned about it over the horizon; where it looks through the air, astropy says in ICRS, with
its own refraction, aberration and rotation of the Earth. UT1 is set equal to UTC, as src/sky takes it.
"""
import json
import math
import os
import random
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import ICRS, AltAz, EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
iers.conf.iers_degraded_accuracy = 'ignore'
warnings.simplefilter('ignore')

random.seed(20260707)
START, END = 1577836800, 2208988800  # 2020-01-01 … 2040-01-01, seconds since 1970
LATITUDES = [-75, -50, -31.27, -12, 3, 19.82, 35, 49.4, 60, 78.2]


def unit(azimuth, altitude):
    a, h = math.radians(azimuth), math.radians(altitude)
    return np.array([math.cos(h) * math.cos(a), math.cos(h) * math.sin(a), math.sin(h)])


def turned(v, axis, angle):
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return v * c + np.cross(axis, v) * s + axis * np.dot(axis, v) * (1 - c)


rows = []
while len(rows) < 60:
    lat = LATITUDES[len(rows) % len(LATITUDES)]
    lon, height = round(random.uniform(-180, 180), 4), random.randrange(0, 3000)
    hpa, celsius = random.randrange(700, 1030), random.randrange(-15, 30)
    up, clockwise = round(random.uniform(-90, 90), 2), round(random.uniform(-120, 120), 2)
    axis = unit((180 if lat < 0 else 0) + clockwise / 60, abs(lat) + up / 60)
    first = unit(random.uniform(0, 360), random.uniform(25, 80))
    step = random.choice([-45, -30, -20, 20, 30, 45])
    where = EarthLocation.from_geodetic(lon, lat, height)
    seconds = random.randrange(START, END)
    looks = [turned(first, axis, step * k) for k in range(3)]
    if min(v[2] for v in looks) < math.sin(math.radians(20)):
        continue
    sightings = []
    for k, v in enumerate(looks):
        time = Time(seconds + 75 * k, format='unix', scale='utc')
        time.delta_ut1_utc = 0.0
        seen = SkyCoord(az=math.degrees(math.atan2(v[1], v[0])) % 360 * u.deg, alt=math.degrees(math.asin(v[2])) * u.deg,
                        frame=AltAz(obstime=time, location=where, pressure=hpa * u.hPa, temperature=celsius * u.deg_C,
                                    relative_humidity=0.5, obswl=0.55 * u.um))
        star = seen.transform_to(ICRS())
        sightings.append([(seconds + 75 * k) * 1000, round(star.ra.deg, 7), round(star.dec.deg, 7)])
    rows.append({'latitude': lat, 'longitude': lon, 'metres': height, 'hectopascals': hpa, 'celsius': celsius,
                 'axisTooHighArcmin': up, 'axisClockwiseArcmin': clockwise, 'sightings': sightings})

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'polar-vectors.json'), 'w') as file:
    json.dump(rows, file)
