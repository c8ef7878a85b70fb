#!/usr/bin/env python3
"""Makes miniature checkpoints of evaluators with random weights, what transformers gives for them, and packs both.

    make_evaluators_reference.py --out tiny-evaluators.tar.gz

Sizes are unlike those of published models, so that nothing can be taken for granted. Weights are exact in float16,
with five digits, so that they pack well.

| in the archive            | what                                                                                              |
| ------------------------- | ------------------------------------------------------------------------------------------------- |
| clip/                     | Hugging Face: `pytorch_model.bin`, float16, GELU, end token in the configuration, tokenizer.json  |
| openai/                   | as OpenAI publishes: a TorchScript archive in float16 and float32, and its list of merges         |
| dino/                     | facebookresearch: a full checkpoint of a training, before torch 1.6's format                      |
| vit/                      | Hugging Face, safetensors                                                                         |
| dinov2/                   | Hugging Face, safetensors; positions for larger images than it is used with                     |
| mask2former/              | Hugging Face, float16                                                                             |
| mmdetection/              | the same in the names of mmdetection 2.x, before torch 1.6's format, float16                      |
| expected.json, expected/  | cases: inputs, outputs and the tolerance of each, from the difference to float64                  |

Made with Python 3.11, torch 1.13 and transformers 4.46.3, on a CPU with one thread.
"""
import argparse
import collections
import gzip
import io
import json
import os
import tarfile
import tempfile
import zlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.set_num_threads(1)
torch.set_grad_enabled(False)
CLASSES = ["red cube", "dog", "cup of tea"]


def rng(*key):
    return np.random.default_rng([zlib.crc32(str(k).encode()) for k in key])


def fill(model, seed, gains=()):
    """Every parameter by the seed and its name."""
    for name, p in model.named_parameters():
        r, shape = rng(seed, name), tuple(p.shape)
        gain = next((g for part, g in gains if part in name), 1)
        if len(shape) < 2:
            v = r.uniform(-0.2, 0.2, shape) * gain
            if name.endswith(("norm.weight", "norm1.weight", "norm2.weight", "lambda1", "before.weight", "after.weight")) or ".1.weight" in name or "stage" in name and name.endswith("weight"):
                v = 1 + v
        else:
            table = any(part in name for part in ("embed", "cls_token", "queries", "bias_table")) and "patch" not in name and "mask_embedder" not in name
            v = r.standard_normal(shape) * gain / (1 if table else np.sqrt(np.prod(shape[1:])))
        fraction, exponent = np.frexp(v)
        p.data = torch.from_numpy(np.asarray(np.ldexp(np.round(fraction * 32), exponent - 5)).astype(np.float16).astype(np.float32).reshape(shape))
    return model.eval()


def pixels(seed, *shape):
    """Smooth, of few levels, so that they pack well."""
    r = rng("pixels", *seed)
    low = torch.from_numpy(r.standard_normal((shape[0], 3, 5, 4)).astype(np.float32))
    x = F.interpolate(low, size=shape[2:], mode="bicubic", align_corners=False)
    return torch.round(x * 16) / 16


