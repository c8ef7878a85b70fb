"""Sequences of text and images as the language model reads them, and what it predicts of them."""
import torch
import torch.nn.functional as F

from contents import TOKENS
from modules import D, GRID


def lay_out(rows, chosen=None):
    """Sequences (ids, labels, source start, target start, ...) as tensors in main memory, right-padded.

    chosen (b, 81) bool: the target cells to predict, all by default. Nothing but a cell's own input, the
    learned embedding before it, is needed to predict it, so the others can be left out of a training step.
    """
    kept = []
    for i, (row_ids, _, _, target, *_) in enumerate(rows):
        if target is None:
            kept.append(None)
            continue
        # The input k - 1 predicts cell k (input -1 is BOI), the last input ends the picture.
        wanted = torch.ones(TOKENS, dtype=torch.bool) if chosen is None else chosen[i]
        inputs = torch.nonzero(wanted)[:, 0] - 1
        kept.append((inputs, torch.cat((inputs[inputs >= 0], torch.tensor([TOKENS - 1])))))
    lengths = [len(r[0]) - (TOKENS - len(k[1]) if k else 0) for r, k in zip(rows, kept)]
    # Lengths in steps of 16: kernels are made once a shape.
    b, length = len(rows), -(-max(lengths) // 16) * 16
    ids = torch.zeros(b, length, dtype=torch.long)
    labels = torch.full((b, length), -1, dtype=torch.long)
    positions = torch.zeros(3, b, length)
    grid = torch.arange(TOKENS)
    src, tgt, out = ([], []), ([], [], []), ([], [])
    for i, (row_ids, row_labels, source, target, *_) in enumerate(rows):
        full = torch.zeros(3, len(row_ids))
        at, p = 0, 0
        for start in [x for x in (source, target) if x is not None]:
            full[:, at:start] = torch.arange(p, p + start - at).float()
            p += start - at
            full[0, start : start + TOKENS] = p
            full[1, start : start + TOKENS] = p + grid // GRID
            full[2, start : start + TOKENS] = p + grid % GRID
            p += GRID
            at = start + TOKENS
        full[:, at:] = torch.arange(p, p + len(row_ids) - at).float()
        index = torch.arange(len(row_ids))
        if source is not None:
            src[0].append(torch.full((TOKENS,), i))
            src[1].append(source + grid)
        if target is not None:
            inputs, slots = kept[i]
            index = torch.cat((index[:target], target + slots, index[target + TOKENS :]))
            tgt[0].append(torch.full((len(slots),), i))
            tgt[1].append(target + torch.arange(len(slots)))
            tgt[2].append(slots)
            first = 0 if len(inputs) and inputs[0] == -1 else 1
            out[0].append(torch.full((len(inputs),), i))
            out[1].append(target - 1 + first + torch.arange(len(inputs)))
        n = len(index)
        ids[i, :n] = torch.tensor(row_ids)[index]
        labels[i, :n] = torch.tensor(row_labels)[index]
        positions[:, i, :n] = full[:, index]
    join = lambda parts: torch.stack([torch.cat(p) for p in parts]) if parts[0] else None  # noqa: E731
    return {"ids": ids, "labels": labels, "positions": positions, "source": join(src), "target": join(tgt), "out": join(out)}


def predict(s, layout, source_embeds):
    """Embeddings of the target images' chosen cells (cells, D), row by row, the text's loss and share of right tokens.

    layout as from lay_out; source_embeds (pictures, 81, D) of the rows that have a source image, in their order.
    """
    m = s.model
    on = {name: None if value is None else value.to(s.device) for name, value in layout.items()}
    x = m.language.embed(on["ids"])
    if on["source"] is not None:
        x = x.index_put(tuple(on["source"]), source_embeds.reshape(-1, D).to(x.dtype))
    if on["target"] is not None:
        row, column, cell = on["target"]
        x = x.index_put((row, column), m.language.prefill[cell].to(x.dtype))
    length = x.shape[1]
    bias = torch.full((length, length), -1e9, device=s.device).triu(1)[None, None]
    hidden, _ = m.language(x, on["positions"], bias)
    learned = on["labels"] >= 0
    logits = m.language.head(hidden[learned]).float()
    wanted = on["labels"][learned]
    ce = F.cross_entropy(logits, wanted)
    right = (logits.detach().argmax(-1) == wanted).float().mean()
    embeds = None if on["out"] is None else m.vision_head(hidden[tuple(on["out"])]).float()
    return embeds, ce, right


def choose(important, share):
    """The important cells and a share of the others."""
    return (important > 0) | (torch.rand(important.shape) < share)


def image_loss(predicted, wanted, weight):
    """1.5 MSE + 1.5 (1 - cos), weighted by cell (the paper's loss; weights are ours)."""
    weight = weight / weight.mean()
    mse = ((predicted - wanted).pow(2).mean(-1) * weight).mean()
    cos = ((1 - F.cosine_similarity(predicted, wanted, dim=-1)) * weight).mean()
    return 1.5 * mse + 1.5 * cos, mse
