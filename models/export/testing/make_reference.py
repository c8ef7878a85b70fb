#!/usr/bin/env python3
"""Makes a miniature Nexus-Gen V2 checkpoint folder with random weights, and reference outputs for it.

    make_reference.py weights   --preset tiny.json --out DIR
    make_reference.py reference --preset tiny.json --out DIR --nexus NEXUS --diffsynth DS117 [--lib SITE_PACKAGES]
    make_reference.py pack      --out DIR --archive tiny-v2.tar.gz
    make_reference.py tolerance --out DIR --report REPORT.json     (REPORT.json: differences of an independent run)

NEXUS is a checkout of modelscope/Nexus-Gen (has modeling/), DS117 a folder that holds the unpacked wheel of diffsynth
1.1.7 (has diffsynth/). Both are imported as they are; nothing of them is copied into this file. `pack` keeps of
each output a part, evenly taken, and writes one archive: the same files give the same bytes. Tests read tiny-v2.tar.gz.
Made with Python 3.11, torch 1.13, torchvision 0.14, transformers 4.46.3 and diffsynth 1.1.7.
"""
import argparse
import hashlib
import json
import os
import struct
import sys
from collections import OrderedDict

import numpy as np

# ---------------------------------------------------------------------------------------------------------------- sizes

HEAD = 128          # language model and DiT
TARGET, REFERENCE = 9, 18   # tokens along a side of the generated embeddings and of the edited picture
STEPS, SHIFT = 4, 3.0
SIGMAS = (1.0, 0.40625)
EMBEDDED_GUIDANCE = 3.5

# ------------------------------------------------------------------------------------------------------- keys and shapes


def linear(d, name, out, inp, bias=True):
    d[name + ".weight"] = (out, inp)
    if bias:
        d[name + ".bias"] = (out,)


def affine(d, name, width):
    d[name + ".weight"] = (width,)
    d[name + ".bias"] = (width,)


def qwen_layer(d, p, c):
    D, kv = c["hidden"], c["kv_heads"] * HEAD
    d[p + "input_layernorm.weight"] = (D,)
    d[p + "post_attention_layernorm.weight"] = (D,)
    linear(d, p + "self_attn.q_proj", D, D)
    linear(d, p + "self_attn.k_proj", kv, D)
    linear(d, p + "self_attn.v_proj", kv, D)
    linear(d, p + "self_attn.o_proj", D, D, False)
    linear(d, p + "mlp.gate_proj", c["intermediate"], D, False)
    linear(d, p + "mlp.up_proj", c["intermediate"], D, False)
    linear(d, p + "mlp.down_proj", D, c["intermediate"], False)


def ar_keys(c, vocab):
    d, D, v = {}, c["hidden"], c["vision"]
    d["model.embed_tokens.weight"] = (vocab, D)
    for i in range(c["layers"]):
        qwen_layer(d, f"model.layers.{i}.", c)
    d["model.norm.weight"] = (D,)
    d["lm_head.weight"] = (vocab, D)
    d["vision_head.weight"] = (D, D)
    d["image_prefill_embeds.weight"] = (TARGET * TARGET, D)
    H, M = v["hidden"], v["intermediate"]
    d["visual.patch_embed.proj.weight"] = (H, 3, 2, 14, 14)
    for i in range(v["depth"]):
        p = f"visual.blocks.{i}."
        d[p + "norm1.weight"] = (H,)
        d[p + "norm2.weight"] = (H,)
        linear(d, p + "attn.qkv", 3 * H, H)
        linear(d, p + "attn.proj", H, H)
        linear(d, p + "mlp.gate_proj", M, H)
        linear(d, p + "mlp.up_proj", M, H)
        linear(d, p + "mlp.down_proj", H, M)
    d["visual.merger.ln_q.weight"] = (H,)
    linear(d, "visual.merger.mlp.0", 4 * H, 4 * H)
    linear(d, "visual.merger.mlp.2", D, 4 * H)
    return d


def dit_keys(c, prefix="pipe.dit."):
    d, D = {}, c["dit"]["width"]
    for n in ("time_embedder", "guidance_embedder"):
        linear(d, f"{n}.timestep_embedder.0", D, 256)
        linear(d, f"{n}.timestep_embedder.2", D, D)
    linear(d, "pooled_text_embedder.0", D, c["clip"]["width"])
    linear(d, "pooled_text_embedder.2", D, D)
    linear(d, "context_embedder", D, c["context"])
    linear(d, "x_embedder", D, 64)
    for i in range(c["dit"]["joint"]):
        p = f"blocks.{i}."
        for s in "ab":
            linear(d, f"{p}norm1_{s}.linear", 6 * D, D)
            linear(d, f"{p}attn.{s}_to_qkv", 3 * D, D)
            linear(d, f"{p}attn.{s}_to_out", D, D)
            d[f"{p}attn.norm_q_{s}.weight"] = (HEAD,)
            d[f"{p}attn.norm_k_{s}.weight"] = (HEAD,)
            linear(d, f"{p}ff_{s}.0", 4 * D, D)
            linear(d, f"{p}ff_{s}.2", D, 4 * D)
    for i in range(c["dit"]["single"]):
        p = f"single_blocks.{i}."
        linear(d, p + "norm.linear", 3 * D, D)
        linear(d, p + "to_qkv_mlp", 7 * D, D)
        d[p + "norm_q_a.weight"] = (HEAD,)
        d[p + "norm_k_a.weight"] = (HEAD,)
        linear(d, p + "proj_out", D, 5 * D)
    linear(d, "final_norm_out.linear", 2 * D, D)
    linear(d, "final_proj_out", 64, D)
    return {prefix + k: s for k, s in d.items()}


def adapter_keys(c):
    d, C = {}, c["context"]
    linear(d, "adapter.0", C, c["hidden"])
    affine(d, "adapter.1", C)
    linear(d, "adapter.3", C, C)
    affine(d, "adapter.4", C)
    return d


def merger_keys(c):
    d, C, D = {}, c["context"], c["hidden"]
    qwen_layer(d, "embedding_merger.layers.0.", c)
    d["embedding_merger.projector.0.weight"] = (D,)
    linear(d, "embedding_merger.projector.1", 4 * C, D)
    d["embedding_merger.projector.2.weight"] = (4 * C,)
    linear(d, "embedding_merger.projector.4", C, 4 * C)
    d["embedding_merger.projector.5.weight"] = (C,)
    return d


def conv(d, name, out, inp, k):
    d[name + ".weight"] = (out, inp, k, k)
    d[name + ".bias"] = (out,)


