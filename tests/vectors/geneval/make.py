"""
Writes beside this file what the official rules (djghosh13/geneval, evaluation/evaluate_images.py) make of random
detections:

- verdicts.jsonl.gz: the verdict and its reason for each official GenEval prompt;
- boundaries.jsonl.gz: the same where scores lie within a few units of the last place of a threshold, and boxes where
  a position is just half;
- overlaps.jsonl.gz: which boxes suppression by overlap leaves.

    python3 make.py evaluation_metadata.jsonl object_names.txt

Needs numpy (made with 1.24.4; 2.4 writes the same bytes without vector instructions, which order equal scores
otherwise). Detections are 32-bit arrays, as mmdetection gives them, so a threshold,
a Python float, is rounded to 32 bits before it is compared. A line of the first two: [index of the prompt, {class:
[[x1, y1, x2, y2, score, colour], ...]}, correct, reason]; the colour is an index into COLORS. Two relations in one
reason, which the official script names in the order of a Python set, stand as in RELATIONS here. A line of the third:
[boxes with scores, max_overlap, indices of the boxes that are left].
"""
import gzip
import json
import os
import random
import sys

import numpy as np

COLORS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white"]
RELATIONS = ["left of", "right of", "above", "below"]
PER_PROMPT = 12


# The rules

def keep(rows, tag):
    """Best first, strictly above the threshold, at most 16. NMS is off at the official default."""
    scores = np.array([row[4] for row in rows], dtype=np.float32)
    order = np.argsort(scores, kind="quicksort")[::-1]
    order = order[scores[order] > (0.9 if tag == "counting" else 0.3)]
    return [rows[i] for i in order[:16]]


def relations(a, b):
    boxes = np.array([a[:4], b[:4]], dtype=np.float32).reshape(2, 2, 2)
    center_a, center_b = boxes.mean(axis=-2)
    dim_a, dim_b = np.abs(np.diff(boxes, axis=-2))[..., 0, :]
    offset = center_a - center_b
    shrunk = np.maximum(np.abs(offset) - 0.1 * (dim_a + dim_b), 0) * np.sign(offset)
    if np.all(np.abs(shrunk) < 1e-3):
        return []
    x, y = shrunk / np.linalg.norm(offset)
    true = [x < -0.5, x > 0.5, y < -0.5, y > 0.5]
    return [name for name, holds in zip(RELATIONS, true) if holds]


def overlap(a, b):
    """
    compute_iou. In the official environment, numpy 1.23, a 32-bit scalar plus the Python integer 1 has 64 bits; numpy 2
    keeps 32, so that the conversion is written out here.
    """
    def area(box):
        return max(np.float64(box[2] - box[0]) + 1, 0) * max(np.float64(box[3] - box[1]) + 1, 0)

    shared = area([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])
    union = area(a) + area(b) - shared
    return shared / union if union else 0


def suppress(rows, max_overlap):
    boxes = np.array(rows, dtype=np.float32)
    ordering, kept = keep_order(boxes), []
    while ordering:
        best = ordering.pop(0)
        kept.append(best)
        ordering = [one for one in ordering if max_overlap == 1 or overlap(boxes[best], boxes[one]) < max_overlap]
    return kept


def keep_order(boxes):
    ordering = np.argsort(boxes[:, 4], kind="quicksort")[::-1]
    return ordering[boxes[ordering, 4] > 0.3][:16].tolist()


