"""Trains Nexus-Gen nano, stage by stage. Each stage resumes from its checkpoint and ends after its minutes.

    python models/training/train.py encoder    --minutes 8
    python models/training/train.py language   --minutes 55
    python models/training/train.py generation --minutes 14
    python models/training/train.py editing    --minutes 16

Runs on torch 1.13 and 2.x, on CPU (bf16 autocast) and CUDA.
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
from modules import D, GRID, geometry, patch
from optim import Clock, optimisers
from text import Text

TOKENS = GRID * GRID


class Nano(torch.nn.Module):
    """All parts in one module, so that one file holds the model."""

    def __init__(self, vocabulary):
        super().__init__()
        self.encoder = modules.VisionEncoder()
        self.language = modules.LanguageModel(vocabulary)
        self.vision_head = torch.nn.Linear(D, D, bias=False)
        self.generation_projector = modules.Projector(GRID, 2)
        self.generation_decoder = modules.Decoder()
        self.editing_projector = modules.EditingProjector()
        self.editing_decoder = modules.Decoder()
        self.negative = torch.nn.Parameter(torch.randn(TOKENS, D) * 0.5)


class Session:
    """What every stage needs: world, text, model, device, checkpoint, log."""

    def __init__(self, args):
        self.args = args
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        if self.device == "cpu":
            torch.set_num_threads(args.threads)
        self.world = World(args.data)
        self.text = Text(args.data, self.lines())
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
        lines = list(self.world.vocabulary)
        for name in ("captions.jsonl", "edits.jsonl"):
            lines += [r["t"] for r in read(self.args.data, name, 30000)]
        for r in read(self.args.data, "questions.jsonl", 15000):
            lines += [s for qa in r["qa"] for s in qa]
        return lines

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16)

    def pick(self, records, n):
        return [records[i] for i in self.rng.integers(0, len(records), n)]

    def save(self, stage, opts, clock, step):
        self.progress[stage] = {"seconds": clock.spent, "step": step}
        for path, value in (
            (self.path, {"model": self.model.state_dict(), "progress": self.progress}),
            (self.path + f".{stage}.opt", [o.state_dict() for o in opts]),
        ):
            torch.save(value, path + ".new")
            os.replace(path + ".new", path)

    def run(self, stage, parts, loss_of, lr, muon_lr):
        """The loop of a stage. loss_of(step) returns the loss and a dict of figures to log."""
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
        clock = Clock(self.args.minutes, done["seconds"])
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
        return self.model.encoder(patches(pictures))


SIZES = [(256, 256)] * 6 + [(192, 320), (320, 192), (256, 320), (320, 256)]


def stage_encoder(s):
    """An autoencoder: tokens with noise on them must give back the pixels at any place of any canvas."""
    records = read(s.args.data, "questions.jsonl") + read(s.args.data, "edits.jsonl", 60000)
    m = s.model

    def loss_of(step):
        batch = s.pick(records, 24)
        pictures = s.world.batch(batch, shift=step % 2 == 0, rng=s.rng).to(s.device)
        height, width = SIZES[s.rng.integers(len(SIZES))]
        target = patch(canvas(pictures, height, width))
        coords, _ = geometry(height, width)
        coords = coords.to(s.device)
        if step % 3 == 2:
            view, projector = reference(pictures), m.editing_projector.source
        else:
            view, projector = (through_256(pictures) if step % 2 else pictures), m.generation_projector
        with s.autocast():
            tokens = m.encoder(patches(view))
            level = torch.rand(len(batch), 1, 1, device=s.device) * 0.3
            cond = projector(tokens + torch.randn_like(tokens) * level, coords)
            out = projector.direct(cond).float()
        error = out - target
        loss = error.pow(2).mean() + 0.1 * error.abs().mean()
        name = "reference" if step % 3 == 2 else "target"
        return loss, {f"{name}_l1_x{3 if step % 3 == 2 else 1.5}": error.detach().abs().mean() / 2}

    s.run("encoder", [m.encoder, m.generation_projector, m.editing_projector.source], loss_of, 1.5e-3, 0.02)


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
        a, b = {tuple(o) for o in r["o"]}, {tuple(o) for o in r["o2"]}
        for _, _, y, x, side in a ^ b:
            r0, c0 = round(y / data.CELL), round(x / data.CELL)
            cells[i, r0 : r0 + side, c0 : c0 + side] = 1
    return cells.reshape(len(records), TOKENS)


def pack(s, rows, source_embeds):
    """Sequences (ids, labels, source start, target start) to model inputs, right-padded."""
    b, length = len(rows), max(len(r[0]) for r in rows)
    ids = torch.zeros(b, length, dtype=torch.long)
    labels = torch.full((b, length), -1, dtype=torch.long)
    positions = torch.zeros(3, b, length)
    grid_r = torch.arange(TOKENS) // GRID
    grid_c = torch.arange(TOKENS) % GRID
    src, tgt = [], []
    for i, (row_ids, row_labels, source, target) in enumerate(rows):
        n = len(row_ids)
        ids[i, :n] = torch.tensor(row_ids)
        labels[i, :n] = torch.tensor(row_labels)
        at, p = 0, 0
        for start in [x for x in (source, target) if x is not None]:
            positions[:, i, at:start] = torch.arange(p, p + start - at).float()
            p += start - at
            positions[0, i, start : start + TOKENS] = p
            positions[1, i, start : start + TOKENS] = p + grid_r
            positions[2, i, start : start + TOKENS] = p + grid_c
            p += GRID
            at = start + TOKENS
        positions[:, i, at:n] = torch.arange(p, p + n - at).float()
        if source is not None:
            src.append((i, source))
        if target is not None:
            tgt.append((i, target))
    ids, labels, positions = ids.to(s.device), labels.to(s.device), positions.to(s.device)
    m = s.model
    x = m.language.embed(ids)
    span = torch.arange(TOKENS)

    def where(pairs):
        r = torch.tensor([i for i, _ in pairs])[:, None].expand(-1, TOKENS).to(s.device)
        c = (torch.tensor([k for _, k in pairs])[:, None] + span).to(s.device)
        return r, c

    if src:
        x = x.index_put(where(src), source_embeds.to(x.dtype))
    if tgt:
        x = x.index_put(where(tgt), m.language.prefill.expand(len(tgt), -1, -1).to(x.dtype))
    bias = torch.full((length, length), -1e9, device=s.device).triu(1)[None, None]
    read_out = where([(i, k - 1) for i, k in tgt]) if tgt else None
    return x, positions, bias, labels, read_out


def predict(s, rows, source_embeds):
    """The 81 embeddings of each row's target image and the text logits' loss."""
    x, positions, bias, labels, read_out = pack(s, rows, source_embeds)
    hidden, _ = s.model.language(x, positions, bias)
    learned = labels >= 0
    logits = s.model.language.head(hidden[learned]).float()
    wanted = labels[learned]
    ce = F.cross_entropy(logits, wanted)
    right = (logits.detach().argmax(-1) == wanted).float().mean()
    embeds = s.model.vision_head(hidden[read_out]).float() if read_out else None
    return embeds, ce, right


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
    m, n = s.model, s.args.batch

    def loss_of(step):
        gen, und, edi = s.pick(captions, n), s.pick(questions, n // 3), s.pick(edits, n // 2)
        with s.autocast():
            wanted = s.embed(s.world.batch(gen).to(s.device))
            predicted, ce_g, _ = predict(s, [s.text.image_turn(r, "generate", False) for r in gen], None)
            loss_g, mse_g = image_loss(
                predicted, wanted, 0.5 + 2.5 * object_cells(gen, "o").to(s.device)
            )
            seen = s.world.batch(und).to(s.device)
            seen = s.embed(through_256(seen) if step % 2 else seen)
            blind = s.rng.random() < 0.05
            rows = [s.text.questions(r, not blind) + (None,) for r in und]
            _, ce_u, right = predict(s, rows, None if blind else seen)
            before = s.world.batch(edi).to(s.device)
            before = s.embed(through_256(before) if step % 2 else before)
            after = s.embed(s.world.batch(edi, "o2").to(s.device))
            predicted, ce_e, _ = predict(s, [s.text.image_turn(r, "edit", True) for r in edi], before)
            weight = 0.5 + object_cells(edi, "o2") + 3.0 * changed_cells(edi)
            loss_e, mse_e = image_loss(predicted, after, weight.to(s.device))
        loss = 3 * (ce_u + 0.1 * (ce_g + ce_e)) + loss_g + loss_e
        return loss, {"mse_gen": mse_g, "ce": ce_u, "answers": right, "mse_edit": mse_e}

    s.run("language", [m.language, m.vision_head], loss_of, 2e-3, s.args.muon)


@torch.no_grad()
def predictions(s, records, task):
    """The model's own embeddings for records, half precision: what the decoders meet in use."""
    out = torch.empty(len(records), TOKENS, D, dtype=torch.float16)
    for i in range(0, len(records), 64):
        part = records[i : i + 64]
        with s.autocast():
            source = s.embed(through_256(s.world.batch(part).to(s.device))) if task == "edit" else None
            rows = [s.text.image_turn(r, task, task == "edit") for r in part]
            out[i : i + 64] = predict(s, rows, source)[0].half().cpu()
    return out


