"""The networks of Nexus-Gen nano. Every forward is plain enough for the ONNX exporter."""
import math

import torch
import torch.nn.functional as F
from torch import nn

D = 256
SEEN = 64
SHOWN = D - SEEN
GRID = 9
PATCH = 14
PIXELS = 3 * PATCH * PATCH


class Normalise(torch.autograd.Function):
    """RMSNorm with its own backward: a fifth of the time of autograd's on a CPU, and no copies in single precision."""

    @staticmethod
    def forward(ctx, x, weight):
        norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        scale = (norm.pow(2) / x.shape[-1] + 1e-6).rsqrt().to(x.dtype)
        unit = x * scale
        ctx.save_for_backward(unit, scale, weight)
        return unit * weight.to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        unit, scale, weight = ctx.saved_tensors
        of_weight = (grad * unit).flatten(0, -2).sum(0, dtype=torch.float32)
        grad = grad * weight.to(grad.dtype)
        return (grad - unit * (grad * unit).mean(-1, keepdim=True)) * scale, of_weight


class RMSNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        if torch.is_grad_enabled():
            return Normalise.apply(x, self.weight)
        scale = torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6)
        return x * scale.to(x.dtype) * self.weight.to(x.dtype)


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
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def attend(q, k, v, bias=None):
    scores = torch.matmul(q * (1 / math.sqrt(q.shape[-1])), k.transpose(-1, -2))
    if bias is not None:
        # Not promoted: a bias in single precision makes the whole attention six times slower under autocast.
        scores = scores + bias.to(scores.dtype)
    return torch.matmul(scores.softmax(-1), v)


class VisionEncoder(nn.Module):
    """Merge groups of four patches to tokens of two parts.

    What a cell shows (SHOWN numbers): one linear map of its own 28 x 28 pixels, the principal components of
    the world's cells, partly whitened. It depends on what stands in the cell and on nothing else, which makes
    it a vocabulary that the autoregressive model can learn to write.
    What is seen there (SEEN numbers): a small convolutional network over the grid of cells, trained to tell
    class, colour and centre of the object that a cell belongs to. It is what the autoregressive model reads.
    """

    DEPTH, HIDDEN, AMPLITUDE = 3, 512, 1.5

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4 * 588, SHOWN)
        self.register_buffer("deviation", torch.ones(SHOWN))
        self.into = nn.Linear(SHOWN, D)
        self.blocks = nn.ModuleList()
        for _ in range(self.DEPTH):
            block = nn.Module()
            block.norm1, block.norm2 = RMSNorm(D), RMSNorm(D)
            block.mix = nn.Conv2d(D, D, 5, padding=2, groups=D)
            block.mlp = SwiGLU(D, self.HIDDEN)
            nn.init.zeros_(block.mlp.down.weight)
            self.blocks.append(block)
        self.norm = RMSNorm(D)
        self.sense = nn.Linear(D, SEEN, bias=False)

    def forward(self, groups, rows, columns, noise=0.0):
        """groups (b, rows * columns, 4 * 588) in [-1, 1] to (b, rows * columns, D); noise is for training."""
        shown = self.out(groups)
        x = shown / self.deviation
        if noise:
            x = x + noise * torch.randn_like(x)
        x = self.into(x)
        for block in self.blocks:
            y = block.norm1(x).transpose(1, 2).reshape(-1, D, rows, columns)
            x = x + block.mix(y).flatten(2).transpose(1, 2)
            x = x + block.mlp(block.norm2(x))
        seen = self.sense(self.norm(x)).float()
        seen = seen * torch.rsqrt(seen.pow(2).mean(-1, keepdim=True) + 1e-6) * self.AMPLITUDE
        return torch.cat((shown, seen.to(shown.dtype)), dim=-1)


class CellReader(nn.Module):
    """Class, colour, centre and style of the object in a cell, told from what is seen there; for training alone."""

    CLASSES, COLOURS, STYLES = 80, 11, 3

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(SEEN, 1 + self.CLASSES + self.COLOURS + 1)
        self.style = nn.Linear(SEEN, self.STYLES)

    def forward(self, seen):
        """seen (n, SEEN) to logits of class (0 is the ground), colour (0 is the object's own), centre and style."""
        logits = self.out(seen.float())
        return *logits.split([1 + self.CLASSES, self.COLOURS, 1], dim=-1), self.style(seen.float())


