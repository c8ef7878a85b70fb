"""
Writes responses.jsonl.gz beside this file: odd responses with what the official MMMU rules make of them
(MMMU-Benchmark/MMMU, mmmu/utils/eval_utils.py), and the letters that lmms-eval and VLMEvalKit take.

    python3 make.py

Made with Python 3.11. Lines, in an order that matters because the random draws continue:
["c", response, options, official letter, was it drawn, lmms-eval's letter, VLMEvalKit's letter or null]
["o", response, answer or list of answers, parsed values (numbers as "#" and their repr), correct,
 VLMEvalKit's letter or null]
"""
import gzip
import json
import os
import random
import re

PUNCTUATION = [",", ".", "!", "?", ";", ":", "'"]
official_random, lmms_random = random.Random(42), random.Random(0)


# The official rules

def pad(response):
    for mark in PUNCTUATION:
        response = response.strip(mark)
    return " " + response + " "


def latest(text, options, pattern):
    found = [(text.rfind(pattern(letter)), letter) for letter in options]
    found = [pair for pair in found if pair[0] >= 0]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def by_text(text, options):
    if len(text.split()) <= 5:
        return None
    return latest(text.lower(), options, lambda letter: options[letter].lower())


def choose(response, options):
    text = pad(response)
    letter = latest(text, options, "({})".format) or latest(text, options, " {} ".format) or by_text(text, options)
    return (letter, False) if letter else (official_random.choice(list(options)), True)


def number(text):
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def normal(text):
    text = text.strip()
    value = number(text)
    if value is not None:
        return [round(value, 2)]
    text = text.lower()
    return [" " + text, text + " "] if len(text) == 1 else [text]


COMMAS = r"-?\b\d{1,3}(?:,\d{3})+\b"
SCIENTIFIC = r"-?\d+(?:\.\d+)?[eE][+-]?\d+"
SIMPLE = r"-?(?:\d+\.\d+|\.\d+|\d+\b)(?![eE][+-]?\d+)(?![,\d])"


def keys(response):
    response = response.strip().strip(".").lower()
    parts = re.split(r"\.\s(?=[A-Z])|\n", response)
    marks = ["could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result "]
    found = []
    for index, part in enumerate(parts):
        if index == len(parts) - 1:
            marks.append("=")
        best = None
        for mark in marks:
            if mark in part:
                tail = part.split(mark)[-1].strip()
                if not best or len(tail) < len(best):
                    best = tail
        if best and best.strip() not in [":", ",", ".", "!", "?", ";", "'"]:
            found.append(best)
    return found or [response]


def parse(response):
    found = keys(response)
    texts = list(found)
    for key in found:
        for pattern in (COMMAS, SCIENTIFIC, SIMPLE):
            texts += re.findall(pattern, key)
    return [value for text in texts for value in normal(text)]


def right(answer, values):
    answers = [one for text in (answer if isinstance(answer, list) else [answer]) for one in normal(text)]
    for value in values:
        if isinstance(value, str):
            if any(isinstance(one, str) and one in value for one in answers):
                return True
        elif value in answers:
            return True
    return False


# The other harnesses

def lmms_eval(response, options):
    text = pad(response)
    letter = latest(text, options, "({})".format)
    if letter:
        return letter
    for end in (" ", "."):
        found = [letter for letter in options if letter + end in text]
        if found:
            places = [text.rfind(f" {letter} ") for letter in found]
            return found[places.index(max(places))]
    return by_text(text, options) or lmms_random.choice(list(options))


SPOKEN = re.compile(r"(?i)(?:correct\s+)?answer\s+is\s+\**([ABCD])\**")
REFUSALS = [
    "Sorry, I can't help with images of people yet.", "I can't process this file.",
    "I'm sorry, but without the image provided", "Cannot determine the answer",
]


def vlm_option(response, options):
    if "Failed to obtain answer via API" in response:
        return None
    if any(refusal in response for refusal in REFUSALS):
        return "Z"
    text = response
    for mark in ".()[],:;!*#{}":
        text = text.replace(mark, " ")
    parts = text.split()
    named = [letter for letter in options if letter in parts]
    if len(named) == 1 and parts.index(named[0]) > len(parts) - 5:
        return named[0]
    if not named and "Z" in parts:
        return "Z"
    match = SPOKEN.search(response)
    return match.group(1).upper() if match and match.group(1).upper() in options else None


def vlm(response, options):
    letter = vlm_option(response, options)
    if letter:
        return letter
    text = response.lower()
    if len(text) > 2 * sum(len(option) for option in options.values()):
        return None
    found = [letter for letter in options if options[letter].lower() in text]
    return found[0] if len(found) == 1 else None


# The responses

