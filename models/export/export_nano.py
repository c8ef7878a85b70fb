"""Writes the model directory of Nexus-Gen nano from a training checkpoint.

    python models/export/export_nano.py --data var/training --out models/nexus-gen-nano

ONNX graphs with weights stored in half precision (cast to single when the graph is loaded), constants,
tokenizer and the manifest with every file's hash. Each graph is run by onnxruntime and compared with torch.
"""
import argparse
import hashlib
import json
import os
import shutil
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "training"))
import text as chat  # noqa: E402
from data import SIDE, World  # noqa: E402
from modules import D, GRID, PATCH, LanguageModel, geometry  # noqa: E402
from text import Text  # noqa: E402
from session import Nano  # noqa: E402

VERSION = "0.3.0"
LAYERS, HEADS, HEAD_DIM = LanguageModel.LAYERS, LanguageModel.HEADS, LanguageModel.HEAD_DIM
NOTICE = (
    "Trained on rendered pictograms of the 80 COCO classes in ten colours and three styles, in English and Chinese. "
    "It knows no photographs."
)
NOTICE_ZH = "用渲染的图标训练而成，涵盖 COCO 的 80 个类别、十种颜色和三种风格，支持中英文。它没有见过真实照片。"


class VisionGraph(torch.nn.Module):
    """One picture, (patches, 1176) in the Qwen2-VL processor's order, to (patches / 4, D)."""

    def __init__(self, m):
        super().__init__()
        self.encoder = m.encoder

    def forward(self, pixel_values, image_grid_thw):
        # A still picture fills both frames of a patch: channel, frame, y, x.
        x = pixel_values.reshape(-1, 4, 3, 2, 196).mean(3).reshape(1, -1, 4 * 588)
        rows, columns = image_grid_thw[0, 1] // 2, image_grid_thw[0, 2] // 2
        return self.encoder(x, rows, columns)[0]