class WordReader(nn.Module):
    """Colour and place of what a word points at, told from the word's state; for training alone."""

    COLOURS, PLACES = 11, 9

    def __init__(self):
        super().__init__()
        self.norm = RMSNorm(D)
        self.out = nn.Linear(D, self.COLOURS + self.PLACES)

    def forward(self, states):
        """states (n, D) to logits of colour (0 is the object's own) and place (3 x 3, row by row)."""
        return self.out(self.norm(states)).float().split([self.COLOURS, self.PLACES], dim=-1)


class VisionHead(nn.Module):
    """A linear map without bias whose rows are scaled by what they predict.

    Components of the embeddings differ in size by a factor of twenty; with rows of their scale, one learning
    rate suits all.
    """

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(D, D) * 0.01)
        self.register_buffer("scale", torch.ones(D))

    def forward(self, hidden_states):
        return F.linear(hidden_states, self.weight * self.scale[:, None])


class LanguageModel(nn.Module):
    """A decoder-only transformer with multimodal rotary positions.

    Of the three position ids, t counts along the sequence; the height and width axes rotate by (h - t) and
    (w - t), which are an image token's row and column and zero for text: two images in one sequence are then
    aligned cell by cell, whatever stands between them. Five of the sixteen pairs of a head do not rotate: a
    word finds the cells that show it wherever they are. Values carry no position, so an image token's row and
    column are also added to its embedding: what attends to it then knows where it is.
    """

    HEADS, HEAD_DIM, LAYERS, HIDDEN = 8, 32, 6, 768
    # Heads that training shows where to look: from a word to cells, then from an answer to words.
    POINTING_LAYER, READING_LAYER, GUIDED_HEADS = 2, 3, 2

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
        self.prefill = nn.Parameter(torch.randn(GRID * GRID, D) * 0.5)
        # Radians per step: 4 pairs along the sequence, 6 down the rows, 6 across the columns.
        self.register_buffer("freq_t", torch.tensor([1.0, 0.25, 0.0625, 0.0]))
        self.register_buffer("freq_xy", torch.tensor([1.6, 1.1, 0.75, 0.5, 0.0, 0.0]))
        self.register_buffer("freq_place", torch.tensor([0.17, 0.34, 0.7, 1.4]))
        self.place = nn.Linear(16, D, bias=False)

    def places(self, position_ids):
        """What rows and columns add to the embeddings of image tokens; nothing to text, whose are zero."""
        p = position_ids.float()
        a = torch.cat([(p[i] - p[0])[..., None] * self.freq_place for i in (1, 2)], dim=-1)
        return self.place(torch.cat((a.sin(), 1 - a.cos()), dim=-1))

    def angles(self, position_ids):
        p = position_ids.float()
        t, h, w = p[0], p[1] - p[0], p[2] - p[0]
        a = torch.cat(
            (t[..., None] * self.freq_t, h[..., None] * self.freq_xy, w[..., None] * self.freq_xy), dim=-1
        )[:, None]
        return a.cos(), a.sin()

    def forward(self, inputs_embeds, position_ids, bias, past=None):
        """inputs_embeds (b, s, D), position_ids (3, b, s), bias (b, 1, s, past + s) added to the scores.

        Returns hidden states (b, s, D) after the last norm, and keys and values per layer. Queries and keys of
        the guided heads stay in `self.guided`, and the states after the pointing layer in `self.pointed`, which
        only training looks at.
        """
        b, s, _ = inputs_embeds.shape
        cos, sin = self.angles(position_ids)
        x = inputs_embeds + self.places(position_ids)
        present, self.guided = [], {}
        for i, layer in enumerate(self.layers):
            qkv = layer.qkv(layer.norm1(x)).reshape(b, s, 3, self.HEADS, self.HEAD_DIM).permute(2, 0, 3, 1, 4)
            q = rotate(layer.qnorm(qkv[0]), cos, sin)
            k = rotate(layer.knorm(qkv[1]), cos, sin)
            v = qkv[2]
            if past is not None:
                k = torch.cat((past[2 * i], k), dim=2)
                v = torch.cat((past[2 * i + 1], v), dim=2)
            present += [k, v]
            if i in (self.POINTING_LAYER, self.READING_LAYER):
                self.guided[i] = q[:, : self.GUIDED_HEADS], k[:, : self.GUIDED_HEADS]
            y = attend(q, k, v, bias).transpose(1, 2).reshape(b, s, D)
            x = x + layer.proj(y)
            x = x + layer.mlp(layer.norm2(x))
            if i == self.POINTING_LAYER:
                self.pointed = x
        return self.norm(x), present


