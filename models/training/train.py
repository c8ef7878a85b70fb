"""Trains Nexus-Gen nano, stage by stage. Each stage resumes from its checkpoint and ends after its minutes.

    python models/training/train.py encoder
    python models/training/train.py sight
    python models/training/train.py language --recipe models/training/recipes/gpu.json
    python models/training/train.py generation --minutes 6
    python models/training/train.py editing

Minutes, batches and rates are the recipe's. Runs on torch 1.13 and 2.x, on CPU (bf16 autocast) and CUDA.
"""
import json
import multiprocessing

import torch
import torch.nn.functional as F

from contents import TOKENS, cell_contents, changed_cells, object_cells
from data import canvas, patches, read, reference, through_256
from guidance import pointing_loss, pointing_targets, reading_loss, reading_targets
from modules import D, SEEN, SHOWN, geometry, patch
from prefetch import prefetch
from sequences import choose, image_loss, lay_out, predict
from session import Session, start

# How many scenes of questions and of edits are in another style than the first, where the text leaves it open.
QUESTIONS_STYLED, EDITS_STYLED = 0.4, 0.4
# Canvases of the decoders: the scene's square of 252, and wider or higher ones, an even number of tokens longer.
SIZES = [(252, 252)] * 9 + [(252, n) for n in (336, 392, 448)] + [(n, 252) for n in (336, 392, 448)]


@torch.no_grad()
def stage_encoder(s):
    """The linear autoencoder of the world's cells, in closed form; it also gives the decoders their start.

    Cells with an object in them, from canonical scenes, shifted scenes and references, weigh 60, 15 and 25 %.
    The tokens are principal components scaled to the power 0.7 of their deviation: between plain components,
    whose details would hardly count in the regression, and whitened ones, in which they outweigh the rest.
    """
    captions = read(s.args.data, "captions.jsonl", 1500)
    scenes = s.styled(read(s.args.data, "questions.jsonl", 900), 0.5)

    def moments(records, view, shift, groups):
        found = []
        for i in range(0, len(records), 100):
            x = patches(view(s.world.batch(records[i : i + 100], shift=shift, rng=s.rng)))
            x = x.reshape(-1, 4 * 588)
            found.append(x[x.std(1) > 0.02].reshape(-1, groups))
        x = torch.cat(found)
        mean = x.mean(0)
        return mean, (x - mean).T @ (x - mean) / len(x)

    parts = [
        (0.6, *moments(captions, lambda p: p, False, 4 * 588)),
        (0.15, *moments(scenes[:500], lambda p: p, True, 4 * 588)),
        (0.25, *moments(scenes[500:], reference, False, 4 * 588)),
    ]
    mean = sum(w * m for w, m, _ in parts)
    values, vectors = torch.linalg.eigh(sum(w * c for w, _, c in parts))
    values, vectors = values.flip(0)[:SHOWN], vectors.flip(1)[:, :SHOWN]
    scale = values.pow(0.15) * values.pow(0.7).mean().sqrt()
    m = s.model
    m.encoder.out.weight.copy_((vectors / scale).T)
    m.encoder.out.bias.copy_(-(mean @ vectors) / scale)
    m.encoder.deviation.copy_(values.sqrt() / scale)
    m.vision_head.scale[:SHOWN].copy_(m.encoder.deviation)
    m.vision_head.scale[SHOWN:] = m.encoder.AMPLITUDE
    # What is seen says nothing yet about pixels.
    back = F.pad((vectors * scale).T, (0, 0, 0, SEEN))  # (D, 2352)

    # The decoders' own tokens: principal components of single patches.
    mean14, cov14 = moments(captions, lambda p: p, False, 588)
    values14, vectors14 = torch.linalg.eigh(cov14)
    basis = vectors14.flip(1)[:, :D] / values14.flip(0)[0].sqrt() * 4
    inverse = vectors14.flip(1)[:, :D].T * values14.flip(0)[0].sqrt() / 4
    for decoder in (m.generation_decoder, m.editing_decoder):
        decoder.direct.weight.copy_(inverse.T)
        decoder.direct.bias.copy_(mean14)
    for projector in (m.generation_projector, m.editing_projector.target):
        for q in range(4):
            part = slice(588 * q, 588 * (q + 1))
            projector.linear.weight[D * q : D * (q + 1)].copy_((back[:, part] @ basis).T)
            projector.linear.bias[D * q : D * (q + 1)].copy_((mean[part] - mean14) @ basis)

    def shrink(cell):
        """(k, 2352) cells of 28 x 28 to (k, 588): what they are at half the size."""
        x = cell.reshape(-1, 2, 2, 3, 14, 14).permute(0, 3, 1, 4, 2, 5).reshape(-1, 3, 28, 28)
        return F.avg_pool2d(x, 2).reshape(-1, 588)

    m.editing_projector.source.weight.copy_((shrink(back) @ basis).T)
    m.editing_projector.source.bias.copy_(((shrink(mean[None]) - mean14) @ basis)[0])

    pictures = s.world.batch(scenes[:100])
    coords, _ = geometry(252, 252)
    tokens = s.embed(pictures)
    for name, cond in (
        ("target", m.generation_projector(tokens, coords)),
        ("source", m.editing_projector.source(s.embed(reference(pictures)))),
    ):
        error = m.generation_decoder.direct(cond) - patch(pictures)
        print(json.dumps({name: "mean absolute error in [0, 1]", "value": float(error.abs().mean() / 2)}))
    s.progress["encoder"] = {"components": SHOWN, "variance_kept": float(values.sum())}
    torch.save({"model": m.state_dict(), "progress": s.progress}, s.path)