WORDS = [
    "A", "B", "C", "D", "E", "(A)", "(B)", "(C)", "(D)", "A.", "B.", "C,", "D:", "'A'", "the", "answer", "is", "Answer",
    "correct", "Correct", "so", "could", "be", "thus", "therefore", "final", "result", "=", "x", "I", "a", "option", "Z",
    "**B**", "**D**.", "red", "Blue", "dog", "İstanbul", "ΟΔΟΣ", "straße", "STRASSE", "ſo", "ıs", "é", "日本", "\u3000", "\ufeff",
    "\x1c", "\x85", "\u00a0", "\u2028", "\u200b", "😀", "\n", "\n", "\r\n", "\t", ".", "!", "?", ";", ":", ",", "'", "...", "24/7",
    "$x^2$", "answer is A", "answer is  C", "Answer İs D", "The answer is", "could be", "is not", "none", "inf", "nan", "-inf",
    "infinity", "1", "42", "3.14", "-7", ".5", "5.", "1,000", "12,345,678", "1,00", "1e5", "2.5E-3", "1e400", "1_000", "1__0",
    "0.125", "0.375", "2.675", "1.005", "99.995", "-0.001", "0.005", "1e-7", "१२", "٣.٥", "１２", "²", "Ⅷ", "½", "12abc", "v12",
    "1.2.3", "1-2", "--3", "$5", "50%", "x=3", "x = 4.567", "3,14", "7e", "0x10", "123,4567", "١,٢٣٤", "_5", "5_", "a5b", "-", "−3",
    "Cannot determine the answer", "Failed to obtain answer via API", "1e3,000", "0,125", "yes", "no", "True",
]
OPTIONS = [
    {"A": "red", "B": "blue", "C": "dog"}, {"A": "1", "B": "42", "C": "3.14", "D": "-7"},
    {"A": "24/7", "B": "$x^2$", "C": "", "D": "Red dog", "E": "none"}, {"A": "İstanbul", "B": "ΟΔΟΣ", "C": "straße", "D": "日本"},
    {"A": "<image 1>", "B": "<image 2>"}, {"A": "the answer", "B": "answer is", "C": "is", "D": "option A"},
    {letter: f"option {letter}" for letter in "ABCDEFGHI"}, {"A": "yes", "B": "no"}, {"A": "Blue", "B": "Blue", "C": "A", "D": "😀"},
]
ANSWERS = [
    "24/7", "3.14", ["24/7", "3.429"], "1000", "1,000", "100000", "0.12", "0.13", "0.375", "2.67", "2.68", "x", "a", "é", "",
    "-7", "5", "inf", "nan", "yes", ["no", "none"], "strasse", "straße", "ς", "οδος", "12", "3.5", "12345678", "0", "-0.0", "1",
    "i̇stanbul", "日本", "50%", "8", ".5", "A", "99.99", "100", "4.57", "1e400", "-inf", "3", "10", "1.0", "1.00", ["1", "2"],
]
ALPHABET = "ABCD abcd019.,-+eE_=()'\n\t:;!?éſKİıΣς²½١１日😀\u00a0\u2003\x1d\ufeff"


def respond(rng):
    kind = rng.random()
    if kind < 0.04:
        return rng.choice(["", " ", ".", "...", "'", "\n", "\n\n", ".\n", "=", "is ", "so so ", "answer "])
    if kind < 0.25:
        return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 25)))
    joint = rng.choice([" ", " ", " ", " ", "", "\n"])
    return joint.join(rng.choice(WORDS) for _ in range(rng.randint(1, rng.choice([2, 4, 8, 16]))))


def main():
    rng = random.Random(11)
    lines = []
    for _ in range(5000):
        response, options = respond(rng), dict(rng.choice(OPTIONS))
        if rng.random() < 0.15:
            response += rng.choice(["", " "]) + rng.choice(list(options.values()))
        letter, drawn = choose(response, options)
        lines.append(["c", response, options, letter, drawn, lmms_eval(response, options), vlm(response, options)])
    for _ in range(6000):
        response, answer = respond(rng), rng.choice(ANSWERS)
        if rng.random() < 0.3:
            one = rng.choice(answer) if isinstance(answer, list) else answer
            response += rng.choice([" ", " is ", "\nthe answer ", " = ", "is ", ""]) + one + rng.choice(["", ".", " ."])
        values = parse(response)
        texts = sorted({"#" + repr(value + 0.0) if isinstance(value, float) else value for value in values})
        as_choices = {"A": str(answer), "B": "Other Answers"}
        lines.append(["o", response, answer, texts, right(answer, values), vlm(response, as_choices)])
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "responses.jsonl.gz")
    with gzip.GzipFile(out, "wb", 9, mtime=0) as file:
        for line in lines:
            file.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
    drawn = sum(line[4] for line in lines if line[0] == "c")
    print(f"{len(lines)} responses, {drawn} drawn, {sum(line[4] for line in lines if line[0] == 'o')} open ones right")


main()
