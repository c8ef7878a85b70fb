"""Writes vectors.bin.gz and cases.json: what OpenCV's bilinear resize gives for seeded images.

Needs `pip install opencv-python-headless==4.8.1.78 "numpy<2"`. The images are those of
../pillow/make.py (mode RGB); the outputs are stored one after the other, as raw bytes, in the order of cases.json.
"""

import gzip
import json
import pathlib

import cv2
import numpy as np

HERE = pathlib.Path(__file__).parent
SIZES = [
    (64, 48, 33, 21), (61, 47, 20, 13), (97, 31, 7, 29), (7, 5, 31, 23), (16, 9, 33, 40), (13, 2, 14, 37),
    (41, 23, 41, 11), (41, 23, 17, 23), (1, 1, 9, 7), (1, 17, 1, 5), (19, 1, 6, 1), (37, 29, 1, 1), (2, 1, 5, 3),
    (50, 10, 20, 30), (300, 4, 11, 5), (40, 30, 53, 40), (53, 40, 40, 30), (3, 3, 50, 50),
    # halved exactly: averaged; along one axis only: not
    (40, 30, 20, 15), (40, 30, 20, 30), (40, 30, 20, 16), (40, 30, 80, 60),
]


def image(width, height, seed):
    n = width * height * 3
    state, values = seed, np.zeros(n, np.uint8)
    for i in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        byte = state >> 24
        if seed % 3 == 1:
            byte = (i * 255 // n + (byte >> 4)) & 255
        elif seed % 3 == 2:
            byte = 255 if byte > 127 else 0
        values[i] = byte
    return values.reshape(height, width, 3)


cases, outputs = [], []
for seed, (w, h, ow, oh) in enumerate(SIZES * 2, 1):
    cases.append([w, h, ow, oh, seed])
    outputs.append(cv2.resize(image(w, h, seed), (ow, oh), interpolation=cv2.INTER_LINEAR).tobytes())
(HERE / "vectors.bin.gz").write_bytes(gzip.compress(b"".join(outputs), 9, mtime=0))
text = ",\n".join(json.dumps(case) for case in cases)
(HERE / "cases.json").write_text(f'{{"opencv": "{cv2.__version__}", "cases": [\n{text}\n]}}\n')