class Set:
    def __init__(self, folder):
        self.folder, self.cases = folder, []
        os.makedirs(os.path.join(folder, "expected"))

    def path(self, *parts):
        path = os.path.join(self.folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def json(self, value, *parts):
        with open(self.path(*parts), "w") as f:
            json.dump(value, f, indent=1)

    def numbers(self, name, value):
        value = np.ascontiguousarray(value)
        kind = {"float32": "f32", "int64": "i64"}[str(value.dtype)]
        value.tofile(self.path("expected", f"{name}.{kind}"))
        return {"file": f"expected/{name}.{kind}", "dtype": str(value.dtype), "shape": list(value.shape)}

    def case(self, name, of, graph, inputs, outputs):
        """`outputs`: name -> (float32, float64)"""
        listed = {}
        for key, (value, double) in outputs.items():
            value, double = value.numpy(), double.numpy()
            off, top = float(np.abs(value - double).max()), float(np.abs(value).max())
            listed[key] = {**self.numbers(f"{name}_{key}", value), "max_abs": top, "tolerance": max(10 * off, 1e-5 * top)}
            print(f"{name:24} {key:14} {top:8.3f} {off:.1e}")
        self.cases.append({"name": name, "of": of, "graph": graph, "inputs": {k: self.numbers(f"{name}_{k}", v.numpy()) for k, v in inputs.items()}, "outputs": listed})

    def hugging_face(self, folder, model, dtype, container="safetensors"):
        config = model.config.to_dict()
        config["architectures"] = [type(model).__name__]
        self.json(config, folder, "config.json")
        state = {k: (v.to(dtype) if v.is_floating_point() else v).contiguous() for k, v in model.state_dict().items()}
        if container == "bin":
            torch.save(collections.OrderedDict(state), self.path(folder, "pytorch_model.bin"))
        else:
            save_file(state, self.path(folder, "model.safetensors"), metadata={"format": "pt"})


def merges_of(words, count):
    """The first merges of a BPE over words."""
    splits = {w: [*w[:-1], w[-1] + "</w>"] for w in words.split()}
    merges = []
    while len(merges) < count:
        pairs = collections.Counter(p for s in splits.values() for p in zip(s, s[1:]))
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        for w, s in splits.items():
            out = []
            for c in s:
                if out and (out[-1], c) == best:
                    out[-1] += c
                else:
                    out.append(c)
            splits[w] = out
    return merges


def vocabulary(merges):
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = [chr(b) for b in keep] + [chr(256 + i) for i in range(256 - len(keep))]
    names = symbols + [s + "</w>" for s in symbols] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    return {n: i for i, n in enumerate(names)}


TEXTS = ["a photo of a red cube", "", "Two  DOGS & a cup!", "tea " * 40]


def clip_model(text, vision, size, patch, vocab, end, act, embedding):
    from transformers import CLIPConfig, CLIPModel
    tower = lambda w, n, h, m: dict(hidden_size=w, num_hidden_layers=n, num_attention_heads=h, intermediate_size=m, hidden_act=act, projection_dim=embedding)
    return CLIPModel(CLIPConfig(projection_dim=embedding, text_config=dict(**tower(*text), vocab_size=vocab, max_position_embeddings=16, bos_token_id=vocab - 2, eos_token_id=end, pad_token_id=1),
                                vision_config=dict(**tower(*vision), image_size=size, patch_size=patch)))


def double_texts(model, ids):
    """torch 1.13 cannot make transformers' causal mask in float64: it is made here."""
    from transformers.models.clip import modeling_clip
    usual = modeling_clip._create_4d_causal_attention_mask
    modeling_clip._create_4d_causal_attention_mask = lambda shape, dtype, **_: torch.full((shape[1], shape[1]), -1e30, dtype=dtype).triu(1).expand(shape[0], 1, -1, -1)
    value = model.double().get_text_features(input_ids=ids)
    modeling_clip._create_4d_causal_attention_mask = usual
    return value


def clip_cases(to, of, model, tokens, size):
    x = pixels((of,), 2, 3, size, size)
    ids = torch.tensor(tokens)
    images, texts = model.get_image_features(x), model.get_text_features(input_ids=ids)
    to.case(f"{of}_images", of, "image_encoder", {"pixel_values": x}, {"image_embeds": (images, model.double().get_image_features(x.double()))})
    to.case(f"{of}_texts", of, "text_encoder", {"input_ids": ids}, {"text_embeds": (texts, double_texts(model, ids))})
    model.float()


def make_clip(to):
    from transformers import CLIPTokenizerFast
    merges = merges_of("a photo of the red cubes and cups with two dogs on tea photograph", 22)
    vocab = vocabulary(merges)
    to.json(vocab, "clip", "vocab.json")
    with open(to.path("clip", "merges.txt"), "w") as f:
        f.write("#version: 0.2\n" + "".join(" ".join(m) + "\n" for m in merges))
    with gzip.GzipFile(filename="", fileobj=open(to.path("openai", "bpe_simple_vocab_16e6.txt.gz"), "wb"), mode="wb", mtime=0) as f:
        f.write(("bpe_simple_vocab_16e6.txt\n" + "".join(" ".join(m) + "\n" for m in merges)).encode())
    tokenizer = CLIPTokenizerFast(to.path("clip", "vocab.json"), to.path("clip", "merges.txt"), pad_token="<|endoftext|>")
    tokens = tokenizer(TEXTS, padding="max_length", truncation=True, max_length=16)["input_ids"]
    to.json({"bos_token": "<|startoftext|>", "eos_token": {"content": "<|endoftext|>"}, "pad_token": "<|endoftext|>"}, "clip", "special_tokens_map.json")
    to.json({"size": {"shortest_edge": 30}, "crop_size": {"height": 24, "width": 24}, "resample": 2, "image_mean": [0.4, 0.5, 0.6], "image_std": [0.2, 0.3, 0.25]}, "clip", "preprocessor_config.json")
    n = len(vocab)
    model = fill(clip_model((32, 2, 2, 56), (48, 2, 3, 72), 24, 8, n, n - 1, "gelu", 20), "clip")
    to.hugging_face("clip", model, torch.float16, "bin")
    clip_cases(to, "clip", model, tokens, 24)
    openai = fill(clip_model((64, 1, 1, 96), (64, 1, 1, 80), 32, 8, n, 2, "quick_gelu", 24), "openai")
    clip_cases(to, "openai", openai, tokens, 32)
    to.texts = {"clip": [{"text": t, "input_ids": i} for t, i in zip(TEXTS, tokens)]}
    end = n - 1
    padded = [[t if i <= row.index(end) else 0 for i, t in enumerate(row)] for row in tokens]
    to.texts["openai"] = [{"text": t, "input_ids": i} for t, i in zip(TEXTS, padded)]
    torch.jit.save(torch.jit.script(modules(openai_names(openai.state_dict()))), to.path("openai", "ViT-tiny.pt"))


def openai_names(sd):
    out = {}
    for prefix, hf in (("visual.", "vision_model."), ("", "text_model.")):
        a, b = f"{hf}encoder.layers.0.", f"{prefix}transformer.resblocks.0."
        for part in ("weight", "bias"):
            out[f"{b}attn.in_proj_{part}"] = torch.cat([sd[f"{a}self_attn.{x}_proj.{part}"] for x in "qkv"]).half()
            for x, y in (("self_attn.out_proj", "attn.out_proj"), ("mlp.fc1", "mlp.c_fc"), ("mlp.fc2", "mlp.c_proj")):
                out[f"{b}{y}.{part}"] = sd[f"{a}{x}.{part}"].half()
            for x in "12":
                out[f"{b}ln_{x}.{part}"] = sd[f"{a}layer_norm{x}.{part}"]
    for part in ("weight", "bias"):
        out["visual.ln_pre." + part] = sd["vision_model.pre_layrnorm." + part]
        out["visual.ln_post." + part] = sd["vision_model.post_layernorm." + part]
        out["ln_final." + part] = sd["text_model.final_layer_norm." + part]
    v, t = "vision_model.embeddings.", "text_model.embeddings."
    out.update({"visual.class_embedding": sd[v + "class_embedding"], "visual.positional_embedding": sd[v + "position_embedding.weight"], "visual.conv1.weight": sd[v + "patch_embedding.weight"].half(),
                "visual.proj": sd["visual_projection.weight"].t().half().contiguous(), "text_projection": sd["text_projection.weight"].t().half().contiguous(), "logit_scale": sd["logit_scale"],
                "token_embedding.weight": sd[t + "token_embedding.weight"].half(), "positional_embedding": sd[t + "position_embedding.weight"]})
    out.update(input_resolution=torch.tensor(32), context_length=torch.tensor(16), vocab_size=torch.tensor(len(out["token_embedding.weight"])))
    return out


class Module(torch.nn.Module):
    pass


def modules(tensors):
    """Modules whose attributes nest by the dots of the names, as a scripted model has them."""
    root = Module()
    for name, value in tensors.items():
        *path, last = name.split(".")
        at = root
        for part in path:
            if not hasattr(at, part):
                at.add_module(part, Module())
            at = getattr(at, part)
        if value.is_floating_point():
            at.register_parameter(last, torch.nn.Parameter(value, requires_grad=False))
        else:
            at.register_buffer(last, value)
    return root


def make_vits(to):
    from transformers import Dinov2Config, Dinov2Model, ViTConfig, ViTModel
    config = dict(num_hidden_layers=2, layer_norm_eps=1e-6)
    model = fill(ViTModel(ViTConfig(**config, hidden_size=64, num_attention_heads=1, intermediate_size=72, image_size=48, patch_size=12), add_pooling_layer=False), "dino")
    run = lambda m, x: m(x).last_hidden_state[:, 0]
    x = pixels(("dino",), 2, 3, 48, 48)
    to.case("dino_images", "dino", "image_encoder", {"pixel_values": x}, {"image_embeds": (run(model, x), run(model.double(), x.double()))})
    own = vit_names(model.float().state_dict())
    wrong = {k: torch.zeros(1) for k in own}
    training = {"student": collections.OrderedDict(("module.backbone." + k, v) for k, v in wrong.items()),
                "teacher": collections.OrderedDict([*(("module.backbone." + k, v) for k, v in own.items()), ("module.head.last.weight", torch.ones(2, 2))]),
                "optimizer": {"state": {0: {"step": 1, "exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
                "epoch": 3, "args": argparse.Namespace(arch="vit_tiny", lr=np.float64(0.5)), "dino_loss": collections.OrderedDict(center=torch.zeros(1, 2))}
    torch.save(training, to.path("dino", "dino_tiny_full_checkpoint.pth"), _use_new_zipfile_serialization=False)
    model = fill(ViTModel(ViTConfig(**config, hidden_size=30, num_attention_heads=3, intermediate_size=40, image_size=32, patch_size=8), add_pooling_layer=False), "vit")
    to.hugging_face("vit", model, torch.float32)
    x = pixels(("vit",), 1, 3, 32, 32)
    to.case("vit_images", "vit", "image_encoder", {"pixel_values": x}, {"image_embeds": (run(model, x), run(model.double(), x.double()))})
    model = fill(Dinov2Model(Dinov2Config(**config, hidden_size=24, num_attention_heads=2, mlp_ratio=2, image_size=40, patch_size=5)), "dinov2")
    to.hugging_face("dinov2", model, torch.float32)
    to.json({"size": {"shortest_edge": 34}, "crop_size": {"height": 30, "width": 30}, "resample": 3, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}, "dinov2", "preprocessor_config.json")
    x = pixels(("dinov2",), 2, 3, 30, 30)
    to.case("dinov2_images", "dinov2", "image_encoder", {"pixel_values": x}, {"image_embeds": (run(model, x), run(model.double(), x.double()))})


def vit_names(sd):
    out = {"cls_token": sd["embeddings.cls_token"], "pos_embed": sd["embeddings.position_embeddings"]}
    names = (("attention.output.dense", "attn.proj"), ("intermediate.dense", "mlp.fc1"), ("output.dense", "mlp.fc2"), ("layernorm_before", "norm1"), ("layernorm_after", "norm2"))
    for part in ("weight", "bias"):
        out["patch_embed.proj." + part] = sd["embeddings.patch_embeddings.projection." + part]
        out["norm." + part] = sd["layernorm." + part]
        for i in range(2):
            a, b = f"encoder.layer.{i}.", f"blocks.{i}."
            out[f"{b}attn.qkv.{part}"] = torch.cat([sd[f"{a}attention.attention.{x}.{part}"] for x in ("query", "key", "value")])
            for x, y in names:
                out[f"{b}{y}.{part}"] = sd[f"{a}{x}.{part}"]
    return out


def make_mask2former(to):
    from transformers import Mask2FormerConfig, Mask2FormerForUniversalSegmentation, SwinConfig
    from transformers.models.mask2former import modeling_mask2former
    # Only training needs the loss, and the loss needs scipy.
    modeling_mask2former.Mask2FormerLoss = lambda **_: torch.nn.Identity()
    swin = SwinConfig(patch_size=4, embed_dim=6, depths=[2, 1, 3, 2], num_heads=[1, 2, 3, 4], window_size=4, mlp_ratio=2, out_features=["stage1", "stage2", "stage3", "stage4"])
    model = Mask2FormerForUniversalSegmentation(Mask2FormerConfig(
        backbone_config=swin, feature_size=32, mask_feature_size=20, hidden_dim=32, num_attention_heads=4, encoder_layers=2, encoder_feedforward_dim=40, decoder_layers=6, dim_feedforward=48,
        num_queries=9, id2label=dict(enumerate(CLASSES)), label2id={n: i for i, n in enumerate(CLASSES)}))
    fill(model, "mask2former", [("sampling_offsets.bias", 15), ("sampling_offsets", 2), ("mask_projection.bias", 4), ("mask_embedder", 1.3), ("class_predictor", 2)])
    to.hugging_face("mask2former", model, torch.float16)
    run = lambda m, x: (lambda y: {"class_logits": y.class_queries_logits, "mask_logits": y.masks_queries_logits})(m(pixel_values=x))
    seen = []
    model.model.transformer_module.decoder.mask_predictor.register_forward_hook(
        lambda m, i, o: seen.append(float(F.interpolate(o[0], size=i[2], mode="bilinear", align_corners=False).abs().min())))
    for height, width in ((64, 96), (50, 71), (20, 40)):
        for k in range(100):    # an image whose masked attention does not hang on rounding
            x = pixels(("mask2former", height, width, k), 1, 3, height, width)
            seen.clear()
            single, margin = run(model.float(), x), min(seen[:-1] or [0])
            margin = min(seen[:-1])
            double = run(model.double(), x.double())
            off = float((single["mask_logits"] - double["mask_logits"]).abs().max())
            if margin > 20 * off:
                break
        else:
            raise SystemExit(f"no image of {height} x {width} whose masks are decided clearly")
        to.case(f"mask2former_{height}x{width}", "mask2former", "detector", {"pixel_values": x}, {n: (single[n], double[n]) for n in single})
    state = collections.OrderedDict((k, v.half()) for k, v in mmdetection_names(model.float().state_dict()).items())
    torch.save({"meta": {"CLASSES": tuple(CLASSES), "mmdet_version": "2.28.2", "epoch": 50}, "state_dict": state}, to.path("mmdetection", "tiny.pth"), _use_new_zipfile_serialization=False)


def mmdetection_names(sd):
    """Those of mmdetection 2.x, from the names of Hugging Face. The columns of patch merging have another order there."""
    out, e, d, t = {}, "model.pixel_level_module.encoder.", "model.pixel_level_module.decoder.", "model.transformer_module."
    simple = [(e + "embeddings.patch_embeddings.", "backbone.patch_embed."), (e + "embeddings.", "backbone.patch_embed."), (e + "encoder.layers.", "backbone.stages."),
              *((f"{e}hidden_states_norms.stage{i + 1}.", f"backbone.norm{i}.") for i in range(4)), (d + "adapter_1.0", "panoptic_head.pixel_decoder.lateral_convs.0.conv"),
              (d + "adapter_1.1", "panoptic_head.pixel_decoder.lateral_convs.0.gn"), (d + "layer_1.0", "panoptic_head.pixel_decoder.output_convs.0.conv"),
              (d + "layer_1.1", "panoptic_head.pixel_decoder.output_convs.0.gn"), (d + "mask_projection", "panoptic_head.pixel_decoder.mask_feature"),
              (d + "level_embed", "panoptic_head.pixel_decoder.level_encoding.weight"), (d + "encoder.", "panoptic_head.pixel_decoder.encoder."),
              *((f"{d}input_projections.{i}.{j}", f"panoptic_head.pixel_decoder.input_convs.{i}.{n}") for i in range(3) for j, n in enumerate(("conv", "gn"))),
              *((f"{t}decoder.mask_predictor.mask_embedder.{i}.0", f"panoptic_head.mask_embed.{2 * i}") for i in range(3)), (t + "decoder.layernorm", "panoptic_head.transformer_decoder.post_norm"),
              (t + "decoder.", "panoptic_head.transformer_decoder."), (t + "queries_features", "panoptic_head.query_feat"), (t + "queries_embedder", "panoptic_head.query_embed"),
              (t + "level_embed", "panoptic_head.level_embed"), ("class_predictor", "panoptic_head.cls_embed")]
    inner = [("layernorm_before", "norm1"), ("layernorm_after", "norm2"), ("attention.output.dense", "attn.w_msa.proj"), ("attention.self.relative_position_bias_table", "attn.w_msa.relative_position_bias_table"),
             ("intermediate.dense", "ffn.layers.0.0"), (".output.dense", ".ffn.layers.1"), ("cross_attn_layer_norm", "norms.0")]
    pixel = [("self_attn_layer_norm", "norms.0"), ("final_layer_norm", "norms.1"), ("self_attn.", "attentions.0."), ("fc1", "ffns.0.layers.0.0"), ("fc2", "ffns.0.layers.1")]
    layer = [("cross_attn_layer_norm", "norms.0"), ("self_attn_layer_norm", "norms.1"), ("final_layer_norm", "norms.2"), ("cross_attn.", "attentions.0.attn."), ("self_attn.", "attentions.1.attn."),
             ("fc1", "ffns.0.layers.0.0"), ("fc2", "ffns.0.layers.1")]
    for key, value in sd.items():
        if key.endswith("relative_position_index") or key.startswith("criterion."):
            continue
        fused = next((p for p in ("attention.self.query.", "self_attn.q_proj.") if p in key), None)
        if any(p in key for p in ("self.key.", "self.value.", "self_attn.k_proj.", "self_attn.v_proj.")):
            continue
        if fused:
            names = ("query", "key", "value") if "self.query" in fused else ("q_proj", "k_proj", "v_proj")
            value = torch.cat([sd[key.replace(names[0], n)] for n in names])
            key = key.replace("attention.self.query.", "attn.w_msa.qkv.").replace("self_attn.q_proj.", "self_attn.in_proj_")
        if "downsample" in key:
            order = value.reshape(*value.shape[:-1], 4, -1)[..., [0, 2, 1, 3], :].transpose(-1, -2)
            value = order.reshape(value.shape)
        source, target = next(p for p in simple if key.startswith(p[0]))
        rest = key[len(source):]
        for a, b in pixel if source == d + "encoder." else layer if source == t + "decoder." else inner:
            if a in rest:
                rest = rest.replace(a, b, 1)
                break
        out[target + rest] = value.contiguous()
    return out


def pack(folder, archive):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for at, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                with open(os.path.join(at, name), "rb") as f:
                    data = f.read()
                info = tarfile.TarInfo(os.path.relpath(os.path.join(at, name), folder))
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    with open(archive, "wb") as f, gzip.GzipFile(filename="", mode="wb", fileobj=f, compresslevel=9, mtime=0) as z:
        z.write(buffer.getvalue())
    print(archive, os.path.getsize(archive), "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="the archive")
    archive = os.path.abspath(parser.parse_args().out)
    with tempfile.TemporaryDirectory() as folder:
        to = Set(folder)
        make_clip(to)
        make_vits(to)
        make_mask2former(to)
        to.json({"format": 1, "classes": CLASSES, "texts": to.texts, "cases": to.cases}, "expected.json")
        pack(folder, archive)


if __name__ == "__main__":
    main()
