"""Real photographs out of Debian's stellarium-data, as FITS files of one plane with what is known of each.

photographs.py DEB OUT: astrophotographers' pictures of 1 to 4.5 degrees with at least 1000 pixels a side. Their corners'
J2000 places stand in the package's textures.json (texture 0, 0 is bottom left). The pictures were stretched and often
had their edges darkened by whoever made them; the first plane written here is their luminance, its first row on top.
"""
import io
import json
import math
import os
import re
import subprocess
import sys
import tarfile

import numpy
from astropy.io import fits
from PIL import Image

FOLDER = './usr/share/stellarium/nebulae/default/'
SMALLEST, LEAST, MOST = 1000, 0.95, 4.5


def vector(place):
    ra, dec = map(math.radians, place)
    return numpy.array([math.cos(dec) * math.cos(ra), math.cos(dec) * math.sin(ra), math.sin(dec)])


def truth(corners, width, height):
    low_left, low_right, high_right, high_left = map(vector, corners)
    centre = low_left + low_right + high_right + high_left
    centre /= numpy.linalg.norm(centre)
    east = numpy.cross([0, 0, 1], centre)
    east /= numpy.linalg.norm(east)
    north = numpy.cross(centre, east)
    up = high_left + high_right - low_left - low_right
    right = low_right + high_right - low_left - high_left
    along = [numpy.dot(right, east), numpy.dot(right, north)]
    above = [numpy.dot(up, east), numpy.dot(up, north)]
    span = math.degrees(math.atan(math.hypot(*along) / 2 / 2)) * 2 * 3600
    return {
        'width': width,
        'height': height,
        'ra': math.degrees(math.atan2(centre[1], centre[0])) % 360,
        'dec': math.degrees(math.asin(centre[2])),
        'scale': span / width,
        'rotation': math.degrees(math.atan2(above[0], above[1])) % 360,
        'mirrored': bool(along[0] * above[1] - along[1] * above[0] > 0),
    }


def listed(text):
    # Numbers without a leading zero, with a plus, and commas before a bracket: JSON knows none of these.
    text = re.sub(r'([\[,:\s])(-?)\.(\d)', r'\g<1>\g<2>0.\3', text)
    text = re.sub(r'([\[,:\s])\+(\d)', r'\1\2', text)
    return json.loads(re.sub(r',(\s*[\]}])', r'\1', text))['subTiles']


def main(deb, out):
    os.makedirs(out, exist_ok=True)
    with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb], stdout=subprocess.PIPE) as unpack:
        with tarfile.open(fileobj=unpack.stdout, mode='r|') as archive:
            pictures, tiles = {}, []
            for member in archive:
                if not member.name.startswith(FOLDER):
                    continue
                name = member.name[len(FOLDER):]
                data = archive.extractfile(member)
                if name.endswith('.png'):
                    picture = Image.open(io.BytesIO(data.read()))
                    if picture.width >= SMALLEST:
                        pictures[name] = numpy.asarray(picture.convert('RGB').convert('L'))
                elif name == 'textures.json':
                    tiles = listed(data.read().decode())
    album = []
    for tile in tiles:
        name = tile['imageUrl']
        if name not in pictures or len(tile['worldCoords']) != 1:
            continue
        pixels = pictures[name]
        known = truth(tile['worldCoords'][0], pixels.shape[1], pixels.shape[0])
        if not LEAST <= known['width'] * known['scale'] / 3600 <= MOST:
            continue
        file = name.replace('.png', '.fits')
        hdu = fits.PrimaryHDU(pixels)
        hdu.header['ROWORDER'] = 'TOP-DOWN'
        hdu.writeto(os.path.join(out, file), overwrite=True)
        credit = {key.lower(): value for key, value in tile.get('imageCredits', {}).items()}
        album.append({'name': name[:-4], 'credit': credit.get('short', ''), 'file': file, **known})
    with open(os.path.join(out, 'album.json'), 'w', encoding='utf8') as target:
        json.dump(album, target, indent=1)


main(sys.argv[1], sys.argv[2])
