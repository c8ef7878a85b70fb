"""Trains Nexus-Gen nano, stage by stage. Each stage resumes from its checkpoint and ends after its minutes.

    python models/training/train.py encoder
    python models/training/train.py sight
    python models/training/train.py language --recipe models/training/recipes/gpu.json
    python models/training/train.py generation --minutes 6
    python models/training/train.py editing

Minutes, batches and rates are the recipe's. Runs on torch 1.13 and 2.x, on CPU (bf16 autocast) and CUDA.
"""
import argparse
import json
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

import data
import modules
from data import World, canvas, patches, read, reference, through_256
from modules import D, GRID, SEEN, SHOWN, geometry, patch
from optim import Clock, optimisers
from text import Text

TOKENS = GRID * GRID
HERE = os.path.dirname(os.path.abspath(__file__))


class Nano(torch.nn.Module):
    """All parts in one module, so that one file holds the model."""

    def __init__(self, vocabulary):
        super().__init__()
        self.encoder = modules.VisionEncoder()
        self.language = modules.LanguageModel(vocabulary)
        self.vision_head = modules.VisionHead()
        self.generation_projector = modules.Projector()
        self.generation_decoder = modules.Decoder()
        self.editing_projector = modules.EditingProjector()
        self.editing_decoder = modules.Decoder()
        self.cell_reader = modules.CellReader()
        self.word_reader = modules.WordReader()
        self.negative = torch.nn.Parameter(torch.randn(TOKENS, D) * 0.5)


