"""Writes tiny-model/: a model directory with random weights, for tests of the runtime.

It has every graph of the contract (../README.md) with the real signatures and token counts, a byte-level
tokenizer, and a width of 16. Needs `pip install onnx numpy`. The same script gives the same files.
"""

import hashlib
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).parent / "tiny-model"
D, LAYERS, HEADS, KV_HEADS, HEAD_DIM, COND, PATCH = 16, 2, 2, 1, 8, 8, 8
SPECIAL = ["<|pad|>", "<|im_end|>", "<|im_start|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
VOCAB = 256 + len(SPECIAL)
ids = {token: 256 + i for i, token in enumerate(SPECIAL)}
random = np.random.RandomState(0)
DTYPES = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}


class Graph:
    """Collects nodes and weights; every method returns the name of its result."""

    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def __call__(self, op, *inputs, outputs=None, **attributes):
        self.count += 1
        outputs = outputs or [f"v{self.count}"]
        self.nodes.append(helper.make_node(op, list(inputs), outputs, **attributes))
        return outputs[0] if len(outputs) == 1 else outputs

    def const(self, value, dtype=np.float32):
        self.count += 1
        name = f"c{self.count}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, dtype=dtype), name))
        return name

    def ints(self, *values):
        return self.const(list(values), np.int64)

    def weight(self, *shape, scale=None):
        return self.const(random.randn(*shape) * (scale or shape[0] ** -0.5))

    def linear(self, x, rows, columns):
        return self("MatMul", x, self.weight(rows, columns))

    def reshape(self, x, *shape):
        return self("Reshape", x, self.ints(*shape))

    def rms(self, x):
        mean = self("ReduceMean", self("Mul", x, x), axes=[-1], keepdims=1)
        return self("Div", x, self("Sqrt", self("Add", mean, self.const(1e-6))))

    def save(self, name, inputs, outputs):
        def info(tensors):
            return [helper.make_tensor_value_info(k, DTYPES[d], s) for k, (d, s) in tensors.items()]

        graph = helper.make_graph(self.nodes, name, info(inputs), info(outputs), self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        model.producer_name = ""
        onnx.checker.check_model(model)
        (OUT / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
        spec = lambda tensors: {k: {"dtype": d, "shape": list(s)} for k, (d, s) in tensors.items()}
        return {"file": f"{name}.onnx", "inputs": spec(inputs), "outputs": spec(outputs)}


def f32(*shape):
    return ("float32", shape)


def i64(*shape):
    return ("int64", shape)


def vision_encoder():
    g = Graph()
    x = g("Tanh", g.linear("pixel_values", 1176, 4))
    x = g.linear(g.reshape(x, -1, 16), 16, D)
    grid = g("ReduceSum", g("Cast", "image_grid_thw", to=TensorProto.FLOAT), keepdims=0)
    g("Add", x, g("Mul", grid, g.const(1e-3)), outputs=["image_embeds"])
    return g.save(
        "vision_encoder",
        {"pixel_values": f32("patches", 1176), "image_grid_thw": i64("images", 3)},
        {"image_embeds": f32("tokens", D)},
    )


def embed_tokens():
    g = Graph()
    g("Gather", g.weight(VOCAB, D, scale=1), "input_ids", outputs=["inputs_embeds"])
    return g.save("embed_tokens", {"input_ids": i64("b", "s")}, {"inputs_embeds": f32("b", "s", D)})


def language_model():
    g = Graph()
    inputs = {
        "inputs_embeds": f32("b", "s", D),
        "attention_mask": i64("b", "past + s"),
        "position_ids": i64(3, "b", "s"),
    }
    outputs = {"logits": f32("b", VOCAB), "hidden_states": f32("b", "s", D)}
    positions = g("Transpose", g("Cast", "position_ids", to=TensorProto.FLOAT), perm=[1, 2, 0])
    x = g("Add", "inputs_embeds", g("Sin", g.linear(positions, 3, D)))
    total = g("Gather", g("Shape", "attention_mask"), g.const(1, np.int64))
    length = g("Gather", g("Shape", "inputs_embeds"), g.const(1, np.int64))
    zero, one = g.const(0, np.int64), g.const(1, np.int64)
    keys = g("Range", zero, total, one)
    queries = g("Unsqueeze", g("Range", g("Sub", total, length), total, one), g.ints(1))
    causal = g("LessOrEqual", keys, queries)
    given = g("Unsqueeze", g("Cast", "attention_mask", to=TensorProto.BOOL), g.ints(1, 2))
    mask = g("Where", g("And", causal, given), g.const(0.0), g.const(-1e9))

    def heads(h, n):
        return g("Transpose", g.reshape(g.linear(h, D, n * HEAD_DIM), 0, 0, n, HEAD_DIM), perm=[0, 2, 1, 3])

    for layer in range(LAYERS):
        past = {k: f"past_key_values.{layer}.{k}" for k in ("key", "value")}
        present = {k: f"present.{layer}.{k}" for k in ("key", "value")}
        for k in ("key", "value"):
            inputs[past[k]] = f32("b", KV_HEADS, "past", HEAD_DIM)
            outputs[present[k]] = f32("b", KV_HEADS, "past + s", HEAD_DIM)
        h = g.rms(x)
        q, k, v = heads(h, HEADS), heads(h, KV_HEADS), heads(h, KV_HEADS)
        k = g("Concat", past["key"], k, axis=2, outputs=[present["key"]])
        v = g("Concat", past["value"], v, axis=2, outputs=[present["value"]])
        scores = g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2]))
        scores = g("Softmax", g("Add", g("Mul", scores, g.const(HEAD_DIM**-0.5)), mask), axis=-1)
        mixed = g.reshape(g("Transpose", g("MatMul", scores, v), perm=[0, 2, 1, 3]), 0, 0, HEADS * HEAD_DIM)
        x = g("Add", x, g.linear(mixed, HEADS * HEAD_DIM, D))
        x = g("Add", x, g.linear(g("Tanh", g.linear(g.rms(x), D, 2 * D)), 2 * D, D))
    mean = g("ReduceMean", g("Mul", x, x), axes=[-1], keepdims=1)
    h = g("Div", x, g("Sqrt", g("Add", mean, g.const(1e-6))), outputs=["hidden_states"])
    last = g("Gather", h, g.const(-1, np.int64), axis=1)
    g("MatMul", last, g.weight(D, VOCAB), outputs=["logits"])
    return g.save("language_model", inputs, outputs)


