/** The file is in an encoding that is not read; the message follows on its name and says what to do. */
export class EncodingError extends Error {}

const encodings: readonly { name: string; starts: readonly (number | null)[] }[] = [
  { name: 'UTF-32 (little-endian)', starts: [0xff, 0xfe, 0, 0] },
  { name: 'UTF-32 (big-endian)', starts: [0, 0, 0xfe, 0xff] },
  { name: 'UTF-16 (little-endian)', starts: [0xff, 0xfe] },
  { name: 'UTF-16 (big-endian)', starts: [0xfe, 0xff] },
  // Without a byte order mark: JSON begins with two characters of ASCII, as Python's json.detect_encoding has it.
  { name: 'UTF-32 (big-endian)', starts: [0, 0, 0, null] },
  { name: 'UTF-16 (big-endian)', starts: [0, null] },
  { name: 'UTF-32 (little-endian)', starts: [null, 0, 0, 0] },
  { name: 'UTF-16 (little-endian)', starts: [null, 0] },
];

/**
 * The text of a UTF-8 file, without its byte order mark. A byte that is not UTF-8 becomes the lone surrogate U+DC80 to
 * U+DCFF, as in Python's `surrogateescape`, so that `parseJson` can tell the one value that has it.
 * @throws EncodingError for UTF-16 and UTF-32
 */
export function decodeText(bytes: Uint8Array): string {
  const other = encodings.find(
    ({ starts }) =>
      bytes.length >= starts.length && starts.every((byte, i) => byte === null || bytes[i] === byte),
  );
  if (other) throw new EncodingError(`it is ${other.name} text: save it as UTF-8`);
  return decodeUtf8(bytes);
}

/** The same of a part of a file. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return escaping(bytes);
  }
}

function escaping(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  const flush = (to: number) => parts.push(decoder.decode(bytes.subarray(from, to)));
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    flush(at);
    parts.push(String.fromCharCode(0xdc00 + bytes[at]!));
    from = ++at;
  }
  flush(bytes.length);
  return parts.join('').replace(/^\ufeff/, '');
}

/** How many bytes the character at a place takes; 0 where it is not UTF-8. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  if (length === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  // Overlong forms, surrogates, and what lies beyond Unicode.
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
