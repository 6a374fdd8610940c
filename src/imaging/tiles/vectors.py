#!/usr/bin/env python3
"""Small tile-compressed images and what astropy (by cfitsio's code) unpacks from them: `vectors.json`.

    /usr/bin/python3 src/imaging/tiles/vectors.py > src/imaging/tiles/vectors.json
    npx biome format --write src/imaging/tiles/vectors.json

Each file is gzipped and in base64, its physical values likewise as big-endian float64. From a fixed seed.
"""

import base64
import gzip
import io
import json
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter('ignore')
chance = np.random.default_rng(4)


def stars(kind, shape):
    y, x = np.mgrid[0 : shape[-2], 0 : shape[-1]]
    light = 500 + 3 * x + 2 * y + 3000 * np.exp(-((x - 11) ** 2 + (y - 7) ** 2) / 9)
    noisy = np.broadcast_to(light, shape) + chance.normal(0, 12, shape)
    return np.clip(noisy / 20, 0, 255).astype(kind) if kind == 'u1' else noisy.astype(kind)


def extremes(kind, shape):
    info = np.iinfo(kind)
    return chance.integers(info.min, info.max, shape, dtype=kind, endpoint=True)


def with_gaps(image):
    image = image.copy()
    image[..., 3, 4] = np.nan
    image[..., 5, 5:9] = 0
    return image


def packed(data, **options):
    stream = io.BytesIO()
    header = fits.Header()
    header['OBJECT'] = 'NGC 1'
    hdu = fits.CompImageHDU(data, header=header, **options)
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(stream)
    return stream.getvalue()


def text(data):
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


vectors = []


def vector(name, data, **options):
    file = packed(data, **options)
    with fits.open(io.BytesIO(file)) as hdus:
        values = np.asarray(hdus[1].data, dtype='>f8')
    # Any NaN is as good as another.
    values[np.isnan(values)] = np.nan
    vectors.append({'name': name, 'shape': list(data.shape), 'file': text(file), 'values': text(values.tobytes())})


SHAPE = (13, 17)
for kind in ['u1', 'i2', 'u2', 'i4', 'u4']:
    for code in ['RICE_1', 'GZIP_1', 'GZIP_2', 'HCOMPRESS_1']:
        tile = SHAPE if code == 'HCOMPRESS_1' else (8, 7) if kind == 'i2' else None
        vector(f'{code} of {kind}', stars(kind, SHAPE), compression_type=code, tile_shape=tile)
for kind in ['u1', 'i2', 'i4']:
    data = stars(kind, SHAPE)
    mask = np.where(data > np.percentile(data, 80), data, 0).astype(kind)
    vector(f'PLIO_1 of {kind}', mask, compression_type='PLIO_1')
for kind in ['i2', 'i4']:
    vector(f'RICE_1 of all values of {kind}', extremes(kind, SHAPE), compression_type='RICE_1')
vector('RICE_1 of one value', np.full(SHAPE, 7, dtype='i2'), compression_type='RICE_1')
vector('HCOMPRESS_1 of all values of i2', extremes('i2', (12, 14)), compression_type='HCOMPRESS_1', tile_shape=(12, 14))
vector('NOCOMPRESS of i2', stars('i2', SHAPE), compression_type='NOCOMPRESS')
for scale, smooth in [(2.5, 0), (2.5, 1)]:
    vector(
        f'HCOMPRESS_1, scale {scale}, smooth {smooth}',
        stars('i4', SHAPE),
        compression_type='HCOMPRESS_1',
        tile_shape=SHAPE,
        hcomp_scale=scale,
        hcomp_smooth=smooth,
    )
for kind in ['f4', 'f8']:
    for code in ['GZIP_1', 'GZIP_2']:
        vector(f'{code} of {kind} without loss', with_gaps(stars(kind, SHAPE)), compression_type=code, quantize_level=0)
    for method, name in [(-1, 'not dithered'), (1, 'dithered'), (2, 'dithered but zeros')]:
        options = {'quantize_level': 16, 'quantize_method': method, 'dither_seed': 9_995}
        vector(f'RICE_1 of {kind}, {name}', with_gaps(stars(kind, SHAPE)), compression_type='RICE_1', **options)
        vector(f'HCOMPRESS_1 of {kind}, {name}', stars(kind, SHAPE), compression_type='HCOMPRESS_1', tile_shape=SHAPE, **options)
vector('GZIP_2 of quantised f4', with_gaps(stars('f4', SHAPE)), compression_type='GZIP_2', quantize_level=16)
vector('RICE_1 of a cube', stars('u2', (3, 7, 9)), compression_type='RICE_1')
vector('RICE_1 of a cube in blocks', stars('u2', (3, 7, 9)), compression_type='RICE_1', tile_shape=(2, 4, 5))
constant = np.full(SHAPE, 3.5, dtype='f4')
vector('RICE_1 of f4 that cannot be quantised', constant, compression_type='RICE_1', quantize_level=16)
dark = stars('u2', SHAPE)
dark = np.where(dark > 560, dark, chance.integers(0, 3, SHAPE)).astype('u2')
vector('HCOMPRESS_1 that rounds beyond the type', dark, compression_type='HCOMPRESS_1', tile_shape=SHAPE, hcomp_scale=8)

print(json.dumps(vectors, indent=1))