def resnet(d, name, inp, out):
    affine(d, name + ".norm1", inp)
    conv(d, name + ".conv1", out, inp, 3)
    affine(d, name + ".norm2", out)
    conv(d, name + ".conv2", out, out, 3)
    if inp != out:
        conv(d, name + ".nin_shortcut", out, inp, 1)


def middle(d, p, width):
    resnet(d, p + "mid.block_1", width, width)
    affine(d, p + "mid.attn_1.norm", width)
    for n in ("q", "k", "v", "proj_out"):
        conv(d, f"{p}mid.attn_1.{n}", width, width, 1)
    resnet(d, p + "mid.block_2", width, width)


def ae_keys(c):
    """Decoder widths from the smallest latents (level 3) to the pixels (level 0); the encoder is there to be ignored."""
    d, widths = {}, dict(zip((3, 2, 1, 0), c["vae"]))
    p, now = "encoder.", 8
    conv(d, p + "conv_in", 8, 3, 3)
    for level, width in enumerate((8, 16, 24, 24)):
        for b in range(2):
            resnet(d, f"{p}down.{level}.block.{b}", now, width)
            now = width
        if level < 3:
            conv(d, f"{p}down.{level}.downsample.conv", now, now, 3)
    middle(d, p, now)
    affine(d, p + "norm_out", now)
    conv(d, p + "conv_out", 32, now, 3)
    p, now = "decoder.", widths[3]
    conv(d, p + "conv_in", now, 16, 3)
    middle(d, p, now)
    for level in (3, 2, 1, 0):
        for b in range(3):
            resnet(d, f"{p}up.{level}.block.{b}", now, widths[level])
            now = widths[level]
        if level:
            conv(d, f"{p}up.{level}.upsample.conv", now, now, 3)
    affine(d, p + "norm_out", now)
    conv(d, p + "conv_out", 3, now, 3)
    return d


def clip_keys(c):
    d, W, p = {}, c["clip"]["width"], "text_model."
    d[p + "embeddings.token_embedding.weight"] = (c["clip"]["vocab"], W)
    d[p + "embeddings.position_embedding.weight"] = (77, W)
    for i in range(c["clip"]["layers"]):
        q = f"{p}encoder.layers.{i}."
        for n in ("q_proj", "k_proj", "v_proj", "out_proj"):
            linear(d, f"{q}self_attn.{n}", W, W)
        affine(d, q + "layer_norm1", W)
        affine(d, q + "layer_norm2", W)
        linear(d, q + "mlp.fc1", c["clip"]["intermediate"], W)
        linear(d, q + "mlp.fc2", W, c["clip"]["intermediate"])
    affine(d, p + "final_layer_norm", W)
    return d


def t5_keys(c):
    d, t, D = {}, c["t5"], c["context"]
    inner = t["heads"] * 64
    d["shared.weight"] = (t["vocab"], D)
    for i in range(t["layers"]):
        p = f"encoder.block.{i}.layer."
        for n in "qkv":
            d[f"{p}0.SelfAttention.{n}.weight"] = (inner, D)
        d[p + "0.SelfAttention.o.weight"] = (D, inner)
        if i == 0:
            d[p + "0.SelfAttention.relative_attention_bias.weight"] = (32, t["heads"])
        d[p + "0.layer_norm.weight"] = (D,)
        d[p + "1.DenseReluDense.wi_0.weight"] = (t["d_ff"], D)
        d[p + "1.DenseReluDense.wi_1.weight"] = (t["d_ff"], D)
        d[p + "1.DenseReluDense.wo.weight"] = (D, t["d_ff"])
        d[p + "1.layer_norm.weight"] = (D,)
    d["encoder.final_layer_norm.weight"] = (D,)
    return d


# ---------------------------------------------------------------------------------------------------------------- values


def rng_of(seed, *names):
    digest = hashlib.sha256("/".join([str(seed), *names]).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def to_bf16(x):
    """float32 rounded to the nearest bfloat16, as float32."""
    u = np.ascontiguousarray(x, np.float32).view(np.uint32).astype(np.uint64)
    u = (u + 0x7FFF + ((u >> 16) & 1)) & 0xFFFF0000
    return u.astype(np.uint32).view(np.float32)


RESIDUAL = ("o_proj.weight", "down_proj.weight", "attn.proj.weight", "to_out.weight", "ff_a.2.weight", "ff_b.2.weight",
            "proj_out.weight", "out_proj.weight", "fc2.weight", "SelfAttention.o.weight", "wo.weight")
GAINS = (  # the first that matches; 1 keeps the variance of a linear layer's input
    ("SelfAttention.q.weight", 0.35), ("SelfAttention.k.weight", 0.35),
    ("norm1_a.linear.weight", 0.6), ("norm1_b.linear.weight", 0.6), ("norm.linear.weight", 0.6),
    ("final_norm_out.linear.weight", 0.6), ("conv_out.weight", 0.5), ("conv1.weight", 1.4), ("conv2.weight", 0.7),
    # sines of up to 3500 carry the error of float32: keep them quiet, so that tolerances can be small
    ("time_embedder.timestep_embedder.0.weight", 0.25), ("guidance_embedder.timestep_embedder.0.weight", 0.15),
    ("ff_a.", 1.7), ("ff_b.", 1.7), ("to_qkv_mlp", 1.7), ("single", 1.0),  # wide enough to tell one GELU from the other
    ("wi_0.weight", 1.7), ("wo.weight", 1.2),
    ("visual.patch_embed", 1.4), ("lm_head.weight", 1.5), ("adapter.3.weight", 1.4),
)


def value(seed, file, key, shape, dtype):
    """
    Vectors: 1 ± 0.1 for weights of norms, ± 0.1 for biases. Matrices: ±a and ±a/4 with equal odds, `a` a number of the
    tensor's own with a full-length mantissa: so they pack to a fifth of their size.
    """
    r = rng_of(seed, file, key)
    if len(shape) == 1:
        norm = key.endswith(".weight")
        x = (1.0 if norm else 0.0) + 0.1 * r.standard_normal(shape)
    else:
        if "embed_tokens" in key or "shared" in key or "prefill" in key or "token_embedding" in key:
            std = 0.8
        elif "position_embedding" in key:
            std = 0.5
        elif "relative_attention_bias" in key:
            std = 3.0  # all tokens but one are pads: without a strong bias all rows would come out alike
        else:
            fan = int(np.prod(shape[1:]))
            gain = next((g for n, g in GAINS if n in key), 0.7 if key.endswith(RESIDUAL) else 1.0)
            std = gain / fan ** 0.5
        a = np.float32(std / 0.7289 * (0.9 + 0.2 * r.random()))
        if dtype == "bf16":
            a = to_bf16(a.reshape(1))[0]
        x = np.array([a, a / 4, -a, -a / 4], np.float32)[r.integers(0, 4, shape)]
    x = np.asarray(x, np.float32)
    return to_bf16(x) if dtype == "bf16" else x


def values(seed, file, keys, dtype):
    return OrderedDict((k, value(seed, file, k, s, dtype)) for k, s in keys.items())


# ------------------------------------------------------------------------------------------------------------ containers


def raw(x, dtype):
    x = np.ascontiguousarray(x, "<f4")
    return (x.view("<u4") >> 16).astype("<u2").tobytes() if dtype == "bf16" else x.tobytes()


def write_safetensors(path, tensors, dtype):
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for k, x in tensors.items():
        n = x.size * (2 if dtype == "bf16" else 4)
        header[k] = {"dtype": dtype.upper(), "shape": list(x.shape), "data_offsets": [at, at + n]}
        at += n
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for x in tensors.values():
            f.write(raw(x, dtype))


def write_shards(folder, tensors, dtype, shards):
    size = {k: x.size * (2 if dtype == "bf16" else 4) for k, x in tensors.items()}
    total, groups, used = sum(size.values()), [OrderedDict()], 0
    for k, x in tensors.items():
        if used >= total * len(groups) / shards and len(groups) < shards:
            groups.append(OrderedDict())
        groups[-1][k] = x
        used += size[k]
    index = {"metadata": {"total_size": total}, "weight_map": {}}
    for i, group in enumerate(groups):
        name = f"model-{i + 1:05d}-of-{len(groups):05d}.safetensors"
        write_safetensors(os.path.join(folder, name), group, dtype)
        index["weight_map"].update({k: name for k in group})
    index["weight_map"] = dict(sorted(index["weight_map"].items()))
    write_json(os.path.join(folder, "model.safetensors.index.json"), index)


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2, ensure_ascii=False)
        f.write("\n")


