"""What every trainer shares: the model, its data, device and checkpoint, and the loop of a stage."""
import argparse
import ctypes
import json
import math
import os
import time

import numpy as np
import torch

import data
import modules
from data import World, patches, read, through_256
from modules import D, GRID
from optim import Clock, optimisers
from text import Text

TOKENS = GRID * GRID
HERE = os.path.dirname(os.path.abspath(__file__))


def keep_memory():
    """Has glibc keep the memory of freed tensors up to 32 MB: giving it back and asking again is a third of the time."""
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return
    trim_threshold, mmap_threshold = -1, -3
    libc.mallopt(mmap_threshold, 32 << 20)
    libc.mallopt(trim_threshold, 2**31 - 1)


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

    FILE, MODEL = "nano.pt", Nano

    def __init__(self, args, recipe, device):
        self.args, self.recipe, self.device = args, recipe, device
        self.minutes = args.minutes if args.minutes is not None else recipe.get("minutes", 0)
        if self.device == "cpu":
            torch.set_num_threads(args.threads)
            keep_memory()
        self.world = World(args.data, self.device)
        self.text = Text(args.data, self.world.names, self.lines())
        self.model = self.MODEL(self.text.size).to(self.device)
        self.path = os.path.join(args.data, self.FILE)
        self.progress = {}
        if os.path.exists(self.path):
            state = torch.load(self.path, map_location=self.device)
            self.model.load_state_dict(state["model"])
            self.progress = state["progress"]
        self.rng = np.random.default_rng(int(time.time()))
        self.store = None
        self.log_path = os.path.join(args.data, f"log-{args.stage}.jsonl")

    def is_done(self):
        done = self.progress.get(self.args.stage)
        return done is not None and done.get("seconds", 0.0) >= 60 * self.minutes

    def has_tokenizer(self):
        return os.path.exists(os.path.join(self.args.data, "tokenizer.json"))

    def lines(self):
        """What the tokenizer is trained on, should there be none."""
        if self.has_tokenizer():
            return []
        lines = list(self.world.vocabulary)
        for name in ("captions.jsonl", "edits.jsonl", "polish.jsonl"):
            lines += [r["t"] for r in read(self.args.data, name, 30000)]
        for r in read(self.args.data, "questions.jsonl", 15000):
            lines += [s for qa in r["qa"] for s in qa]
        return lines

    def autocast(self):
        return torch.autocast(self.device, dtype=torch.bfloat16)

    def pick(self, records, n, rng=None):
        return [records[i] for i in (rng or self.rng).integers(0, len(records), n)]

    def styled(self, records, share, rng=None):
        """Scenes with a style: where a record leaves it open, that share is in another than the first."""

        rng = rng or self.rng

        def drawn(r):
            style = int(rng.integers(1, self.world.styles)) if rng.random() < share else 0
            return r if "s" in r else {**r, "s": style, "s2": style}

        return [drawn(r) for r in records]

    def given(self, pictures, resized):
        """Pictures as people bring them: resized from 256 or not, and with a little noise, as a result has."""
        pictures = through_256(pictures) if resized else pictures
        level = torch.rand(len(pictures), 1, 1, 1, device=self.device) * 0.04
        return pictures + level * self.noise(pictures.shape)

    def noise(self, shape):
        """Normal numbers for pictures; on a CPU out of a store, because drawing them takes as long as a tenth of a step."""
        if self.device != "cpu":
            return torch.randn(shape, device=self.device)
        n = math.prod(shape)
        if self.store is None or len(self.store) < 2 * n:
            self.store = torch.randn(2 * n)
        at = int(self.rng.integers(len(self.store) - n))
        return self.store[at : at + n].view(shape)

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
            clock.set_rates(opts, step, self.recipe.get("constant", 0.33))
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


def start(description, stages, session, recipe, data):
    """The command line of a trainer: runs one of its stages."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=stages)
    parser.add_argument("--recipe", default=os.path.join(HERE, "recipes", recipe))
    parser.add_argument("--minutes", type=float, help="instead of the recipe's")
    parser.add_argument("--data", default=data)
    parser.add_argument("--warm", action="store_true", help="the checkpoint knows its words already")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    with open(args.recipe, encoding="utf-8") as f:
        stage = json.load(f)["stages"][args.stage]
    s = session(args, stage, "cuda" if torch.cuda.is_available() else "cpu")
    if s.is_done():
        print(f"{args.stage}: has had its minutes")
    else:
        stages[args.stage](s)
