#!/usr/bin/python3
"""Writes vectors.json, by which hil/sky/geometry.ts is judged: places as astropy computes them, UT1 taken as UTC.

Run: /usr/bin/python3 hil/sky/data/vectors.py   (Debian: python3-astropy; nothing is fetched)
"""
import json
import pathlib
import warnings

import astropy.units as u
from astropy.coordinates import AltAz, EarthLocation, ICRS, SkyCoord, TETE, get_body
from astropy.time import Time
from astropy.utils import iers

warnings.simplefilter("ignore")
iers.conf.auto_download = False
iers.conf.iers_degraded_accuracy = "ignore"

INSTANTS = ["2020-03-20T04:00:00", "2024-12-31T23:30:00", "2026-11-22T20:15:03.250", "2031-07-15T03:00:00"]
PLACES = [(10.685, 41.269), (83.822, -5.391), (201.697, -47.48), (250.423, 36.461), (359.9, 0.05), (37.95, 89.2),
          (120.0, -88.5), (180.0, 15.0)]
SITES = {"Heidelberg": (49.398, 8.724, 570.0), "Paranal": (-24.627, -70.404, 2635.0), "Quito": (-0.2, -78.5, 2850.0)}


def place(c):
    return {"ra": round(c.ra.deg, 8), "dec": round(c.dec.deg, 8)}


def sky(c):
    return {"altitude": round(c.alt.deg, 7), "azimuth": round(c.az.deg, 7)}


rows = []
for text in INSTANTS:
    t = Time(text, scale="utc")
    t.delta_ut1_utc = 0.0
    for name, (lat, lon, height) in SITES.items():
        where = EarthLocation(lat=lat * u.deg, lon=lon * u.deg, height=height * u.m)
        here = AltAz(obstime=t, location=where, pressure=0 * u.hPa)
        stars = []
        for ra, dec in PLACES:
            c = SkyCoord(ra * u.deg, dec * u.deg, frame=ICRS)
            stars.append({"icrs": {"ra": ra, "dec": dec}, "apparent": place(c.transform_to(TETE(obstime=t))),
                          **sky(c.transform_to(here))})
        row = {"utc": text + "Z", "site": {"name": name, "latitude": lat, "longitude": lon, "elevationMetres": height},
               "sidereal": round(t.sidereal_time("apparent", lon * u.deg).deg, 7), "stars": stars}
        for body in ("sun", "moon"):
            b = get_body(body, t, where)
            row[body] = {**place(b), **sky(b.transform_to(here))}
        rows.append(row)

# Ways on the sky: what lies so far from a centre at this position angle (north through east).
ways = []
for ra, dec in PLACES:
    for angle in (0, 90, 217.5):
        there = SkyCoord(ra * u.deg, dec * u.deg).directional_offset_by(angle * u.deg, 0.25 * u.deg)
        ways.append({"centre": {"ra": ra, "dec": dec}, "angle": angle, "degrees": 0.25, "place": place(there)})

out = pathlib.Path(__file__).with_name("vectors.json")
def lines(items):
    return "[\n" + ",\n".join("    " + json.dumps(item) for item in items) + "\n  ]"


out.write_text('{\n  "rows": ' + lines(rows) + ',\n  "ways": ' + lines(ways) + "\n}\n")
print(out, len(rows), "rows")
