"""sep_detect.py SIGMA FILE…: stars of each file's first image by sep, with the CPU seconds that it took them: a line of
JSON each, without stars where sep fails."""
import json
import sys
import time

import numpy
import sep
from astropy.io import fits

sep.set_extract_pixstack(5_000_000)
sep.set_sub_object_limit(20_000)


def stars_of(pixels, sigma):
    background = sep.Background(pixels)
    pixels -= background.back()
    objects = sep.extract(pixels, sigma, err=background.globalrms, minarea=3)
    radius, _ = sep.flux_radius(pixels, objects['x'], objects['y'], 6.0 * objects['a'], 0.5, subpix=5)
    return zip(objects['x'], objects['y'], objects['flux'], radius)


for file in sys.argv[2:]:
    with fits.open(file) as hdus:
        image = next(hdu.data for hdu in hdus if hdu.data is not None and hdu.data.ndim == 2)
        pixels = numpy.ascontiguousarray(image, dtype=numpy.float32)
    started = time.process_time()
    told = {}
    try:
        rows = stars_of(pixels, float(sys.argv[1]))
        told['stars'] = [[round(float(value), 3) for value in row] for row in rows]
    except Exception as error:  # sep raises bare exceptions when its buffers are full
        print(f'{file}: {error}', file=sys.stderr)
    print(json.dumps({'cpu': time.process_time() - started, **told}))
