"""The editing metrics in Python, on the same weights and files: what `npm run bench:eval` compares with.

    reference.py PAIRS CLIP DINO --threads N [--spin]

PAIRS is a file of JSON lines {source, edited, target, caption}, paths relative to it; CLIP and DINO are directories of
models/evaluators. Prints one JSON object: the seconds of a pass over all pairs (reading, decoding and scoring; without
imports and the loading of models, after the first pair once for warmth) and the scores. With --spin idle threads wait
busily, as is onnxruntime's default: good on a machine that does nothing else, bad on one that does. Exits with 3 where
a module is missing. Written after MagicBrush's image_eval.py, with Pillow and torchvision's steps in numpy.
"""

import argparse
import json
import os
import sys
import time

try:
    import numpy as np
    import onnxruntime
    import PIL
    from PIL import Image
    from tokenizers import Tokenizer
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

RESAMPLE = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


class Encoder:
    """A directory of models/evaluators: CLIP or DINO."""

    def __init__(self, folder, threads, spin):
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spin else "0")
        self.graphs = {
            name: onnxruntime.InferenceSession(
                os.path.join(folder, graph["file"]), options, providers=["CPUExecutionProvider"]
            )
            for name, graph in self.manifest["graphs"].items()
        }
        if "tokenizer" in self.manifest:
            self.tokenizer = Tokenizer.from_file(os.path.join(folder, self.manifest["tokenizer"]["file"]))

    def pixels(self, picture):
        """Resize, CenterCrop, ToTensor, Normalize of a Pillow image: (3, crop, crop)."""
        recipe = self.manifest["image"]
        size, crop = recipe["resize"], recipe["crop"]
        width, height = picture.size
        if width <= height:
            inner = (size, int(size * height / width))
        else:
            inner = (int(size * width / height), size)
        picture = picture.resize(inner, RESAMPLE[recipe["resample"]])
        left, top = (int(round((side - crop) / 2)) for side in picture.size)
        picture = picture.crop((left, top, left + crop, top + crop))
        values = np.asarray(picture, dtype=np.float32) / np.float32(255)
        values = (values - np.float32(recipe["mean"])) / np.float32(recipe["std"])
        return values.transpose(2, 0, 1)

    def images(self, pictures):
        """Unit rows, one for each picture; all of them in one call of the graph."""
        feed = np.stack([self.pixels(picture) for picture in pictures])
        return unit(self.graphs["image_encoder"].run(["image_embeds"], {"pixel_values": feed})[0])

    def text(self, caption):
        """One unit row."""
        framing = self.manifest["tokenizer"]
        length = framing["context_length"]
        kept = self.tokenizer.encode(caption, add_special_tokens=False).ids[: length - 2]
        ids = np.full((1, length), framing["pad"], dtype=np.int64)
        ids[0, : len(kept) + 2] = [framing["bos"], *kept, framing["eos"]]
        feeds = {"input_ids": ids, "attention_mask": (np.arange(length)[None] < len(kept) + 2).astype(np.int64)}
        graph = self.graphs["text_encoder"]
        wanted = {given.name: feeds[given.name] for given in graph.get_inputs()}
        return unit(graph.run(["text_embeds"], wanted)[0])[0]


def unit(rows):
    """In 64 bits, so that cosines are not rounded twice."""
    rows = rows.astype(np.float64)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def difference(edited, target):
    """L1 of values from 0 to 1; the edited picture is resized to the target's size."""
    if edited.size != target.size:
        edited = edited.resize(target.size, Image.Resampling.BICUBIC)
    a, b = (np.asarray(picture, dtype=np.float32) / np.float32(255) for picture in (edited, target))
    return float(np.abs(a - b).mean(dtype=np.float64))


def score(pair, folder, clip, dino):
    """The four figures with the target as reference, and the cosines with the source beside them."""
    edited, target, source = (
        Image.open(os.path.join(folder, pair[name])).convert("RGB") for name in ("edited", "target", "source")
    )
    text = clip.text(pair["caption"])
    of_clip = clip.images([edited, target, source])
    of_dino = dino.images([edited, target, source])
    return {
        "clip_t": float(of_clip[0] @ text),
        "l1": difference(edited, target),
        "clip_o": float(of_clip[0] @ of_clip[1]),
        "dino_o": float(of_dino[0] @ of_dino[1]),
        "clip_source": float(of_clip[0] @ of_clip[2]),
        "dino_source": float(of_dino[0] @ of_dino[2]),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs")
    parser.add_argument("clip")
    parser.add_argument("dino")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--spin", action="store_true")
    given = parser.parse_args()
    folder = os.path.dirname(os.path.abspath(given.pairs))
    with open(given.pairs, encoding="utf-8") as file:
        pairs = [json.loads(line) for line in file]
    clip, dino = (Encoder(path, given.threads, given.spin) for path in (given.clip, given.dino))
    score(pairs[0], folder, clip, dino)
    began = time.perf_counter()
    scores = [score(pair, folder, clip, dino) for pair in pairs]
    seconds = time.perf_counter() - began
    versions = {
        "python": sys.version.split()[0],
        "pillow": PIL.__version__,
        "onnxruntime": onnxruntime.__version__,
        "numpy": np.__version__,
    }
    json.dump({"seconds": seconds, "scores": scores, "versions": versions}, sys.stdout)


main()