def write_torch(path, tensors, dtype, ordered):
    import torch
    kind = {"bf16": torch.bfloat16, "f32": torch.float32}[dtype]
    items = [(k, torch.from_numpy(x.copy()).to(kind)) for k, x in tensors.items()]
    torch.save(OrderedDict(items) if ordered else dict(items), path)


# ------------------------------------------------------------------------------------------------------------- tokenizer

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
            "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
            "<|image_pad|>", "<|video_pad|>"]
WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CORPUS = [
    "Generate an image according to the following description: a red apple on a wooden table",
    "Generate an image according to the following description: two small birds in the snow, a green lamp",
    "You are a helpful assistant. user system assistant", "make the apple blue and the table white",
    "根据以下描述生成一张图像：一个红色的苹果", "把苹果改成蓝色", "What is in the picture? It's a red apple; they'll see 2 of them.",
]
CHAT = ("{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system\n"
        "You are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ message['role'] }}\n"
        "{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] %}"
        "{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in part %}"
        "{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def byte_symbols():
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in keep]
    return {**{b: chr(b) for b in keep}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def merges_of(count):
    """Byte pairs by falling count, ties by text: plain byte-pair training over CORPUS, words split at spaces."""
    table = byte_symbols()
    words = {}
    for line in CORPUS:
        for i, w in enumerate(line.split(" ")):
            w = tuple(table[b] for b in ((" " if i else "") + w).encode())
            words[w] = words.get(w, 0) + 1
    merges = []
    while len(merges) < count:
        pairs = {}
        for w, n in words.items():
            for p in zip(w, w[1:]):
                pairs[p] = pairs.get(p, 0) + n
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        joined = {}
        for w, n in words.items():
            out, i = [], 0
            while i < len(w):
                if w[i:i + 2] == best:
                    out.append("".join(best))
                    i += 2
                else:
                    out.append(w[i])
                    i += 1
            joined[tuple(out)] = joined.get(tuple(out), 0) + n
        words = joined
    return merges


def tokenizer_of(c):
    merges = merges_of(c["merges"])
    vocab = {s: i for i, s in enumerate([*byte_symbols().values(), *("".join(m) for m in merges)])}
    shift = c["special_shift"]
    specials = SPECIALS[shift:] + SPECIALS[:shift]
    ids = {s: len(vocab) + i for i, s in enumerate(specials)}
    added = [{"id": i, "content": s, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
              "special": True} for s, i in ids.items()]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Isolated", "invert": False}
    data = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]}, "post_processor": level, "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": vocab, "merges": [" ".join(m) for m in merges]},
    }
    size = len(vocab) + len(ids)
    return data, ids, size, size + c["spare_tokens"]


# --------------------------------------------------------------------------------------------------------------- weights


