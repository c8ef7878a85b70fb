"""Ablations of the paper that need models trained otherwise, at a small scale: writes their figures as JSON.

    python3 models/ablations/train.py [--minutes 2.5] [--data var/training] [--model models/nexus-gen-nano]

Scenes are composed of the sprites in --data (npm run model:data); texts are tokenised as the model's, and the figures go
into its folder `ablations`.

Every variant is a small autoregressive model from captions to image embeddings, trained from nothing with the same
data, size, seed and number of steps, and measured on held-out scenes:

- autoregression: *naive* (each embedding is read from the one before it, the true one in training, its own in use)
  against *prefilled* (learned embeddings in their place, so that no output depends on another), by token position.
- tokens: 25, 81 or 324 embeddings for one picture, each of 192 principal components of its cell.

The world is a part of nano's: ten classes in their own colours, red or blue, alone or two side by side, in English.
"""
import argparse
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "training"))
from data import CELL, SIDE, World  # noqa: E402
from modules import LanguageModel  # noqa: E402
from optim import optimisers  # noqa: E402
from sequences import image_loss  # noqa: E402
from text import BOI, IM_START, Text  # noqa: E402

SHOWN = 192
CLASSES, COLOURS = range(0, 80, 8), (0, 1, 5)
BATCH, TEXT, HELD_OUT = 24, 26, 256
GRIDS = (5, 9, 18)


class Small(LanguageModel):
    LAYERS, HIDDEN = 4, 512


def scene(rng):
    """One large object or two small ones side by side, and its caption's things as (class, colour)."""
    things = [(int(rng.choice(CLASSES)), int(rng.choice(COLOURS)))]
    if rng.random() < 0.5:
        other = int(rng.choice([c for c in CLASSES if c != things[0][0]]))
        things.append((other, int(rng.choice(COLOURS))))
    places = [(56, 56, 5)] if len(things) == 1 else [(84, 28, 3), (84, 140, 3)]
    return {"o": [[*t, *p] for t, p in zip(things, places)], "g": 0, "things": things}


class Cells:
    """Pictures as grids of cells, and cells as principal components scaled to the power 0.7 of their deviation."""

    def __init__(self, world, grid, rng):
        self.grid, self.cell = grid, SIDE // grid
        x = self.split(world.batch([scene(rng) for _ in range(400)])).flatten(0, 1)
        x = x[x.std(1) > 0.02]
        self.mean = x.mean(0)
        _, values, vectors = torch.pca_lowrank(x - self.mean, q=SHOWN, center=False, niter=4)
        values = values.pow(2) / len(x)
        scale = values.pow(0.15) * values.pow(0.7).mean().sqrt()
        self.into, self.back = vectors / scale, (vectors * scale).T
        self.deviation = values.sqrt() / scale

    def split(self, pictures):
        """(b, 3, 252, 252) to (b, grid², 3 · cell²); a grid of 5 sees 250 x 250 of it, resized."""
        n = self.grid * self.cell
        if n != SIDE:
            pictures = F.interpolate(pictures, size=(n, n), mode="bilinear", align_corners=False)
        x = pictures.reshape(len(pictures), 3, self.grid, self.cell, self.grid, self.cell)
        return x.permute(0, 2, 4, 1, 3, 5).reshape(len(pictures), self.grid**2, -1)

    def encode(self, pictures):
        return (self.split(pictures) - self.mean) @ self.into

    def decode(self, embeds):
        """(b, grid², 192) to (b, 3, 252, 252)."""
        n, g, c = len(embeds), self.grid, self.cell
        x = (embeds @ self.back + self.mean).reshape(n, g, g, 3, c, c).permute(0, 3, 1, 4, 2, 5)
        x = x.reshape(n, 3, g * c, g * c)
        if g * c != SIDE:
            x = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        return x.clamp(-1, 1)


class Captioner:
    """Captions as ids of one length, padded on the left."""

    def __init__(self, world, text):
        self.world, self.text = world, text

    def ids(self, scenes):
        ids = torch.zeros(len(scenes), TEXT, dtype=torch.long)
        mask = torch.zeros(len(scenes), TEXT, dtype=torch.bool)
        for i, s in enumerate(scenes):
            named = [self.world.vocabulary[110 * cls + 10 * colour] for cls, colour in s["things"]]
            row = [self.text.id[IM_START], *self.text.encode("a photo of " + " and ".join(named)), self.text.id[BOI]]
            ids[i, TEXT - len(row) :] = torch.tensor(row)
            mask[i, TEXT - len(row) :] = True
        return ids, mask


