import { crc32 } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Whether a file is a whole PNG: every chunk is there with the right checksum, from IHDR to IEND. It decodes
 * no pixel, so that thousands of files are checked in seconds.
 * @returns null, or what is wrong with it
 */
export function pngDefect(file: Buffer): string | null {
  if (file.length === 0) return 'the file is empty';
  if (!file.subarray(0, 8).equals(signature)) return 'it is no PNG';
  for (let at = 8, first = true; ; first = false) {
    if (at + 12 > file.length) return 'the file is cut off';
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) return 'the file is cut off';
    const type = file.toString('latin1', at + 4, at + 8);
    if (first && type !== 'IHDR') return 'the PNG has no header';
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4))
      return `the PNG's ${type} chunk is damaged`;
    if (type === 'IEND') return null;
    at = end;
  }
}

/** What a file is by its first bytes, whatever its name says; null for something else. */
export function formatOf(file: Buffer): string | null {
  const found = formats.find(({ starts }) =>
    starts.every(([at, text]) => file.subarray(at, at + text.length).toString('latin1') === text),
  );
  return found?.name ?? null;
}

const formats: readonly { name: string; starts: readonly (readonly [at: number, text: string])[] }[] = [
  { name: 'PNG', starts: [[0, '\x89PNG\r\n\x1a\n']] },
  { name: 'JPEG', starts: [[0, '\xff\xd8\xff']] },
  {
    name: 'WebP',
    starts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { name: 'GIF', starts: [[0, 'GIF8']] },
  {
    name: 'BMP',
    starts: [
      [0, 'BM'],
      [6, '\0\0\0\0'],
    ],
  },
  { name: 'TIFF', starts: [[0, 'II*\0']] },
  { name: 'TIFF', starts: [[0, 'MM\0*']] },
  { name: 'AVIF', starts: [[4, 'ftypavif']] },
  { name: 'HEIC', starts: [[4, 'ftyphei']] },
  { name: 'JPEG 2000', starts: [[0, '\0\0\0\x0cjP  ']] },
  { name: 'JPEG XL', starts: [[0, '\0\0\0\x0cJXL ']] },
];
