"""wcs_judge.py CASES.json: sends the true places of stars through the WCS that each file's header holds, by astropy, and
tells how far they fall from where they were drawn. Pixels are 0-based."""
import json
import math
import sys
import warnings

import numpy
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter('ignore')
told = []
with open(sys.argv[1], encoding='utf8') as source:
    cases = json.load(source)
for case in cases:
    with fits.open(case['wcs']) as hdus:
        wcs = WCS(hdus[0].header)
    stars = numpy.array(case['stars'])
    x, y = wcs.all_world2pix(stars[:, 2], stars[:, 3], 0, quiet=True)
    off = numpy.hypot(x - stars[:, 0], y - stars[:, 1])
    ra, dec = wcs.all_pix2world([(case['width'] - 1) / 2], [(case['height'] - 1) / 2], 0)
    cosine = math.cos(math.radians(case['dec']))
    east = ((ra[0] - case['ra'] + 540) % 360 - 180) * cosine
    told.append(
        {
            'name': case['name'],
            'stars': len(stars),
            'rmsPixels': float(numpy.sqrt(numpy.mean(off**2))),
            'worstPixels': float(off.max()),
            'centreArcsec': 3600 * math.hypot(east, dec[0] - case['dec']),
            'distorted': case['distorted'],
        }
    )
json.dump(told, sys.stdout)
