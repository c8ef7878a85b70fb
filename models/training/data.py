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
    """Sprites and grounds on a device, and pictures composed of them there."""

    # Objects may stand over the edge by as much: a shift of half a cell and the jitter.
    MARGIN = 24

    def __init__(self, folder, device="cpu"):
        with open(os.path.join(folder, "world.json"), encoding="utf-8") as f:
            meta = json.load(f)
        self.device = device
        self.vocabulary, self.names = meta["vocabulary"], meta["names"]
        self.colours, self.classes, self.styles = meta["colours"], meta["classes"], meta["styles"]
        self.sprites = {}
        for side in (3, 5):
            n = side * CELL
            data = np.fromfile(os.path.join(folder, f"sprites-{side}.bin"), dtype=np.uint8)
            self.sprites[side] = torch.from_numpy(data).reshape(-1, n, n, 4).to(device)
        grounds = torch.empty(len(meta["grounds"]), SIDE, SIDE, 3, dtype=torch.uint8)
        for picture, g in zip(grounds, meta["grounds"]):
            picture[:] = torch.tensor(g["top"], dtype=torch.uint8)
            if g["horizon"] < GRID:
                picture[g["horizon"] * CELL :] = torch.tensor(g["bottom"], dtype=torch.uint8)
        self.grounds = grounds.to(device)

    def sprite(self, side, cls, colour):
        """(n, n, 4) uint8 in main memory, premultiplied, of the first style."""
        return self.sprites[side][cls * self.colours + colour].cpu().numpy()

    def ground(self, index):
        """(252, 252, 3) uint8 in main memory, to draw on."""
        return self.grounds[index].cpu().numpy().copy()

    def plan(self, records, key="o", shifts=None):
        """Where which sprites go, for draw(); in main memory, so that another process can make it.

        A record's objects are [class, colour (0: its own), y, x, side in cells] under `key` ("o" or "o2"), its
        ground is under "g", its style (0 where none is given) under "s" or "s2". shifts (b, 2): pixels.
        """
        m, style = self.MARGIN, key.replace("o", "s")
        wide = SIDE + 2 * m
        layers = []
        for slot in range(max(len(r[key]) for r in records)):
            drawn = {side: [] for side in self.sprites}
            for i, r in enumerate(records):
                if slot < len(r[key]):
                    cls, colour, y, x, side = r[key][slot]
                    dy, dx = (0, 0) if shifts is None else shifts[i]
                    sprite = (r.get(style, 0) * self.classes + cls) * self.colours + colour
                    drawn[side].append((sprite, (i * wide + y + dy + m) * wide + x + dx + m))
            layers += [(side, torch.tensor(places).T) for side, places in drawn.items() if places]
        return torch.tensor([r["g"] for r in records]), layers

    def compose(self, plan):
        """Pictures (b, 252, 252, 3) uint8 on the device, object by object, all scenes at once."""
        grounds, layers = plan
        m = self.MARGIN
        wide = SIDE + 2 * m
        canvas = torch.zeros(len(grounds), wide, wide, 3, dtype=torch.uint8, device=self.device)
        canvas[:, m:-m, m:-m] = self.grounds[grounds.to(self.device)]
        pixels = canvas.view(-1, 3)
        for side, places in layers:
            which, corner = places.to(self.device)
            square = torch.arange(side * CELL, device=self.device)
            at = corner[:, None, None] + square[:, None] * wide + square
            part = self.sprites[side][which].to(torch.int32)
            under = pixels[at].to(torch.int32)
            over = (under * (255 - part[..., 3:]) + 127) // 255 + part[..., :3]
            pixels[at] = over.to(torch.uint8)
        return canvas[:, m:-m, m:-m]

    def draw(self, plan):
        """(b, 3, 252, 252) float in [-1, 1], on the device."""
        return to_float(self.compose(plan))

    def batch(self, records, key="o", shift=False, rng=None):
        """Planned and drawn; shift: by up to half a cell."""
        shifts = rng.integers(-14, 15, (len(records), 2)).tolist() if shift else None
        return self.draw(self.plan(records, key, shifts))


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
