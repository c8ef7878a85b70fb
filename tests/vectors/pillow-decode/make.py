"""Writes files.bin.gz and cases.json: small files of every form, and the sha256 of what Pillow makes of each.

Needs `pip install pillow==13.0.0 numpy`; earlier ones, back to 9.5, differ in BMP files of run lengths, of 4 bits or
with a short palette, and refuse big-endian CMYK of 16 bits. A case is [name, offset and length in files.bin,
width, height, sha256 of `Image.open(file).convert('RGB').tobytes()`], or, of a file that Pillow refuses, [name, offset,
length]. The same script and Pillow give the same files.
"""

import gzip
import hashlib
import io
import json
import pathlib
import random
import struct
import warnings
import zlib

import numpy as np
import PIL
from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent
W, H = 23, 17
rng = np.random.default_rng(5)
files = {}


def smooth(w, h, c):
    y, x = np.mgrid[0:h, 0:w]
    bands = [127 + 110 * np.sin(x / (5 + i * 2) + i) * np.cos(y / (7 - i) + i * 2) for i in range(c)]
    return np.clip(np.stack(bands, -1) + rng.normal(0, 12, (h, w, c)), 0, 255).astype("uint8")


def encoded(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def add(name, image, format, **options):
    files[name] = encoded(image, format, **options)


rgb = Image.fromarray(smooth(W, H, 3))
other = Image.fromarray(smooth(W, H, 3))
rgba = Image.fromarray(smooth(W, H, 4))
grey = Image.fromarray(smooth(W, H, 1)[..., 0])
grey_alpha = Image.merge("LA", [grey, Image.fromarray(smooth(W, H, 1)[..., 0])])
cmyk = Image.frombytes("CMYK", (W, H), smooth(W, H, 4).tobytes())
palette = rgb.quantize(17)
bilevel = grey.convert("1")
wide = Image.fromarray(smooth(W, H, 1)[..., 0].astype("uint16") * 3)


def profile():
    """sRGB with red and green exchanged: whoever applies it is seen to."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    data[24:36] = bytes(12)  # the date
    return bytes(data)


def exif(orientation):
    tags = Image.Exif()
    tags[0x112] = orientation
    return tags.tobytes()


def pngs():
    for name, image in dict(rgb=rgb, rgba=rgba, l=grey, la=grey_alpha, p=palette, one=bilevel, i16=wide).items():
        add(f"{name}.png", image, "PNG")
    for bits in (1, 2, 4):
        add(f"p{bits}.png", rgb.quantize(2**bits), "PNG", bits=bits)
    add("p-alpha.png", palette, "PNG", transparency=bytes([0, 128, 255, 7] * 4))
    add("p-index.png", palette, "PNG", transparency=3)
    add("rgb-key.png", rgb, "PNG", transparency=(10, 20, 30))
    add("l-key.png", grey, "PNG", transparency=77)
    add("icc.png", rgba, "PNG", icc_profile=profile())
    add("exif.png", rgb, "PNG", exif=exif(6))
    add("animated.png", rgb, "PNG", save_all=True, append_images=[other])
    for kind, channels in ((0, 1), (2, 3), (4, 2), (6, 4)):
        rows = rng.integers(0, 65536, (H, W, channels)).astype(">u2")
        files[f"16-{kind}.png"] = png(kind, 16, [row.tobytes() for row in rows])
        files[f"16-{kind}-gamma.png"] = png(kind, 16, [row.tobytes() for row in rows], chunk(b"gAMA", struct.pack(">I", 100000)))
    rows = (rng.integers(0, 400, (H, W, 1))).astype(">u2")
    files["16-key.png"] = png(0, 16, [row.tobytes() for row in rows], chunk(b"tRNS", b"\0\x10"))
    for bits in (1, 2, 4):
        rows = rng.integers(0, 256, (H, (W * bits + 7) // 8)).astype("uint8")
        files[f"l{bits}.png"] = png(0, bits, [row.tobytes() for row in rows])
    files["cut.png"] = files["rgb.png"][: len(files["rgb.png"]) // 2]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(kind, bits, rows, extra=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, bits, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return b"\x89PNG\r\n\x1a\n" + header + extra + body + chunk(b"IEND", b"")


def jpegs():
    for size in ((1, 1), (2, 3), (7, 9), (16, 17), (33, 15), (67, 41)):
        for sampling in (0, 1, 2, "4:1:1"):
            for progressive in (False, True):
                name = f"{size[0]}x{size[1]}-{str(sampling).replace(':', '')}{'-progressive' if progressive else ''}.jpg"
                quality = random.Random(name).randint(20, 98)
                add(name, Image.fromarray(smooth(*size, 3)), "JPEG", subsampling=sampling, progressive=progressive, quality=quality)
    add("l.jpg", grey, "JPEG")
    add("cmyk.jpg", cmyk, "JPEG", quality=85)
    add("cmyk-icc.jpg", cmyk, "JPEG", icc_profile=profile())
    add("rgb.jpg", rgb, "JPEG", keep_rgb=True)
    add("icc.jpg", rgb, "JPEG", icc_profile=profile())
    for orientation in (3, 6, 8):
        add(f"exif{orientation}.jpg", rgb, "JPEG", exif=exif(orientation))
    data = files["cmyk.jpg"]
    at = data.index(b"Adobe")
    files["ycck.jpg"] = data[: at + 11] + bytes([2]) + data[at + 12 :]
    marker = data.index(b"\xff\xee")
    (length,) = struct.unpack(">H", data[marker + 2 : marker + 4])
    files["cmyk-plain.jpg"] = data[:marker] + data[marker + 2 + length :]
    files["cut.jpg"] = files["icc.jpg"][: len(files["icc.jpg"]) * 3 // 4]


def webps():
    add("lossy.webp", rgb, "WEBP", quality=70)
    add("lossless.webp", rgb, "WEBP", lossless=True)
    add("alpha.webp", rgba, "WEBP", quality=70)
    add("exact.webp", rgba, "WEBP", lossless=True, exact=True)
    add("exif.webp", rgb, "WEBP", lossless=True, exif=exif(6))
    add("icc.webp", rgb, "WEBP", lossless=True, icc_profile=profile())
    add("animated.webp", rgba, "WEBP", save_all=True, append_images=[other.convert("RGBA")], lossless=True)


def gifs():
    add("rgb.gif", rgb, "GIF")
    add("l.gif", grey, "GIF")
    add("one.gif", bilevel, "GIF")
    add("rgba.gif", rgba, "GIF")
    add("interlaced.gif", palette, "GIF", interlace=1)
    add("animated.gif", rgb, "GIF", save_all=True, append_images=[other])
    plain, transparent = encoded(palette, "GIF"), encoded(palette, "GIF", transparency=3)
    files["transparent.gif"] = transparent
    files["inside.gif"] = moved(plain, 40, 30, 5, 9)
    files["inside-transparent.gif"] = moved(transparent, 40, 30, 5, 9)
    files["beyond.gif"] = moved(plain, 10, 8, 5, 9)
    files["no-palette.gif"] = moved(plain, W, H, 0, 0, palette=False)
    add("noise.gif", Image.fromarray(rng.integers(0, 256, (90, 110, 3)).astype("uint8")).quantize(256), "GIF", interlace=0)
    files["cut.gif"] = plain[: len(plain) // 2]


def moved(data, width, height, left, top, palette=True):
    """The same frame at another place of a screen of another size."""
    data = bytearray(data)
    data[6:10] = struct.pack("<HH", width, height)
    length = 3 << ((data[10] & 7) + 1)
    at = 13 + length
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    data[at + 1 : at + 5] = struct.pack("<HH", left, top)
    if not palette:
        data[10] &= 127
        del data[13 : 13 + length]
    return bytes(data)


def bmps():
    def bmp(bits, rows, colours=b"", compression=0, header=40, masks=b"", height=H, count=0):
        if header == 12:
            head = struct.pack("<IHHHH", 12, W, height, 1, bits)
        else:
            head = struct.pack("<IiiHHIIiiII", header, W, height, 1, bits, compression, len(rows), 0, 0, count, 0)
            head += masks.ljust(header - 40 if header > 40 else len(masks), b"\0")
        offset = 14 + len(head) + len(colours)
        return b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + head + colours + rows

    def rows(bits):
        return rng.integers(0, 256, (H, ((W * bits + 31) >> 3) & ~3)).astype("uint8").tobytes()

    def colours(count, bytes_each=4):
        return rng.integers(0, 256, (count, bytes_each)).astype("uint8").tobytes()

    for bits in (1, 4, 8):
        files[f"p{bits}.bmp"] = bmp(bits, rows(bits), colours(2**bits))
    files["p8-down.bmp"] = bmp(8, rows(8), colours(256), height=-H)
    files["p8-few.bmp"] = bmp(8, rows(8), colours(100), count=100)
    files["p8-os2.bmp"] = bmp(8, rows(8), colours(256, 3), header=12)
    for bits in (16, 24, 32):
        files[f"{bits}.bmp"] = bmp(bits, rows(bits))
        files[f"{bits}-down.bmp"] = bmp(bits, rows(bits), height=-H)
    for masks in (
        (0xFF0000, 0xFF00, 0xFF, 0),
        (0xFF000000, 0xFF0000, 0xFF00, 0),
        (0xFF000000, 0xFF0000, 0xFF00, 0xFF),
        (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
        (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
        (0, 0, 0, 0),
        (0xFF, 0xFF00, 0xFF0000, 0),
    ):
        name = "-".join(f"{mask:x}" for mask in masks)
        files[f"32-{name}.bmp"] = bmp(32, rows(32), compression=3, header=108, masks=struct.pack("<4I", *masks))
    for masks in ((0xF800, 0x7E0, 0x1F), (0x7C00, 0x3E0, 0x1F), (0xF000, 0xF00, 0xF0)):
        files[f"16-{masks[0]:x}.bmp"] = bmp(16, rows(16), compression=3, masks=struct.pack("<3I", *masks))
    files["rle8.bmp"] = bmp(8, run_lengths(8), colours(256), compression=1)
    files["rle4.bmp"] = bmp(4, run_lengths(4), colours(16), compression=2)
    files["rle8-skip.bmp"] = bmp(8, bytes([10, 7, 0, 2, 5, 2, 9, 9, 0, 0]) + run_lengths(8), colours(256), compression=1)
    files["cut.bmp"] = bmp(24, rows(24)[:-200])


def run_lengths(bits):
    choose, out = random.Random(bits), b""
    for _ in range(H):
        x = 0
        while x < W:
            count = min(W - x, choose.randint(1, 20))
            if choose.random() < 0.4 and count >= 3:
                body = bytes(choose.randint(0, 255) for _ in range(count if bits == 8 else (count + 1) // 2))
                out += bytes([0, count]) + body + bytes(len(body) % 2)
            else:
                out += bytes([count, choose.randint(0, 255)])
            x += count
        out += b"\0\0"
    return out + b"\0\1"


def tiffs():
    images = dict(rgb=rgb, rgba=rgba, l=grey, la=grey_alpha, p=palette, one=bilevel, cmyk=cmyk, i16=wide)
    for name, image in images.items():
        for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            add(f"{name}-{compression}.tif", image, "TIFF", compression=compression)
    for name in ("rgb", "l", "cmyk"):
        add(f"{name}-jpeg.tif", images[name], "TIFF", compression="jpeg")
    add("fax.tif", bilevel, "TIFF", compression="group4")
    add("icc.tif", rgb, "TIFF", icc_profile=profile())
    add("pages.tif", rgb, "TIFF", save_all=True, append_images=[grey])
    for orientation in range(2, 9):
        add(f"turned{orientation}.tif", rgb, "TIFF", tiffinfo={274: orientation})
    add("i.tif", Image.fromarray(smooth(W, H, 1)[..., 0].astype("int32") * 300 - 9000), "TIFF")
    add("f.tif", Image.fromarray(smooth(W, H, 1)[..., 0].astype("float32") * 1.37 - 20), "TIFF")
    for name, image in (("l", grey), ("one", bilevel), ("i16", wide)):
        files[f"{name}-white.tif"] = tagged(encoded(image, "TIFF"), 262, 0)
    files["premultiplied.tif"] = tagged(encoded(rgba, "TIFF"), 338, 1)
    files["rgbx.tif"] = tagged(encoded(rgba, "TIFF"), 338, 0)
    for order in ("<", ">"):
        for name, photometric, channels, extra in (("l", 1, 1, None), ("rgb", 2, 3, None), ("rgba", 2, 4, 2), ("rgba-premultiplied", 2, 4, 1), ("cmyk", 5, 4, None)):
            samples = rng.integers(0, 65536, (H, W, channels))
            files[f"16-{name}-{'II' if order == '<' else 'MM'}.tif"] = tiff(order, photometric, 16, 1, samples.astype(f"{order}u2"), extra)
        files[f"16-signed-{order == '<'}.tif"] = tiff(order, 1, 16, 2, rng.integers(-300, 600, (H, W, 1)).astype(f"{order}i2"))


def tagged(data, tag, value):
    data = bytearray(data)
    order = "<" if data[:2] == b"II" else ">"
    (directory,) = struct.unpack(order + "I", data[4:8])
    (count,) = struct.unpack(order + "H", data[directory : directory + 2])
    for entry in range(directory + 2, directory + 2 + 12 * count, 12):
        if struct.unpack(order + "H", data[entry : entry + 2])[0] == tag:
            data[entry + 8 : entry + 10] = struct.pack(order + "H", value)
            return bytes(data)
    raise KeyError(tag)


def tiff(order, photometric, bits, sample_format, samples, extra=None):
    height, width, channels = samples.shape
    tags = [(256, 4, [width]), (257, 4, [height]), (258, 3, [bits] * channels), (259, 3, [1]), (262, 3, [photometric])]
    tags += [(273, 4, [0]), (277, 3, [channels]), (278, 4, [height]), (279, 4, [samples.nbytes])]
    tags += [(338, 3, [extra])] if extra is not None else []
    tags += [(339, 3, [sample_format] * channels)]
    start, arrays, entries = 8 + 2 + 12 * len(tags) + 4, b"", []
    for tag, kind, values in tags:
        raw = b"".join(struct.pack(order + {3: "H", 4: "I"}[kind], value) for value in values)
        if len(raw) > 4:
            raw, arrays = struct.pack(order + "I", start + len(arrays)), arrays + raw
        entries.append([tag, kind, len(values), raw.ljust(4, b"\0")])
    for entry in entries:
        if entry[0] == 273:
            entry[3] = struct.pack(order + "I", start + len(arrays))
    directory = struct.pack(order + "H", len(tags)) + b"".join(struct.pack(order + "HHI", *entry[:3]) + entry[3] for entry in entries)
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return head + directory + bytes(4) + arrays + samples.tobytes()


def main():
    warnings.simplefilter("ignore")
    for make in (pngs, jpegs, webps, gifs, bmps, tiffs):
        make()
    cases, blob = [], b""
    for name, data in files.items():
        case = [name, len(blob), len(data)]
        blob += data
        try:
            image = Image.open(io.BytesIO(data)).convert("RGB")
            case += [*image.size, hashlib.sha256(image.tobytes()).hexdigest()]
        except (OSError, ValueError):
            pass
        cases.append(case)
    (HERE / "files.bin.gz").write_bytes(gzip.compress(blob, 9, mtime=0))
    text = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "cases.json").write_text(f'{{"pillow": "{PIL.__version__}", "cases": [\n{text}\n]}}\n')
    print(len(cases), "files,", len(blob), "bytes; refused:", [case[0] for case in cases if len(case) == 3])


if __name__ == "__main__":
    main()
