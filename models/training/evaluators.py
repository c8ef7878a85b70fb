"""Trains nano's evaluators, apart from the model and on other seeds: a detector, a small CLIP, a small DINO.

    npm run model:data -- --out var/training-evaluators --seed 2 --split test --wording template \\
        --captions 60000 --questions 40000 --edits 40000 --polish 0
    python models/training/evaluators.py detector
    python models/training/evaluators.py clip
    python models/training/evaluators.py dino

Stages resume, checkpoint and log as those of train.py. The detector comes first: CLIP and DINO start from its trunk.
"""
import copy

import numpy as np
import torch
import torch.nn.functional as F

import evaluator_modules as modules
from data import CELL, GRID, SIDE, patches, read, to_float
from evaluator_modules import COMPONENTS, Detector, Evaluators
from modules import patch
from spoil import spoil
from text import IM_END, IM_START, PAD
from session import Session, start

TOKENS = GRID * GRID
COLOUR_NAMES = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white"]
# GenEval's; {a} is the article, which GenEval always has as "a".
TEMPLATES = ["a photo of a {c} {class}", "a photo of a {c}-colored {class}", "a photo of a {c} object"]


class Trainer(Session):
    """A Session of train.py with the evaluators in the model's place, on the processor."""

    FILE, MODEL = "evaluators.pt", Evaluators

    def __init__(self, args, recipe, _):
        super().__init__(args, recipe, "cpu")

    def lines(self):
        if self.has_tokenizer():
            return []
        lines = list(self.world.vocabulary)
        lines += [r["t"] for r in read(self.args.data, "captions.jsonl", 30000)]
        return lines + [t.format(c=c, **{"class": "thing"}) for t in TEMPLATES for c in COLOUR_NAMES]


def class_name(world, cls):
    """GenEval's name of a class: the third of its ten lines (models/scenes/captions.ts)."""
    return world.vocabulary[110 * cls + 2]


def paste(picture, sprite, y, x, opacity=1.0):
    """Draws a premultiplied RGBA sprite of n x n into a picture, both uint8; what lies outside is cut off."""
    n = len(sprite)
    y0, x0, y1, x1 = max(y, 0), max(x, 0), min(y + n, SIDE), min(x + n, SIDE)
    part = sprite[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32) * opacity
    under = picture[y0:y1, x0:x1]
    under[:] = np.rint(under * (1 - part[..., 3:] / 255) + part[..., :3]).clip(0, 255)


