"""Writes vectors.jsonl.gz: what ftfy, Python's html.unescape and CLIP's cleaning make of tricky texts.

Needs `pip install ftfy==6.3.1`. Each line is [text, ftfy.fix_text(text), html.unescape(text), cleaned], the last as
clip/simple_tokenizer.py does it. The texts are captions of many languages, misread in every encoding that ftfy knows,
once and twice, whole and damaged; entities of every name and form; and seeded random strings of the characters that
the rules are about. The same script gives the same file. `make.py --fuzz N SEED` prints N random lines instead.
"""

import gzip
import html
import html.entities
import json
import pathlib
import random
import re
import sys

import ftfy
import ftfy.bad_codecs  # registers the sloppy codecs
from ftfy import badness, chardata

HERE = pathlib.Path(__file__).parent

CAPTIONS = [
    "two green apples", "A dog\u2019s bowl \u2014 \u201cempty\u201d", "café au lait, crème brûlée", "voilà le travail à la mode",
    "Ein schöner großer Löffel für Äpfel", "El niño comió una piña en el jardín ¿verdad?", "¡Olé! 5 €", "às vezes àquela hora",
    "Żółta łódź pod mostem, źdźbło", "Příliš žluťoučký kůň úpěl ďábelské ódy", "Árvíztűrő tükörfúrógép", "Ștefan și Țara",
    "İstanbul'da ışıklı şehir ğ", "Ķēniņš un āboli", "Ąžuolas, šviesa, ūkas", "två äpplen på bordet, Åre", "Þetta er hús í Reykjavík",
    "красное яблоко на столе", "Ще не вмерла Україна, ґанок, їжак", "Љубав и џем", "два зелёных яблока — «вкусно»",
    "κόκκινο μήλο πάνω στο τραπέζι", "Ελλάδα: Άνοιξη", "תפוח אדום על השולחן", "تفاحة حمراء على الطاولة", "یک سیب سرخ",
    "लाल सेब मेज पर", "একটি লাল আপেল", "சிவப்பு ஆப்பிள்", "แอปเปิลสีแดงบนโต๊ะ", "빨간 사과 두 개", "两个绿苹果在桌子上", "二つの緑のリンゴ", "ﾊﾝｶｸ ｶﾅ と ＦＵＬＬ　ＷＩＤＴＨ",
    "quả táo đỏ trên bàn ăn", "🍎 and 🍏 on a 🪑", "👩‍👩‍👧 family \U0001F3F4\U000E0067\U000E0062\U000E007F", "ﬁne ﬂuﬃness ﬆop ĳs Ǆ ŉ", "temperature 21 °C ± 2½", "½ ¼ ¾ × ÷ µ ² ³ ¹ ª º",
    "price: £5 ¥100 ¢50 ₧ €3", "§ 5 ¶ 7 © 2020 ® ™ • † ‡ ‰", "(╯°□°)╯︵ ┻━┻ ლ(ಠ益ಠლ)", "┌──┐│░▒▓█▄▀", "a\u0301e\u0308 combining \u0041\u030a", "naïve façade – “coöperate”… ‘ok’",
    "\u201e\u201f\u201a\u201b quotes\u02bc", "line one\r\nline two\rthree\u2028four\u2029five\x85six", "zero\u200bwidth\u200d joiner\ufeff bom", "\ufeffbom first", "bell\x07 and \x00 null \x1b[31mred\x1b[0m \x7f",
    "x\u206a\u206f\ufff9\ufffa\ufffb\ufffc y", "Å is a word; Å i åa ä e ö", "l’œuvre, Œdipe, œil", "100 Ω ∞ ≠ ≈ ≤ ≥ √2 ∑ ∏ ∂ ∆ ∫", "\uf8ff apple logo", "tab\there\x0b vt\x0c ff\x1c\x1d\x1e\x1f end", "  \u00a0 spaces\u2003all\u3000round \u202f ", "",
    " ", "\n", "&", "a < b &amp; c > d", "İI ıi ΣΑΣ ẞß ǅ",
]
HAND = [
    "âœ” No problems", "&macr;\\_(ã\x83\x84)_/&macr;", "Broken text&hellip; it&#x2019;s ﬂubberiﬁc!", "ＬＯＵＤ　ＮＯＩＳＥＳ", "sÃ³", "voilÃ le travail", "schÃ¶n", "&ATILDE;&SUP3;",
    "â€œ like this â€\ufffd", "â€œ like this â€?", "Ã la mode", "Ã quele", "Ã s vezes", "fÃ cil", "Â ", "Ã ", "aÂ b", "ÂÂÂ", "Ã¢â‚¬â„¢", "ÃƒÂ©", "l\u2019humanitÃ©", "This â€” should be an em dash",
    "\x85test\x80", "\x91quoted\x92", "P&EACUTE;REZ", "BUNDESSTRA&SZLIG;E", "&ntilde; &Ntilde; &NTILDE; &nTILDE;", "&Jscr;ohn &HilbertSpace;ancock", "&lt;b&gt; bold", "<b>&eacute;</b>", "<b>\n&eacute;\n&amp;amp;", "&eacute;\n<b>\n&eacute;",
    "&amp;amp;amp;lt;", "&#0; &#13; &#x80; &#x9f; &#xd800; &#x110000; &#xffff; &#xfdd0; &#11; &#59; &#38;#59;", "&#x27 &#39 &#123456789123; &#xZZ; &#; &#x;", "&notit; &notin; &ampere &copy2020 &CounterClockwiseContourIntegral; &amp", "&lt&gt&quot&apos &nbsp&nbsp;", "&abcdefghijklmnopqrstuvwxyzabcdefghijkl;", "&𝔄&ampé;",
    "Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "РїСЂРёРІРµС‚", "Ã˜Â§Ã™â€žÃ˜Â±", "ГўВЂВ”a", "вЂњok вЂ\u009d", "β€™s", "ā€“ x", "√© ≈° ‚Äô ‚âà", "à²\u00a0_à²\u00a0", "ðŸ˜\u0081", "ðŸ\u0098\u0081 é", "í\xa0½í¸\x8d", "í\xa0½í²©", "À\x80 Ã©", "Ã© À\n", "Ã© À\nmore", "í", "Ã© í\n", "Ã© í\xa0\x80í°\n",
    "à ¸£ Ã ¸", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "lone \ud83d end", "low \udca9\ud83d swapped", "\x1a Ã©", "\ufffd Ã©", "Ã\ufffd", "Ãƒ\x1a", "×²× ×³", "ØªÙ…Øª", "ÙˆØ±Ø¯Ø©", "Œ1 œ. œa", "É° Å°", "À²", "µ¡", "╬ô├á", "ΓÇÖ it", "ΓÇ£yesΓÇ¥", "Ä\u0081 ÄŤ", "Ĺ‚ĂłdĹş", "Å‚Ã³dÅº",
]