def vision_head():
    g = Graph()
    g("MatMul", "hidden_states", g.weight(D, D), outputs=["image_embeds"])
    return g.save("vision_head", {"hidden_states": f32("b", "n", D)}, {"image_embeds": f32("b", "n", D)})


def sampled(g, embeds, side):
    """(b, side², D) at the coordinates (n, 2) -> (b, n, COND): a soft choice of the nearest."""
    centers = [[(i + 0.5) / side, (j + 0.5) / side] for i in range(side) for j in range(side)]
    centers = g.const(np.array(centers)[None])
    difference = g("Sub", g("Unsqueeze", "coords", g.ints(1)), centers)
    distance = g("ReduceSum", g("Mul", difference, difference), g.ints(2), keepdims=0)
    weights = g("Softmax", g("Mul", distance, g.const(-2.0 * side * side)), axis=-1)
    return g("MatMul", weights, g.linear(embeds, D, COND))


def projector(name, editing):
    g = Graph()
    inputs = {"image_embeds": f32("b", 81, D)}
    cond = sampled(g, "image_embeds", 9)
    if editing:
        inputs["reference_embeds"] = f32("b", 324, D)
        cond = g("Add", cond, sampled(g, "reference_embeds", 18))
    inputs["coords"] = f32("n", 2)
    g("Tanh", cond, outputs=["cond"])
    return g.save(name, inputs, {"cond": f32("b", "n", COND)})


def decoder(name):
    g = Graph()
    x = g(
        "Conv", "latents", g.weight(COND, 3, PATCH, PATCH, scale=0.05), strides=[PATCH, PATCH], kernel_shape=[PATCH] * 2
    )
    shape = g("Shape", x)
    x = g("Add", x, g("Reshape", g("Transpose", "cond", perm=[0, 2, 1]), shape))
    place = g("ReduceSum", g("Mul", "img_ids", g.const([0.05, 0.08])), g.ints(1), keepdims=0)
    grid = g("Concat", g.ints(1, 1), g("Slice", shape, g.ints(2), g.ints(4)), axis=0)
    x = g("Add", x, g("Reshape", place, grid))
    x = g("Tanh", g("Add", x, g.reshape("timestep", -1, 1, 1, 1)))
    x = g("ConvTranspose", x, g.weight(COND, 3, PATCH, PATCH, scale=0.3), strides=[PATCH, PATCH], kernel_shape=[PATCH] * 2)
    g("Sub", "latents", x, outputs=["velocity"])
    return g.save(
        name,
        {
            "latents": f32("b", 3, "h", "w"),
            "timestep": f32("b"),
            "cond": f32("b", "n", COND),
            "img_ids": f32("n", 2),
        },
        {"velocity": f32("b", 3, "h", "w")},
    )