def stage_sight(s):
    """The encoder's second part learns to tell what object a cell belongs to."""
    scenes = read(s.args.data, "questions.jsonl") + read(s.args.data, "edits.jsonl")
    m = s.model

    def loss_of(step):
        records = s.styled(s.pick(scenes, s.recipe["batch"]), 0.5)
        pictures = s.world.batch(records)
        pictures = through_256(pictures) if step % 2 else pictures
        classes, colours, centres = (x.to(s.device) for x in cell_contents(records))
        with s.autocast():
            tokens = s.encode(pictures, noise=0.15 * float(s.rng.random()))
        as_class, as_colour, as_centre, as_style = m.cell_reader(tokens[..., SHOWN:].reshape(-1, SEEN))
        styles = torch.tensor([r["s"] for r in records], device=s.device).repeat_interleave(TOKENS)
        inside = classes > 0
        told = F.cross_entropy(as_class[inside], classes[inside])
        ground = F.cross_entropy(as_class[~inside], classes[~inside])
        colour = F.cross_entropy(as_colour[inside], colours[inside])
        centre = F.binary_cross_entropy_with_logits(as_centre[:, 0], centres)
        style = F.cross_entropy(as_style[inside], styles[inside])
        right = {
            "class": (as_class[centres > 0].argmax(-1) == classes[centres > 0]).float().mean(),
            "colour": (as_colour[centres > 0].argmax(-1) == colours[centres > 0]).float().mean(),
            "style": (as_style[centres > 0].argmax(-1) == styles[centres > 0]).float().mean(),
            "centre": ((as_centre[:, 0] > 0) == (centres > 0)).float().mean(),
        }
        return told + 0.3 * ground + colour + 0.5 * style + 5 * centre, {"loss": told.detach(), **right}

    e = m.encoder
    s.run("sight", [e.into, e.blocks, e.norm, e.sense, m.cell_reader], loss_of)


