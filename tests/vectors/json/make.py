"""
Writes vectors.json beside this file: texts, with what Python's json.loads makes of each.

    python3 make.py

Made with Python 3.11.2. An entry: [text, value], or [text] where Python raises ValueError or RecursionError. In a value
{"$int": "…"} is a whole number beyond 2^53, {"$float": "…"} a number that is not finite.
"""
import json
import math
import os
import random

SEEDS = [
    '{"a": 1, "b": [true, false, null], "c": {"d": "e"}}',
    '[NaN, Infinity, -Infinity, 1.5e3, -0.0, 0]',
    '{"a": 1, "a": 2, "b": {"x": NaN, "x": 3}}',
    '[12345678901234567890, -98765432109876543210, 9007199254740993, 1e400, 123456789012345678.5]',
    '"\\u00e9\\ud83d\\ude00\\n\\/\\b\\f\\t\\r"',
    '{"question": "What is \\"x\\"?", "answer": "\\\\frac{1}{2}", "é": "ü 漢字"}',
    '[[[[]]], {}, [{}], ""]',
    ' \t\r\n [ 1 , 2 ] \r\n',
    '{"__proto__": {"a": 1}, "constructor": 2, "10": 3, "2": 4}',
    '-1.25E-7',
]
FIXED = [
    "", " ", "nan", "NaN", "+1", "01", "1.", ".5", "-", "--1", "-NaN", "infinity", "-Infinity", "+Infinity", "1e5", "1E+05",
    "1e", "0x10", "1_000", "[1,]", "[,1]", "{,}", '{"a"}', '{"a":}', '{"a":1,}', "{'a': 1}", "{a: 1}", '"a\nb"', '"a\tb"',
    '"\\x41"', '"\\u12"', '"\\ud800"', '"a', "[1", '{"a": [1}', "null null", "[] []", "True", "None", "undefined", "// c\n1",
    "[1] // c", "tru", "nulll", "\u00a01", "\u20281", "1\u0000", "[" * 50 + "]" * 50, "[NaN,NaN]", "[nan]", '{"a":NaN,"b":Infinity}',
    '"\u2028\u007f"', "-0", "9007199254740992", "9007199254740991", "-9007199254740993", "1e-400", "123456789.123456789123456789",
]


def plain(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$int": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": str(value)}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in value.items()}


def mutated(rng, text):
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(0, len(text))
        piece = rng.choice(["NaN", "Infinity", "-", ",", '"', "\\", "{", "}", "[", "]", ":", " ", "\r", "0", "1", "e", ".", "9" * 17, "null", "\u00e9", "\t"])
        text = text[:at] + (piece if rng.random() < 0.6 else "") + text[at + (rng.random() < 0.6) :]
    return text


def main():
    rng = random.Random(5)
    texts = FIXED + SEEDS + [mutated(rng, rng.choice(SEEDS)) for _ in range(1500)]
    vectors = []
    for text in dict.fromkeys(texts):
        try:
            vectors.append([text, plain(json.loads(text))])
        except (ValueError, RecursionError):
            vectors.append([text])
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json")
    with open(out, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one) for one in vectors) + "\n]\n")
    print(len(vectors), "texts,", sum(len(one) == 2 for one in vectors), "of them JSON")


main()
