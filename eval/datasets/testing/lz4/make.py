"""
Writes beside this file two files of MMMU questions in LZ4, as pyarrow writes them: nulls.parquet, whose columns image_2 to
image_7 hold nothing, and broken.parquet, the same with damaged bytes in the pages of image_2 and explanation.

    python3 make.py

Needs pyarrow and Pillow (made with 25.0 and 12.1).
"""
import io
import os

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(out, "PNG")
    return {"bytes": out.getvalue(), "path": None}


def table(second):
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {
        "id": [f"validation_Art_{n}" for n in (1, 2, 3)],
        "question": ["What is <image 1>?", "Which of <image 1> and <image 2>?", "And <image 1>?"],
        "options": ["('red', 'blue')", "[1, 2.50, None]", "['a' \"b\", 'c']"],
        "explanation": ["because it is red " * 3, "because " * 5, "no reason at all"],
        "answer": ["A", "B", "A"],
        "question_type": ["multiple-choice"] * 3,
    }
    pictures = {"image_1": [picture("red"), picture("blue"), picture("green")], "image_2": second}
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    for n in range(1, 8):
        arrays[f"image_{n}"] = pa.array(pictures.get(f"image_{n}", [None] * 3), image)
    return pa.table(arrays)


pq.write_table(table([None] * 3), os.path.join(here, "nulls.parquet"), compression="lz4")

broken = os.path.join(here, "broken.parquet")
pq.write_table(table([None, picture("white"), None]), broken, compression="lz4", use_dictionary=False)
group = pq.ParquetFile(broken).metadata.row_group(0)
with open(broken, "r+b") as file:
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema in ("explanation", "image_2.bytes"):
            file.seek(column.data_page_offset + 40)
            file.write(b"\xff" * (column.total_compressed_size - 44))
