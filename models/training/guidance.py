"""Losses that show the language model's guided heads where to look."""
import torch
import torch.nn.functional as F

from contents import TOKENS, cell_contents
from modules import GRID, LanguageModel


def pointing_targets(rows, records, length):
    """What two heads should look at from every word that names a class, and what its state then has to tell.

    The first looks at all cells of the class; the second at its objects' centres and, for as much as one
    object, at the sequence's first token, so that what it brings tells their number. Where the picture has
    none, both look at the first token. The word's state then has to tell the colour, where all objects of
    the class share it, and the place, where there is one object.

    rows are those of the records, each with its picture; length is that of the padded sequences. Returns rows and
    positions (2, n), attention (n, 2, length), colours and places (n), -1 where there is none to tell; or None.
    """
    classes, colours, centres = (x.reshape(-1, TOKENS) for x in cell_contents(records))
    at = [(i, p, cls, row[2]) for i, row in enumerate(rows) for p, cls in row[4]]
    if not at:
        return None
    wanted = torch.zeros(len(at), 2, length)
    colour, place = torch.full((2, len(at)), -1)
    for n, (i, _, cls, source) in enumerate(at):
        cells = (classes[i] == cls + 1).float()
        shared = colours[i][cells > 0].unique()
        single = torch.nonzero(cells * centres[i])[:, 0]
        colour[n] = shared[0] if len(shared) == 1 else -1
        place[n] = single[0] // (3 * GRID) * 3 + single[0] % GRID // 3 if len(single) == 1 else -1
        wanted[n, 0, source : source + TOKENS] = cells
        wanted[n, 1, source : source + TOKENS] = cells * centres[i]
        wanted[n, 0, 0] = float(not cells.any())
        wanted[n, 1, 0] = 1
    return {"at": torch.tensor([a[:2] for a in at]).T, "wanted": wanted, "colour": colour, "place": place}


def reading_targets(rows, length):
    """What two heads should look at from every token of an answer: the words of its question that found something."""
    at = [(i, *read) for i, row in enumerate(rows) for read in row[5]]
    if not at:
        return None
    wanted = torch.zeros(len(at), 2, length)
    for n, (_, _, first, last) in enumerate(at):
        wanted[n, 0, first] = wanted[n, 1, last] = 1
    return {"at": torch.tensor([a[:2] for a in at]).T, "wanted": wanted}


def guidance_loss(s, layer, targets):
    """Cross-entropy of the guided heads' attention to what they should look at, mean over positions and heads."""
    q, k = s.model.language.guided[layer]
    row, position = targets["at"].to(s.device)
    wanted = targets["wanted"].to(s.device)
    wanted = wanted / wanted.sum(-1, keepdim=True)
    scores = torch.einsum("nhd,nhsd->nhs", q[row, :, position], k[row]).float() / q.shape[-1] ** 0.5
    later = torch.arange(k.shape[2], device=s.device) > position[:, None]
    return -(wanted * scores.masked_fill(later[:, None], -1e9).log_softmax(-1)).sum(-1).mean()


def pointing_loss(s, targets):
    """Of the last forward of the language model; zero without targets."""
    if targets is None:
        return torch.zeros((), device=s.device)
    row, position = targets["at"].to(s.device)
    as_colour, as_place = s.model.word_reader(s.model.language.pointed[row, position])
    told = sum(
        F.cross_entropy(logits, wanted.to(s.device), ignore_index=-1)
        for logits, wanted in ((as_colour, targets["colour"]), (as_place, targets["place"]))
        if (wanted >= 0).any()
    )
    return guidance_loss(s, LanguageModel.POINTING_LAYER, targets) + told


def reading_loss(s, targets):
    """Of the last forward of the language model; zero without targets."""
    if targets is None:
        return torch.zeros((), device=s.device)
    return guidance_loss(s, LanguageModel.READING_LAYER, targets)
