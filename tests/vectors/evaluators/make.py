"""Writes clip/, dino/, detector/, detector-fixed/ and reference.json: evaluators with random weights, and what
Pillow, OpenCV and torch make of seeded images with them.

Needs torch (1.13 or later), onnx, tokenizers, "pillow<13", opencv-python-headless and "numpy<2". The images are those
of ../pillow/make.py (mode RGB). torchvision's Resize, CenterCrop, ToTensor and Normalize, and mmdetection's pipeline
and post-processing, are written out here from their definitions.
"""

import hashlib
import json
import pathlib
import shutil

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from torch import nn

HERE = pathlib.Path(__file__).parent
CONTEXT, WIDTH, DIM = 77, 16, 16
QUERIES, CLASSES, LIMIT = 12, ["apple", "dog", "car", "cup", "tie"], 20
CLIP = dict(resize=224, crop=224, resample="bicubic", mean=[0.48145466, 0.4578275, 0.40821073],
            std=[0.26862954, 0.26130258, 0.27577711])
DINO = dict(resize=256, crop=224, resample="bicubic", mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
NORM = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375])
KEEP = dict(fit=dict(type="keep_ratio", long=133, short=80), resample="opencv", pad_multiple=32, **NORM)
FIXED = dict(fit=dict(type="fixed", width=96, height=64), resample="bilinear", pad_multiple=1, **NORM)
SIZES = [
    (224, 224), (225, 223), (97, 61), (61, 97), (301, 200), (200, 301), (37, 211), (300, 40), (41, 300), (17, 19),
    (1, 1), (3, 200), (123, 321), (321, 123), (256, 256), (255, 257), (133, 80), (80, 133), (266, 160), (64, 48),
    (99, 98), (5, 7), (333, 222), (150, 149),
]
TEXTS = [
    "a photo of a red apple", "A PHOTO  of\ta Dog.", "two cups' handles aren't 12 cm", "", "猫と犬", "naïve café 🍎",
    " ".join(["a red apple and a dog"] * 20), "purple-colored car, blue tie!",
]
MERGES = [("r", "e"), ("re", "d</w>"), ("a", "p"), ("ap", "p"), ("l", "e</w>"), ("app", "le</w>"), ("d", "o"),
          ("do", "g</w>"), ("o", "f</w>"), ("p", "h"), ("ph", "o"), ("t", "o</w>"), ("pho", "to</w>"), ("c", "a"),
          ("ca", "r</w>"), ("t", "w"), ("tw", "o</w>"), ("'", "s</w>"), ("1", "2</w>"), ("a", "n")]


def image(width, height, seed):
    n = width * height * 3
    state, values = seed, np.zeros(n, np.uint8)
    for i in range(n):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        byte = state >> 24
        if seed % 3 == 1:
            byte = (i * 255 // n + (byte >> 4)) & 255
        elif seed % 3 == 2:
            byte = 255 if byte > 127 else 0
        values[i] = byte
    return Image.fromarray(values.reshape(height, width, 3), "RGB")


class ImageEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, WIDTH, 16, 16, bias=False)
        self.project = nn.Linear(WIDTH * 7 * 7, DIM, bias=False)

    def forward(self, pixel_values):
        x = F.gelu(self.patch(pixel_values))
        return self.project(F.avg_pool2d(x, 2).flatten(1))


class TextEncoder(nn.Module):
    """Causal attention, pooled at the end token: the one with the largest number, as in OpenAI's CLIP."""

    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Parameter(torch.randn(CONTEXT, WIDTH))
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.project = nn.Linear(WIDTH, DIM, bias=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), -1e9).triu(1))

    def forward(self, input_ids):
        x = self.tokens(input_ids) + self.positions
        q, k, v = self.qkv(x).split(WIDTH, -1)
        x = x + (q @ k.transpose(1, 2) / WIDTH**0.5 + self.mask).softmax(-1) @ v
        end = F.one_hot(input_ids.argmax(-1), CONTEXT).to(x.dtype)
        return self.project((end.unsqueeze(1) @ x).squeeze(1))


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, WIDTH, 8, 4, 2)
        self.queries = nn.Parameter(torch.randn(QUERIES, WIDTH))
        self.classes = nn.Linear(WIDTH, QUERIES * (len(CLASSES) + 1))

    def forward(self, pixel_values):
        x = F.gelu(self.patch(pixel_values))
        masks = torch.einsum("qc,bchw->bqhw", self.queries, x - x.mean((2, 3), keepdim=True))
        return 3 * self.classes(x.mean((2, 3))).view(1, QUERIES, -1), 2 * masks


