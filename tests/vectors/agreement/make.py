"""Writes vectors.json: what published libraries make of published worked examples and of seeded random data.

Needs `pip install krippendorff==0.9.0 statsmodels==0.15.0 scikit-learn==1.9.1 evalica==0.4.2 scipy==1.17.1`.
Ratings are lists of units, each a list of one value per rater, null where it is missing.
"""

import json
import math
import pathlib
import random

import evalica
import krippendorff
import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
from statsmodels.stats.multitest import multipletests

HERE = pathlib.Path(__file__).parent
N = None


def alpha(units, level):
    data = np.array([[math.nan if v is None else v for v in unit] for unit in units], float).T
    return krippendorff.alpha(reliability_data=data, level_of_measurement=level)


def turned(*raters):
    return [list(unit) for unit in zip(*raters)]


def letters(text):
    return [ord(c) - ord("a") for c in text.replace(" ", "")]


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", examples A, B and C (the last also in D and E).
KRIPPENDORFF = {
    "A": turned([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]),
    "B": turned(letters("a a b b d c c c e d d a"), letters("b a b b b c c c e d d d")),
    "C": turned(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ),
}
# Fleiss 1971, table 1: 30 patients, six psychiatrists each, five diagnoses.
FLEISS = """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555""".split()
# Wikipedia, "Fleiss' kappa": ten subjects, 14 raters, five categories; counts of the categories.
WIKIPEDIA = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]
# Cohen 1960, table 2 (200 patients, two judges), and Wikipedia, "Cohen's kappa".
COHEN = {
    "Cohen 1960": [[88, 14, 18], [10, 40, 10], [2, 6, 12]],
    "Wikipedia, simple example": [[20, 5], [10, 15]],
    "Wikipedia, same percentages 1": [[45, 15], [25, 15]],
    "Wikipedia, same percentages 2": [[25, 35], [5, 35]],
}

draw = random.Random(5)


def rated(units, raters, values, missing, spread):
    """Raters who see a unit's true value with noise, and leave some out."""
    out = []
    for _ in range(units):
        truth = draw.choice(values)
        unit = []
        for _ in range(raters):
            near = values[min(len(values) - 1, max(0, round(draw.gauss(values.index(truth), spread))))]
            unit.append(None if draw.random() < missing else near)
        out.append(unit)
    return out


krippendorff_cases = [{"name": f"Krippendorff 2011 {name}", "units": units} for name, units in KRIPPENDORFF.items()] + [
    {"name": f"random {i}", "units": rated(*args)}
    for i, args in enumerate([
        (40, 3, [1, 2, 3, 4, 5], 0.3, 0.8), (25, 5, [1, 2, 3, 4, 5], 0.5, 2), (60, 2, [0, 1], 0, 0.4),
        (30, 4, [-3, 0.5, 2, 10, 11], 0.2, 1), (15, 8, [1, 3], 0.6, 0.3),
    ])
]
for case in krippendorff_cases:
    for level in ("nominal", "ordinal", "interval"):
        case[level] = alpha(case["units"], level)

fleiss_cases = [
    {"name": "Fleiss 1971", "units": [[int(c) for c in unit] for unit in FLEISS]},
    {"name": "Wikipedia", "units": [[v for v, n in enumerate(row) for _ in range(n)] for row in WIKIPEDIA]},
    {"name": "random 3", "units": rated(40, 3, [1, 2, 3], 0, 0.7)},
    {"name": "random 5", "units": rated(25, 5, [1, 2, 3, 4], 0, 1.5)},
]
for case in fleiss_cases:
    case["fleiss"] = fleiss_kappa(aggregate_raters(np.array(case["units"]))[0])

cohen_cases = []
for name, table in COHEN.items():
    cells = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    cohen_cases.append({"name": name, "table": table, "kappa": cohen_kappa_score(*zip(*cells))})


def votes(models, count, tie, spread):
    strengths = [draw.gauss(0, spread) for _ in range(models)]
    out = []
    for _ in range(count):
        a, b = draw.sample(range(models), 2)
        won = draw.random() < 1 / (1 + math.exp(strengths[b] - strengths[a]))
        out.append([a, b, "tie" if draw.random() < tie else "first" if won else "second"])
    return out


rating_cases = []
for args in [(2, 30, 0.2, 1), (5, 200, 0, 1), (6, 300, 0.3, 0.7), (12, 900, 0.1, 1.5)]:
    own = votes(*args)
    winner = {"first": evalica.Winner.X, "second": evalica.Winner.Y, "tie": evalica.Winner.Draw}
    scores = evalica.bradley_terry(
        [f"m{a}" for a, _, _ in own], [f"m{b}" for _, b, _ in own], [winner[o] for _, _, o in own],
        tolerance=1e-15, limit=1_000_000,
    ).scores
    logs = np.log(scores)
    rating_cases.append({"votes": own, "strengths": (logs - logs.mean()).to_dict()})

p_values = [[0.01, 0.04, 0.03, 0.005], [draw.random() ** 3 for _ in range(12)], [0.02, 0.02, 0.9]]
pairs = [[[draw.randint(1, 5) for _ in range(30)], [draw.gauss(0, 1) for _ in range(30)]] for _ in range(2)]
pairs.append([[1, 2, 2, 3, 4], [5, 6, 7, 7, 8]])

(HERE / "vectors.json").write_text(json.dumps({
    "krippendorff": krippendorff_cases, "fleiss": fleiss_cases, "cohen": cohen_cases, "ratings": rating_cases,
    "holm": [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in p_values],
    "spearman": [{"first": a, "second": b, "rho": stats.spearmanr(a, b).statistic} for a, b in pairs],
}) + "\n")
