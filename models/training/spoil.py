"""What befalls a picture between its scene and its measurement: resizes, blur, noise, compression, ghosts.

Evaluators look at pictures that a model has drawn, so they are trained on pictures as imperfect as those.
"""
import math

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


def quantised(pictures, step):
    """Rounds the frequencies of blocks of 8 x 8 pixels as JPEG does, finer frequencies more coarsely.

    pictures (b, 3, h, w) in [-1, 1], h and w multiples of 8; step of the lowest frequency, in the same range.
    """
    b, c, h, w = pictures.shape
    x = pictures.reshape(b, c, h // 8, 8, w // 8, 8).transpose(3, 4)
    steps = step * (1 + torch.arange(8.0)[:, None] + torch.arange(8.0)[None])
    x = torch.round(DCT @ x @ DCT.T / steps) * steps
    return (DCT.T @ x @ DCT).transpose(3, 4).reshape(b, c, h, w)


def blurred(pictures, sigma):
    """Gaussian blur; sigma in pixels."""
    n = torch.arange(-3.0, 4.0)
    kernel = torch.exp(-(n**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).repeat(3, 1, 1, 1)
    x = F.pad(pictures, (3, 3, 3, 3), mode="replicate")
    x = F.conv2d(x, kernel, groups=3)
    return F.conv2d(x, kernel.transpose(2, 3), groups=3)


def spoil(pictures, rng, ghosts=0.3):
    """Each picture in its own measure, some not at all: (b, 3, 252, 252) in [-1, 1] to the same.

    ghosts: how strongly, at most, the next picture of the batch shines through.
    """
    b = len(pictures)
    each = lambda: torch.from_numpy(rng.random(b)).float()[:, None, None, None]  # noqa: E731
    x = pictures
    if rng.random() < 0.5:
        x = at_256(x)
        if rng.random() < 0.5:
            x = quantised(x, rng.uniform(0.02, 0.1))
        x = F.interpolate(x, size=(SIDE, SIDE), mode="bicubic", align_corners=False)
    if ghosts:
        x = torch.lerp(x, x.roll(1, 0), ghosts * each().pow(2) * (each() < 0.5))
    if rng.random() < 0.4:
        x = torch.lerp(x, blurred(x, rng.uniform(0.5, 1.6)), each())
    if rng.random() < 0.6:
        x = x + torch.randn_like(x) * (0.08 * each().pow(2))
        coarse = torch.randn(b, 3, 18, 18) * (0.08 * each().pow(2))
        x = x + F.interpolate(coarse, size=x.shape[2:], mode="bilinear", align_corners=False)
        x = x * (1 + 0.1 * (each() - 0.5)) + 0.03 * torch.randn(b, 3, 1, 1) * each()
    return x.clamp(-1, 1)