def cut_out(pictures, masks, side=SIDE):
    """The object of each picture as GenEval shows it to CLIP: on #999, cut to its box, resized, cropped to a square.

    pictures (b, 3, h, w) in [-1, 1], masks (b, h, w) bool with a pixel each; (b, 3, side, side).
    """
    x = torch.where(masks[:, None], pictures, torch.tensor(0x99 / 127.5 - 1))
    h, w = masks.shape[1:]
    theta = torch.zeros(len(x), 2, 3)
    for i, mask in enumerate(masks):
        rows, columns = torch.nonzero(mask.any(1))[:, 0], torch.nonzero(mask.any(0))[:, 0]
        top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
        short = min(bottom - top, right - left)
        theta[i, 0, 0], theta[i, 0, 2] = short / w, (left + right) / w - 1
        theta[i, 1, 1], theta[i, 1, 2] = short / h, (top + bottom) / h - 1
    grid = F.affine_grid(theta, (len(x), 3, side, side), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


@torch.no_grad()
def fit_components(s):
    """Principal components of the world's cells and half cells, whitened as far as noise allows."""
    records = read(s.args.data, "questions.jsonl", 1000)
    pictures = torch.cat(
        [s.world.batch(records[:500]), s.world.batch(records[500:], shift=True, rng=s.rng)]
    )

    def components(x, keep):
        x = x.reshape(-1, x.shape[-1])
        x = x[x.std(1) > 0.02]
        mean = x.mean(0)
        values, vectors = torch.linalg.eigh((x - mean).T @ (x - mean) / len(x))
        values = values.flip(0)[:keep] + 0.01
        return mean, vectors.flip(1)[:, :keep] / values.sqrt(), values

    m = s.model
    mean, found, variance = components(patches(pictures), COMPONENTS)
    for trunk in (m.detector.trunk, m.clip.image.encoder.trunk, m.dino.trunk):
        trunk.mean.copy_(mean)
        trunk.components.copy_(found)
        trunk.variance.copy_(variance)
    mean, found, _ = components(patch(pictures), Detector.FINE_COMPONENTS)
    m.detector.mean.copy_(mean)
    m.detector.components.copy_(found)


@torch.no_grad()
def remembered(trunk, pictures):
    """Pictures as drawn from cells that are known inexactly, which is how nano's own go wrong."""
    b = len(pictures)
    tokens = torch.matmul(patches(pictures) - trunk.mean, trunk.components)
    level = torch.rand(b, 1, 1) * 0.3
    tokens = (tokens + torch.randn_like(tokens) * level) * (1 - 0.3 * level)
    x = trunk.mean + torch.matmul(tokens, (trunk.components * trunk.variance).T)
    x = x.reshape(b, GRID, GRID, 2, 2, 3, 14, 14).permute(0, 5, 1, 3, 6, 2, 4, 7)
    return x.reshape(b, 3, SIDE, SIDE).clamp(-1, 1)


class Drawn:
    """A batch of pictures for the detector, with ghosts and blends among the objects, and what it should find.

    classes (b, 81, 2) and weight (b, 81): each cell's class, a second one, and the share of the first; -1: ground.
    colours (b, 81), -1: ground or blend. centres (b, 81). objects: (picture, cell, mask (252, 252)) of whole ones.
    """

    def __init__(self, world, records, rng):
        b = len(records)
        out = np.empty((b, SIDE, SIDE, 3), np.uint8)
        self.classes = torch.full((b, GRID, GRID, 2), -1)
        self.weight = torch.ones(b, GRID, GRID)
        self.colours = torch.full((b, GRID, GRID), -1)
        self.centres = torch.zeros(b, GRID, GRID)
        self.objects = []
        for i, r in enumerate(records):
            out[i] = world.ground(r["g"])
            reach = rng.choice([0, 4, 14], p=[0.4, 0.3, 0.3])
            dy, dx = rng.integers(-reach, reach + 1, 2)
            if rng.random() < 0.3:
                side = 5 if rng.random() < 0.2 else 3
                ghost = world.sprite(side, rng.integers(80), rng.integers(11))
                y, x = rng.integers(-20, SIDE + 20 - side * CELL, 2)
                paste(out[i], ghost, y, x, rng.uniform(0.05, 0.4))
            for cls, colour, y, x, side in r["o"]:
                y, x = y + dy, x + dx
                sprite = world.sprite(side, cls, colour)
                other, share = cls, 1.0
                if rng.random() < 0.06:
                    other, share = int(rng.integers(80)), rng.uniform(0.3, 0.7)
                    paste(out[i], sprite, y, x, share)
                    paste(out[i], world.sprite(side, other, rng.integers(11)), y, x, 1 - share)
                else:
                    paste(out[i], sprite, y, x)
                r0, c0 = round(y / CELL), round(x / CELL)
                cells = (i, slice(r0, r0 + side), slice(c0, c0 + side))
                self.classes[cells] = torch.tensor([cls, other])
                self.weight[cells] = share
                self.colours[cells] = colour if share == 1 else -1
                row, column = (y + side * CELL // 2) // CELL, (x + side * CELL // 2) // CELL
                self.centres[i, row, column] = 1
                if share == 1:
                    mask = np.zeros((SIDE, SIDE), bool)
                    mask[y : y + side * CELL, x : x + side * CELL] = sprite[..., 3] > 127
                    self.objects.append((i, row * GRID + column, mask))
        self.pictures = to_float(torch.from_numpy(out))


def stage_detector(s):
    """What each cell belongs to, where centres are, and masks; colours are learned beside for CLIP and DINO."""
    records = read(s.args.data, "questions.jsonl") + read(s.args.data, "edits.jsonl")
    d = s.model.detector
    if "detector" not in s.progress:
        fit_components(s)
    places = d.places(GRID, GRID)

    def loss_of(step):
        drawn = Drawn(s.world, s.pick(records, s.recipe["batch"]), s.rng)
        pictures = drawn.pictures
        part = slice(0, len(pictures) // 4)
        pictures[part] = remembered(d.trunk, pictures[part])
        pictures = spoil(pictures, s.rng)
        with s.autocast():
            tokens = d.trunk(pictures)
            as_class, as_colour, as_centre = d.read(tokens)
            chosen = [drawn.objects[i] for i in s.rng.permutation(len(drawn.objects))[:64]]
            of, cell = (torch.tensor([o[k] for o in chosen]) for k in (0, 1))
            anything = d.anything(pictures, tokens)
            masks = d.windows(tokens[of, cell], places[cell], GRID, GRID) + anything[of]
        classes, weight = drawn.classes.reshape(-1, 2), drawn.weight.reshape(-1)
        colours, centres = drawn.colours.reshape(-1), drawn.centres.reshape(-1)
        inside = classes[:, 0] >= 0
        told = as_class.reshape(-1, modules.CLASSES)[inside].log_softmax(-1).gather(1, classes[inside])
        told = -(told[:, 0] * weight[inside] + told[:, 1] * (1 - weight[inside])).mean()
        as_colour = as_colour.reshape(-1, modules.COLOURS)
        colour = F.cross_entropy(as_colour, colours, ignore_index=-1)
        as_centre = as_centre.reshape(-1)
        centre = F.binary_cross_entropy_with_logits(as_centre, centres)
        wanted = torch.from_numpy(np.stack([o[2] for o in chosen])).float()
        wanted = (F.avg_pool2d(wanted[:, None], 2)[:, 0] > 0.49).float()
        pixels = F.binary_cross_entropy_with_logits(masks, wanted)
        p = masks.sigmoid()
        shared, total = (p * wanted).sum((1, 2)), p.sum((1, 2)) + wanted.sum((1, 2))
        dice = (1 - 2 * shared / total).mean()
        at = (centres > 0) & (weight == 1)
        with torch.no_grad():
            hit, either = (masks > 0) & (wanted > 0), (masks > 0) | (wanted > 0)
            figures = {
                "loss": told,
                "class": (as_class.reshape(-1, modules.CLASSES)[at].argmax(-1) == classes[at][:, 0]).float().mean(),
                "colour": (as_colour[at].argmax(-1) == colours[at]).float().mean(),
                "centre": centre,
                "found": (as_centre[at] > 2.5).float().mean(),
                "iou": (hit.sum((1, 2)) / either.sum((1, 2))).mean(),
            }
        return told + 0.5 * colour + 15 * centre + 4 * pixels + dice, figures

    s.run("detector", [d], loss_of)


def copy_trunk(s, trunk):
    """CLIP and DINO begin with what the detector has learned to see."""
    trunk.load_state_dict(s.model.detector.trunk.state_dict())


def frame(s, texts):
    """As an evaluator's runtime frames them (eval/evaluators): (b, longest) ids, padded with 0."""
    first, last = s.text.id[IM_START], s.text.id[IM_END]
    assert s.text.id[PAD] == 0
    rows = [[first, *s.text.encode(t)[: modules.CONTEXT - 2], last] for t in texts]
    ids = torch.zeros(len(rows), min(modules.CONTEXT, -(-max(map(len, rows)) // 8) * 8), dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
    return ids


def contrast(s, images, texts, same):
    """InfoNCE both ways, with all the texts that fit a picture as its positives: same (b, b) bool.

    Texts that fit no picture and pictures that no text fits take part as negatives alone.
    """
    logits = F.normalize(images, dim=-1) @ F.normalize(texts, dim=-1).T * s.model.clip.scale.clamp(max=4.0).exp()
    loss = 0.0
    for x, y in ((logits, same), (logits.T, same.T)):
        best = x.masked_fill(~y, -1e9).logsumexp(1) - x.logsumexp(1)
        loss = loss - best[y.any(1)].mean() / 2
    right = same[torch.arange(len(same)), logits.argmax(1)].float().mean()
    return loss, right


def crops(s, n):
    """n objects in every colour and n in their own, cut out: pictures, texts, and which text fits which picture."""
    rng, pictures, masks, things, texts = s.rng, [], [], [], []
    for cls in rng.choice(80, n, replace=False):
        for colour in [*range(1, 11), 0]:
            side = 5 if rng.random() < 0.4 else 3
            sprite = s.world.sprite(side, cls, colour)
            y, x = rng.integers(10, SIDE - side * CELL - 9, 2)
            picture = s.world.ground(rng.integers(len(s.world.grounds)))
            paste(picture, sprite, y, x)
            mask = np.zeros((SIDE, SIDE), bool)
            mask[y : y + side * CELL, x : x + side * CELL] = sprite[..., 3] > 127
            pictures.append(picture)
            masks.append(mask)
            template = TEMPLATES[rng.integers(3)] if colour else "a photo of a {class}"
            texts.append(
                template.format(**{"c": COLOUR_NAMES[colour - 1] if colour else "", "class": class_name(s.world, cls)})
            )
            things.append((cls, colour, "{class}" in template))
    masks = torch.from_numpy(np.stack(masks))
    # Masks of a detector are a pixel wider or narrower.
    grown = F.max_pool2d(masks.float()[:, None], 3, 1, 1)[:, 0] > 0
    shrunk = F.max_pool2d((~masks).float()[:, None], 3, 1, 1)[:, 0] == 0
    kind = torch.from_numpy(rng.integers(0, 3, len(masks)))[:, None, None]
    changed = torch.where(kind == 0, grown, torch.where(kind == 1, shrunk, masks))
    masks = torch.where(changed.flatten(1).any(1)[:, None, None], changed, masks)
    pictures = spoil(to_float(torch.from_numpy(np.stack(pictures))), rng, ghosts=0.1)
    cls, colour, named = (torch.tensor(x) for x in zip(*things))
    same = (colour[:, None] == colour[None]) & ((cls[:, None] == cls[None]) | ~named[None])
    return cut_out(pictures, masks), texts, same


def stage_clip(s):
    """Pictures and texts: scenes with their captions, cut-out objects with GenEval's colour templates."""
    captions = read(s.args.data, "captions.jsonl")
    clip = s.model.clip
    if "clip" not in s.progress:
        copy_trunk(s, clip.image.encoder.trunk)
    by_class = [[] for _ in range(80)]
    for i, r in enumerate(captions):
        for cls in {o[0] for o in r["o"]}:
            by_class[cls].append(i)

    def loss_of(step):
        # Four captions of each of some classes: colour, number and place tell them apart.
        themes = s.rng.choice(80, s.recipe["batch"] // 4, replace=False)
        records = [captions[s.rng.choice(by_class[cls])] for cls in themes for _ in range(4)]
        keys = [(r["g"], tuple(sorted(map(tuple, r["o"])))) for r in records]
        same = torch.tensor([[a == b for b in keys] for a in keys])
        pictures = spoil(s.world.batch(records), s.rng, ghosts=0.1)
        cut, cut_texts, cut_same = crops(s, 4)
        with s.autocast():
            images = clip.image(torch.cat((pictures, cut)))
            texts = clip.text(frame(s, [r["t"] for r in records]))
            short_texts = clip.text(frame(s, cut_texts))
        n = len(records)
        scenes, right = contrast(s, images[:n], texts, same)
        objects, fits = contrast(s, images[n:], short_texts, cut_same)
        return scenes + objects, {"scenes": scenes.detach(), "objects": objects.detach(), "right": right, "fits": fits}

    s.run("clip", [clip], loss_of)


PLACES = [(CELL * y, CELL * x) for y in (1, 3, 5) for x in (1, 3, 5)]


def variants(record, rng):
    """Objects of a scene after one of them was given another colour, place or class, or None where it has no room."""
    objects = [list(o) for o in record["o"]]
    k = rng.integers(len(objects))
    cls, colour, y, x, side = objects[k]
    others = objects[:k] + objects[k + 1 :]
    free = [
        p
        for p in PLACES
        if abs(p[0] - y) + abs(p[1] - x) > CELL
        and not any(abs(p[0] - o[2]) < 3 * CELL and abs(p[1] - o[3]) < 3 * CELL for o in others)
    ]
    if side != 3 or not free:
        return None
    recoloured = [cls, (colour + rng.integers(1, 11)) % 11, y, x, side]
    moved = [cls, colour, *free[rng.integers(len(free))], side]
    replaced = [(cls + rng.integers(1, 80)) % 80, rng.integers(11), y, x, side]
    return [others + [o] for o in (recoloured, moved, replaced)]


def stage_dino(s):
    """A student learns a teacher's view of other views of a scene (DINO), and the order of the scene's variants.

    Without the order the world's scenes would be told apart by whatever is easiest; with it, a scene is nearest to
    itself, then to itself with an object in another colour, at another place, of another class, then to others.
    """
    records = [r for r in read(s.args.data, "questions.jsonl") if r["o"][0][4] == 3]
    m = s.model
    if "dino" not in s.progress:
        copy_trunk(s, m.dino.trunk)
        m.dino_teacher.load_state_dict(copy.deepcopy(m.dino.state_dict()))
        m.dino_teacher_head.load_state_dict(copy.deepcopy(m.dino_head.state_dict()))
    grid = torch.arange(TOKENS).reshape(GRID, GRID)
    pairs = ((m.dino_teacher, m.dino), (m.dino_teacher_head, m.dino_head))

    def loss_of(step):
        chosen = []
        while len(chosen) < s.recipe["batch"] // 4:
            r = s.pick(records, 1)[0]
            made = variants(r, s.rng)
            if made:
                chosen.append((r, made))
        n = len(chosen)
        scenes = [r for r, _ in chosen]
        changed = [{"o": made[k], "g": r["g"]} for k in range(3) for r, made in chosen]
        pictures = s.world.batch(scenes + changed)
        first = pictures if step % 2 else spoil(pictures, s.rng, ghosts=0.1)
        second = spoil(pictures[:n], s.rng, ghosts=0.1)
        y, x = s.rng.integers(0, GRID - 4, 2)
        part = second[:, :, CELL * y : CELL * (y + 5), CELL * x : CELL * (x + 5)]
        with torch.no_grad(), s.autocast():
            # The teacher moves towards the student, slowly.
            keep = 0.97 + 0.025 * s.clock.fraction
            for teacher, student in pairs:
                for a, b in zip(teacher.parameters(), student.parameters()):
                    a.lerp_(b, 1 - keep)
            views = m.dino_teacher_head(m.dino_teacher(torch.cat((first[:n], second))))
            wanted = ((views - m.dino_centre) / 0.05).softmax(-1)
            m.dino_centre.lerp_(views.float().mean(0), 0.1)
        with s.autocast():
            whole = m.dino(torch.cat((first, second)))
            local = m.dino(part, grid[y : y + 5, x : x + 5].flatten())
            seen = (m.dino_head(torch.cat((whole[:n], whole[4 * n :], local))) / 0.1).float().log_softmax(-1)
        one, two, small = seen.chunk(3)
        t1, t2 = wanted.chunk(2)
        match = -((t2 * one).sum(-1) + (t1 * two).sum(-1) + ((t1 + t2) / 2 * small).sum(-1)).mean() / 3
        unit = F.normalize(whole, dim=-1)
        source, again = unit[:n], unit[4 * n :]
        grades = [(source * again).sum(-1)] + [(source * unit[n * k : n * (k + 1)]).sum(-1) for k in (1, 2, 3)]
        # Any other scene of the batch, in turn.
        grades.append((source * again.roll(1 + step % (n - 1), 0)).sum(-1))
        order = sum(F.relu(0.1 - (a - b)).mean() for a, b in zip(grades, grades[1:]))
        ordered = torch.stack([a > b for a, b in zip(grades, grades[1:])]).all(0).float().mean()
        names = ("same", "recoloured", "moved", "replaced", "other")
        figures = {k: g.detach().mean() for k, g in zip(names, grades)}
        spread = -(wanted.mean(0) * (wanted.mean(0) + 1e-9).log()).sum()
        return match + 5 * order, {"match": match.detach(), "ordered": ordered, "spread": spread, **figures}

    s.run("dino", [m.dino, m.dino_head], loss_of)


STAGES = {"detector": stage_detector, "clip": stage_clip, "dino": stage_dino}

if __name__ == "__main__":
    start(__doc__, STAGES, Trainer, "evaluators.json", "var/training-evaluators")