class EmbedGraph(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        self.embed = m.language.embed

    def forward(self, input_ids):
        return self.embed(input_ids)


class LanguageGraph(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        self.language = m.language

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        total, s = attention_mask.shape[1], inputs_embeds.shape[1]
        keys = torch.arange(total)[None, :]
        queries = torch.arange(s)[:, None] + (total - s)
        allowed = (keys <= queries)[None, None] & (attention_mask[:, None, None, :] > 0)
        bias = (~allowed).float() * -1e9
        hidden, present = self.language(inputs_embeds, position_ids, bias, past)
        return (self.language.head(hidden[:, -1]), hidden, *present)


class EditingProjectorGraph(torch.nn.Module):
    def __init__(self, m):
        super().__init__()
        self.projector = m.editing_projector

    def forward(self, image_embeds, reference_embeds, coords):
        return self.projector(image_embeds, reference_embeds, coords)


class PixelGraph(torch.nn.Module):
    """Nano denoises pixels; its "VAE" is the change of range from [-1, 1] to [0, 1]."""

    def forward(self, latents):
        return (latents * 0.5 + 0.5).clamp(0, 1)


def halve(path):
    """Stores large float32 weights as float16 behind a cast; onnxruntime folds the casts when it loads."""
    model = onnx.load(path)
    graph, casts = model.graph, []
    for i, tensor in enumerate(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 1024:
            continue
        values = numpy_helper.to_array(tensor)
        half = numpy_helper.from_array(values.astype(np.float16), tensor.name + "_half")
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
        graph.initializer[i].CopyFrom(half)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    model.producer_version = ""
    onnx.checker.check_model(model)
    with open(path, "wb") as f:
        f.write(model.SerializeToString(deterministic=True))


def export(out, name, module, feeds, outputs, axes):
    """feeds: name -> example tensor; axes: name -> {dim: symbol}. Returns the manifest's entry."""
    path = os.path.join(out, f"{name}.onnx")
    module.eval()
    torch.onnx.export(
        module,
        tuple(feeds.values()),
        path,
        input_names=list(feeds),
        output_names=outputs,
        dynamic_axes={k: v for k, v in axes.items() if v},
        opset_version=17,
        do_constant_folding=True,
    )
    halve(path)
    with torch.no_grad():
        wanted = module(*feeds.values())
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    got = session.run(outputs, {k: v.numpy() for k, v in feeds.items()})
    worst = max(float(np.abs(a - b.numpy()).max() / (np.abs(b.numpy()).max() + 1e-6)) for a, b in zip(got, wanted))
    print(f"{name}: {os.path.getsize(path) / 1e6:.1f} MB, relative difference to torch {worst:.1e}")
    if worst > 2e-2:
        raise SystemExit(f"{name}: onnxruntime and torch disagree by {worst}")

    def spec(names, tensors):
        return {
            n: {
                "dtype": {"torch.float32": "float32", "torch.int64": "int64"}[str(t.dtype)],
                "shape": [axes.get(n, {}).get(i, size) for i, size in enumerate(t.shape)],
            }
            for n, t in zip(names, tensors)
        }

    return {"file": f"{name}.onnx", "inputs": spec(feeds, feeds.values()), "outputs": spec(outputs, wanted)}


def graphs(m, vocabulary, out):
    coords, ids = geometry(252, 420)
    n = len(ids)
    past = {}
    past_axes, present_axes, present = {}, {}, []
    for i in range(LAYERS):
        for k in ("key", "value"):
            past[f"past_key_values.{i}.{k}"] = torch.randn(1, HEADS, 3, HEAD_DIM)
            past_axes[f"past_key_values.{i}.{k}"] = {0: "b", 2: "past"}
            present.append(f"present.{i}.{k}")
            present_axes[f"present.{i}.{k}"] = {0: "b", 2: "past + s"}
    tokens = GRID * GRID
    latents = {
        "latents": torch.randn(2, 3, 252, 420),
        "timestep": torch.tensor([0.7, 0.3]),
        "cond": torch.randn(2, n, D),
        "img_ids": ids,
    }
    latent_axes = {
        "latents": {0: "b", 2: "h", 3: "w"},
        "timestep": {0: "b"},
        "cond": {0: "b", 1: "n"},
        "img_ids": {0: "n"},
        "velocity": {0: "b", 2: "h", 3: "w"},
    }
    made = {
        "vision_encoder": export(
            out,
            "vision_encoder",
            VisionGraph(m),
            {"pixel_values": torch.randn(324, 1176), "image_grid_thw": torch.tensor([[1, 18, 18]])},
            ["image_embeds"],
            {"pixel_values": {0: "patches"}, "image_grid_thw": {0: "images"}, "image_embeds": {0: "tokens"}},
        ),
        "embed_tokens": export(
            out,
            "embed_tokens",
            EmbedGraph(m),
            {"input_ids": torch.randint(0, vocabulary, (1, 5))},
            ["inputs_embeds"],
            {"input_ids": {0: "b", 1: "s"}, "inputs_embeds": {0: "b", 1: "s"}},
        ),
        "language_model": export(
            out,
            "language_model",
            LanguageGraph(m),
            {
                "inputs_embeds": torch.randn(1, 5, D),
                "attention_mask": torch.ones(1, 8, dtype=torch.long),
                "position_ids": torch.arange(3, 8).expand(3, 1, 5).contiguous(),
                **past,
            },
            ["logits", "hidden_states", *present],
            {
                "inputs_embeds": {0: "b", 1: "s"},
                "attention_mask": {0: "b", 1: "past + s"},
                "position_ids": {1: "b", 2: "s"},
                **past_axes,
                "logits": {0: "b"},
                "hidden_states": {0: "b", 1: "s"},
                **present_axes,
            },
        ),
        "vision_head": export(
            out,
            "vision_head",
            m.vision_head,
            {"hidden_states": torch.randn(1, tokens, D)},
            ["image_embeds"],
            {"hidden_states": {0: "b", 1: "n"}, "image_embeds": {0: "b", 1: "n"}},
        ),
        "generation_projector": export(
            out,
            "generation_projector",
            m.generation_projector,
            {"image_embeds": torch.randn(1, tokens, D), "coords": coords},
            ["cond"],
            {"image_embeds": {0: "b"}, "coords": {0: "n"}, "cond": {0: "b", 1: "n"}},
        ),
        "editing_projector": export(
            out,
            "editing_projector",
            EditingProjectorGraph(m),
            {
                "image_embeds": torch.randn(1, tokens, D),
                "reference_embeds": torch.randn(1, 4 * tokens, D),
                "coords": coords,
            },
            ["cond"],
            {"image_embeds": {0: "b"}, "reference_embeds": {0: "b"}, "coords": {0: "n"}, "cond": {0: "b", 1: "n"}},
        ),
    }
    for name in ("generation_decoder", "editing_decoder"):
        made[name] = export(out, name, getattr(m, name), latents, ["velocity"], latent_axes)
    made["vae_decoder"] = export(
        out,
        "vae_decoder",
        PixelGraph(),
        {"latents": torch.randn(1, 3, 252, 420)},
        ["pixels"],
        {"latents": {0: "b", 2: "h", 3: "w"}, "pixels": {0: "b", 2: "h", 3: "w"}},
    )
    return made


def constant(out, name, tensor):
    tensor.detach().numpy().astype("<f4").tofile(os.path.join(out, f"{name}.bin"))
    return {"file": f"{name}.bin", "dtype": "float32", "shape": list(tensor.shape)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="var/training")
    parser.add_argument("--out", default="models/nexus-gen-nano")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    text = Text(args.data, World(args.data).names)
    m = Nano(text.size)
    m.load_state_dict(torch.load(os.path.join(args.data, "nano.pt"), map_location="cpu")["model"])
    m.eval()
    for p in m.parameters():
        p.requires_grad_(False)
    shutil.copyfile(os.path.join(args.data, "tokenizer.json"), os.path.join(args.out, "tokenizer.json"))
    made = graphs(m, text.size, args.out)
    constants = {
        "image_prefill_embeds": constant(args.out, "image_prefill_embeds", m.language.prefill),
        "negative_image_embeds": constant(args.out, "negative_image_embeds", m.negative),
    }
    names = ["tokenizer.json"] + [g["file"] for g in made.values()] + [c["file"] for c in constants.values()]
    files = {}
    for name in names:
        with open(os.path.join(args.out, name), "rb") as f:
            content = f.read()
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    size = {"min": 128, "max": 512, "multiple": 16, "default": 256}
    manifest = {
        "format": 1,
        "name": "nexus-gen-nano",
        "version": VERSION,
        "licence": "Apache-2.0",
        "notice": NOTICE,
        "notice_zh": NOTICE_ZH,
        "languages": ["en", "zh"],
        "hidden_size": D,
        "tokens": {
            "pad": text.id[chat.PAD],
            "eos": text.id[chat.IM_END],
            "boi": text.id[chat.BOI],
            "eoi": text.id[chat.EOI],
            "image_pad": text.id[chat.IMAGE_PAD],
        },
        "token_strings": {"boi": chat.BOI, "eoi": chat.EOI, "image_pad": chat.IMAGE_PAD, "eos": chat.IM_END},
        "chat_template": chat.CHAT_TEMPLATE,
        "system": "",
        "templates": chat.TEMPLATES,
        "image": {
            "patch": 14,
            "merge": 2,
            "temporal": 2,
            "min_pixels": SIDE * SIDE,
            "max_pixels": SIDE * SIDE,
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
            "resample": "bicubic",
            "fit": "center_square",
            "size": SIDE,
        },
        "target_grid": [GRID, GRID],
        "reference": {"grid": [2 * GRID, 2 * GRID], "size": 504, "resample": "bilinear", "fit": "center_square"},
        "language_model": {"layers": LAYERS, "kv_heads": HEADS, "head_dim": HEAD_DIM},
        "latents": {"channels": 3, "downsample": 1, "patch": PATCH, "short_side": SIDE},
        "scheduler": {"type": "flow_match_euler", "shift": 3},
        "parameters": {
            "width": size,
            "height": size,
            # More steps show no more: model card, "Steps and guidance".
            "steps": {"min": 1, "max": 50, "default": 4},
            "guidance_generation": {"min": 1, "max": 8, "default": 1},
            "guidance_editing": {"min": 1, "max": 8, "default": 1},
            "seed": {"min": 0, "max": 2**32 - 1},
            "max_new_tokens": {"min": 1, "max": 256, "default": 64},
            "prompt_length": {"max": 500},
        },
        "default_decoder": "editing",
        "polishing": {"by": "template", "rules": "scenes"},
        # Measured after training: models/runtime/README.md says how.
        "world": {"reconstruction_error": 0.05, "steps": 1},
        "graphs": made,
        "constants": constants,
        "files": files,
    }
    with open(os.path.join(args.out, "manifest.json"), "w", encoding="utf-8") as f:
        json.dump(manifest, f, indent=1, ensure_ascii=False)
        f.write("\n")


if __name__ == "__main__":
    main()
