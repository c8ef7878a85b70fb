"""What befalls a picture between its scene and its measurement: resizes, blur, noise, compression, ghosts.

Evaluators look at pictures that a model has drawn, so they are trained on pictures as imperfect as those.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

from data import SIDE, at_256


def discrete_cosines():
    """The orthonormal DCT of eight samples, as JPEG has it: (8, 8)."""
    k, n = torch.arange(8.0)[:, None], torch.arange(8.0)[None]
    basis = torch.cos(math.pi * (n + 0.5) * k / 8) * 0.5
    basis[0] *= math.sqrt(0.5)
    return basis


DCT = discrete_cosines()


# Both axes at once: (64, 64), for blocks row by row.
BLOCK = torch.kron(DCT, DCT)
ORDER = 1 + (torch.arange(8.0)[:, None] + torch.arange(8.0)[None]).reshape(64)
NOISE = torch.randn(16, 3, SIDE, SIDE)


def quantised(pictures, step):
    """Rounds the frequencies of blocks of 8 x 8 pixels as JPEG does, finer frequencies more coarsely.

    pictures (b, 3, h, w) in [-1, 1], h and w multiples of 8; step of the lowest frequency, in the same range.
    """
    b, c, h, w = pictures.shape
    x = pictures.reshape(b, c, h // 8, 8, w // 8, 8).transpose(3, 4).reshape(-1, 64)
    x = torch.round(x @ BLOCK.T / (step * ORDER)) * (step * ORDER)
    return (x @ BLOCK).reshape(b, c, h // 8, w // 8, 8, 8).transpose(3, 4).reshape(b, c, h, w)


def blurred(pictures, times):
    """The binomial blur of three pixels, so many times: each adds half a pixel to the variance."""
    x = pictures.clone()
    for _ in range(times):
        x[:, :, 1:-1] = 0.5 * x[:, :, 1:-1] + 0.25 * (x[:, :, 2:] + x[:, :, :-2])
        x[..., 1:-1] = 0.5 * x[..., 1:-1] + 0.25 * (x[..., 2:] + x[..., :-2])
    return x


def spoil(pictures, rng, ghosts=0.3):
    """Each picture in its own measure, some not at all: (b, 3, 252, 252) in [-1, 1] to the same.

    ghosts: how strongly, at most, the next picture of the batch shines through.
    """
    b = len(pictures)

    def some(share):
        """Which pictures, a number in [0, 1] for each."""
        chosen = torch.from_numpy(np.flatnonzero(rng.random(b) < share))
        return chosen, torch.from_numpy(rng.random(len(chosen))).float()[:, None, None, None]

    x = pictures.clone()
    if ghosts:
        which, level = some(0.5)
        x[which] = torch.lerp(pictures[which], pictures[(which + 1) % b], ghosts * level.pow(2))
    which, _ = some(0.25)
    x[which] = resized(at_256(x[which]))
    which, _ = some(0.15)
    x[which] = resized(quantised(at_256(x[which]), rng.uniform(0.02, 0.1)))
    which, level = some(0.25)
    x[which] = torch.lerp(x[which], blurred(x[which], rng.integers(1, 5)), level)
    which, level = some(0.4)
    # Drawn anew, noise would take longer than all the rest.
    noise = NOISE[rng.integers(0, len(NOISE), len(which))].roll(tuple(rng.integers(0, SIDE, 2)), (2, 3))
    coarse = torch.randn(len(which), 3, 18, 18) * (0.08 * level.pow(2))
    coarse = F.interpolate(coarse, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    light = 1 + 0.1 * (level - 0.5)
    x[which] = x[which] * light + noise * (0.08 * level.pow(2)) + coarse + 0.03 * torch.randn(len(which), 3, 1, 1) * level
    return x.clamp_(-1, 1)


def resized(pictures):
    return F.interpolate(pictures, size=(SIDE, SIDE), mode="bicubic", align_corners=False)
