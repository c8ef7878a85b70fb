"""Writes Art/validation-00000-of-00001.parquet as the library `datasets` does, by pyarrow (made with 26.0.1)."""

import pathlib
import struct
import zlib

import pyarrow as pa
import pyarrow.parquet as pq


def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")]
    )


def image(number, width=4):
    return {"bytes": png(width, 3, (number * 30, 60, 90)), "path": f"image_{number}.png"}


TEXTS = ["id", "question", "options", "explanation"]
IMAGES = [f"image_{number}" for number in range(1, 8)]
MORE = ["img_type", "answer", "topic_difficulty", "question_type", "subfield"]


def row(id, **values):
    default = {
        "id": id,
        "question": "Which, <image 1>?",
        "options": repr(["it's", '"two"', "$\\alpha$\n三"]),
        "answer": "B",
        "question_type": "multiple-choice",
        "explanation": "",
        "img_type": "['Paintings']",
        "topic_difficulty": "Easy",
        "subfield": "Drawing",
    }
    return {**{name: None for name in IMAGES}, **default, **values}


damaged = {"bytes": png(4, 3, (1, 2, 3))[:50], "path": "image_1.png"}
rows = [
    row("validation_Art_1"),
    row("validation_Art_2", image_1=image(1), image_2=image(2, 5), image_7=image(7)),
    row("validation_Art_3", question_type="open", options="[]", answer="['24/7', '3.429']", image_1=image(1)),
    row("validation_Art_4", question_type="open", options="[]", answer="0.286"),
    row("validation_Art_5", image_1=damaged),
    row("validation_Art_6", options="['one', two]"),
    row("validation_Art_1"),
    row("validation_Music_8"),
    row("validation_Art_9", question_type="essay"),
    row("validation_Art_10", answer="D"),
    row("validation_Art_11", answer=None),
    row("validation_Art_12", image_2={"bytes": None, "path": "image_2.png"}),
    row("validation_Art_13", options="[]"),
    row(None),
]
struct_type = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
names = TEXTS + IMAGES + MORE
schema = pa.schema([(name, struct_type if name in IMAGES else pa.string()) for name in names])
table = pa.Table.from_pylist([{name: one[name] for name in names} for one in rows], schema=schema)
folder = pathlib.Path(__file__).parent / "Art"
folder.mkdir(exist_ok=True)
pq.write_table(table, folder / "validation-00000-of-00001.parquet", row_group_size=4, write_statistics=False)
