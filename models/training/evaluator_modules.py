"""The networks of nano's evaluators. Every forward is plain enough for the ONNX exporter.

All three begin with the same network over cells of 28 x 28 pixels, a Trunk of their own each.
"""
import torch
import torch.nn.functional as F
from torch import nn

from data import CELL, GRID, patches
from modules import PATCH, PIXELS, RMSNorm, SwiGLU, attend, patch

D = 192
HIDDEN = 384
HEADS = 6
COMPONENTS = 104
CLASSES, COLOURS = 80, 11
CONTEXT = 64
# sRGB of the world's default ground: what a detector's input is padded with is then ground.
GROUND = (205.0, 216.0, 228.0)


class Trunk(nn.Module):
    """Pictures to a token for each cell: principal components of its pixels, then depthwise convolutions."""

    DEPTH, INPUT = 3, 4 * 588

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(self.INPUT))
        self.register_buffer("components", torch.zeros(self.INPUT, COMPONENTS))
        self.register_buffer("variance", torch.ones(COMPONENTS))
        self.into = nn.Linear(COMPONENTS, D)
        self.blocks = nn.ModuleList()
        for _ in range(self.DEPTH):
            block = nn.Module()
            block.norm1, block.norm2 = RMSNorm(D), RMSNorm(D)
            block.mix = nn.Conv2d(D, D, 5, padding=2, groups=D)
            block.mlp = SwiGLU(D, HIDDEN)
            nn.init.zeros_(block.mlp.down.weight)
            self.blocks.append(block)
        self.norm = RMSNorm(D)

    def forward(self, pictures):
        """(b, 3, h, w) in [-1, 1], h and w multiples of 28, to (b, h / 28 * w / 28, D)."""
        rows, columns = pictures.shape[2] // CELL, pictures.shape[3] // CELL
        x = self.into(torch.matmul(patches(pictures) - self.mean, self.components))
        for block in self.blocks:
            y = block.norm1(x).transpose(1, 2).reshape(-1, D, rows, columns)
            x = x + block.mix(y).flatten(2).transpose(1, 2)
            x = x + block.mlp(block.norm2(x))
        return self.norm(x)