def configs(c, ids, vocab):
    kind = {"bf16": "bfloat16", "f32": "float32"}
    v, t = c["vision"], c["t5"]
    special = dict(bos_token_id=ids["<|endoftext|>"], eos_token_id=ids["<|im_end|>"])
    return {
        "config.json": {
            "architectures": ["Qwen2_5_VLForConditionalGeneration"], "attention_dropout": 0.0, **special,
            "vision_start_token_id": ids["<|vision_start|>"], "vision_end_token_id": ids["<|vision_end|>"],
            "vision_token_id": ids["<|vision_pad|>"], "image_token_id": ids["<|image_pad|>"],
            "video_token_id": ids["<|video_pad|>"], "hidden_act": "silu", "hidden_size": c["hidden"],
            "initializer_range": 0.02, "intermediate_size": c["intermediate"], "max_position_embeddings": 128000,
            "max_window_layers": c["layers"], "model_type": "qwen2_5_vl", "num_attention_heads": c["heads"],
            "num_hidden_layers": c["layers"], "num_key_value_heads": c["kv_heads"], "rms_norm_eps": 1e-06,
            "rope_scaling": c["rope_scaling"], "rope_theta": 1000000.0, "sliding_window": 32768,
            "tie_word_embeddings": False, "torch_dtype": kind[c["dtype"]["ar"]], "transformers_version": "4.49.0",
            "use_cache": True, "use_sliding_window": False,
            "vision_config": {
                "depth": v["depth"], "fullatt_block_indexes": v["full"], "hidden_act": "silu", "hidden_size": v["hidden"],
                "in_channels": 3, "in_chans": 3, "intermediate_size": v["intermediate"], "model_type": "qwen2_5_vl",
                "num_heads": v["heads"], "out_hidden_size": c["hidden"], "patch_size": 14, "spatial_merge_size": 2,
                "spatial_patch_size": 14, "temporal_patch_size": 2, "tokens_per_second": 2, "window_size": 112,
            },
            "vocab_size": vocab,
        },
        "generation_config.json": {
            "bos_token_id": ids["<|endoftext|>"], "pad_token_id": ids["<|endoftext|>"], "do_sample": True,
            "eos_token_id": [ids["<|im_end|>"], ids["<|endoftext|>"]], "repetition_penalty": 1.05, "temperature": 1e-06,
            "transformers_version": "4.49.0",
        },
        "preprocessor_config.json": {
            "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
            "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
            "image_processor_type": "Qwen2VLImageProcessor", "max_pixels": 12845056, "merge_size": 2, "min_pixels": 3136,
            "patch_size": 14, "processor_class": "Qwen2_5_VLProcessor", "resample": 3, "rescale_factor": 0.00392156862745098,
            "temporal_patch_size": 2,
        },
        "tokenizer_config.json": {
            "add_bos_token": False, "add_prefix_space": False, "bos_token": None, "chat_template": CHAT,
            "clean_up_tokenization_spaces": False, "eos_token": "<|im_end|>", "errors": "replace",
            "model_max_length": 131072, "pad_token": "<|endoftext|>", "split_special_tokens": False,
            "tokenizer_class": "Qwen2Tokenizer", "unk_token": None,
            "added_tokens_decoder": {str(i): {"content": s, "lstrip": False, "normalized": False, "rstrip": False,
                                              "single_word": False, "special": True} for s, i in ids.items()},
        },
        "chat_template.json": {"chat_template": CHAT},
        # As upstream: bos 0, eos 2 and pad 1 are wrong there too. The ids are the last two of the vocabulary.
        "FLUX.1-dev/text_encoder/config.json": {
            "architectures": ["CLIPTextModel"], "attention_dropout": 0.0, "bos_token_id": 0, "dropout": 0.0,
            "eos_token_id": 2, "hidden_act": "quick_gelu", "hidden_size": c["clip"]["width"], "initializer_factor": 1.0,
            "initializer_range": 0.02, "intermediate_size": c["clip"]["intermediate"], "layer_norm_eps": 1e-05,
            "max_position_embeddings": 77, "model_type": "clip_text_model",
            "num_attention_heads": c["clip"]["width"] // 64, "num_hidden_layers": c["clip"]["layers"], "pad_token_id": 1,
            "projection_dim": c["clip"]["width"], "torch_dtype": kind[c["dtype"]["clip"]],
            "transformers_version": "4.43.3", "vocab_size": c["clip"]["vocab"],
        },
        "FLUX.1-dev/text_encoder_2/config.json": {
            "architectures": ["T5EncoderModel"], "classifier_dropout": 0.0, "d_ff": t["d_ff"], "d_kv": 64,
            "d_model": c["context"], "decoder_start_token_id": 0, "dense_act_fn": "gelu_new", "dropout_rate": 0.1,
            "eos_token_id": 1, "feed_forward_proj": "gated-gelu", "initializer_factor": 1.0, "is_encoder_decoder": True,
            "is_gated_act": True, "layer_norm_epsilon": 1e-06, "model_type": "t5", "num_decoder_layers": t["layers"],
            "num_heads": t["heads"], "num_layers": t["layers"], "output_past": True, "pad_token_id": 0,
            "relative_attention_max_distance": 128, "relative_attention_num_buckets": 32, "tie_word_embeddings": False,
            "torch_dtype": kind[c["dtype"]["t5"]], "transformers_version": "4.43.3", "use_cache": True,
            "vocab_size": t["vocab"],
        },
    }


def make_weights(c, out):
    flux = os.path.join(out, "FLUX.1-dev")
    for sub in ("text_encoder", "text_encoder_2"):
        os.makedirs(os.path.join(flux, sub), exist_ok=True)
    data, ids, size, vocab = tokenizer_of(c)
    write_json(os.path.join(out, "tokenizer.json"), data)
    for name, value_ in configs(c, ids, vocab).items():
        write_json(os.path.join(out, name), value_)
    kind, seed, ordered = c["dtype"], c["seed"], c["torch_keys"] == "sorted"
    write_shards(out, values(seed, "ar", ar_keys(c, vocab), kind["ar"]), kind["ar"], c["shards"])
    for name, extra in (("generation", adapter_keys(c)), ("edit", merger_keys(c))):
        keys = {**dit_keys(c), **extra}
        if ordered:
            keys = dict(sorted(keys.items()))
        write_torch(os.path.join(out, f"{name}_decoder.bin"), values(seed, name, keys, kind[name]), kind[name], ordered)
    write_safetensors(os.path.join(flux, "ae.safetensors"), values(seed, "ae", ae_keys(c), "f32"), "f32")
    write_safetensors(os.path.join(flux, "text_encoder", "model.safetensors"),
                      values(seed, "clip", clip_keys(c), kind["clip"]), kind["clip"])
    write_shards(os.path.join(flux, "text_encoder_2"), values(seed, "t5", t5_keys(c), kind["t5"]), kind["t5"],
                 c["t5_shards"])
    print(c["name"], "tokens", size, "vocabulary", vocab)


# ------------------------------------------------------------------------------------------------------------- reference


