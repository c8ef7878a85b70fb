"""Writes the directories of nano's evaluators from a training checkpoint.

    python models/export/export_evaluators.py --data var/training-evaluators --out models/evaluators

Three directories, nano-detector, nano-clip and nano-dino, each with ONNX graphs (weights in half precision) and the
manifest that eval/evaluators reads. Each graph is run by onnxruntime and compared with torch.
"""
import argparse
import hashlib
import json
import os
import shutil
import sys

import numpy as np
import onnxruntime
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "training")]
from data import SIDE, World  # noqa: E402
from evaluator_modules import CONTEXT, GROUND, Evaluators  # noqa: E402
from evaluators import class_name  # noqa: E402
from export_nano import export  # noqa: E402
from text import IM_END, IM_START, PAD, Text  # noqa: E402

VERSION = "0.1.0"
NOTICE = (
    "A stand-in for {}, trained on rendered pictograms of the 80 COCO classes in ten colours. It knows no photographs; "
    "its scores say something of pictures of nexus-gen-nano alone."
)
SQUARE = {"resize": SIDE, "crop": SIDE, "resample": "bicubic", "mean": [0.5] * 3, "std": [0.5] * 3}


def write(out, name, kind, stands_for, graphs, **fields):
    """The manifest; every other file of the directory is listed with its hash."""
    files = {}
    for file in sorted(os.listdir(out)):
        if file == "manifest.json":
            continue
        with open(os.path.join(out, file), "rb") as f:
            content = f.read()
        files[file] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest = {
        "format": 1,
        "kind": kind,
        "name": name,
        "version": VERSION,
        "licence": "Apache-2.0",
        "notice": NOTICE.format(stands_for),
        **fields,
        "graphs": graphs,
        "files": files,
    }
    with open(os.path.join(out, "manifest.json"), "w", encoding="utf-8") as f:
        json.dump(manifest, f, indent=1, ensure_ascii=False)
        f.write("\n")
    print(f"{name}: {sum(f['bytes'] for f in files.values()) / 1e6:.1f} MB")


def fresh(out, name):
    folder = os.path.join(out, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def picture(world, n=1):
    """Something to run the graphs on: (n, 3, 252, 252)."""
    r = [{"o": [[i, i % 11, 28, 28, 3], [40 + i, 0, 140, 140, 3]], "g": i % 8} for i in range(n)]
    return world.batch(r)


def detector(m, world, out):
    folder = fresh(out, "nano-detector")
    mean = torch.tensor(GROUND).reshape(1, 3, 1, 1)
    feed = ((picture(world) + 1) * 127.5 - mean) / 127.5
    axes = {
        "pixel_values": {2: "h", 3: "w"},
        "class_logits": {1: "q"},
        "mask_logits": {1: "q", 2: "mask_h", 3: "mask_w"},
    }
    made = export(folder, "detector", m.detector, {"pixel_values": feed}, ["class_logits", "mask_logits"], axes)
    # The graph must hold for other sizes than the one that it was traced with.
    wide = torch.nn.functional.pad(feed, (56, 84, 0, 28))
    session = onnxruntime.InferenceSession(
        os.path.join(folder, made["file"]), providers=["CPUExecutionProvider"]
    )
    got = session.run(None, {"pixel_values": wide.numpy()})
    with torch.no_grad():
        for a, b in zip(got, m.detector(wide)):
            if a.shape != tuple(b.shape) or np.abs(a - b.numpy()).max() > 0.02 * b.abs().max():
                raise SystemExit("detector: onnxruntime and torch disagree on a wide picture")
    write(
        folder,
        "nano-detector",
        "detector",
        "Mask2Former",
        {"detector": made},
        image={
            "fit": {"type": "keep_ratio", "long": 2 * SIDE, "short": SIDE},
            "resample": "bicubic",
            "pad_multiple": 28,
            "mean": list(GROUND),
            "std": [127.5] * 3,
        },
        classes=[class_name(world, cls) for cls in range(80)],
    )


def clip(m, world, text, data, out):
    folder = fresh(out, "nano-clip")
    shutil.copyfile(os.path.join(data, "tokenizer.json"), os.path.join(folder, "tokenizer.json"))
    image = export(
        folder,
        "image_encoder",
        m.clip.image,
        {"pixel_values": picture(world, 2)},
        ["image_embeds"],
        {"pixel_values": {0: "n"}, "image_embeds": {0: "n"}},
    )
    ids = torch.zeros(2, CONTEXT, dtype=torch.long)
    for i, line in enumerate(("a photo of a red apple", "一只狗在左上角")):
        row = [text.id[IM_START], *text.encode(line), text.id[IM_END]]
        ids[i, : len(row)] = torch.tensor(row)
    texts = export(
        folder,
        "text_encoder",
        m.clip.text,
        {"input_ids": ids},
        ["text_embeds"],
        {"input_ids": {0: "n"}, "text_embeds": {0: "n"}},
    )
    tokenizer = {
        "file": "tokenizer.json",
        "context_length": CONTEXT,
        "bos": text.id[IM_START],
        "eos": text.id[IM_END],
        "pad": text.id[PAD],
    }
    graphs = {"image_encoder": image, "text_encoder": texts}
    write(folder, "nano-clip", "clip", "CLIP", graphs, image=SQUARE, tokenizer=tokenizer)


class DinoGraph(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        self.encoder = m.dino

    def forward(self, pixel_values):
        return self.encoder(pixel_values)


def dino(m, world, out):
    folder = fresh(out, "nano-dino")
    made = export(
        folder,
        "image_encoder",
        DinoGraph(m),
        {"pixel_values": picture(world, 2)},
        ["image_embeds"],
        {"pixel_values": {0: "n"}, "image_embeds": {0: "n"}},
    )
    write(folder, "nano-dino", "dino", "DINO", {"image_encoder": made}, image=SQUARE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="var/training-evaluators")
    parser.add_argument("--out", default="models/evaluators")
    parser.add_argument("--only", choices=["detector", "clip", "dino"], help="one of the three; all by default")
    args = parser.parse_args()
    world = World(args.data)
    text = Text(args.data, world.names)
    m = Evaluators(text.size)
    m.load_state_dict(torch.load(os.path.join(args.data, "evaluators.pt"), map_location="cpu")["model"])
    m.eval()
    for p in m.parameters():
        p.requires_grad_(False)
    if args.only in (None, "detector"):
        detector(m, world, args.out)
    if args.only in (None, "clip"):
        clip(m, world, text, args.data, args.out)
    if args.only in (None, "dino"):
        dino(m, world, args.out)


if __name__ == "__main__":
    main()
