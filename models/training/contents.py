"""What stands in the cells of scenes, as tensors in main memory."""
import torch

from data import CELL, GRID

TOKENS = GRID * GRID


def object_cells(records, key):
    """1 for the cells that hold an object: (b, 81)."""
    cells = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        for _, _, y, x, side in r[key]:
            r0, c0 = round(y / CELL), round(x / CELL)
            cells[i, r0 : r0 + side, c0 : c0 + side] = 1
    return cells.reshape(len(records), TOKENS)


def changed_cells(records):
    """1 for the cells in which source and target of an edit differ."""
    cells = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        a, b = ({(*o, r.get(style, 0)) for o in r[key]} for key, style in (("o", "s"), ("o2", "s2")))
        for _, _, y, x, side, _ in a ^ b:
            r0, c0 = round(y / CELL), round(x / CELL)
            cells[i, r0 : r0 + side, c0 : c0 + side] = 1
    return cells.reshape(len(records), TOKENS)


def cell_contents(records, key="o"):
    """Class (0: ground), colour (-1: ground) and 1.0 at an object's centre, for every cell: (b * 81) each."""
    classes = torch.zeros(len(records), GRID, GRID, dtype=torch.long)
    colours = torch.full((len(records), GRID, GRID), -1, dtype=torch.long)
    centres = torch.zeros(len(records), GRID, GRID)
    for i, r in enumerate(records):
        for cls, colour, y, x, side in r[key]:
            r0, c0 = round(y / CELL), round(x / CELL)
            classes[i, r0 : r0 + side, c0 : c0 + side] = cls + 1
            colours[i, r0 : r0 + side, c0 : c0 + side] = colour
            centres[i, r0 + side // 2, c0 + side // 2] = 1
    return classes.flatten(), colours.flatten(), centres.flatten()