class Variant(nn.Module):
    """A small model from a caption to grid² embeddings, naive or prefilled."""

    def __init__(self, vocabulary, cells, naive):
        super().__init__()
        self.cells, self.naive = cells, naive
        self.language = Small(vocabulary)
        self.language.prefill = nn.Parameter(torch.randn(cells.grid**2, 256) * 0.5)
        self.read = nn.Linear(SHOWN, 256)
        self.head = nn.Linear(256, SHOWN)
        nn.init.normal_(self.head.weight, std=0.01)

    def out(self, hidden):
        return self.head(hidden).float() * self.cells.deviation

    def positions(self, b, first, n):
        """Of sequence positions first to first + n: the text counts, the picture has rows and columns of nine."""
        g, at = self.cells.grid, torch.arange(first, first + n)
        cell = (at - TEXT).clamp(min=0)
        inside = (at >= TEXT).float()
        p = torch.stack([torch.where(at < TEXT, at, torch.full_like(at, TEXT)).float()] * 3)
        p[1] += inside * torch.div(cell, g, rounding_mode="floor") * 9 / g
        p[2] += inside * (cell % g) * 9 / g
        return p[:, None].expand(3, b, n)

    def teach(self, ids, mask, embeds):
        """All embeddings at once: prefilled as in use, naive with the true ones before each."""
        b, n = len(ids), self.cells.grid**2
        picture = self.read(embeds / self.cells.deviation) if self.naive else self.language.prefill.expand(b, n, 256)
        x = torch.cat((self.language.embed(ids), picture[:, : n - 1]), dim=1)
        s = x.shape[1]
        allowed = torch.ones(s, s, dtype=torch.bool).tril()[None] & torch.cat(
            (mask, torch.ones(b, s - TEXT, dtype=torch.bool)), dim=1
        )[:, None]
        # A padded position sees itself: a row without anything allowed has no softmax.
        allowed = allowed | torch.eye(s, dtype=torch.bool)
        hidden, _ = self.language(x, self.positions(b, 0, s), (~allowed[:, None]).float() * -1e9)
        return self.out(hidden[:, TEXT - 1 :])

    @torch.no_grad()
    def use(self, ids, mask):
        """The embeddings as the model makes them when nobody tells it the true ones."""
        if not self.naive:
            return self.teach(ids, mask, None)
        b, n = len(ids), self.cells.grid**2
        x, past, made = self.language.embed(ids), None, []
        allowed = torch.ones(TEXT, TEXT, dtype=torch.bool).tril()[None] & mask[:, None] | torch.eye(TEXT, dtype=torch.bool)
        bias = (~allowed[:, None]).float() * -1e9
        for k in range(n):
            first = 0 if k == 0 else TEXT + k - 1
            hidden, past = self.language(x, self.positions(b, first, x.shape[1]), bias, past)
            made.append(self.out(hidden[:, -1:]))
            x = self.read(made[-1] / self.cells.deviation)
            seen = torch.cat((mask, torch.ones(b, k + 1, dtype=torch.bool)), dim=1)
            bias = (~seen[:, None, None]).float() * -1e9
        return torch.cat(made, dim=1)


def train(make, world, captions, limit):
    """Trains a variant; limit: ("minutes", m) or ("steps", n). Returns it with its steps and seconds."""
    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    model = make()
    opts = optimisers(model, 1e-3, 0.02)
    started, step = time.process_time(), 0
    kind, most = limit
    share = lambda: step / most if kind == "steps" else (time.process_time() - started) / 60 / most  # noqa: E731
    while share() < 1:
        rate = min(1.0, (step + 1) / 50) * max(0.02, 1 - share())
        for o in opts:
            for group in o.param_groups:
                group["lr"] = group["peak"] * rate
        scenes = [scene(rng) for _ in range(BATCH)]
        embeds = model.cells.encode(world.batch(scenes))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            predicted = model.teach(*captions.ids(scenes), embeds)
        loss, _ = image_loss(predicted, embeds, torch.ones(embeds.shape[:-1]))
        for o in opts:
            o.zero_grad(set_to_none=True)
        loss.backward()
        for o in opts:
            o.step()
        step += 1
        if step % 50 == 0:
            print(f"{step} {float(loss):.4f} {time.process_time() - started:.0f} s", flush=True)
    return model, step, time.process_time() - started