def verdict(detections, metadata, names):
    objects = {}
    for name in names:
        kept = keep(detections[name], metadata["tag"]) if detections.get(name) else []
        if kept:
            objects[name] = kept
    good, reasons, groups = True, [], []
    for want in metadata["include"]:
        name, count = want["class"], want["count"]
        found = objects.get(name, [])[:count]
        matched = len(found) >= count
        if not matched:
            reasons.append(f"expected {name}>={count}, found {len(found)}")
        if matched and "color" in want:
            seen = [COLORS[row[5]] for row in found]
            if seen.count(want["color"]) < count:
                matched = False
                others = ", ".join(f"{seen.count(c)} {c}" for c in COLORS if c in seen)
                reasons.append(
                    f"expected {want['color']} {name}>={count}, found {seen.count(want['color'])} {want['color']}; and {others}"
                )
        if matched and "position" in want:
            relation, target = want["position"]
            if groups[target] is None:
                matched = False
                reasons.append(f"no target for {name} to be {relation}")
            else:
                pairs = [(one, other) for one in found for other in groups[target]]
                for one, other in pairs:
                    true = relations(one, other)
                    if relation not in true:
                        matched = False
                        reasons.append(f"expected {name} {relation} target, found {' and '.join(true)} target")
                        break
        groups.append(found if matched else None)
        good = good and matched
    for never in metadata.get("exclude", []):
        number = len(objects.get(never["class"], []))
        if number >= never["count"]:
            good = False
            reasons.append(f"expected {never['class']}<{never['count']}, found {number}")
    return good, "\n".join(reasons)


# The detections

def box(rng, metadata, placed, index):
    """Random, on a diagonal of an earlier box, on it, or where the prompt wants it."""
    width, height = rng.choice([8, 20, 50, 100, 101]), rng.choice([8, 20, 50, 100, 101])
    x, y = rng.randint(0, 400), rng.randint(0, 400)
    if placed and rng.random() < 0.7:
        x0, y0, x1, y1 = placed[0][:4]
        width, height = rng.choice([(x1 - x0, y1 - y0), (width, height)])
        step = rng.choice([0, 1, 5, 10, 20, 40, 60, 120])
        x = x0 + rng.choice([-step, 0, step])
        y = y0 + rng.choice([-step, 0, step])
        want = metadata["include"][index].get("position") if index < len(metadata["include"]) else None
        if want and rng.random() < 0.6:
            sign = -1 if want[0] in ("left of", "above") else 1
            side = rng.randint(0, 30)
            x, y = (x0 + sign * 150, y0 + side) if "of" in want[0] else (x0 + side, y0 + sign * 150)
    corner = rng.choice([0, 0, 0.5])
    return [x, y, x + width + corner, y + height]


def score(rng):
    return rng.choice([0.3, 0.9, 0.301, 0.901, 0.95, 0.95, 0.99, 1, round(rng.random(), 2), round(rng.uniform(0.9, 1), 2)])


def scene(rng, metadata, names):
    detections, placed = {}, []
    if rng.random() < 0.03:
        return {}
    for index, want in enumerate(metadata["include"]):
        if rng.random() < 0.08:
            detections[want["class"]] = []
            continue
        number = max(0, want["count"] + rng.choice([-1, 0, 0, 0, 0, 0, 1, 2]))
        if rng.random() < 0.015:
            number = rng.randint(15, 40)  # so many that numpy's sort is no longer stable on ties
        rows = []
        for _ in range(number):
            colour = COLORS.index(want["color"]) if "color" in want and rng.random() < 0.8 else rng.randrange(10)
            rows.append([*box(rng, metadata, placed, index), score(rng), colour])
        detections[want["class"]] = rows
        placed += keep(rows, metadata["tag"])[:1]
    if rng.random() < 0.2:
        other = rng.choice(names)
        detections.setdefault(other, [[*box(rng, metadata, [], 9), score(rng), rng.randrange(10)]])
    return detections



# Where 32 and 64 bits part

def close(rng, threshold):
    """Within four units in the last place of the threshold, as the 32-bit number or as one between two of them."""
    value = np.float32(threshold)
    for _ in range(abs(steps := rng.randint(-4, 4))):
        value = np.nextafter(value, np.float32(2 if steps > 0 else -1))
    value = float(value)
    return value + rng.choice([0, 0, 1e-9, -1e-9, 1e-12]) if rng.random() < 0.5 else rng.choice([value, threshold])