class Detector(nn.Module):
    """Every cell is a query; it is an object's where the object's centre lies in it.

    The probability of a class is that of a centre times that of the class among classes. The mask's logit is
    that of a pixel being part of anything, told from its surroundings, plus that of half a cell belonging to the
    query's object, in a window of seven cells around it.
    """

    FINE, FINE_COMPONENTS, WINDOW, OUTSIDE = 128, 128, 14, -12.0
    # Logits of masks are multiplied by this, which keeps the masks and raises the mean probability inside: edges
    # of thin things would else put the score of a certain object below GenEval's 0.9.
    SHARPNESS = 4.0

    def __init__(self):
        super().__init__()
        self.trunk = Trunk()
        self.reader = nn.Linear(D, CLASSES + COLOURS + 1)
        self.window = nn.Linear(D, self.WINDOW**2)
        self.register_buffer("mean", torch.zeros(PIXELS))
        self.register_buffer("components", torch.zeros(PIXELS, self.FINE_COMPONENTS))
        self.into = nn.Linear(self.FINE_COMPONENTS, self.FINE)
        self.context = nn.Linear(D, 4 * self.FINE)
        block = nn.Module()
        block.norm1, block.norm2 = RMSNorm(self.FINE), RMSNorm(self.FINE)
        block.mix = nn.Conv2d(self.FINE, self.FINE, 3, padding=1, groups=self.FINE)
        block.mlp = SwiGLU(self.FINE, 2 * self.FINE)
        self.blocks = nn.ModuleList([block])
        self.out = nn.Linear(self.FINE, (PATCH // 2) ** 2)

    def read(self, tokens):
        """Logits of class (b, q, 80), colour (b, q, 11; 0 is the object's own) and centre (b, q)."""
        logits = self.reader(tokens).float()
        classes, colours, centre = logits.split([CLASSES, COLOURS, 1], dim=-1)
        return classes, colours, centre[..., 0]

    def anything(self, pictures, tokens):
        """Logits of a pixel being part of an object, for pairs of pixels: (b, h / 2, w / 2)."""
        b, _, h, w = pictures.shape
        rows, columns = h // CELL, w // CELL
        x = self.into(torch.matmul(patch(pictures) - self.mean, self.components))
        context = self.context(tokens).reshape(b, rows, columns, 2, 2, self.FINE).permute(0, 1, 3, 2, 4, 5)
        x = x + context.reshape(b, 4 * rows * columns, self.FINE)
        for block in self.blocks:
            y = block.norm1(x).transpose(1, 2).reshape(b, self.FINE, 2 * rows, 2 * columns)
            x = x + block.mix(y).flatten(2).transpose(1, 2)
            x = x + block.mlp(block.norm2(x))
        x = self.out(x).float().reshape(b, 2 * rows, 2 * columns, PATCH // 2, PATCH // 2)
        return x.permute(0, 1, 3, 2, 4).reshape(b, h // 2, w // 2)

    def places(self, rows, columns):
        """For each query and half cell the place in its window, WINDOW ** 2 outside: (q, 4 q)."""
        n = self.WINDOW
        dy = torch.arange(2 * rows)[None] - 2 * torch.arange(rows)[:, None] + (n // 2 - 1)
        dx = torch.arange(2 * columns)[None] - 2 * torch.arange(columns)[:, None] + (n // 2 - 1)
        dy, dx = dy[:, None, :, None], dx[None, :, None, :]
        inside = (dy >= 0) & (dy < n) & (dx >= 0) & (dx < n)
        place = torch.where(inside, dy * n + dx, torch.full_like(dy * n + dx, n * n))
        return place.reshape(rows * columns, 4 * rows * columns)

    def windows(self, tokens, places, rows, columns):
        """Logits of pairs of pixels belonging to the query: tokens (n, D), places (n, 4 q) to (n, h / 2, w / 2)."""
        own = self.window(tokens).float()
        own = torch.cat((own, torch.full_like(own[:, :1], self.OUTSIDE)), dim=-1)
        own = own.gather(1, places).reshape(-1, 1, 2 * rows, 2 * columns)
        return F.interpolate(own, scale_factor=PATCH // 2, mode="bilinear", align_corners=False)[:, 0]

    def forward(self, pixel_values):
        """(1, 3, h, w), 0 for the default ground and 1 for 127.5 above it; the graph of an evaluator."""
        shift = torch.tensor(GROUND).reshape(1, 3, 1, 1) / 127.5 - 1
        pictures = pixel_values + shift
        rows, columns = pictures.shape[2] // CELL, pictures.shape[3] // CELL
        tokens = self.trunk(pictures)
        classes, _, centre = self.read(tokens)
        found = classes.log_softmax(-1) - F.softplus(-centre)[..., None]
        class_logits = torch.cat((found, -F.softplus(centre)[..., None]), dim=-1)
        masks = self.windows(tokens[0], self.places(rows, columns), rows, columns)
        return class_logits, ((masks + self.anything(pictures, tokens)) * self.SHARPNESS)[None]


class Layers(nn.Module):
    """A transformer that looks both ways; bias (b, 1, 1, s) is added to the scores.

    Its attention does not begin with nothing, as nano's does: two encoders whose outputs are constant teach each
    other nothing.
    """

    def __init__(self, depth):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(depth):
            layer = nn.Module()
            layer.norm1, layer.norm2 = RMSNorm(D), RMSNorm(D)
            layer.qkv = nn.Linear(D, 3 * D, bias=False)
            layer.proj = nn.Linear(D, D, bias=False)
            layer.mlp = SwiGLU(D, HIDDEN)
            nn.init.zeros_(layer.mlp.down.weight)
            self.layers.append(layer)
        self.norm = RMSNorm(D)

    def forward(self, x, bias=None):
        b, s, _ = x.shape
        for layer in self.layers:
            q, k, v = layer.qkv(layer.norm1(x)).reshape(b, s, 3, HEADS, D // HEADS).permute(2, 0, 3, 1, 4)
            x = x + layer.proj(attend(q, k, v, bias).transpose(1, 2).reshape(b, s, D))
            x = x + layer.mlp(layer.norm2(x))
        return self.norm(x)


class ImageEncoder(nn.Module):
    """A picture of 252 x 252 to the state of its class token, (b, D)."""

    def __init__(self, depth):
        super().__init__()
        self.trunk = Trunk()
        self.place = nn.Parameter(torch.randn(GRID * GRID, D) * 0.3)
        self.token = nn.Parameter(torch.randn(1, 1, D) * 0.3)
        self.transformer = Layers(depth)

    def forward(self, pictures, cells=None):
        """cells: which of the 81 cells a part of a picture shows, row by row; all by default."""
        place = self.place if cells is None else self.place[cells]
        x = self.trunk(pictures) + place
        x = torch.cat((self.token.expand(x.shape[0], -1, -1).to(x.dtype), x), dim=1)
        return self.transformer(x)[:, 0].float()


class ClipImage(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = ImageEncoder(2)
        self.out = nn.Linear(D, D, bias=False)

    def forward(self, pixel_values):
        """(b, 3, 252, 252) in [-1, 1] to (b, D), not normalised."""
        return self.out(self.encoder(pixel_values)).float()


class ClipText(nn.Module):
    """A text, framed by first and last token and padded with 0, to (b, D), not normalised."""

    def __init__(self, vocabulary):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, D)
        nn.init.normal_(self.embed.weight, std=0.5)
        self.place = nn.Parameter(torch.randn(CONTEXT, D) * 0.3)
        self.transformer = Layers(3)
        self.out = nn.Linear(D, D, bias=False)

    def forward(self, input_ids):
        """input_ids (b, s), s at most CONTEXT."""
        x = self.embed(input_ids) + self.place[: input_ids.shape[1]]
        bias = (input_ids == 0).float()[:, None, None] * -1e9
        return self.out(self.transformer(x, bias)[:, 0]).float()


class Clip(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.image, self.text = ClipImage(), ClipText(vocabulary)
        self.scale = nn.Parameter(torch.tensor(2.5))


class DinoHead(nn.Module):
    """Class token to logits over prototypes; for training alone."""

    PROTOTYPES, WIDTH = 768, 128

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(D, 512), nn.Linear(512, self.WIDTH)
        self.prototypes = nn.Parameter(torch.randn(self.PROTOTYPES, self.WIDTH))

    def forward(self, x):
        x = F.normalize(self.second(F.gelu(self.first(x))).float(), dim=-1)
        return x @ F.normalize(self.prototypes, dim=-1).T


class Evaluators(nn.Module):
    """All parts in one module, so that one file holds them."""

    def __init__(self, vocabulary):
        super().__init__()
        self.detector = Detector()
        self.clip = Clip(vocabulary)
        self.dino = ImageEncoder(1)
        self.dino_head = DinoHead()
        self.dino_teacher = ImageEncoder(1)
        self.dino_teacher_head = DinoHead()
        self.register_buffer("dino_centre", torch.zeros(DinoHead.PROTOTYPES))