class Session:
    """What every stage needs: world, text, model, device, checkpoint, log."""

    def __init__(self, args):
        self.args = args
        with open(args.recipe, encoding="utf-8") as f:
            self.recipe = json.load(f)["stages"][args.stage]
        self.minutes = args.minutes if args.minutes is not None else self.recipe.get("minutes", 0)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        if self.device == "cpu":
            torch.set_num_threads(args.threads)
        self.world = World(args.data, self.device)
        self.text = Text(args.data, self.world.names, self.lines())
        self.model = Nano(self.text.size).to(self.device)
        self.path = os.path.join(args.data, "nano.pt")
        self.progress = {}
        if os.path.exists(self.path):
            state = torch.load(self.path, map_location=self.device)
            self.model.load_state_dict(state["model"])
            self.progress = state["progress"]
        self.rng = np.random.default_rng(int(time.time()))
        self.log_path = os.path.join(args.data, f"log-{args.stage}.jsonl")

    def lines(self):
        """What the tokenizer is trained on, should there be none."""
        if os.path.exists(os.path.join(self.args.data, "tokenizer.json")):
            return []
        lines = list(self.world.vocabulary)
        for name in ("captions.jsonl", "edits.jsonl", "polish.jsonl"):
            lines += [r["t"] for r in read(self.args.data, name, 30000)]
        for r in read(self.args.data, "questions.jsonl", 15000):
            lines += [s for qa in r["qa"] for s in qa]
        return lines

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16)

    def pick(self, records, n):
        return [records[i] for i in self.rng.integers(0, len(records), n)]

    def styled(self, records, share):
        """Scenes with a style: where a record leaves it open, that share is in another than the first."""

        def drawn(r):
            style = int(self.rng.integers(1, self.world.styles)) if self.rng.random() < share else 0
            return r if "s" in r else {**r, "s": style, "s2": style}

        return [drawn(r) for r in records]

    def given(self, pictures, resized):
        """Pictures as people bring them: resized from 256 or not, and with a little noise, as a result has."""
        pictures = through_256(pictures) if resized else pictures
        level = torch.rand(len(pictures), 1, 1, 1, device=self.device) * 0.04
        return pictures + level * torch.randn_like(pictures)

    def save(self, stage, opts, clock, step):
        self.progress[stage] = {"seconds": clock.spent, "step": step}
        for path, value in (
            (self.path, {"model": self.model.state_dict(), "progress": self.progress}),
            (self.path + f".{stage}.opt", [o.state_dict() for o in opts]),
        ):
            torch.save(value, path + ".new")
            os.replace(path + ".new", path)

    def run(self, stage, parts, loss_of):
        """The loop of a stage. loss_of(step) returns the loss and a dict of figures to log."""
        lr, muon_lr = self.recipe["lr"], self.recipe["muon_lr"]
        done = self.progress.get(stage, {"seconds": 0.0, "step": 0})
        for p in self.model.parameters():
            p.requires_grad_(False)
        for part in parts:
            for p in part.parameters() if isinstance(part, torch.nn.Module) else [part]:
                p.requires_grad_(True)
        holder = torch.nn.ModuleDict({str(i): p for i, p in enumerate(parts) if isinstance(p, torch.nn.Module)})
        opts = optimisers(holder, lr, muon_lr)
        loose = [p for p in parts if not isinstance(p, torch.nn.Module)]
        if loose:
            opts[0].add_param_group({"params": loose, "lr": lr, "peak": lr})
        opt_path = self.path + f".{stage}.opt"
        if done["step"] and os.path.exists(opt_path):
            for o, s in zip(opts, torch.load(opt_path, map_location=self.device)):
                o.load_state_dict(s)
        self.clock = clock = Clock(self.minutes, done["seconds"])
        step, saved, shown = done["step"], time.time(), time.time()
        sums, count = {}, 0
        while clock.fraction < 1.0:
            clock.set_rates(opts, step)
            loss, figures = loss_of(step)
            for o in opts:
                o.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.grad is not None], 1.0)
            for o in opts:
                o.step()
            step += 1
            count += 1
            for k, v in figures.items():
                sums[k] = sums.get(k, 0.0) + float(v)
            if time.time() - shown > 20:
                line = {"step": step, "minutes": round(clock.spent / 60, 2)}
                line.update({k: round(v / count, 5) for k, v in sums.items()})
                line["steps_per_second"] = round(count / (time.time() - shown), 2)
                print(json.dumps(line), flush=True)
                with open(self.log_path, "a", encoding="utf-8") as f:
                    f.write(json.dumps(line) + "\n")
                shown, sums, count = time.time(), {}, 0
            if time.time() - saved > 180:
                self.save(stage, opts, clock, step)
                saved = time.time()
        self.save(stage, opts, clock, step)

    @torch.no_grad()
    def embed(self, pictures):
        return self.encode(pictures)

    def encode(self, pictures, noise=0.0):
        """(b, 3, h, w) to (b, h / 28 * w / 28, D)."""
        rows, columns = (n // data.CELL for n in pictures.shape[2:])
        return self.model.encoder(patches(pictures), rows, columns, noise)


# How many scenes of questions and of edits are in another style than the first, where the text leaves it open.
QUESTIONS_STYLED, EDITS_STYLED = 0.4, 0.25
# Canvases of the decoders: the scene's square of 252, and wider or higher ones.
SIZES = [(252, 252)] * 6 + [(252, 420), (420, 252), (252, 336), (336, 252)]


@torch.no_grad()
def stage_encoder(s):
    """The linear autoencoder of the world's cells, in closed form; it also gives the decoders their start.

    Cells with an object in them, from canonical scenes, shifted scenes and references, weigh 60, 15 and 25 %.
    The tokens are principal components scaled to the power 0.7 of their deviation: between plain components,
    whose details would hardly count in the regression, and whitened ones, in which they outweigh the rest.
    """
    captions = read(s.args.data, "captions.jsonl", 1500)
    scenes = read(s.args.data, "questions.jsonl", 900)

    def moments(records, view, shift, groups):
        found = []
        for i in range(0, len(records), 100):
            x = patches(view(s.world.batch(records[i : i + 100], shift=shift, rng=s.rng)))
            x = x.reshape(-1, 4 * 588)
            found.append(x[x.std(1) > 0.02].reshape(-1, groups))
        x = torch.cat(found)
        mean = x.mean(0)
        return mean, (x - mean).T @ (x - mean) / len(x)

    parts = [
        (0.6, *moments(captions, lambda p: p, False, 4 * 588)),
        (0.15, *moments(scenes[:500], lambda p: p, True, 4 * 588)),
        (0.25, *moments(scenes[500:], reference, False, 4 * 588)),
    ]
    mean = sum(w * m for w, m, _ in parts)
    values, vectors = torch.linalg.eigh(sum(w * c for w, _, c in parts))
    values, vectors = values.flip(0)[:SHOWN], vectors.flip(1)[:, :SHOWN]
    scale = values.pow(0.15) * values.pow(0.7).mean().sqrt()
    m = s.model
    m.encoder.out.weight.copy_((vectors / scale).T)
    m.encoder.out.bias.copy_(-(mean @ vectors) / scale)
    m.encoder.deviation.copy_(values.sqrt() / scale)
    m.vision_head.scale[:SHOWN].copy_(m.encoder.deviation)
    m.vision_head.scale[SHOWN:] = m.encoder.AMPLITUDE
    # What is seen says nothing yet about pixels.
    back = F.pad((vectors * scale).T, (0, 0, 0, SEEN))  # (D, 2352)

    # The decoders' own tokens: principal components of single patches.
    mean14, cov14 = moments(captions, lambda p: p, False, 588)
    values14, vectors14 = torch.linalg.eigh(cov14)
    basis = vectors14.flip(1)[:, :D] / values14.flip(0)[0].sqrt() * 4
    inverse = vectors14.flip(1)[:, :D].T * values14.flip(0)[0].sqrt() / 4
    for decoder in (m.generation_decoder, m.editing_decoder):
        decoder.direct.weight.copy_(inverse.T)
        decoder.direct.bias.copy_(mean14)
    for projector in (m.generation_projector, m.editing_projector.target):
        for q in range(4):
            part = slice(588 * q, 588 * (q + 1))
            projector.linear.weight[D * q : D * (q + 1)].copy_((back[:, part] @ basis).T)
            projector.linear.bias[D * q : D * (q + 1)].copy_((mean[part] - mean14) @ basis)

    def shrink(cell):
        """(k, 2352) cells of 28 x 28 to (k, 588): what they are at half the size."""
        x = cell.reshape(-1, 2, 2, 3, 14, 14).permute(0, 3, 1, 4, 2, 5).reshape(-1, 3, 28, 28)
        return F.avg_pool2d(x, 2).reshape(-1, 588)

    m.editing_projector.source.weight.copy_((shrink(back) @ basis).T)
    m.editing_projector.source.bias.copy_(((shrink(mean[None]) - mean14) @ basis)[0])

    pictures = s.world.batch(scenes[:100])
    coords, _ = geometry(252, 252)
    tokens = s.embed(pictures)
    for name, cond in (
        ("target", m.generation_projector(tokens, coords)),
        ("source", m.editing_projector.source(s.embed(reference(pictures)))),
    ):
        error = m.generation_decoder.direct(cond) - patch(pictures)
        print(json.dumps({name: "mean absolute error in [0, 1]", "value": float(error.abs().mean() / 2)}))
    s.progress["encoder"] = {"components": SHOWN, "variance_kept": float(values.sum())}
    torch.save({"model": m.state_dict(), "progress": s.progress}, s.path)


def object_cells(records, key):
    """1 for the cells that hold an object: (b, 81)."""
    cells = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        for _, _, y, x, side in r[key]:
            r0, c0 = round(y / data.CELL), round(x / data.CELL)
            cells[i, r0 : r0 + side, c0 : c0 + side] = 1
    return cells.reshape(len(records), TOKENS)


def changed_cells(records):
    """1 for the cells in which source and target of an edit differ."""
    cells = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        a, b = ({(*o, r.get(style, 0)) for o in r[key]} for key, style in (("o", "s"), ("o2", "s2")))
        for _, _, y, x, side, _ in a ^ b:
            r0, c0 = round(y / data.CELL), round(x / data.CELL)
            cells[i, r0 : r0 + side, c0 : c0 + side] = 1
    return cells.reshape(len(records), TOKENS)


def cell_contents(records, key="o"):
    """Class (0: ground), colour (-1: ground) and 1.0 at an object's centre, for every cell: (b * 81) each."""
    classes = torch.zeros(len(records), GRID, GRID, dtype=torch.long)
    colours = torch.full((len(records), GRID, GRID), -1, dtype=torch.long)
    centres = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        for cls, colour, y, x, side in r[key]:
            r0, c0 = round(y / data.CELL), round(x / data.CELL)
            classes[i, r0 : r0 + side, c0 : c0 + side] = cls + 1
            colours[i, r0 : r0 + side, c0 : c0 + side] = colour
            centres[i, r0 + side // 2, c0 + side // 2] = 1
    return classes.flatten(), colours.flatten(), centres.flatten()


def stage_sight(s):
    """The encoder's second part learns to tell what object a cell belongs to."""
    scenes = read(s.args.data, "questions.jsonl") + read(s.args.data, "edits.jsonl")
    m = s.model

    def loss_of(step):
        records = s.styled(s.pick(scenes, s.recipe["batch"]), 0.5)
        pictures = s.world.batch(records)
        pictures = through_256(pictures) if step % 2 else pictures
        classes, colours, centres = (x.to(s.device) for x in cell_contents(records))
        with s.autocast():
            tokens = s.encode(pictures, noise=0.15 * float(s.rng.random()))
        as_class, as_colour, as_centre, as_style = m.cell_reader(tokens[..., SHOWN:].reshape(-1, SEEN))
        styles = torch.tensor([r["s"] for r in records], device=s.device).repeat_interleave(TOKENS)
        inside = classes > 0
        told = F.cross_entropy(as_class[inside], classes[inside])
        ground = F.cross_entropy(as_class[~inside], classes[~inside])
        colour = F.cross_entropy(as_colour[inside], colours[inside])
        centre = F.binary_cross_entropy_with_logits(as_centre[:, 0], centres)
        style = F.cross_entropy(as_style[inside], styles[inside])
        right = {
            "class": (as_class[centres > 0].argmax(-1) == classes[centres > 0]).float().mean(),
            "colour": (as_colour[centres > 0].argmax(-1) == colours[centres > 0]).float().mean(),
            "style": (as_style[centres > 0].argmax(-1) == styles[centres > 0]).float().mean(),
            "centre": ((as_centre[:, 0] > 0) == (centres > 0)).float().mean(),
        }
        return told + 0.3 * ground + colour + 0.5 * style + 5 * centre, {"loss": told.detach(), **right}

    e = m.encoder
    s.run("sight", [e.into, e.blocks, e.norm, e.sense, m.cell_reader], loss_of)


@torch.no_grad()
def name_what_is_seen(s, scenes):
    """Adds to every word what is seen where objects are that it is said of: its class, its colour.

    Without it the language model has to find, from answers alone, which word means which sight, eighty times
    over and in two languages; so the first match of attention serves them all.
    """
    records = s.pick(scenes, 1500)
    sums = {kind: torch.zeros(n, SEEN) for kind, n in (("class", 80), ("colour", 11))}
    counts = {kind: torch.zeros(len(x), 1) for kind, x in sums.items()}
    for i in range(0, len(records), 50):
        part = records[i : i + 50]
        seen = s.embed(s.world.batch(part))[..., SHOWN:].reshape(-1, SEEN).cpu()
        classes, colours, _ = cell_contents(part)
        inside = classes > 0
        for kind, index in (("class", classes[inside] - 1), ("colour", colours[inside])):
            sums[kind].index_add_(0, index, seen[inside])
            counts[kind].index_add_(0, index, torch.ones(len(index), 1))
    sights = {kind: x / counts[kind].clamp(min=1) for kind, x in sums.items()}
    sights = {kind: x - x.mean(0) for kind, x in sights.items()}
    meanings = torch.zeros(s.text.size, SEEN)
    said = torch.zeros(s.text.size, 1)
    # Ten lines for each class in each colour, its own (0) first; see models/scenes/captions.ts.
    for i, line in enumerate(s.world.vocabulary):
        tokens = torch.tensor(sorted(set(s.text.encode(line))))
        colour = i // 10 % 11
        meanings[tokens] += sights["class"][i // 110] + (sights["colour"][colour] if colour else 0)
        said[tokens] += 1
    s.model.language.embed.weight[:, SHOWN:] += (meanings / said.clamp(min=1)).to(s.device)


def pack(s, rows, source_embeds, chosen=None):
    """Sequences (ids, labels, source start, target start) to model inputs, right-padded.

    chosen (b, 81) bool: the target cells to predict, all by default. Nothing but a cell's own input, the
    learned embedding before it, is needed to predict it, so the others can be left out of a training step.
    """
    kept = []
    for i, (row_ids, _, _, target, *_) in enumerate(rows):
        if target is None:
            kept.append(None)
            continue
        # The input k - 1 predicts cell k (input -1 is BOI), the last input ends the picture.
        wanted = torch.ones(TOKENS, dtype=torch.bool) if chosen is None else chosen[i]
        inputs = torch.nonzero(wanted)[:, 0] - 1
        kept.append((inputs, torch.cat((inputs[inputs >= 0], torch.tensor([TOKENS - 1])))))
    lengths = [len(r[0]) - (TOKENS - len(k[1]) if k else 0) for r, k in zip(rows, kept)]
    # Lengths in steps of 16: kernels are made once a shape.
    b, length = len(rows), -(-max(lengths) // 16) * 16
    ids = torch.zeros(b, length, dtype=torch.long)
    labels = torch.full((b, length), -1, dtype=torch.long)
    positions = torch.zeros(3, b, length)
    grid = torch.arange(TOKENS)
    src, tgt, out = ([], []), ([], [], []), ([], [])
    for i, (row_ids, row_labels, source, target, *_) in enumerate(rows):
        full = torch.zeros(3, len(row_ids))
        at, p = 0, 0
        for start in [x for x in (source, target) if x is not None]:
            full[:, at:start] = torch.arange(p, p + start - at).float()
            p += start - at
            full[0, start : start + TOKENS] = p
            full[1, start : start + TOKENS] = p + grid // GRID
            full[2, start : start + TOKENS] = p + grid % GRID
            p += GRID
            at = start + TOKENS
        full[:, at:] = torch.arange(p, p + len(row_ids) - at).float()
        index = torch.arange(len(row_ids))
        if source is not None:
            src[0].append(torch.full((TOKENS,), i))
            src[1].append(source + grid)
        if target is not None:
            inputs, slots = kept[i]
            index = torch.cat((index[:target], target + slots, index[target + TOKENS :]))
            tgt[0].append(torch.full((len(slots),), i))
            tgt[1].append(target + torch.arange(len(slots)))
            tgt[2].append(slots)
            first = 0 if len(inputs) and inputs[0] == -1 else 1
            out[0].append(torch.full((len(inputs),), i))
            out[1].append(target - 1 + first + torch.arange(len(inputs)))
        n = len(index)
        ids[i, :n] = torch.tensor(row_ids)[index]
        labels[i, :n] = torch.tensor(row_labels)[index]
        positions[:, i, :n] = full[:, index]
    move = lambda parts: torch.cat(parts).to(s.device)  # noqa: E731
    m = s.model
    x = m.language.embed(ids.to(s.device))
    if src[0]:
        where = (move(src[0]), move(src[1]))
        x = x.index_put(where, source_embeds.reshape(-1, D).to(x.dtype))
    read_out = None
    if tgt[0]:
        x = x.index_put((move(tgt[0]), move(tgt[1])), m.language.prefill[move(tgt[2])].to(x.dtype))
        read_out = (move(out[0]), move(out[1]))
    bias = torch.full((length, length), -1e9, device=s.device).triu(1)[None, None]
    return x, positions.to(s.device), bias, labels.to(s.device), read_out


def predict(s, rows, source_embeds, chosen=None):
    """Embeddings of the target images' chosen cells (cells, D), row by row, and the text's loss."""
    x, positions, bias, labels, read_out = pack(s, rows, source_embeds, chosen)
    hidden, _ = s.model.language(x, positions, bias)
    learned = labels >= 0
    logits = s.model.language.head(hidden[learned]).float()
    wanted = labels[learned]
    ce = F.cross_entropy(logits, wanted)
    right = (logits.detach().argmax(-1) == wanted).float().mean()
    embeds = s.model.vision_head(hidden[read_out]).float() if read_out else None
    return embeds, ce, right


def guidance_loss(s, layer, at, wanted):
    """Cross-entropy of the guided heads' attention to what they should look at, mean over positions and heads.

    at: pairs (row, position); wanted (n, 2, length): not negative, some of each above zero.
    """
    q, k = s.model.language.guided[layer]
    row, position = torch.tensor(at, device=s.device).T
    wanted = (wanted / wanted.sum(-1, keepdim=True)).to(s.device)
    scores = torch.einsum("nhd,nhsd->nhs", q[row, :, position], k[row]).float() / q.shape[-1] ** 0.5
    later = torch.arange(k.shape[2], device=s.device) > position[:, None]
    return -(wanted * scores.masked_fill(later[:, None], -1e9).log_softmax(-1)).sum(-1).mean()


def pointing_loss(s, rows, records):
    """Shows two heads, at every word that names a class, which cells of the source image to look at.

    The first looks at all cells of the class; the second at its objects' centres and, for as much as one
    object, at the sequence's first token, so that what it brings tells their number. Where the picture has
    none, both look at the first token. The word's state then has to tell the colour, where all objects of
    the class share it, and the place, where there is one object.
    """
    classes, colours, centres = (x.reshape(-1, TOKENS) for x in cell_contents(records))
    at = [(i, p, cls, row[2]) for i, row in enumerate(rows) for p, cls in row[4]]
    if not at:
        return torch.zeros((), device=s.device)
    layer = s.model.language.POINTING_LAYER
    wanted = torch.zeros(len(at), 2, s.model.language.guided[layer][1].shape[2])
    colour, place = torch.full((2, len(at)), -1)
    for n, (i, _, cls, source) in enumerate(at):
        cells = (classes[i] == cls + 1).float()
        shared = colours[i][cells > 0].unique()
        single = torch.nonzero(cells * centres[i])[:, 0]
        colour[n] = shared[0] if len(shared) == 1 else -1
        place[n] = single[0] // (3 * GRID) * 3 + single[0] % GRID // 3 if len(single) == 1 else -1
        wanted[n, 0, source : source + TOKENS] = cells
        wanted[n, 1, source : source + TOKENS] = cells * centres[i]
        wanted[n, 0, 0] = float(not cells.any())
        wanted[n, 1, 0] = 1
    row, position = torch.tensor([a[:2] for a in at], device=s.device).T
    as_colour, as_place = s.model.word_reader(s.model.language.pointed[row, position])
    told = sum(
        F.cross_entropy(logits, wanted.to(s.device), ignore_index=-1)
        for logits, wanted in ((as_colour, colour), (as_place, place))
        if (wanted >= 0).any()
    )
    return guidance_loss(s, layer, [a[:2] for a in at], wanted) + told


def reading_loss(s, rows):
    """Shows two heads, at every token of an answer, the words of the question that found something."""
    at = [(i, *read) for i, row in enumerate(rows) for read in row[5]]
    if not at:
        return torch.zeros((), device=s.device)
    layer = s.model.language.READING_LAYER
    wanted = torch.zeros(len(at), 2, s.model.language.guided[layer][1].shape[2])
    for n, (_, _, first, last) in enumerate(at):
        wanted[n, 0, first] = wanted[n, 1, last] = 1
    return guidance_loss(s, layer, [a[:2] for a in at], wanted)


def choose(important, share):
    """The important cells and a share of the others."""
    return (important > 0) | (torch.rand(important.shape) < share)


def image_loss(predicted, wanted, weight):
    """1.5 MSE + 1.5 (1 - cos), weighted by cell (the paper's loss; weights are ours)."""
    weight = weight / weight.mean()
    mse = ((predicted - wanted).pow(2).mean(-1) * weight).mean()
    cos = ((1 - F.cosine_similarity(predicted, wanted, dim=-1)) * weight).mean()
    return 1.5 * mse + 1.5 * cos, mse


def stage_language(s):
    """3 CE + 1.5 MSE + 1.5 (1 - cos) on the three tasks together; the encoder is frozen."""
    captions = read(s.args.data, "captions.jsonl")
    questions = read(s.args.data, "questions.jsonl")
    edits = read(s.args.data, "edits.jsonl")
    prompts = read(s.args.data, "polish.jsonl")
    m, batch = s.model, s.recipe["batch"]
    if "language" not in s.progress and not s.args.warm:
        name_what_is_seen(s, questions)

    def loss_of(step):
        gen = s.pick(captions, batch["generate"])
        und = s.styled(s.pick(questions, batch["understand"]), QUESTIONS_STYLED)
        edi = s.styled(s.pick(edits, batch["edit"]), EDITS_STYLED)
        # In the end all cells, as in use: ghosts on the ground are what is left to learn then.
        share = 1.0 if s.clock.fraction >= 0.8 else 0.25
        with s.autocast():
            wanted = s.embed(s.world.batch(gen))
            cells = object_cells(gen, "o")
            chosen = choose(cells, share)
            rows = [s.text.image_turn(r, "generate", False) for r in gen]
            predicted, ce_g, _ = predict(s, rows, None, chosen)
            loss_g, mse_g = image_loss(predicted, wanted[chosen], (0.5 + cells)[chosen].to(s.device))
            seen = s.embed(s.given(s.world.batch(und), step % 2))
            blind = s.rng.random() < 0.03
            rows = [s.text.questions(r, not blind) for r in und]
            told = [s.text.polish(r) for r in s.pick(prompts, batch["polish"])]
            _, ce_u, right = predict(s, rows + told, None if blind else seen)
            guided = reading_loss(s, rows) + (0 if blind else pointing_loss(s, rows, und))
            before = s.embed(s.given(s.world.batch(edi), step % 2))
            after = s.embed(s.world.batch(edi, "o2"))
            cells = object_cells(edi, "o2") + 2.0 * changed_cells(edi)
            chosen = choose(cells, share)
            rows = [s.text.image_turn(r, "edit", True) for r in edi]
            predicted, ce_e, _ = predict(s, rows, before, chosen)
            guided = guided + pointing_loss(s, rows, edi)
            loss_e, mse_e = image_loss(predicted, after[chosen], (0.5 + cells)[chosen].to(s.device))
        loss = 3 * (ce_u + 0.1 * (ce_g + ce_e)) + loss_g + loss_e + guided
        figures = {"mse_gen": mse_g, "ce": ce_u, "answers": right, "mse_edit": mse_e}
        return loss, {**figures, "guided": guided.detach()}

    s.run("language", [m.language, m.vision_head, m.word_reader], loss_of)


@torch.no_grad()
def predictions(s, records, task):
    """The model's own embeddings for records, half precision: what the decoders meet in use."""
    out = torch.empty(len(records), TOKENS, D, dtype=torch.float16)
    for i in range(0, len(records), 64):
        part = records[i : i + 64]
        with s.autocast():
            source = s.embed(through_256(s.world.batch(part))) if task == "edit" else None
            rows = [s.text.image_turn(r, task, task == "edit") for r in part]
            out[i : i + 64] = predict(s, rows, source)[0].reshape(-1, TOKENS, D).half().cpu()
    return out


def corrupted(s, tokens):
    """True embeddings with the kinds of error that predicted ones have: noise, and being too small."""
    level = torch.rand(len(tokens), 1, 1, device=s.device) * 0.25
    return (tokens + torch.randn_like(tokens) * s.model.vision_head.scale * level) * (1 - 0.3 * level)


def flow_loss(s, decoder, target, cond, coords_ids, weights=1.0):
    """Flow matching with prediction of the clean picture; sigma as the sampler's shifted schedule meets it.

    weights (b, n, 1) of the patches, on average 1.
    """
    b = len(target)
    u = torch.rand(b, device=s.device)
    sigma = 3 * u / (1 + 2 * u)
    noise = torch.randn_like(target)
    z = (1 - sigma)[:, None, None, None] * target + sigma[:, None, None, None] * noise
    clean = decoder.clean(z, sigma, cond, coords_ids).float()
    error = clean - patch(target)
    weight = (1 / (sigma.pow(2) + 0.1))[:, None, None] * weights
    return (weight * (error.pow(2) + 0.1 * error.abs())).mean(), error.detach().abs().mean() / 2


def stage_generation(s):
    records = s.pick(read(s.args.data, "captions.jsonl"), s.recipe["cache"])
    cached = predictions(s, records, "generate")
    print("predictions cached", flush=True)
    m = s.model

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.recipe["batch"])
        pictures = s.world.batch([records[i] for i in index])
        height, width = SIZES[s.rng.integers(len(SIZES))]
        target = canvas(pictures, height, width)
        coords, ids = (x.to(s.device) for x in geometry(height, width))
        with s.autocast():
            own = cached[index].float().to(s.device)
            tokens = own if step % 2 else corrupted(s, s.embed(pictures))
            dropped = torch.rand(len(index), 1, 1, device=s.device) < 0.1
            tokens = torch.where(dropped, m.negative.expand_as(tokens), tokens)
            cond = m.generation_projector(tokens, coords)
            loss, l1 = flow_loss(s, m.generation_decoder, target, cond, ids)
        return loss, {"own_l1_x2" if step % 2 else "true_l1_x2": l1}

    s.run("generation", [m.generation_projector, m.generation_decoder, m.negative], loss_of)


def stage_editing(s):
    records = s.styled(s.pick(read(s.args.data, "edits.jsonl"), s.recipe["cache"]), EDITS_STYLED)
    cached = predictions(s, records, "edit")
    print("predictions cached", flush=True)
    m = s.model
    if not s.progress.get("editing"):
        m.editing_projector.target.load_state_dict(m.generation_projector.state_dict())
        m.editing_decoder.load_state_dict(m.generation_decoder.state_dict())

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.recipe["batch"])
        batch = [records[i] for i in index]
        before, after = s.world.batch(batch), s.world.batch(batch, "o2")
        height, width = SIZES[s.rng.integers(len(SIZES))]
        target = canvas(after, height, width)
        coords, ids = (x.to(s.device) for x in geometry(height, width))
        with s.autocast():
            own = cached[index].float().to(s.device)
            tokens = corrupted(s, s.embed(after)) if step % 4 == 0 else own
            source = s.embed(reference(before))
            dropped = torch.rand(len(index), 1, 1, device=s.device) < 0.05
            tokens = torch.where(dropped, m.negative.expand_as(tokens), tokens)
            cond = m.editing_projector(tokens, source, coords)
            # Most of a picture stays: what changes would hardly count.
            changed = (patch(target) - patch(canvas(before, height, width))).abs().amax(-1, keepdim=True) > 0.02
            weights = 1 + 4 * changed.float()
            weights = weights / weights.mean()
            loss, l1 = flow_loss(s, m.editing_decoder, target, cond, ids, weights)
        return loss, {"l1_x_weights": l1}

    s.run("editing", [m.editing_projector, m.editing_decoder], loss_of)


STAGES = {
    "encoder": stage_encoder,
    "sight": stage_sight,
    "language": stage_language,
    "generation": stage_generation,
    "editing": stage_editing,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--recipe", default=os.path.join(HERE, "recipes", "cpu.json"))
    parser.add_argument("--minutes", type=float, help="instead of the recipe's")
    parser.add_argument("--data", default="var/training")
    parser.add_argument("--warm", action="store_true", help="the checkpoint knows its words already")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    STAGES[args.stage](Session(args))