@torch.no_grad()
def name_what_is_seen(s, scenes):
    """Adds to every word what is seen where objects are that it is said of: its class, its colour.

    Without it the language model has to find, from answers alone, which word means which sight, eighty times
    over and in two languages; so the first match of attention serves them all.
    """
    records = s.pick(scenes, 1500)
    sums = {kind: torch.zeros(n, SEEN) for kind, n in (("class", 80), ("colour", 11))}
    counts = {kind: torch.zeros(len(x), 1) for kind, x in sums.items()}
    for i in range(0, len(records), 50):
        part = records[i : i + 50]
        seen = s.embed(s.world.batch(part))[..., SHOWN:].reshape(-1, SEEN).cpu()
        classes, colours, _ = cell_contents(part)
        inside = classes > 0
        for kind, index in (("class", classes[inside] - 1), ("colour", colours[inside])):
            sums[kind].index_add_(0, index, seen[inside])
            counts[kind].index_add_(0, index, torch.ones(len(index), 1))
    sights = {kind: x / counts[kind].clamp(min=1) for kind, x in sums.items()}
    sights = {kind: x - x.mean(0) for kind, x in sights.items()}
    meanings = torch.zeros(s.text.size, SEEN)
    said = torch.zeros(s.text.size, 1)
    # Ten lines for each class in each colour, its own (0) first; see models/scenes/captions.ts.
    for i, line in enumerate(s.world.vocabulary):
        tokens = torch.tensor(sorted(set(s.text.encode(line))))
        colour = i // 10 % 11
        meanings[tokens] += sights["class"][i // 110] + (sights["colour"][colour] if colour else 0)
        said[tokens] += 1
    s.model.language.embed.weight[:, SHOWN:] += (meanings / said.clamp(min=1)).to(s.device)


def stage_language(s):
    """3 CE + 1.5 MSE + 1.5 (1 - cos) on the three tasks together; the encoder is frozen."""
    captions = read(s.args.data, "captions.jsonl")
    questions = read(s.args.data, "questions.jsonl")
    edits = read(s.args.data, "edits.jsonl")
    prompts = read(s.args.data, "polish.jsonl")
    m, batch = s.model, s.recipe["batch"]
    if "language" not in s.progress and not s.args.warm:
        name_what_is_seen(s, questions)
    # In the end all cells, as in use: ghosts on the ground are what is left to learn then.
    share = multiprocessing.Value("d", 0.25)

    def prepare(rng):
        """A batch as far as it needs neither the model nor the device."""
        gen = s.pick(captions, batch["generate"], rng)
        und = s.styled(s.pick(questions, batch["understand"], rng), QUESTIONS_STYLED, rng)
        edi = s.styled(s.pick(edits, batch["edit"], rng), EDITS_STYLED, rng)
        made = {"blind": rng.random() < 0.03, "resized": rng.random() < 0.5}
        cells = object_cells(gen, "o")
        chosen = choose(cells, share.value)
        rows = [s.text.image_turn(r, "generate", False) for r in gen]
        made["generate"] = {
            "target": s.world.plan(gen),
            "chosen": chosen,
            "weight": (0.5 + cells)[chosen],
            "layout": lay_out(rows, chosen),
        }
        rows = [s.text.questions(r, not made["blind"]) for r in und]
        layout = lay_out(rows + [s.text.polish(r) for r in s.pick(prompts, batch["polish"], rng)])
        length = layout["ids"].shape[1]
        made["understand"] = {
            "source": s.world.plan(und),
            "layout": layout,
            "reading": reading_targets(rows, length),
            "pointing": None if made["blind"] else pointing_targets(rows, und, length),
        }
        cells = object_cells(edi, "o2") + 2.0 * changed_cells(edi)
        chosen = choose(cells, share.value)
        rows = [s.text.image_turn(r, "edit", True) for r in edi]
        layout = lay_out(rows, chosen)
        made["edit"] = {
            "source": s.world.plan(edi),
            "target": s.world.plan(edi, "o2"),
            "chosen": chosen,
            "weight": (0.5 + cells)[chosen],
            "layout": layout,
            "pointing": pointing_targets(rows, edi, layout["ids"].shape[1]),
        }
        return made

    def drawn(part, source_embeds):
        """The loss of predicted embeddings, their squared error, and the text's loss."""
        wanted = s.embed(s.world.draw(part["target"]))[part["chosen"]]
        predicted, ce, _ = predict(s, part["layout"], source_embeds)
        return *image_loss(predicted, wanted, part["weight"].to(s.device)), ce

    batches = prefetch(prepare, s.rng, s.recipe.get("workers", 0))

    def loss_of(_):
        share.value = 1.0 if s.clock.fraction >= 0.8 else 0.25
        made = next(batches)
        gen, und, edi = made["generate"], made["understand"], made["edit"]
        with s.autocast():
            loss_g, mse_g, ce_g = drawn(gen, None)
            seen = None if made["blind"] else s.embed(s.given(s.world.draw(und["source"]), made["resized"]))
            _, ce_u, right = predict(s, und["layout"], seen)
            guided = reading_loss(s, und["reading"]) + pointing_loss(s, und["pointing"])
            before = s.embed(s.given(s.world.draw(edi["source"]), made["resized"]))
            loss_e, mse_e, ce_e = drawn(edi, before)
            guided = guided + pointing_loss(s, edi["pointing"])
        loss = 3 * (ce_u + 0.1 * (ce_g + ce_e)) + loss_g + loss_e + guided
        figures = {"mse_gen": mse_g, "ce": ce_u, "answers": right, "mse_edit": mse_e}
        return loss, {**figures, "guided": guided.detach()}

    s.run("language", [m.language, m.vision_head, m.word_reader], loss_of)


@torch.no_grad()
def predictions(s, records, task):
    """The model's own embeddings for records, half precision: what the decoders meet in use."""
    out = torch.empty(len(records), TOKENS, D, dtype=torch.float16)
    for i in range(0, len(records), 64):
        part = records[i : i + 64]
        with s.autocast():
            source = s.embed(through_256(s.world.batch(part))) if task == "edit" else None
            rows = [s.text.image_turn(r, task, task == "edit") for r in part]
            out[i : i + 64] = predict(s, lay_out(rows), source)[0].reshape(-1, TOKENS, D).half().cpu()
    return out


def corrupted(s, tokens):
    """True embeddings with the kinds of error that predicted ones have: noise, and being too small."""
    level = torch.rand(len(tokens), 1, 1, device=s.device) * 0.25
    return (tokens + torch.randn_like(tokens) * s.model.vision_head.scale * level) * (1 - 0.3 * level)


def flow_loss(s, decoder, target, cond, coords_ids, weights=1.0):
    """Flow matching with prediction of the clean picture; sigma as the sampler's shifted schedule meets it.

    weights (b, n, 1) of the patches, on average 1.
    """
    b = len(target)
    u = torch.rand(b, device=s.device)
    sigma = 3 * u / (1 + 2 * u)
    noise = torch.randn_like(target)
    z = (1 - sigma)[:, None, None, None] * target + sigma[:, None, None, None] * noise
    clean = decoder.clean(z, sigma, cond, coords_ids).float()
    error = clean - patch(target)
    weight = (1 / (sigma.pow(2) + 0.1))[:, None, None] * weights
    return (weight * (error.pow(2) + 0.1 * error.abs())).mean(), error.detach().abs().mean() / 2


def stage_generation(s):
    records = s.pick(read(s.args.data, "captions.jsonl"), s.recipe["cache"])
    cached = predictions(s, records, "generate")
    print("predictions cached", flush=True)
    m = s.model

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.recipe["batch"])
        pictures = s.world.batch([records[i] for i in index])
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

    s.run("generation", [m.generation_projector, m.generation_decoder, m.negative], loss_of)


