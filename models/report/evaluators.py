"""Measures nano's evaluators on held-out scenes, through their exported graphs, and writes models/evaluators/README.md.

    npm run model:data -- --out var/held-out-evaluators --seed 3 --split test --captions 3000 --questions 1000 --edits 1000
    python models/report/evaluators.py --data var/held-out-evaluators

Pictures are 256 x 256, as nano's are. What happens to them before and after a graph is what eval/evaluators does.
"""
import argparse
import json
import os
import re
import sys
import time

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from PIL import Image
from tokenizers import Tokenizer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "training"))
from data import CELL, SIDE, World, read, to_float  # noqa: E402
from evaluators import COLOUR_NAMES, TEMPLATES, variants  # noqa: E402
from spoil import spoil  # noqa: E402

SIZE = 256
RESAMPLE = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


class Evaluator:
    """A directory of models/evaluators."""

    def __init__(self, folder, threads):
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as f:
            self.manifest = json.load(f)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.graphs = {
            name: onnxruntime.InferenceSession(
                os.path.join(folder, g["file"]), options, providers=["CPUExecutionProvider"]
            )
            for name, g in self.manifest["graphs"].items()
        }
        if "tokenizer" in self.manifest:
            self.tokenizer = Tokenizer.from_file(os.path.join(folder, self.manifest["tokenizer"]["file"]))

    def square(self, picture):
        """Resize, CenterCrop, ToTensor, Normalize of a Pillow image: (3, crop, crop)."""
        r = self.manifest["image"]
        w, h = picture.size
        n, c = r["resize"], r["crop"]
        picture = picture.resize((n, n * h // w) if w <= h else (n * w // h, n), RESAMPLE[r["resample"]])
        w, h = picture.size
        left, top = int(round((w - c) / 2)), int(round((h - c) / 2))
        x = np.asarray(picture.crop((left, top, left + c, top + c)), np.float32) / 255
        return ((x - np.float32(r["mean"])) / np.float32(r["std"])).transpose(2, 0, 1)

    def images(self, pictures):
        """Pillow images to unit rows."""
        rows = []
        for i in range(0, len(pictures), 16):
            x = np.stack([self.square(p) for p in pictures[i : i + 16]])
            rows.append(self.graphs["image_encoder"].run(["image_embeds"], {"pixel_values": x})[0])
        return unit(np.concatenate(rows))

    def texts(self, lines):
        t = self.manifest["tokenizer"]
        ids = np.full((len(lines), t["context_length"]), t["pad"], np.int64)
        for i, line in enumerate(lines):
            kept = self.tokenizer.encode(line, add_special_tokens=False).ids[: t["context_length"] - 2]
            ids[i, : len(kept) + 2] = [t["bos"], *kept, t["eos"]]
        rows = [
            self.graphs["text_encoder"].run(["text_embeds"], {"input_ids": ids[i : i + 16]})[0]
            for i in range(0, len(ids), 16)
        ]
        return unit(np.concatenate(rows))

    def detect(self, picture, least):
        """[class, score, box, mask] above a score: the rules of eval/evaluators/instances.ts."""
        r = self.manifest["image"]
        w, h = picture.size
        scale = min(r["fit"]["long"] / max(w, h), r["fit"]["short"] / min(w, h))
        inner = [max(1, int(side * scale + 0.5)) for side in (w, h)]
        x = np.asarray(picture.resize(inner, RESAMPLE[r["resample"]]), np.float32)
        m = r["pad_multiple"]
        padded = np.zeros((-(-inner[1] // m) * m, -(-inner[0] // m) * m, 3), np.float32)
        padded[: inner[1], : inner[0]] = (x - np.float32(r["mean"])) / np.float32(r["std"])
        feeds = {"pixel_values": padded.transpose(2, 0, 1)[None]}
        logits, masks = self.graphs["detector"].run(["class_logits", "mask_logits"], feeds)
        p = torch.from_numpy(logits[0]).double().softmax(-1)[:, :-1]
        found = []
        for query, cls in torch.nonzero(p > least).tolist():
            mask = torch.from_numpy(masks[0, query])[None, None].float()
            mask = F.interpolate(mask, size=padded.shape[:2], mode="bilinear", align_corners=False)
            mask = mask[..., : inner[1], : inner[0]]
            mask = F.interpolate(mask, size=(h, w), mode="bilinear", align_corners=False)[0, 0]
            on = (mask > 0).numpy()
            if not on.any():
                continue
            score = float(p[query, cls] * mask[mask > 0].sigmoid().mean())
            if score > least:
                found.append((cls, score, box_of(on), on))
        return sorted(found, key=lambda d: -d[1])


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def box_of(mask):
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


def box_iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    area = lambda c: (c[2] - c[0]) * (c[3] - c[1])  # noqa: E731
    return w * h / (area(a) + area(b) - w * h)


def mask_iou(a, b):
    return np.logical_and(a, b).sum() / np.logical_or(a, b).sum()


def draw(world, record, rng=None):
    """A scene as a picture of 256 x 256 and its objects' masks; spoiled where a generator is given."""
    picture = world.compose(world.plan([record]))[0].numpy()
    if rng is not None:
        x = spoil(to_float(torch.from_numpy(picture)[None]), rng, ghosts=0)[0]
        picture = ((x + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    masks = []
    for cls, colour, y, x, side in record["o"]:
        cover = np.zeros((SIDE, SIDE), np.uint8)
        cover[y : y + side * CELL, x : x + side * CELL] = world.sprite(side, cls, colour)[..., 3]
        masks.append(np.asarray(Image.fromarray(cover).resize((SIZE, SIZE), Image.Resampling.BICUBIC)) > 127)
    return Image.fromarray(picture).resize((SIZE, SIZE), Image.Resampling.BICUBIC), masks


def average_precision(hits, total):
    """COCO's: precision at 101 recalls, each the best at that recall or above. hits: (score, right)."""
    hits = sorted(hits, key=lambda hit: -hit[0])
    right = np.cumsum([h[1] for h in hits])
    precision = right / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / total, np.linspace(0, 1, 101), side="left")
    return float(np.mean([precision[i] if i < len(precision) else 0.0 for i in at]))


def detection(detector, world, records, rng):
    """Figures of the detector, and for each coloured object found: picture, mask, box, class, colour."""
    hits = {"box": [[] for _ in range(80)], "mask": [[] for _ in range(80)]}
    totals = [0] * 80
    counted = {0.3: 0, 0.9: 0}
    scores, overlaps, objects = [], [], []
    for r in records:
        picture, masks = draw(world, r, rng)
        boxes = [box_of(m) for m in masks]
        found = detector.detect(picture, 0.01)
        for cls, *_ in r["o"]:
            totals[cls] += 1
        for kind, iou, wanted in (("box", box_iou, boxes), ("mask", mask_iou, masks)):
            taken = set()
            for cls, score, box, mask in found:
                best, which = 0.5, None
                for k, o in enumerate(r["o"]):
                    if o[0] == cls and k not in taken:
                        overlap = iou(box if kind == "box" else mask, wanted[k])
                        if overlap >= best:
                            best, which = overlap, k
                hits[kind][cls].append((score, which is not None))
                if which is None:
                    continue
                taken.add(which)
                if kind == "mask":
                    scores.append(score)
                    overlaps.append(best)
                    if r["o"][which][1] and score > 0.3:
                        objects.append((picture, mask, box, cls, r["o"][which][1] - 1))
        truth = sorted(o[0] for o in r["o"])
        for threshold in counted:
            counted[threshold] += truth == sorted(d[0] for d in found if d[1] > threshold)
    present = [c for c in range(80) if totals[c]]
    return {
        "scenes": len(records),
        "objects": sum(totals),
        "classes": len(present),
        "box_map_50": np.mean([average_precision(hits["box"][c], totals[c]) if hits["box"][c] else 0 for c in present]),
        "mask_map_50": np.mean(
            [average_precision(hits["mask"][c], totals[c]) if hits["mask"][c] else 0 for c in present]
        ),
        "mask_iou": np.mean(overlaps),
        "above_counting": np.sum(np.array(scores) > 0.9) / sum(totals),
        "same_objects_default": counted[0.3] / len(records),
        "same_objects_counting": counted[0.9] / len(records),
    }, objects


def cut(picture, mask, box):
    """GenEval's crop: the object on #999, cut to its box."""
    x = np.asarray(picture).copy()
    x[~mask] = 0x99
    return Image.fromarray(x).crop(tuple(int(v) for v in box))


def colours(clip, names, objects):
    """GenEval's colour of objects that the detector found: share right, and the most frequent errors."""
    seen = clip.images([cut(picture, mask, box) for picture, mask, box, *_ in objects])
    weights, right, errors = {}, 0, {}
    for row, (_, _, _, cls, colour) in zip(seen, objects):
        if cls not in weights:
            lines = [t.format(**{"c": c, "class": names[cls]}) for c in COLOUR_NAMES for t in TEMPLATES]
            weights[cls] = unit(clip.texts(lines).reshape(10, 3, -1).mean(1))
        told = int((weights[cls] @ row).argmax())
        right += told == colour
        if told != colour:
            key = f"{COLOUR_NAMES[colour]} taken for {COLOUR_NAMES[told]}"
            errors[key] = errors.get(key, 0) + 1
    return {"objects": len(objects), "right": right / len(objects)}, errors


def retrieval(clip, world, records):
    """Captions of different scenes: how often picture and caption find each other among all."""
    different, known = [], set()
    for r in records:
        key = (r["g"], tuple(sorted(map(tuple, r["o"]))))
        if key not in known:
            known.add(key)
            different.append(r)
    seen = clip.images([draw(world, r)[0] for r in different])
    scores = seen @ clip.texts([r["t"] for r in different]).T
    truth = np.arange(len(different))
    own = scores[truth, truth]
    return {
        "pairs": len(different),
        "text_of_picture": (scores.argmax(1) == truth).mean(),
        "picture_of_text": (scores.argmax(0) == truth).mean(),
        "own_cosine": own.mean(),
        "other_cosine": (scores.sum() - own.sum()) / (scores.size - len(own)),
    }


GRADES = ("same", "recoloured", "moved", "replaced", "other")


def order(dino, world, records, rng):
    """Cosines of a scene with itself (spoiled), its variants, and another; and how often they are in order."""
    scenes = [(r, made) for r in records if (made := variants(r, rng))]
    rows = [
        dino.images(
            [draw(world, r)[0], draw(world, r, rng)[0]] + [draw(world, {"o": o, "g": r["g"]})[0] for o in made]
        )
        for r, made in scenes
    ]
    rows = np.stack(rows)
    cosines = np.concatenate(
        [np.einsum("nd,nkd->nk", rows[:, 0], rows[:, 1:]), (rows[:, 0] * np.roll(rows[:, 0], 1, 0)).sum(-1)[:, None]], 1
    )
    steps = cosines[:, :-1] > cosines[:, 1:]
    return {
        "scenes": len(rows),
        "cosines": dict(zip(GRADES, cosines.mean(0))),
        "pairs_in_order": dict(zip((f"{a} > {b}" for a, b in zip(GRADES, GRADES[1:])), steps.mean(0))),
        "all_in_order": steps.all(1).mean(),
    }


BY_EYE = re.compile(r"<!-- by eye -->\n(.*?)<!-- end by eye -->", re.S)


def kept(path):
    """What a person wrote into the card between the marks."""
    try:
        with open(path, encoding="utf-8") as f:
            found = BY_EYE.search(f.read())
    except FileNotFoundError:
        return ""
    return found[1] if found else ""


def card(report, command, by_eye):
    d, s = report["detector"], report["detector_spoiled"]
    c, cs, r, o = report["colour"], report["colour_spoiled"], report["retrieval"], report["order"]
    rows = [
        ("detector: mean average precision of boxes at IoU 0.5", d["box_map_50"], s["box_map_50"]),
        ("detector: the same of masks", d["mask_map_50"], s["mask_map_50"]),
        ("detector: mean IoU of matched masks", d["mask_iou"], s["mask_iou"]),
        ("detector: objects found with a score above 0.9", d["above_counting"], s["above_counting"]),
        ("detector: scenes with exactly their objects above 0.3", d["same_objects_default"], s["same_objects_default"]),
        ("detector: the same above 0.9", d["same_objects_counting"], s["same_objects_counting"]),
        ("CLIP: colour of objects found, as GenEval tells it", c["right"], cs["right"]),
        (f"CLIP: caption of an image among {r['pairs']}", r["text_of_picture"], None),
        (f"CLIP: image of a caption among {r['pairs']}", r["picture_of_text"], None),
        ("DINO: same > recoloured > moved > replaced > other", o["all_in_order"], None),
    ]
    table = "\n".join(f"| {n} | {a:.4f} | {'' if b is None else f'{b:.4f}'} |" for n, a, b in rows)
    cosines = ", ".join(f"{k} {v:.3f}" for k, v in o["cosines"].items())
    pairs = ", ".join(f"{k} {v:.3f}" for k, v in o["pairs_in_order"].items())
    errors = ", ".join(f"{k} ({v})" for k, v in sorted(report["colour_errors"].items(), key=lambda e: -e[1])[:5])
    return f"""# Evaluators of Nexus-Gen nano

Substitutes for Mask2Former, CLIP and DINO that know nano's world: pictograms of the 80 COCO classes in ten colours. They
are meaningless for photographs. Trained by `models/training/evaluators.py` on scenes of another seed than the model's,
object–colour pairs that the model never sees included; written by `models/export/export_evaluators.py`.

- **nano-detector**: each cell of 28 pixels is a query, an object's where its centre lies. Logits of masks are
  multiplied by 4, so that the score of a thin object is not put below 0.9 by its edges.
- **nano-clip**: images and captions (English, Chinese), and cut-out objects with GenEval's colour templates.
- **nano-dino**: self-distillation (student and teacher, centring, a local view), but not that alone: its trunk starts
  from the detector's, and a ranking loss teaches it the order same, recoloured, moved, replaced, other scene.

## Measured

`{command}` on {d['scenes']} held-out scenes with {d['objects']} objects of {d['classes']} classes, 256 × 256 pixels,
through the exported graphs. "Spoiled" images are blurred, noisy, compressed or resized as in training.

| value | clean | spoiled |
| --- | --- | --- |
{table}

Colours: {c['objects']} coloured objects that the detector found, in its masks{'; wrong: ' + errors if errors else ''}.
CLIP's cosine is {r['own_cosine']:.3f} with an image's own caption and {r['other_cosine']:.3f} with another. DINO's
mean cosines: {cosines}. Pairs in order: {pairs} ({o['scenes']} scenes).

## On nano's own images

<!-- by eye -->
{by_eye}<!-- end by eye -->
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="var/held-out-evaluators")
    parser.add_argument("--evaluators", default="models/evaluators")
    parser.add_argument("--n", type=int, default=400, help="scenes of each figure")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    rng, started = np.random.default_rng(0), time.time()
    world = World(args.data)
    names = [world.vocabulary[110 * c + 2] for c in range(80)]
    detector, clip, dino = (
        Evaluator(os.path.join(args.evaluators, f"nano-{kind}"), args.threads) for kind in ("detector", "clip", "dino")
    )
    report = {}

    def say(name, value):
        report[name] = value
        print(name, json.dumps(value, default=float), flush=True)

    scenes = read(args.data, "questions.jsonl")
    found, objects = detection(detector, world, scenes[: args.n], None)
    say("detector", found)
    right, errors = colours(clip, names, objects)
    say("colour", right)
    say("colour_errors", errors)
    found, objects = detection(detector, world, scenes[-args.n :], rng)
    say("detector_spoiled", found)
    say("colour_spoiled", colours(clip, names, objects)[0])
    say("retrieval", retrieval(clip, world, read(args.data, "captions.jsonl", args.n)))
    small = [r for r in scenes if r["o"][0][4] == 3]
    say("order", order(dino, world, small[: args.n], rng))
    path = os.path.join(args.evaluators, "README.md")
    text = card(report, f"python models/report/evaluators.py --n {args.n}", kept(path))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    print(f"{path} written, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