def corrupted(s, tokens):
    """True embeddings with the kinds of error that predicted ones have: noise, and being too small."""
    level = torch.rand(len(tokens), 1, 1, device=s.device) * 0.4
    return (tokens + torch.randn_like(tokens) * level) * (1 - 0.3 * level)


def flow_loss(s, decoder, target, cond, coords_ids):
    """Flow matching with prediction of the clean picture; sigma as the sampler's shifted schedule meets it."""
    b = len(target)
    u = torch.rand(b, device=s.device)
    sigma = 3 * u / (1 + 2 * u)
    noise = torch.randn_like(target)
    z = (1 - sigma)[:, None, None, None] * target + sigma[:, None, None, None] * noise
    clean = decoder.clean(z, sigma, cond, coords_ids).float()
    error = clean - patch(target)
    weight = (1 / (sigma.pow(2) + 0.1))[:, None, None]
    return (weight * (error.pow(2) + 0.1 * error.abs())).mean(), error.detach().abs().mean() / 2


def stage_generation(s):
    records = s.pick(read(s.args.data, "captions.jsonl"), s.args.cache)
    cached = predictions(s, records, "generate")
    print("predictions cached", flush=True)
    m = s.model
    if not s.progress.get("generation"):
        m.generation_decoder.direct.load_state_dict(m.generation_projector.direct.state_dict())

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.args.batch)
        pictures = s.world.batch([records[i] for i in index]).to(s.device)
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

    s.run("generation", [m.generation_projector, m.generation_decoder, m.negative], loss_of, 1e-3, 0.01)


def stage_editing(s):
    records = s.pick(read(s.args.data, "edits.jsonl"), s.args.cache)
    cached = predictions(s, records, "edit")
    print("predictions cached", flush=True)
    m = s.model
    if not s.progress.get("editing"):
        m.editing_projector.target.load_state_dict(m.generation_projector.state_dict())
        m.editing_decoder.load_state_dict(m.generation_decoder.state_dict())

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.args.batch)
        batch = [records[i] for i in index]
        before, after = s.world.batch(batch).to(s.device), s.world.batch(batch, "o2").to(s.device)
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
            loss, l1 = flow_loss(s, m.editing_decoder, target, cond, ids)
        return loss, {"l1": l1}

    s.run("editing", [m.editing_projector, m.editing_decoder], loss_of, 1e-3, 0.01)


STAGES = {
    "encoder": stage_encoder,
    "language": stage_language,
    "generation": stage_generation,
    "editing": stage_editing,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--data", default="var/training")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--cache", type=int, default=12000, help="predictions kept for the decoders' training")
    parser.add_argument("--muon", type=float, default=0.02)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    STAGES[args.stage](Session(args))
