"""
Writes verdicts.jsonl.gz beside this file: random detections for each official GenEval prompt, with the verdict
and the reason that the official rules give (djghosh13/geneval, evaluation/evaluate_images.py).

    python3 make.py evaluation_metadata.jsonl object_names.txt

Needs numpy (made with 1.24.2). A line: [index of the prompt, {class: [[x1, y1, x2, y2, score, colour], ...]},
correct, reason]; the colour is an index into COLORS. Two relations in one reason, which the official script
names in the order of a Python set, stand as in RELATIONS here.
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
    scores = np.array([row[4] for row in rows], dtype=float)
    order = np.argsort(scores)[::-1]
    order = order[scores[order] > (0.9 if tag == "counting" else 0.3)]
    return [rows[i] for i in order[:16]]


def relations(a, b):
    a, b = np.array(a[:4], dtype=float), np.array(b[:4], dtype=float)
    offset = (a[:2] + a[2:]) / 2 - (b[:2] + b[2:]) / 2
    sizes = np.abs(a[2:] - a[:2]) + np.abs(b[2:] - b[:2])
    shrunk = np.maximum(np.abs(offset) - 0.1 * sizes, 0) * np.sign(offset)
    if (np.abs(shrunk) < 1e-3).all():
        return []
    x, y = shrunk / np.linalg.norm(offset)
    true = [x < -0.5, x > 0.5, y < -0.5, y > 0.5]
    return [name for name, holds in zip(RELATIONS, true) if holds]


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


def main(prompts, objects):
    with open(prompts) as file:
        metadata = [json.loads(line) for line in file]
    with open(objects) as file:
        names = [line.strip() for line in file]
    rng = random.Random(7)
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verdicts.jsonl.gz")
    right = 0
    with gzip.GzipFile(out, "wb", 9, mtime=0) as file:
        for index in range(len(metadata)):
            for _ in range(PER_PROMPT):
                detections = scene(rng, metadata[index], names)
                good, reason = verdict(detections, metadata[index], names)
                right += good
                line = json.dumps([index, detections, good, reason], separators=(",", ":"))
                file.write((line + "\n").encode())
    print(f"{len(metadata) * PER_PROMPT} verdicts, {right} correct")


main(*sys.argv[1:])