def clip_tokenizer():
    """CLIP's tokenizer.json in miniature: same steps, fewer merges."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = alphabet + [c + "</w>" for c in alphabet] + [a + b for a, b in MERGES]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    bos, eos = "<|startoftext|>", "<|endoftext|>"
    for token in (bos, eos):
        vocabulary[token] = len(vocabulary)
    tokenizer = Tokenizer(models.BPE(vocabulary, MERGES, unk_token=eos, end_of_word_suffix="</w>",
                                     continuing_subword_prefix="", fuse_unk=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True),
         pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(bos, normalized=False), AddedToken(eos, normalized=False)])
    return tokenizer, vocabulary[bos], vocabulary[eos]


def square_pixels(picture, recipe):
    """torchvision: Resize(n) with the long side truncated, CenterCrop, ToTensor, Normalize."""
    w, h = picture.size
    n, c = recipe["resize"], recipe["crop"]
    size = (n, int(n * h / w)) if w <= h else (int(n * w / h), n)
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    w, h = picture.size
    left, top = int(round((w - c) / 2.0)), int(round((h - c) / 2.0))
    picture = picture.crop((left, top, left + c, top + c))
    x = torch.from_numpy(np.array(picture)).permute(2, 0, 1).float().div(255)
    return x.sub(torch.tensor(recipe["mean"])[:, None, None]).div(torch.tensor(recipe["std"])[:, None, None])


def detector_pixels(picture, recipe):
    """mmdetection: Resize(keep_ratio), Normalize, Pad. Returns the pixels and the size before padding."""
    w, h = picture.size
    fit = recipe["fit"]
    if fit["type"] == "fixed":
        size = (fit["width"], fit["height"])
        array = np.array(picture.resize(size, Image.Resampling.BILINEAR))
    else:
        scale = min(fit["long"] / max(w, h), fit["short"] / min(w, h))
        size = tuple(max(1, int(s * scale + 0.5)) for s in (w, h))
        array = cv2.resize(np.array(picture), size, interpolation=cv2.INTER_LINEAR)
    x = array.astype(np.float32)
    cv2.subtract(x, np.float64(np.float32(recipe["mean"])).reshape(1, -1), x)
    cv2.multiply(x, 1 / np.float64(np.float32(recipe["std"])).reshape(1, -1), x)
    m = recipe["pad_multiple"]
    padded = np.zeros((-(-size[1] // m) * m, -(-size[0] // m) * m, 3), np.float32)
    padded[: size[1], : size[0]] = x
    return torch.from_numpy(padded).permute(2, 0, 1)[None], size


def detections(model, picture, recipe):
    """mmdetection's post-processing: [class, score, box, pixels of the mask], by falling score."""
    pixels, (w, h) = detector_pixels(picture, recipe)
    logits, masks = model(pixels)
    masks = F.interpolate(masks, size=pixels.shape[-2:], mode="bilinear", align_corners=False)[..., :h, :w]
    masks = F.interpolate(masks, size=picture.size[::-1], mode="bilinear", align_corners=False)[0]
    scores, indices = F.softmax(logits[0], -1)[:, :-1].flatten().topk(LIMIT)
    found = []
    for score, index in zip(scores, indices):
        mask = masks[index // len(CLASSES)]
        binary = mask > 0
        mean = (mask.sigmoid() * binary).sum() / (binary.sum() + 1e-6)
        ys, xs = torch.where(binary)
        box = [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1] if len(xs) else [0, 0, 0, 0]
        found.append([int(index) % len(CLASSES), round(float(score * mean), 7), box, int(binary.sum())])
    return sorted(found, key=lambda d: -d[1])


def write(folder, kind, graphs, **fields):
    """Exports the graphs and writes the manifest. graphs: name -> (module, example, inputs, outputs, free axes)."""
    folder = HERE / folder
    specs = {}
    for name, (module, example, inputs, outputs, axes) in graphs.items():
        file = f"{name}.onnx"
        torch.onnx.export(module, example, str(folder / file), input_names=list(inputs), output_names=list(outputs),
                          dynamic_axes=axes, opset_version=14)
        spec = lambda tensors: {k: dict(dtype=d, shape=s) for k, (d, s) in tensors.items()}
        specs[name] = dict(file=file, inputs=spec(inputs), outputs=spec(outputs))
    files = {}
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        files[path.name] = dict(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    manifest = dict(format=1, kind=kind, name=f"tiny-{folder.name}", version="1", licence="Apache-2.0",
                    **fields, graphs=specs, files=files)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def rounded(tensor):
    return [[round(float(v), 6) for v in row] for row in F.normalize(tensor, dim=-1)]


@torch.no_grad()
def main():
    torch.manual_seed(0)
    for folder in ("clip", "dino", "detector", "detector-fixed"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    tokenizer, bos, eos = clip_tokenizer()
    tokenizer.save(str(HERE / "clip" / "tokenizer.json"), pretty=False)
    image_encoder, dino = ImageEncoder().eval(), ImageEncoder().eval()
    text_encoder, detector = TextEncoder(eos + 1).eval(), Detector().eval()
    example = torch.zeros(2, 3, 224, 224)
    encoder = lambda module: (module, example, {"pixel_values": ("float32", ["n", 3, 224, 224])},
                              {"image_embeds": ("float32", ["n", DIM])},
                              {"pixel_values": {0: "n"}, "image_embeds": {0: "n"}})
    text = (text_encoder, torch.ones(2, CONTEXT, dtype=torch.int64), {"input_ids": ("int64", ["n", CONTEXT])},
            {"text_embeds": ("float32", ["n", DIM])}, {"input_ids": {0: "n"}, "text_embeds": {0: "n"}})
    write("clip", "clip", {"image_encoder": encoder(image_encoder), "text_encoder": text}, image=CLIP,
          tokenizer=dict(context_length=CONTEXT, bos=bos, eos=eos, pad=0))
    write("dino", "dino", {"image_encoder": encoder(dino)}, image=DINO)
    for folder, recipe in (("detector", KEEP), ("detector-fixed", FIXED)):
        graph = (detector, torch.zeros(1, 3, 64, 96), {"pixel_values": ("float32", [1, 3, "h", "w"])},
                 {"class_logits": ("float32", [1, QUERIES, len(CLASSES) + 1]),
                  "mask_logits": ("float32", [1, QUERIES, "mh", "mw"])},
                 {"pixel_values": {2: "h", 3: "w"}, "mask_logits": {2: "mh", 3: "mw"}})
        write(folder, "detector", {"detector": graph}, image=recipe, classes=CLASSES, max_detections=LIMIT)

    pictures = [image(w, h, seed) for seed, (w, h) in enumerate(SIZES, 1)]
    ids, truncated = [], []
    for line in TEXTS:
        all_ids = tokenizer.encode(line, add_special_tokens=False).ids
        framed = [bos, *all_ids[: CONTEXT - 2], eos]
        ids.append(framed + [0] * (CONTEXT - len(framed)))
        truncated.append(len(all_ids) > CONTEXT - 2)
    stack = lambda recipe: torch.stack([square_pixels(p, recipe) for p in pictures])
    reference = dict(
        sizes=SIZES, texts=TEXTS, truncated=truncated,
        clip_images=rounded(image_encoder(stack(CLIP))), clip_texts=rounded(text_encoder(torch.tensor(ids))),
        dino_images=rounded(dino(stack(DINO))),
        detector=[detections(detector, p, KEEP) for p in pictures],
        detector_fixed=[detections(detector, p, FIXED) for p in pictures],
    )
    (HERE / "reference.json").write_text(json.dumps(reference, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
