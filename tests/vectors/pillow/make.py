"""Writes vectors.bin.gz and cases.json: what Pillow's resize gives for seeded images.

Needs `pip install "pillow<13" numpy`: from 13.0 on Pillow runs the vertical pass first where the height shrinks
much more than the width (pull request 9549), which changes last digits; the published scores are older. The images
come from the generator below, which eval/metrics/resample.test.ts repeats, so that only the outputs are stored: one
after the other, as raw bytes, in the order of cases.json. The same script gives the same files.
"""

import gzip
import json
import pathlib

import numpy as np
import PIL
from PIL import Image

HERE = pathlib.Path(__file__).parent
FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}
SIZES = [
    # shrink, by whole and odd factors
    (64, 48, 32, 24), (61, 47, 20, 13), (97, 31, 7, 29), (33, 120, 31, 9), (128, 128, 3, 3), (57, 57, 56, 56),
    # grow
    (7, 5, 31, 23), (16, 9, 33, 40), (3, 3, 28, 28), (13, 2, 14, 37),
    # one axis only, and none
    (41, 23, 41, 11), (41, 23, 17, 23), (29, 31, 29, 31), (23, 41, 23, 60),
    # one pixel
    (1, 1, 9, 7), (1, 17, 1, 5), (19, 1, 6, 1), (37, 29, 1, 1), (2, 1, 5, 3), (25, 25, 1, 30),
    # shrink one axis, grow the other
    (50, 10, 20, 30), (11, 70, 45, 8),
    # long and thin, large factors
    (300, 4, 11, 5), (4, 300, 5, 13),
]
# Larger ones: the sizes that the evaluators meet.
LARGE = [(96, 72, 56, 42), (75, 100, 48, 64)]


def image(mode, width, height, seed):
    """Noise of a 32-bit linear congruential generator; every third image is smooth, every third has hard edges."""
    n = width * height * CHANNELS[mode]
    state, values = seed & 0xFFFFFFFF, bytearray(n)
    for i in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        byte = state >> 24
        if seed % 3 == 1:
            byte = (i * 255 // n + (byte >> 4)) & 255
        elif seed % 3 == 2:
            byte = 255 if byte > 127 else 0
        values[i] = byte
    array = np.frombuffer(bytes(values), np.uint8)
    shape = (height, width) if mode == "L" else (height, width, CHANNELS[mode])
    return Image.fromarray(array.reshape(shape), mode)


def main():
    assert int(PIL.__version__.split(".")[0]) < 13, PIL.__version__
    cases, outputs, seed = [], [], 0
    plan = [(m, f, s) for m in ("L", "RGB") for f in FILTERS for s in SIZES]
    plan += [("RGB", f, s) for f in FILTERS for s in LARGE]
    plan += [("RGBA", f, s) for f in ("bicubic", "lanczos") for s in SIZES[::2]]
    for mode, name, (w, h, ow, oh) in plan:
        seed += 1
        result = image(mode, w, h, seed).resize((ow, oh), FILTERS[name])
        assert result.mode == mode
        cases.append([mode, name, w, h, ow, oh, seed])
        outputs.append(result.tobytes())
    (HERE / "vectors.bin.gz").write_bytes(gzip.compress(b"".join(outputs), 9, mtime=0))
    text = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "cases.json").write_text(f'{{"pillow": "{PIL.__version__}", "cases": [\n{text}\n]}}\n')
    print(len(cases), "cases,", sum(map(len, outputs)), "bytes")


if __name__ == "__main__":
    main()