def vae_decoder():
    g = Graph()
    x = g("Add", g("Mul", "latents", g.const(0.5)), g.const(0.5))
    g("Clip", x, g.const(0.0), g.const(1.0), outputs=["pixels"])
    return g.save("vae_decoder", {"latents": f32("b", 3, "h", "w")}, {"pixels": f32("b", 3, "H", "W")})


def tokenizer():
    """Byte-level, no merges: one token a byte, so a Chinese character is three and an emoji four."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    characters = {b: chr(b) for b in plain} | {b: chr(256 + i) for i, b in enumerate(others)}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": i, "content": token, **flags} for token, i in ids.items()],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": {c: b for b, c in sorted(characters.items())}, "merges": []},
    }


def constant(name):
    values = random.randn(81, D).astype("<f4")
    (OUT / f"{name}.bin").write_bytes(values.tobytes())
    return {"file": f"{name}.bin", "dtype": "float32", "shape": [81, D]}


def main():
    OUT.mkdir(exist_ok=True)
    graphs = {
        "vision_encoder": vision_encoder(),
        "embed_tokens": embed_tokens(),
        "language_model": language_model(),
        "vision_head": vision_head(),
        "generation_projector": projector("generation_projector", False),
        "generation_decoder": decoder("generation_decoder"),
        "editing_projector": projector("editing_projector", True),
        "editing_decoder": decoder("editing_decoder"),
        "vae_decoder": vae_decoder(),
    }
    constants = {name: constant(name) for name in ("image_prefill_embeds", "negative_image_embeds")}
    (OUT / "tokenizer.json").write_text(json.dumps(tokenizer(), ensure_ascii=True) + "\n")
    files = sorted(p.name for p in OUT.iterdir() if p.name != "manifest.json")
    side = {"min": 32, "max": 128, "multiple": 8, "default": 64}
    guidance = {"min": 1, "max": 10, "default": 2}
    manifest = {
        "format": 1,
        "name": "tiny-random",
        "version": "1",
        "licence": "Apache-2.0",
        "notice": "Random weights for tests.",
        "languages": ["en", "zh"],
        "hidden_size": D,
        "tokens": {
            "pad": ids["<|pad|>"],
            "eos": ids["<|im_end|>"],
            "boi": ids["<|vision_start|>"],
            "eoi": ids["<|vision_end|>"],
            "image_pad": ids["<|image_pad|>"],
        },
        "token_strings": {
            "boi": "<|vision_start|>",
            "eoi": "<|vision_end|>",
            "image_pad": "<|image_pad|>",
            "eos": "<|im_end|>",
        },
        "chat_template": "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
        "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
        "system": "You are a helpful assistant.",
        "templates": {
            "generate": {"en": "Generate: {}", "zh": "生成：{}"},
            "edit": {"en": "<image> {}", "zh": "<image> {}"},
            "understand": {"en": "{}", "zh": "{}"},
        },
        "image": {
            "patch": 14,
            "merge": 2,
            "temporal": 2,
            "min_pixels": 63504,
            "max_pixels": 63504,
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
            "resample": "bicubic",
            "fit": "center_square",
            "size": 252,
        },
        "target_grid": [9, 9],
        "reference": {"grid": [18, 18], "size": 504, "resample": "bilinear", "fit": "center_square"},
        "language_model": {"layers": LAYERS, "kv_heads": KV_HEADS, "head_dim": HEAD_DIM},
        "latents": {"channels": 3, "downsample": 1, "patch": PATCH},
        "scheduler": {"type": "flow_match_euler", "shift": 3},
        "parameters": {
            "width": side,
            "height": side,
            "steps": {"min": 1, "max": 50, "default": 4},
            "guidance_generation": guidance,
            "guidance_editing": {**guidance, "default": 1},
            "seed": {"min": 0, "max": 4294967295},
            "max_new_tokens": {"min": 1, "max": 64, "default": 16},
            "prompt_length": {"max": 500},
        },
        "default_decoder": "editing",
        "graphs": graphs,
        "constants": constants,
        "files": {
            name: {
                "sha256": hashlib.sha256((OUT / name).read_bytes()).hexdigest(),
                "bytes": (OUT / name).stat().st_size,
            }
            for name in files
        },
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
