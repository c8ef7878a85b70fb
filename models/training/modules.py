"""The networks of Nexus-Gen nano. Every forward is plain enough for the ONNX exporter."""
import math

import torch
import torch.nn.functional as F
from torch import nn

D = 256
GRID = 9
PATCH = 16


class RMSNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class SwiGLU(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up = nn.Linear(dim, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def forward(self, x):
        a, b = self.up(x).chunk(2, dim=-1)
        return self.down(F.silu(a) * b)


def rotate(x, cos, sin):
    """Rotary embedding; x (b, heads, s, d), cos and sin broadcastable to (b, 1, s, d/2)."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def attend(q, k, v, bias=None):
    scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(q.shape[-1])
    if bias is not None:
        scores = scores + bias
    return torch.matmul(scores.softmax(-1), v)


class VisionEncoder(nn.Module):
    """Merge groups of four patches to tokens of unit root mean square.

    Each token sees its own 28 x 28 pixels alone. A token then depends on what stands in its cell and on
    nothing else, which makes the embeddings a small vocabulary that the autoregressive model can learn.
    """

    def __init__(self):
        super().__init__()
        self.patch = nn.Linear(588, 192)
        self.hidden = nn.Linear(768, 768)
        self.out = nn.Linear(768, D)
        self.skip = nn.Linear(768, D)

    def forward(self, groups):
        """groups (b, n, 4 * 588) in [-1, 1] to (b, n, D)."""
        x = self.patch(groups.reshape(groups.shape[:-1] + (4, 588)))
        x = x.reshape(x.shape[:-2] + (768,))
        x = self.skip(x) + self.out(F.gelu(self.hidden(x)))
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


class LanguageModel(nn.Module):
    """A decoder-only transformer with multimodal rotary positions.

    Of the three position ids, t counts along the sequence; the height and width axes rotate by (h - t) and
    (w - t), which are an image token's row and column and zero for text: two images in one sequence are then
    aligned cell by cell, whatever stands between them.
    """

    HEADS, HEAD_DIM, LAYERS, HIDDEN = 8, 32, 6, 768

    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, D)
        nn.init.normal_(self.embed.weight, std=0.5)
        self.layers = nn.ModuleList()
        for _ in range(self.LAYERS):
            layer = nn.Module()
            layer.norm1, layer.norm2 = RMSNorm(D), RMSNorm(D)
            layer.qkv = nn.Linear(D, 3 * D, bias=False)
            layer.qnorm, layer.knorm = RMSNorm(self.HEAD_DIM), RMSNorm(self.HEAD_DIM)
            layer.proj = nn.Linear(D, D, bias=False)
            layer.mlp = SwiGLU(D, self.HIDDEN)
            nn.init.zeros_(layer.proj.weight)
            nn.init.zeros_(layer.mlp.down.weight)
            self.layers.append(layer)
        self.norm = RMSNorm(D)
        self.head = nn.Linear(D, vocabulary, bias=False)
        self.vision_head = nn.Linear(D, D, bias=False)
        self.prefill = nn.Parameter(torch.randn(GRID * GRID, D) * 0.5)
        # Radians per step: 4 pairs along the sequence, 6 down the rows, 6 across the columns.
        self.register_buffer("freq_t", torch.tensor([1.0, 0.25, 0.0625, 0.0156]))
        self.register_buffer("freq_xy", torch.tensor([1.6, 1.1, 0.75, 0.5, 0.34, 0.17]))

    def angles(self, position_ids):
        p = position_ids.float()
        t, h, w = p[0], p[1] - p[0], p[2] - p[0]
        a = torch.cat(
            (t[..., None] * self.freq_t, h[..., None] * self.freq_xy, w[..., None] * self.freq_xy), dim=-1
        )[:, None]
        return a.cos(), a.sin()

    def forward(self, inputs_embeds, position_ids, bias, past=None):
        """inputs_embeds (b, s, D), position_ids (3, b, s), bias (b, 1, s, past + s) added to the scores.

        Returns hidden states (b, s, D) after the last norm, and keys and values per layer.
        """
        b, s, _ = inputs_embeds.shape
        cos, sin = self.angles(position_ids)
        x = inputs_embeds
        present = []
        for i, layer in enumerate(self.layers):
            qkv = layer.qkv(layer.norm1(x)).reshape(b, s, 3, self.HEADS, self.HEAD_DIM).permute(2, 0, 3, 1, 4)
            q = rotate(layer.qnorm(qkv[0]), cos, sin)
            k = rotate(layer.knorm(qkv[1]), cos, sin)
            v = qkv[2]
            if past is not None:
                k = torch.cat((past[2 * i], k), dim=2)
                v = torch.cat((past[2 * i + 1], v), dim=2)
            present += [k, v]
            y = attend(q, k, v, bias).transpose(1, 2).reshape(b, s, D)
            x = x + layer.proj(y)
            x = x + layer.mlp(layer.norm2(x))
        return self.norm(x), present


def neighbourhood(embeds, coords, grid, reach):
    """The cells round each decoder token, and where in them the token lies.

    embeds (b, grid * grid, C), coords (n, 2) in the unit square as (y, x); reach 2: the 2 x 2 nearest cells,
    3: 3 x 3. Returns (b, n, reach * reach * C) and offsets (n, 2) from the first (2) or middle (3) cell.
    Outside the square the edge cells repeat.
    """
    u = coords * grid - 0.5
    base = torch.floor(u) if reach == 2 else torch.floor(u + 0.5)
    offset = u - base
    first = base if reach == 2 else base - 1
    parts = []
    for dy in range(reach):
        for dx in range(reach):
            y = (first[:, 0] + dy).clamp(0, grid - 1)
            x = (first[:, 1] + dx).clamp(0, grid - 1)
            parts.append(embeds[:, (y * grid + x).long()])
    return torch.cat(parts, dim=-1), offset


def phase(offset):
    """(n, 2) offsets in cells to (n, 18) smooth features."""
    k = torch.arange(1, 5, device=offset.device, dtype=torch.float32) * math.pi
    a = offset[..., None] * k
    return torch.cat((offset, a.sin().flatten(1), a.cos().flatten(1)), dim=-1)


class Projector(nn.Module):
    """Embeddings on a grid, moved in place to the decoder's tokens: (b, grid * grid, D) to (b, n, D)."""

    def __init__(self, grid, reach, inner=None, hidden=1024):
        super().__init__()
        self.grid, self.reach = grid, reach
        self.reduce = nn.Linear(D, inner) if inner else None
        self.first = nn.Linear(reach * reach * (inner or D) + 18, hidden)
        self.second = nn.Linear(hidden, D)
        # The picture as the embeddings alone have it; also what stage 1 trains the encoder with.
        self.direct = nn.Linear(D, 3 * PATCH * PATCH)

    def forward(self, embeds, coords):
        if self.reduce is not None:
            embeds = self.reduce(embeds)
        x, offset = neighbourhood(embeds, coords, self.grid, self.reach)
        features = phase(offset).to(x.dtype).expand(x.shape[0], -1, -1)
        return self.second(F.gelu(self.first(torch.cat((x, features), dim=-1))))


class EditingProjector(nn.Module):
    """Target embeddings (81) and source embeddings (324), merged at the decoder's tokens."""

    def __init__(self):
        super().__init__()
        self.target = Projector(GRID, 2)
        self.source = Projector(2 * GRID, 3, inner=128)
        # The source at the target's own resolution, so that "the same here?" is one comparison.
        self.coarse = nn.Linear(4 * D, D)
        self.merge = nn.Linear(3 * D, 2 * D)
        self.out = nn.Linear(2 * D, D)
        self.direct = nn.Linear(D, 3 * PATCH * PATCH)

    def forward(self, embeds, source, coords):
        b = source.shape[0]
        groups = source.reshape(b, GRID, 2, GRID, 2, D).permute(0, 1, 3, 2, 4, 5).reshape(b, GRID * GRID, 4 * D)
        same = self.target(self.coarse(groups), coords)
        x = torch.cat((self.target(embeds, coords), self.source(source, coords), same), dim=-1)
        return self.out(F.gelu(self.merge(x)))


class Decoder(nn.Module):
    """Flow matching in pixel space on 16 x 16 patches; the network predicts the clean picture.

    The velocity is (z - x) / sigma with z = (1 - sigma) x + sigma noise. Each patch carries the embeddings
    that lie at its own place: with positions apart, the correspondence is not learned in reasonable time.
    """

    HEADS, DEPTH, HIDDEN = 8, 5, 640

    def __init__(self):
        super().__init__()
        self.into = nn.Linear(3 * PATCH * PATCH, D)
        self.time = nn.Sequential(nn.Linear(64, D), nn.SiLU(), nn.Linear(D, 6 * D))
        self.tables = nn.Parameter(torch.randn(self.DEPTH, 6, D) * 0.02)
        self.blocks = nn.ModuleList()
        for _ in range(self.DEPTH):
            block = nn.Module()
            block.norm1, block.norm2 = RMSNorm(D), RMSNorm(D)
            block.qkv = nn.Linear(D, 3 * D, bias=False)
            block.qnorm, block.knorm = RMSNorm(32), RMSNorm(32)
            block.proj = nn.Linear(D, D, bias=False)
            block.mlp = SwiGLU(D, self.HIDDEN)
            nn.init.zeros_(block.proj.weight)
            nn.init.zeros_(block.mlp.down.weight)
            self.blocks.append(block)
        self.norm = RMSNorm(D)
        self.head = nn.Linear(D, 3 * PATCH * PATCH)
        nn.init.zeros_(self.head.weight)
        self.direct = nn.Linear(D, 3 * PATCH * PATCH)
        self.register_buffer("freq", torch.tensor([1.6, 1.1, 0.75, 0.5, 0.34, 0.23, 0.15, 0.1]))

    def clean(self, latents, timestep, cond, img_ids):
        """The clean picture's patches (b, n, 768) as predicted from latents (b, 3, h, w) at timestep (b)."""
        b, _, h, w = latents.shape
        rows, cols = h // PATCH, w // PATCH
        z = latents.reshape(b, 3, rows, PATCH, cols, PATCH).permute(0, 2, 4, 1, 3, 5)
        x = self.into(z.reshape(b, rows * cols, 3 * PATCH * PATCH)) + cond
        k = torch.exp(torch.arange(32, device=x.device, dtype=torch.float32) * (-math.log(1000.0) / 31))
        a = timestep[:, None].float() * 1000.0 * k
        t = self.time(torch.cat((a.sin(), a.cos()), dim=-1)).reshape(b, 6, D)
        p = img_ids.float()
        a = torch.cat((p[:, :1] * self.freq, p[:, 1:] * self.freq), dim=-1)[None, None]
        cos, sin = a.cos(), a.sin()
        n = rows * cols
        for i, block in enumerate(self.blocks):
            m = (t + self.tables[i])[:, :, None]
            y = block.norm1(x) * (1 + m[:, 0]) + m[:, 1]
            qkv = block.qkv(y).reshape(b, n, 3, self.HEADS, 32).permute(2, 0, 3, 1, 4)
            y = attend(rotate(block.qnorm(qkv[0]), cos, sin), rotate(block.knorm(qkv[1]), cos, sin), qkv[2])
            x = x + (1 + m[:, 2]) * block.proj(y.transpose(1, 2).reshape(b, n, D))
            y = block.norm2(x) * (1 + m[:, 3]) + m[:, 4]
            x = x + (1 + m[:, 5]) * block.mlp(y)
        return self.head(self.norm(x)) + self.direct(cond)

    def forward(self, latents, timestep, cond, img_ids):
        """Velocity of the shape of latents."""
        b, _, h, w = latents.shape
        x = unpatch(self.clean(latents, timestep, cond, img_ids), h, w).float()
        return (latents - x) / timestep.clamp(min=1e-3)[:, None, None, None]


def patch(pictures):
    """(b, 3, h, w) to (b, n, 768)."""
    b, _, h, w = pictures.shape
    x = pictures.reshape(b, 3, h // PATCH, PATCH, w // PATCH, PATCH).permute(0, 2, 4, 1, 3, 5)
    return x.reshape(b, -1, 3 * PATCH * PATCH)


def unpatch(x, h, w):
    b = x.shape[0]
    x = x.reshape(b, h // PATCH, w // PATCH, 3, PATCH, PATCH).permute(0, 3, 1, 4, 2, 5)
    return x.reshape(b, 3, h, w)


def geometry(height, width):
    """coords (n, 2) of the decoder's tokens in the unit square of the scene, and img_ids (n, 2)."""
    rows, cols = height // PATCH, width // PATCH
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(cols), indexing="ij")
    ids = torch.stack((y.flatten(), x.flatten()), dim=-1)
    short = min(height, width)
    centre = (ids.float() + 0.5) * PATCH
    origin = torch.tensor([(height - short) / 2, (width - short) / 2])
    return (centre - origin) / short, ids.float()