@torch.no_grad()
def by_position(predicted, wanted):
    """Mean squared error and 1 - cosine at every token position."""
    mse = (predicted - wanted).pow(2).mean(-1).mean(0)
    cos = (1 - F.cosine_similarity(predicted, wanted, dim=-1)).mean(0)
    whole = lambda x: round(float(x.mean()), 5)  # noqa: E731
    listed = lambda x: [round(float(v), 5) for v in x]  # noqa: E731
    return {"mse": whole(mse), "cosine": whole(cos), "mseByPosition": listed(mse), "cosineByPosition": listed(cos)}


def pixels(made, wanted):
    """Mean absolute error in [0, 1]."""
    return round(float((made - wanted).abs().mean() / 2), 5)


def recognised(made, scenes, world):
    """Share of objects that are nearest, of all classes and colours, to what they should be."""
    options = [(a, b) for a in CLASSES for b in COLOURS]
    drawn = {}
    right = total = 0
    for picture, s in zip(made, scenes):
        for cls, colour, y, x, side in s["o"]:
            place = (slice(y, y + side * CELL), slice(x, x + side * CELL))
            if (y, x) not in drawn:
                pictures = world.batch([{"o": [[*option, y, x, side]], "g": 0} for option in options])
                drawn[y, x] = pictures[(..., *place)]
            part = picture[(..., *place)]
            nearest = options[int((drawn[y, x] - part).abs().mean((1, 2, 3)).argmin())]
            right, total = right + (nearest == (cls, colour)), total + 1
    return round(right / total, 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=2.5, help="processor minutes of the prefilled model of 81 tokens")
    parser.add_argument("--data", default="var/training")
    parser.add_argument("--model", default="models/nexus-gen-nano")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    world = World(args.data)
    text = Text(args.model, world.names)
    captions = Captioner(world, text)
    cells = {grid: Cells(world, grid, np.random.default_rng(0)) for grid in GRIDS}
    rng = np.random.default_rng(1_000_000)
    scenes = [scene(rng) for _ in range(HELD_OUT)]
    pictures = world.batch(scenes)
    ids, mask = captions.ids(scenes)
    setup = {
        "heldOut": HELD_OUT,
        "classes": len(CLASSES),
        "colours": len(COLOURS),
        "layers": Small.LAYERS,
        "width": 256,
        "batch": BATCH,
    }
    out = os.path.join(args.model, "ablations")
    os.makedirs(out, exist_ok=True)

    def write(name, figures):
        with open(os.path.join(out, f"{name}.json"), "w", encoding="utf-8") as f:
            json.dump({"setup": setup, **figures}, f, indent=1)
            f.write("\n")

    prefilled, steps, seconds = train(lambda: Variant(text.size, cells[9], False), world, captions, ("minutes", args.minutes))
    setup["steps"] = steps
    naive, _, naive_seconds = train(lambda: Variant(text.size, cells[9], True), world, captions, ("steps", steps))
    wanted = cells[9].encode(pictures)
    with torch.no_grad():
        own, other = naive.use(ids, mask), prefilled.use(ids, mask)
        figures = {
            "naive": {
                "teacherForced": by_position(naive.teach(ids, mask, wanted), wanted),
                "inUse": by_position(own, wanted),
                "recognised": recognised(cells[9].decode(own), scenes, world),
                "trainingSeconds": round(naive_seconds, 1),
            },
            "prefilled": {
                "inUse": by_position(other, wanted),
                "recognised": recognised(cells[9].decode(other), scenes, world),
                "trainingSeconds": round(seconds, 1),
            },
            # What saying the mean of all pictures would give.
            "mean": by_position(wanted.mean(0, keepdim=True).expand_as(wanted), wanted),
        }
    write("autoregression", figures)
    found = []
    for grid in GRIDS:
        model, cost = prefilled, seconds
        if grid != 9:
            model, _, cost = train(lambda: Variant(text.size, cells[grid], False), world, captions, ("steps", steps))  # noqa: B023
        with torch.no_grad():
            made = cells[grid].decode(model.use(ids, mask))
            again = cells[grid].decode(cells[grid].encode(pictures))
        found.append(
            {
                "tokens": grid**2,
                "numbers": grid**2 * SHOWN,
                "reconstruction": pixels(again, pictures),
                "generation": pixels(made, pictures),
                "recognised": recognised(made, scenes, world),
                "trainingSeconds": round(cost, 1),
            }
        )
    write("tokens", {"variants": found})


if __name__ == "__main__":
    main()