def halfway(rng, placed):
    """Two boxes whose shrunk offset is half of their distance: the sides sum up to what makes it so."""
    k = rng.choice([rng.randint(1, 60), rng.randint(1, 600) / 10, rng.uniform(1, 60)])
    along, across, sides = rng.choice([(1, 0, 5), (3, 4, 5), (4, 3, 15), (5, 12, None), (12, 5, 55), (8, 6, 30)])
    if sides is None:
        along, across, sides = 1, 0, 5
    first = rng.uniform(0.3, 0.7) if rng.random() < 0.5 else 0.5
    side_a, side_b = sides * k * first, sides * k * (1 - first)
    offset = [along * k * rng.choice([-1, 1]), across * k * rng.choice([-1, 1])]
    sizes = [(side_a, side_b), (rng.uniform(5, 40), rng.uniform(5, 40))]
    if rng.random() < 0.5:
        offset, sizes = offset[::-1], sizes[::-1]
    x, y = rng.choice([(0, 0), (200, 200), (rng.uniform(0, 300), rng.uniform(0, 300))])
    centre = (x + offset[0], y + offset[1])
    at = lambda x, y, side: [x - sizes[0][side] / 2, y - sizes[1][side] / 2, x + sizes[0][side] / 2, y + sizes[1][side] / 2]
    placed.append(at(x, y, 1))
    return at(*centre, 0)


def boundary(rng, metadata):
    threshold = 0.9 if metadata["tag"] == "counting" else 0.3
    detections, placed = {}, []
    for index, want in enumerate(metadata["include"]):
        rows = []
        for _ in range(want["count"] + rng.choice([0, 0, 1])):
            colour = COLORS.index(want["color"]) if "color" in want and rng.random() < 0.9 else rng.randrange(10)
            sure = metadata["tag"] == "position" or rng.random() < 0.4
            place = box(rng, metadata, [], index)
            rows.append([*place, 0.99 if sure else close(rng, threshold), colour])
        detections[want["class"]] = rows
    if metadata["tag"] == "position":
        target, subject = (detections[want["class"]] for want in metadata["include"])
        subject[0][:4] = halfway(rng, placed)
        target[0][:4] = placed[0]
    return detections


def overlapping(rng):
    """Boxes on a grid and shifts of them whose overlap is a plain fraction."""
    rows = []
    for _ in range(rng.randint(2, 18)):
        if rows and rng.random() < 0.8:
            x1, y1, x2, y2 = rng.choice(rows)[:4]
            side = x2 - x1 + 1
            shift = side * rng.choice([0, 1 / 3, 1 / 2, 1 / 4, 1 / 7, 3 / 17, rng.random()])
            x1, x2 = x1 + shift, x2 + shift
        else:
            x1, y1 = rng.randint(0, 300), rng.choice([rng.randint(0, 300), rng.uniform(0, 300)])
            x2, y2 = x1 + rng.choice([2, 11, 20, 83, 0.3]), y1 + rng.choice([5, 9, 19, 41.7])
        rows.append([x1, y1, x2, y2, rng.choice([round(rng.random(), 2), close(rng, 0.3), close(rng, 0.5)])])
    return rows


def write(name, lines):
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with gzip.GzipFile(out, "wb", 9, mtime=0) as file:
        for line in lines:
            file.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
    print(f"{len(lines)} lines in {name}")


def judged(index, detections, metadata, names):
    return [index, detections, *verdict(detections, metadata[index], names)]


def main(prompts, objects):
    with open(prompts) as file:
        metadata = [json.loads(line) for line in file]
    with open(objects) as file:
        names = [line.strip() for line in file]
    rng = random.Random(7)
    scenes = [(index, scene(rng, metadata[index], names)) for index in range(len(metadata)) for _ in range(PER_PROMPT)]
    write("verdicts.jsonl.gz", [judged(index, found, metadata, names) for index, found in scenes])
    rng = random.Random(8)
    # Positions need boxes of their own, which take more room.
    close_ones = [
        (index, boundary(rng, one))
        for index, one in enumerate(metadata)
        for _ in range(30 if one["tag"] == "position" else 8)
    ]
    write("boundaries.jsonl.gz", [judged(index, found, metadata, names) for index, found in close_ones])
    rng = random.Random(9)
    cases = [(overlapping(rng), rng.choice([0.5, 1 / 3, 0.3, 0.6, 0.75, 0.7, 0.1])) for _ in range(700)]
    write("overlaps.jsonl.gz", [[rows, limit, suppress(rows, limit)] for rows, limit in cases])


main(*sys.argv[1:])