def cleaned(text):
    text = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    return re.sub(r"\s+", " ", text).strip().lower()


def misread(text, encoding):
    data = text.encode("utf-8", "surrogatepass")
    return data.decode(encoding, "replace")


def entities():
    names = list(html.entities.html5)
    for at in range(0, len(names), 120):
        part = names[at : at + 120]
        yield " ".join("&" + name for name in part)
        yield " ".join("&" + name.upper() for name in part)
        yield "".join("&" + name.rstrip(";") + "x" for name in part)


def damaged(text, rng):
    out = []
    for character in text:
        roll = rng.random()
        if roll < 0.06:
            out.append("\ufffd")
        elif roll < 0.1:
            out.append("?")
        elif character == "\xa0" and roll < 0.8:
            out.append(" ")
        elif roll < 0.13:
            continue
        else:
            out.append(character)
    return "".join(out)


def spread(ranges):
    """The characters of a class, its ranges written out."""
    return [c for c in map(chr, range(0x10000)) if not 0xD800 <= ord(c) < 0xE000 and re.match(f"[{ranges}]", c)]


POOLS = [spread(one) for one in badness.MOJIBAKE_CATEGORIES.values()] + [spread(one) for one in chardata.UTF8_CLUES.values()]
ODD = list("\r\n\x85\u2028\x1a\ufffd? <&;#\xa0\u3000\ufeff\x1b[m0") + ["&amp;", "&#x92;", "&eacute", "\x1b[1m", "\U0001F34E"]


def noise(rng):
    pools = rng.sample(POOLS, rng.randint(1, 4)) + [list("abcXYZ ,.")]
    text = "".join(rng.choice(ODD) if rng.random() < 0.05 else rng.choice(rng.choice(pools)) for _ in range(rng.randint(1, 18)))
    kind = rng.random()
    if kind < 0.25:
        text = misread(text, rng.choice(chardata.CHARMAP_ENCODINGS))
    elif kind < 0.35:
        text = misread(misread(text, rng.choice(chardata.CHARMAP_ENCODINGS)), rng.choice(chardata.CHARMAP_ENCODINGS))
    elif kind < 0.5:
        data = bytes(rng.choice([rng.randint(0x80, 0xFF), rng.choice(b"\xed\xa0\xbd\xed\xb8\x80\xc0\x80\xc3\x20\xe2\x1a?\n"), rng.randint(0x20, 0x7E)]) for _ in range(rng.randint(2, 14)))
        text = data.decode(rng.choice(chardata.CHARMAP_ENCODINGS), "replace")
    elif kind < 0.6:
        text = damaged(misread(rng.choice(CAPTIONS), rng.choice(chardata.CHARMAP_ENCODINGS)), rng)
    return text


def texts():
    rng = random.Random(14)
    yield from CAPTIONS
    yield from HAND
    yield from entities()
    for caption in CAPTIONS:
        for encoding in chardata.CHARMAP_ENCODINGS:
            once = misread(caption, encoding)
            yield once
            yield misread(once, rng.choice(chardata.CHARMAP_ENCODINGS))
            yield damaged(once, rng)
            yield "Plain text, then " + once + " …"
    for _ in range(2000):
        yield noise(rng)


def line(text):
    return json.dumps([text, ftfy.fix_text(text), html.unescape(text), cleaned(text)])


def main():
    assert ftfy.__version__ == "6.3.1", ftfy.__version__
    if sys.argv[1:2] == ["--fuzz"]:
        rng = random.Random(int(sys.argv[3]))
        for _ in range(int(sys.argv[2])):
            print(line(noise(rng)))
        return
    lines = [line(text) for text in dict.fromkeys(texts())]
    (HERE / "vectors.jsonl.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
    print(len(lines), "texts")


if __name__ == "__main__":
    main()