class Reference:
    """The reference code, imported. Three shims let it load on an old torch without a GPU; none touches its arithmetic."""

    def __init__(self, nexus, diffsynth, lib):
        import importlib.abc
        import importlib.machinery
        import types
        sys.path[:0] = [p for p in (lib,) if p]
        sys.path += [nexus, diffsynth]
        import torch
        torch.set_num_threads(1)
        torch.manual_seed(0)
        functional, enter = torch.nn.functional, torch.no_grad
        if not hasattr(functional, "scaled_dot_product_attention"):  # torch < 2: its definition, written out
            def attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
                s = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5 if scale is None else scale)
                if is_causal:
                    s = s + torch.full(s.shape[-2:], float("-inf")).triu(1)
                if attn_mask is not None:
                    s = s.masked_fill(~attn_mask, float("-inf")) if attn_mask.dtype == torch.bool else s + attn_mask
                return s.softmax(-1) @ v
            functional.scaled_dot_product_attention = attention

            class NoGrad(enter):  # torch < 2 has no bare decorator @torch.no_grad
                def __new__(cls, function=None):
                    return enter()(function) if callable(function) else object.__new__(cls)

                def __init__(self, function=None):
                    super().__init__()
            torch.no_grad = NoGrad

        class Nothing(types.ModuleType):
            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return type(name, (), {})

        class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):  # imported by other models of diffsynth only
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ("imageio", "modelscope"):
                    return importlib.machinery.ModuleSpec(name, self, is_package=True)

            def create_module(self, spec):
                module = Nothing(spec.name)
                module.__path__ = []
                return module

            def exec_module(self, module):
                pass
        sys.meta_path.append(Absent())
        import transformers
        from transformers.cache_utils import Cache
        if not hasattr(Cache, "is_compileable"):
            Cache.is_compileable = False
        import transformers.generation.utils as generation
        generation.is_fsdp_managed_module = lambda module: False  # would import what is broken in this torch
        import diffsynth.models.flux_dit as flux_dit
        import diffsynth.models.flux_text_encoder as t5
        import diffsynth.models.flux_vae as vae
        import diffsynth.models.sd3_dit as sd3_dit
        import diffsynth.models.sd3_text_encoder as clip
        import diffsynth.models.sd_text_encoder as sd_clip
        import diffsynth.models.sd_unet as unet
        import diffsynth.models.sd_vae_decoder as sd_vae
        import diffsynth.models.utils as utils
        from modeling.ar import modeling_qwen2_5_vl as qwen
        from modeling.decoder import modules, pipelines
        self.__dict__.update({k: v for k, v in locals().items() if k not in ("self", "Nothing", "Absent")})

    def generation_config(self, **kw):
        return self.transformers.GenerationConfig(**kw)

    def load(self, module, state):
        state = {k: v.float() for k, v in state.items()}
        module.load_state_dict(state, strict=True)
        return module.float().eval()

    def dit_of(self, c, state):
        """FluxDiT's own __init__ has the full sizes in it, so its parts are put together here at other sizes."""
        nn, f, D = self.torch.nn, self.flux_dit, c["dit"]["width"]
        dit = f.FluxDiT.__new__(f.FluxDiT)
        nn.Module.__init__(dit)
        dit.pos_embedder = f.RoPEEmbedding(D, 10000, [16, 56, 56])
        dit.time_embedder = self.sd3_dit.TimestepEmbeddings(256, D)
        dit.guidance_embedder = self.sd3_dit.TimestepEmbeddings(256, D)
        dit.pooled_text_embedder = nn.Sequential(nn.Linear(c["clip"]["width"], D), nn.SiLU(), nn.Linear(D, D))
        dit.context_embedder = nn.Linear(c["context"], D)
        dit.x_embedder = nn.Linear(64, D)
        dit.blocks = nn.ModuleList([f.FluxJointTransformerBlock(D, D // HEAD) for _ in range(c["dit"]["joint"])])
        dit.single_blocks = nn.ModuleList([f.FluxSingleTransformerBlock(D, D // HEAD) for _ in range(c["dit"]["single"])])
        dit.final_norm_out = f.AdaLayerNormContinuous(D)
        dit.final_proj_out = nn.Linear(D, 64)
        p = "pipe.dit."
        return self.load(dit, {k[len(p):]: v for k, v in state.items() if k.startswith(p)})

    def adapter_of(self, c, state):
        nn, C = self.torch.nn, c["context"]
        m = nn.Sequential(nn.Linear(c["hidden"], C), nn.LayerNorm(C), nn.ReLU(), nn.Linear(C, C), nn.LayerNorm(C))
        return self.load(m, {k[8:]: v for k, v in state.items() if k.startswith("adapter.")})

    def merger_of(self, c, state, config):
        p = "embedding_merger."
        m = self.modules.ImageEmbeddingMerger(config, num_layers=1, out_channel=c["context"])
        return self.load(m, {k[len(p):]: v for k, v in state.items() if k.startswith(p)})

    def vae_of(self, c, path):
        nn, R, U = self.torch.nn, self.unet.ResnetBlock, self.unet.UpSampler
        m = self.vae.FluxVAEDecoder()  # for its scale and shift; the layers are replaced by narrower ones
        w3, w2, w1, w0 = c["vae"]
        m.conv_in = nn.Conv2d(16, w3, kernel_size=3, padding=1)
        blocks = [R(w3, w3, eps=1e-6), self.sd_vae.VAEAttentionBlock(1, w3, w3, 1, eps=1e-6), R(w3, w3, eps=1e-6)]
        now = w3
        for level, w in zip((3, 2, 1, 0), (w3, w2, w1, w0)):
            blocks += [R(now, w, eps=1e-6), R(w, w, eps=1e-6), R(w, w, eps=1e-6)] + ([U(w)] if level else [])
            now = w
        m.blocks = nn.ModuleList(blocks)
        m.conv_norm_out = nn.GroupNorm(num_channels=now, num_groups=32, eps=1e-6)
        m.conv_out = nn.Conv2d(now, 3, kernel_size=3, padding=1)
        state = m.state_dict_converter().from_civitai(self.utils.load_state_dict(path))
        return self.load(m, state)

    def clip_of(self, c, path):
        k = c["clip"]
        m = self.clip.SD3TextEncoder1.__new__(self.clip.SD3TextEncoder1)
        self.sd_clip.SDTextEncoder.__init__(m, embed_dim=k["width"], vocab_size=k["vocab"], num_encoder_layers=0)
        m.encoders = self.torch.nn.ModuleList(
            [self.sd_clip.CLIPEncoderLayer(k["width"], k["intermediate"], num_heads=k["width"] // 64, head_dim=64)
             for _ in range(k["layers"])])
        return self.load(m, m.state_dict_converter().from_diffusers(self.utils.load_state_dict(path)))


class Store:
    def __init__(self, out):
        self.out, self.cases = out, []
        os.makedirs(os.path.join(out, "expected"), exist_ok=True)

    def put(self, name, x):
        x = np.ascontiguousarray(x.detach().numpy() if hasattr(x, "detach") else x)
        kind = {"f": ("f32", "<f4", "float32"), "i": ("i64", "<i8", "int64"), "u": ("u8", "u1", "uint8")}[x.dtype.kind]
        file = f"expected/{name}.{kind[0]}"
        x.astype(kind[1]).tofile(os.path.join(self.out, file))
        spec = {"file": file, "dtype": kind[2], "shape": list(x.shape)}
        if x.dtype.kind == "f":
            spec["max_abs"] = float(np.abs(x).max())
        return spec


def sixteenths(seed, name, shape, scale=1.0, limit=3.0):
    """Random normals rounded to sixteenths, so that the files pack well."""
    x = np.clip(rng_of(seed, "input", name).standard_normal(shape) * scale, -limit, limit)
    return np.asarray(np.round(x * 16) / 16, np.float32)


def picture(seed, name, height, width):
    """A smooth uint8 picture (height, width, 3) with three discs on it."""
    r = rng_of(seed, "picture", name)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    image = np.stack([127 + 100 * np.sin(x / (9 + 5 * i) + i) * np.cos(y / (13 - 2 * i)) for i in range(3)], -1)
    for _ in range(3):
        cy, cx, radius = r.random() * height, r.random() * width, (0.1 + 0.2 * r.random()) * min(height, width)
        image[(y - cy) ** 2 + (x - cx) ** 2 < radius ** 2] = r.integers(0, 256, 3)
    return np.clip(np.round(image / 4) * 4, 0, 255).astype(np.uint8)


def make_reference(c, out, ref):
    torch = ref.torch
    store, seed = Store(out), c["seed"]
    put = store.put
    join = lambda *p: os.path.join(out, *p)
    T = lambda x: torch.from_numpy(np.ascontiguousarray(x))
    with torch.no_grad():
        model, info = ref.qwen.Qwen2_5_VLForConditionalGeneration.from_pretrained(
            out, torch_dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        if any(info[k] for k in ("missing_keys", "unexpected_keys", "mismatched_keys")):
            raise SystemExit(f"keys of the language model do not fit: {info}")
        model.eval()
        expected = {"format": 1, "name": c["name"]}
        expected["dims"] = {**{k: c[k] for k in ("hidden", "heads", "kv_heads", "layers", "context")},
                            "head_dim": HEAD, "vocabulary": model.config.vocab_size, "dit": c["dit"],
                            "vision": c["vision"], "vae": list(c["vae"]), "clip": c["clip"], "t5": c["t5"]}
        config = model.config
        expected["tokens"] = {"boi": config.vision_start_token_id, "eoi": config.vision_end_token_id,
                              "image_pad": config.image_token_id, "eos": config.eos_token_id, "pad": config.bos_token_id}
        case = lambda **k: store.cases.append(k)
        language(c, out, ref, model, case, put, T)
        expected["tokenizer"] = tokens_of(out)
        expected["constants"] = decoders(c, out, ref, config, case, put, T, join)
    expected["versions"] = {"torch": torch.__version__, "numpy": np.__version__,
                            "transformers": ref.transformers.__version__, "diffsynth": "1.1.7",
                            "python": ".".join(map(str, sys.version_info[:3]))}
    expected["cases"] = store.cases
    write_json(join("expected.json"), expected)
    print(c["name"], len(store.cases), "cases")


def tokens_of(out):
    from tokenizers import Tokenizer
    t = Tokenizer.from_file(os.path.join(out, "tokenizer.json"))
    texts = ["Generate an image according to the following description: a red apple",
             "根据以下描述生成一张图像：苹果", "It's 12 o'clock,\n\n  they'LL see the apple!  ",
             "<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>make it blue<|im_end|>\n", "e\u0301te\u0301 🍎"]
    return [{"text": s, "ids": t.encode(s, add_special_tokens=False).ids} for s in texts]


def language(c, out, ref, model, case, put, T):
    from tokenizers import Tokenizer
    from transformers import Qwen2VLImageProcessor
    torch, config, seed = ref.torch, model.config, c["seed"]
    tokenizer = Tokenizer.from_file(os.path.join(out, "tokenizer.json"))
    processor = Qwen2VLImageProcessor.from_pretrained(out)

    def look(name, grid):
        image = picture(seed, name, grid[0] * 14, grid[1] * 14)
        got = processor(images=[image], do_resize=False, return_tensors="np")
        pixels, thw = np.asarray(got["pixel_values"], np.float32), np.asarray(got["image_grid_thw"], np.int64)
        assert tuple(thw[0]) == (1, *grid)
        return image, pixels, thw

    for grid in [*c["grids"], c["prompt_grid"]]:
        name = f"vision_{grid[0]}x{grid[1]}"
        image, pixels, thw = look(name, grid)
        case(name=name, graph="vision_encoder", picture=put(name + "_picture", image),
             inputs={"pixel_values": put(name + "_pixels", pixels), "image_grid_thw": put(name + "_grid", thw)},
             outputs={"image_embeds": put(name, model.visual(T(pixels), grid_thw=T(thw)))})

    ids = np.array([[0, config.vocab_size - 1, config.vision_start_token_id, config.image_token_id, 65, 300 % config.vocab_size]])
    case(name="embed_tokens", graph="embed_tokens", inputs={"input_ids": put("embed_ids", ids)},
         outputs={"inputs_embeds": put("embed", model.model.embed_tokens(T(ids)))})
    hidden = sixteenths(seed, "vision_head", (1, TARGET ** 2, c["hidden"]))
    case(name="vision_head", graph="vision_head", inputs={"hidden_states": put("vision_head_in", hidden)},
         outputs={"image_embeds": put("vision_head", model.vision_head(T(hidden)))})

    # Everything below is what `generate` of the reference feeds to its own decoder and gets from it.
    grid = c["prompt_grid"]
    _, pixels, thw = look(f"vision_{grid[0]}x{grid[1]}", grid)
    pads = "<|image_pad|>" * (grid[0] * grid[1] // 4)
    head = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
    tail = "<|im_end|>\n<|im_start|>assistant\n"
    shown = f"<|vision_start|>{pads}<|vision_end|>"
    wish = {"en": ("Generate an image according to the following description: a red apple", " make the apple blue"),
            "zh": ("根据以下描述生成一张图像：一个红色的苹果", " 把苹果改成蓝色")}[c["language"]]
    prompts = {"generate": (wish[0], False, True), "edit": (shown + wish[1], True, True),
               "understand": (shown + "What is in the picture?", True, False)}
    for name, (text, sees, draws) in prompts.items():
        text = head + text + tail
        ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
        fed, got = [], []

        class Begin(ref.transformers.LogitsProcessor):  # makes the first answer token BOI; the rest is greedy
            def __call__(self, input_ids, scores):
                if draws and input_ids.shape[1] == ids.shape[1]:
                    scores = torch.full_like(scores, float("-inf"))
                    scores[:, config.vision_start_token_id] = 0
                elif input_ids[0, -1] != config.vision_start_token_id:
                    scores = scores.clone()  # no second picture and no early end
                    scores[:, [config.vision_start_token_id, config.eos_token_id, config.bos_token_id]] = float("-inf")
                return scores
        kw = dict(pixel_values=T(pixels), image_grid_thw=T(thw)) if sees else {}
        inner = model.model.forward

        def spy(**kwargs):  # keeps what goes into and comes out of the decoder layers
            result = inner(**kwargs)
            fed.append((kwargs["inputs_embeds"].clone(), kwargs["position_ids"].clone()))
            got.append(result[0].clone())
            return result
        model.model.forward = spy
        model.rope_deltas = None
        new = (1 + TARGET ** 2 + 1 if draws else 1) + 3
        answer = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), **kw, logits_processor=[Begin()],
            generation_config=ref.generation_config(
                max_new_tokens=new, do_sample=False, return_dict_in_generate=True, eos_token_id=config.eos_token_id,
                pad_token_id=config.bos_token_id, bos_token_id=config.bos_token_id),
            generation_image_grid_thw=torch.tensor([[1, 2 * TARGET, 2 * TARGET]]))
        model.model.forward = inner
        sequence = answer["sequences"][0].tolist()
        assert len(sequence) == ids.shape[1] + new and len(fed) == new, (len(sequence), len(fed))

        def step(label, first, last, token_ids=None, **extra):
            embeds = torch.cat([fed[i][0] for i in range(first, last)], 1)
            positions = torch.cat([fed[i][1] for i in range(first, last)], 2)
            states = torch.cat(got[first:last], 1)
            key = f"lm_{name}_{label}"
            inputs = {"inputs_embeds": put(key + "_in", embeds), "position_ids": put(key + "_pos", positions)}
            return dict(name=label, **({"input_ids": token_ids} if token_ids else {}), inputs=inputs, outputs={
                "hidden_states": put(key + "_hidden", states), "logits": put(key + "_logits", model.lm_head(states[:, -1]))}, **extra)
        steps, at = [step("prompt", 0, 1, ids[0].tolist())], 1
        if draws:
            n = TARGET ** 2
            assert sequence[ids.shape[1]] == config.vision_start_token_id
            assert sequence[ids.shape[1] + 1 + n] == config.vision_end_token_id
            prefill = model.image_prefill_embeds.weight
            assert all(torch.equal(fed[2 + k][0][0, 0], prefill[k]) for k in range(n))
            image = model.vision_head(torch.cat(got[1:1 + n], 1))
            assert torch.allclose(image, answer["output_image_embeddings"], atol=1e-5)
            steps.append(step("picture", 1, 1 + n, stepwise=True, note="BOI, then image_prefill_embeds 0 to 79",
                              embeddings=put(f"lm_{name}_embeddings", answer["output_image_embeddings"])))
            steps.append(step("last_prefill", 1 + n, 2 + n, note="image_prefill_embeds 80: its hidden state is used for nothing"))
            at = 2 + n
        for k in range(at, new):
            steps.append(step(f"text_{k - at}", k, k + 1, [sequence[ids.shape[1] + k - 1]]))
        case(name=f"lm_{name}", graph="language_model", text=text, answer=sequence[ids.shape[1]:], steps=steps)


def decoders(c, out, ref, config, case, put, T, join):
    torch, P, seed, C = ref.torch, ref.pipelines, c["seed"], c["context"]
    vae = ref.vae_of(c, join("FLUX.1-dev", "ae.safetensors"))
    clip = ref.clip_of(c, join("FLUX.1-dev", "text_encoder", "model.safetensors"))
    t5, info = ref.t5.FluxTextEncoder2.from_pretrained(join("FLUX.1-dev", "text_encoder_2"), torch_dtype=torch.float32,
                                                       output_loading_info=True)
    assert not (info["missing_keys"] or info["unexpected_keys"]), info
    states = {n: ref.utils.load_state_dict(join(f"{n}_decoder.bin")) for n in ("generation", "edit")}
    quiet = dict(progress_bar_cmd=lambda x: x)

    class Tokenizer:
        """The reference's CLIP tokenizer; its last two ids, 49406 and 49407, become the last two of the small vocabulary."""
        def __init__(self, inner):
            self.inner = inner

        def __call__(self, *a, **k):
            got = self.inner(*a, **k)
            got["input_ids"] = got["input_ids"] - (49408 - c["clip"]["vocab"])
            return got

    def pipe_of(kind, name):
        pipe = kind(device="cpu", torch_dtype=torch.float32)
        pipe.dit, pipe.vae_decoder = ref.dit_of(c, states[name]), vae
        pipe.text_encoder_1, pipe.text_encoder_2 = clip, t5
        pipe.prompter.fetch_models(clip, t5)
        pipe.prompter.tokenizer_1 = Tokenizer(pipe.prompter.tokenizer_1)
        return pipe
    pipes = {"generation": pipe_of(P.NexusGenGenerationPipeline, "generation"),
             "edit": pipe_of(P.NexusGenEditingPipeline, "edit")}
    negative = pipes["generation"].encode_prompt("", positive=False, t5_sequence_length=512)
    prompter = pipes["generation"].prompter
    padded = dict(return_tensors="pt", padding="max_length", truncation=True)
    constants = {
        "clip_input_ids": put("clip_ids", prompter.tokenizer_1("", max_length=77, **padded).input_ids),
        "t5_input_ids": put("t5_ids", prompter.tokenizer_2("", max_length=512, **padded).input_ids),
        "pooled": put("pooled", negative["pooled_prompt_emb"][0]),
        "negative_prompt_emb": put("negative_prompt_emb", negative["prompt_emb"][0]),
    }
    embeds = sixteenths(seed, "image_embeds", (1, TARGET ** 2, c["hidden"]))
    reference = sixteenths(seed, "reference_embeds", (1, REFERENCE ** 2, c["hidden"]))
    image_embeds, reference_embeds = put("image_embeds", embeds), put("reference_embeds", reference)
    adapter = ref.adapter_of(c, states["generation"])
    merger = ref.merger_of(c, states["edit"], config)
    thw = lambda n: torch.tensor([[1, 2 * n, 2 * n]])
    cond = {"generation": adapter(T(embeds)), "edit": merger(T(embeds), thw(TARGET), T(reference), thw(REFERENCE))}
    sources = {"generation": {"image_embeds": image_embeds},
               "edit": {"image_embeds": image_embeds, "reference_embeds": reference_embeds}}
    files = {n: put(f"cond_{n}", x) for n, x in cond.items()}
    graph = {"generation": "generation", "edit": "editing"}
    for n in pipes:
        case(name=f"{graph[n]}_projector", graph=f"{graph[n]}_projector", inputs=sources[n], outputs={"prompt_emb": files[n]})

    spied, plain = [], P.lets_dance_flux

    def spy(**kw):
        spied.append(kw)
        return plain(**kw)
    P.lets_dance_flux = spy
    finals, sizes = {}, [tuple(x) for x in c["sizes"]]
    for n, pipe in pipes.items():
        ids = {}
        for h, w in sizes:  # two steps with guidance, to see what each branch gets
            spied.clear()
            pipe.generate_noise = lambda shape, **k: torch.zeros(shape)
            pipe(prompt="", negative_prompt="", cfg_scale=2.0, image_embed=cond[n], height=8 * h, width=8 * w,
                 num_inference_steps=2, **quiet)
            ids[(h, w)] = {"positive": spied[0], "negative": spied[1]}
        for h, w in sizes:
            latents = sixteenths(seed, f"latents_{n}_{h}x{w}", (1, 16, h, w))
            spec = put(f"latents_{n}_{h}x{w}", latents)
            for branch in ("positive", "negative"):
                kw = ids[(h, w)][branch]
                text = put(f"text_ids_{n}_{h}x{w}_{branch}", kw["text_ids"][0])
                for i, sigma in enumerate(SIGMAS):
                    v = plain(**{**kw, "hidden_states": T(latents), "timestep": torch.tensor([sigma]) * 1000})
                    name = f"{graph[n]}_decoder_{h}x{w}_{branch}_{i}"
                    extra = sources[n] if branch == "positive" else {}
                    emb = files[n] if branch == "positive" else constants["negative_prompt_emb"]
                    case(name=name, graph=f"{graph[n]}_decoder", branch=branch, sigma=sigma, sources=extra, prompt_emb=emb,
                         text_ids=text, inputs={"latents": spec, "timestep": put(f"sigma_{i}", np.float32([sigma]))},
                         outputs={"velocity": put(name, v)})
        scale = 3.0 if n == "generation" else 1.0
        h, w = sizes[1] if n == "generation" else sizes[0]
        noise = sixteenths(seed, f"noise_{n}", (1, 16, h, w))
        pipe.generate_noise = lambda shape, **k: T(noise).reshape(shape)
        last, decode = [], pipe.decode_image
        pipe.decode_image = lambda latent, **k: (last.append(latent.clone()), decode(latent, **k))[1]
        image = pipe(prompt="", negative_prompt="", cfg_scale=scale, image_embed=cond[n], height=8 * h, width=8 * w,
                     embedded_guidance=EMBEDDED_GUIDANCE, num_inference_steps=STEPS, **quiet)
        finals[n] = last[0].numpy()
        sigmas = [*map(float, pipe.scheduler.sigmas), 0.0]
        case(name=f"denoise_{graph[n]}", graph=f"{graph[n]}_decoder", denoise=dict(
            steps=STEPS, shift=SHIFT, sigma_min=pipe.scheduler.sigma_min, guidance=scale, embedded_guidance=EMBEDDED_GUIDANCE,
            sigmas=sigmas), sources=sources[n], prompt_emb=files[n],
             inputs={"latents": put(f"noise_{n}", noise)},
             outputs={"latents": put(f"denoise_{n}_latents", finals[n]),
                      "image": put(f"denoise_{n}_image", np.asarray(image))})
    P.lets_dance_flux = plain
    for name, z in [(f"vae_{h}x{w}", sixteenths(seed, f"vae_{h}x{w}", (1, 16, h, w))) for h, w in sizes[:1]] + [
            ("vae_denoised", finals["generation"])]:
        pixels = (vae(T(z)) / 2 + 0.5).clip(0, 1)
        case(name=name, graph="vae_decoder", inputs={"latents": put(name + "_in", z)}, outputs={"pixels": put(name, pixels)})
    return constants


def tolerances(out, report):
    """Writes into expected.json what an independent run differed by, and ten times that as the tolerance."""
    path = os.path.join(out, "expected.json")
    with open(path, encoding="utf-8") as f:
        expected = json.load(f)
    with open(report, encoding="utf-8") as f:
        seen = {}
        for row in json.load(f)["rows"]:
            if row.get("key") and row.get("diff") is not None:
                seen[row["key"]] = max(row["diff"], seen.get(row["key"], 0))
    missing = []

    def visit(key, spec):
        if spec["dtype"] != "float32":
            return
        if key not in seen:
            missing.append(key)
            return
        spec["observed"] = float(f"{seen[key]:.2e}")
        least = 1e-6 if key.startswith("embed_tokens/") else 1e-5 * max(1.0, spec["max_abs"])
        spec["tolerance"] = float(f"{max(10 * seen[key], least):.1e}")
    for k in ("pooled", "negative_prompt_emb"):
        visit(f"constants/{k}", expected["constants"][k])
    for case in expected["cases"]:
        for step in case.get("steps", [case]):
            prefix = case["name"] + ("/" + step["name"] if "steps" in case else "")
            for k, spec in step["outputs"].items():
                visit(f"{prefix}/{k}", spec)
            if "embeddings" in step:
                visit(f"{prefix}/embeddings", step["embeddings"])
    write_json(path, expected)
    print("without an observation:", missing or "none")


def pack(out, archive, most=1024):
    """One archive of the checkpoint and of at most so many numbers of each output; `stride` says which were kept."""
    import gzip
    import io
    import tarfile
    with open(os.path.join(out, "expected.json"), encoding="utf-8") as f:
        expected = json.load(f)
    steps = [step for case in expected["cases"] for step in case.get("steps", [case])]
    # What goes into a graph is needed whole, also where it came out of another.
    whole = {spec["file"] for step in steps for group in ("inputs", "sources") for spec in step.get(group, {}).values()}
    whole |= {case[key]["file"] for case in expected["cases"] for key in ("prompt_emb", "text_ids") if key in case}
    whole |= {spec["file"] for spec in expected["constants"].values()}
    parts = {}
    for step in steps:
        for spec in [*step["outputs"].values(), *([step["embeddings"]] if "embeddings" in step else [])]:
            if spec["file"] in whole or spec["dtype"] != "float32":
                whole.add(spec["file"])
                continue
            data = np.fromfile(os.path.join(out, spec["file"]), "<f4")
            spec["stride"] = max(1, -(-data.size // most))
            parts[spec["file"]] = data[:: spec["stride"]].tobytes()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        def put(name, data):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for folder, _, names in sorted(os.walk(out)):
            for name in sorted(names):
                place = os.path.join(folder, name)
                where = os.path.relpath(place, out)
                if where != "expected.json" and (not where.startswith("expected/") or where in whole):
                    with open(place, "rb") as f:
                        put(where, f.read())
        for name, data in sorted(parts.items()):
            put(name, data)
        put("expected.json", (json.dumps(expected, indent=1) + "\n").encode())
    with open(archive, "wb") as f, gzip.GzipFile(filename="", mode="wb", fileobj=f, compresslevel=9, mtime=0) as z:
        z.write(buffer.getvalue())
    print(archive, os.path.getsize(archive), "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("weights", "reference", "pack", "tolerance"))
    for name in ("preset", "out", "nexus", "diffsynth", "lib", "report", "archive"):
        parser.add_argument("--" + name)
    a = parser.parse_args()
    if a.what == "tolerance":
        return tolerances(a.out, a.report)
    if a.what == "pack":
        return pack(a.out, a.archive)
    with open(a.preset, encoding="utf-8") as f:
        c = json.load(f)
    os.makedirs(a.out, exist_ok=True)
    if a.what == "weights":
        return make_weights(c, a.out)
    return make_reference(c, os.path.abspath(a.out), Reference(os.path.abspath(a.nexus), os.path.abspath(a.diffsynth), a.lib))


if __name__ == "__main__":
    main()