def stage_editing(s):
    records = s.styled(s.pick(read(s.args.data, "edits.jsonl"), s.recipe["cache"]), EDITS_STYLED)
    cached = predictions(s, records, "edit")
    print("predictions cached", flush=True)
    m = s.model
    if not s.progress.get("editing"):
        m.editing_projector.target.load_state_dict(m.generation_projector.state_dict())
        m.editing_decoder.load_state_dict(m.generation_decoder.state_dict())

    def loss_of(step):
        index = s.rng.integers(0, len(records), s.recipe["batch"])
        batch = [records[i] for i in index]
        before, after = s.world.batch(batch), s.world.batch(batch, "o2")
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
            # Most of a picture stays: what changes would hardly count.
            changed = (patch(target) - patch(canvas(before, height, width))).abs().amax(-1, keepdim=True) > 0.02
            weights = 1 + 4 * changed.float()
            weights = weights / weights.mean()
            loss, l1 = flow_loss(s, m.editing_decoder, target, cond, ids, weights)
        return loss, {"l1_x_weights": l1}

    s.run("editing", [m.editing_projector, m.editing_decoder], loss_of)


STAGES = {
    "encoder": stage_encoder,
    "sight": stage_sight,
    "language": stage_language,
    "generation": stage_generation,
    "editing": stage_editing,
}

if __name__ == "__main__":
    start(__doc__, STAGES, Session, "cpu.json", "var/training")
