"""Scenes for the trainer: composed from pre-rendered sprites, tokenised in bulk.

The scene generator (models/scenes, TypeScript) writes sprites and JSON lines; nothing here invents a scene.
Pictures are uint8 RGB of 252 x 252 pixels: 9 x 9 cells of 28.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

CELL = 28
SIDE = 252
GRID = 9


class World:
    """Sprites and grounds, and pictures composed of them."""

    def __init__(self, folder):
        with open(os.path.join(folder, "world.json"), encoding="utf-8") as f:
            meta = json.load(f)
        self.vocabulary = meta["vocabulary"]
        self.sprites = {}
        for side in (3, 5):
            n = side * CELL
            data = np.fromfile(os.path.join(folder, f"sprites-{side}.bin"), dtype=np.uint8)
            self.sprites[side] = data.reshape(meta["classes"], meta["colours"], n, n, 4)
        self.grounds = []
        for g in meta["grounds"]:
            picture = np.empty((SIDE, SIDE, 3), np.uint8)
            picture[:] = g["top"]
            if g["horizon"] < GRID:
                picture[g["horizon"] * CELL :] = g["bottom"]
            self.grounds.append(picture)

    def compose(self, objects, ground, shift=(0, 0)):
        """Objects are [class, colour (0: its own), y, x, side in cells]; returns (252, 252, 3) uint8."""
        picture = self.grounds[ground].copy()
        for cls, colour, y, x, side in objects:
            sprite = self.sprites[side][cls, colour]
            n = side * CELL
            y, x = y + shift[0], x + shift[1]
            y0, x0, y1, x1 = max(y, 0), max(x, 0), min(y + n, SIDE), min(x + n, SIDE)
            part = sprite[y0 - y : y1 - y, x0 - x : x1 - x]
            under = picture[y0:y1, x0:x1]
            alpha = 255 - part[..., 3:].astype(np.uint16)
            np.add((under * alpha + 127) // 255, part[..., :3], out=under, casting="unsafe")
        return picture

    def batch(self, records, key="o", shift=False, rng=None):
        """(b, 3, 252, 252) float in [-1, 1]."""
        out = np.empty((len(records), SIDE, SIDE, 3), np.uint8)
        for i, r in enumerate(records):
            offset = tuple(rng.integers(-14, 15, 2)) if shift else (0, 0)
            out[i] = self.compose(r[key], r["g"], offset)
        return to_float(torch.from_numpy(out))


def to_float(pictures):
    """(b, h, w, 3) uint8 to (b, 3, h, w) float in [-1, 1]."""
    return pictures.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def read(folder, name, limit=None):
    records = []
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        for line in f:
            records.append(json.loads(line))
            if limit and len(records) >= limit:
                break
    return records


def canvas(pictures, height, width):
    """The square scene in the middle of a canvas, the ground running on beside it: (b, 3, height, width)."""
    top, left = (height - SIDE) // 2, (width - SIDE) // 2
    if not top and not left:
        return pictures
    return F.pad(pictures, (left, width - SIDE - left, top, height - SIDE - top), mode="replicate")


def at_256(pictures):
    """The default picture: 256 x 256, as the runtime resizes the decoder's 252 x 252."""
    return F.interpolate(pictures, size=(256, 256), mode="bicubic", align_corners=False).clamp_(-1, 1)


def through_256(pictures):
    """What a picture of 256 x 256 looks like at 252: the blur of two resizes."""
    back = F.interpolate(at_256(pictures), size=(SIDE, SIDE), mode="bicubic", align_corners=False)
    return back.clamp_(-1, 1)


def reference(pictures):
    """The source of an edit at 504 x 504, as the runtime resizes a picture of 256 x 256 (bilinear)."""
    return F.interpolate(at_256(pictures), size=(504, 504), mode="bilinear", align_corners=False)


def patches(pictures):
    """(b, 3, h, w) to (b, h/28 * w/28, 4 * 588): the merge groups of 2 x 2 patches of 14, row by row.

    Inside a group the order is that of the Qwen2-VL processor: patch row, patch column, channel, y, x.
    """
    b, c, h, w = pictures.shape
    x = pictures.reshape(b, c, h // 28, 2, 14, w // 28, 2, 14)
    return x.permute(0, 2, 5, 3, 6, 1, 4, 7).reshape(b, (h // 28) * (w // 28), 4 * 588)