def cells(coords, grid):
    """Index of the grid's cell that each of the coords (n, 2) in the unit square lies in; outside, the edge's."""
    c = torch.floor(coords * grid).clamp(0, grid - 1)
    return (c[:, 0] * grid + c[:, 1]).long()


def quadrants(coords):
    """Which quarter of its 9 x 9 cell each decoder token is: 0 to 3, row by row."""
    q = torch.floor(coords * (2 * GRID))
    q = q - 2 * torch.floor(q / 2)
    return (q[:, 0] * 2 + q[:, 1]).long()


class Projector(nn.Module):
    """81 embeddings in place at the decoder's tokens, each a quarter of a cell: (b, 81, D) to (b, n, D)."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(D, 4 * D)
        self.first = nn.Linear(D, 1024)
        self.second = nn.Linear(1024, 4 * D)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, embeds, coords):
        x = self.linear(embeds) + self.second(F.gelu(self.first(embeds)))
        x = x.reshape(embeds.shape[0], GRID * GRID * 4, D)
        return x[:, cells(coords, GRID) * 4 + quadrants(coords)]


class EditingProjector(nn.Module):
    """Target embeddings (81) and source embeddings (324), merged at the decoder's tokens.

    A source embedding covers exactly one decoder token.
    """

    def __init__(self):
        super().__init__()
        self.target = Projector()
        self.source = nn.Linear(D, D)
        self.merge = nn.Linear(2 * D, 4 * D)
        self.out = nn.Linear(4 * D, D)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        # How much of the source a token keeps: what is taken away would otherwise have to be cancelled exactly, and
        # stays as a ghost.
        self.keep = nn.Linear(4 * D, 1)
        nn.init.zeros_(self.keep.weight)
        nn.init.constant_(self.keep.bias, 2.0)

    def forward(self, embeds, source, coords):
        target = self.target(embeds, coords)
        source = self.source(source)[:, cells(coords, 2 * GRID)]
        x = F.gelu(self.merge(torch.cat((target - source, source), dim=-1)))
        return target + torch.sigmoid(self.keep(x)) * (source - target) + self.out(x)


class Decoder(nn.Module):
    """Flow matching in pixel space on 14 x 14 patches, a quarter of a cell each; the network predicts the clean picture.

    The velocity is (z - x) / sigma with z = (1 - sigma) x + sigma noise. Each patch carries the embeddings
    that lie at its own place: with positions apart, the correspondence is not learned in reasonable time.
    """

    HEADS, DEPTH, HIDDEN = 8, 5, 640

    def __init__(self):
        super().__init__()
        self.into = nn.Linear(PIXELS, D)
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
        self.head = nn.Linear(D, PIXELS)
        nn.init.zeros_(self.head.weight)
        self.direct = nn.Linear(D, PIXELS)
        self.register_buffer("freq", torch.tensor([1.6, 1.1, 0.75, 0.5, 0.34, 0.23, 0.15, 0.1]))

    def clean(self, latents, timestep, cond, img_ids):
        """The clean picture's patches (b, n, 588) as predicted from latents (b, 3, h, w) at timestep (b)."""
        b, _, h, w = latents.shape
        rows, cols = h // PATCH, w // PATCH
        z = latents.reshape(b, 3, rows, PATCH, cols, PATCH).permute(0, 2, 4, 1, 3, 5)
        x = self.into(z.reshape(b, rows * cols, PIXELS)) + cond
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
    """(b, 3, h, w) to (b, n, 588)."""
    b, _, h, w = pictures.shape
    x = pictures.reshape(b, 3, h // PATCH, PATCH, w // PATCH, PATCH).permute(0, 2, 4, 1, 3, 5)
    return x.reshape(b, -1, PIXELS)


def unpatch(x, h, w):
    b = x.shape[0]
    x = x.reshape(b, h // PATCH, w // PATCH, 3, PATCH, PATCH).permute(0, 3, 1, 4, 2, 5)
    return x.reshape(b, 3, h, w)


def geometry(height, width):
    """coords (n, 2) of the decoder's tokens in the unit square of the scene, and img_ids (n, 2)."""
    rows, cols = height // PATCH, width // PATCH
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(cols), indexing="ij")
    ids = torch.stack((y.flatten(), x.flatten()), dim=-1).float()
    short = min(height, width)
    origin = torch.tensor([(height - short) / 2, (width - short) / 2])
    return ((ids + 0.5) * PATCH - origin) / short, ids
