/** Lists of texts as Python writes and reads them; MMMU keeps options and answers so. */

const space = /[ \t\f\r\n]*/y;
/** A run of plain characters, or one escape, in a string that ends in the quote. */
const parts = {
  "'": /[^'\\\r\n\0]+|\\(?:\r\n|[^])/y,
  '"': /[^"\\\r\n\0]+|\\(?:\r\n|[^])/y,
} as const;
const digitsOf: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const named: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  // An escaped end of line joins two lines.
  '\n': '',
  '\r': '',
  '\r\n': '',
};

/**
 * `ast.literal_eval(text)` where it is a list of strings: both quotes, every escape but `\N{…}`, adjacent strings
 * joined, a comma at the end; no prefixes, triple quotes or comments.
 * @returns null where it is none
 */
export function parsePythonList(text: string): string[] | null {
  const reader = new Reader(text);
  const list: string[] = [];
  if (!reader.take('[')) return null;
  while (!reader.take(']')) {
    let item = reader.string();
    if (item === null) return null;
    for (let more = reader.string(); more !== null; more = reader.string()) item += more;
    list.push(item);
    if (reader.take(',')) continue;
    if (!reader.take(']')) return null;
    break;
  }
  return reader.atEnd() ? list : null;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Whether the character comes next; then it is passed. */
  take(character: string): boolean {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  atEnd(): boolean {
    this.skip();
    return this.at === this.text.length;
  }

  /** The string that comes next, or null. */
  string(): string | null {
    this.skip();
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') return null;
    this.at++;
    let value = '';
    while (this.text[this.at] !== quote) {
      const part = this.match(parts[quote]);
      if (part === '') return null;
      const shown = part.startsWith('\\') ? this.escape(part.slice(1)) : part;
      if (shown === null) return null;
      value += shown;
    }
    this.at++;
    return value;
  }

  /** What stands after a backslash, decoded; its digits are still to be passed. */
  private escape(character: string): string | null {
    const digits = digitsOf[character];
    if (digits !== undefined) {
      const hex = this.match(new RegExp(`[0-9a-fA-F]{${digits}}`, 'y'));
      const code = parseInt(hex, 16);
      return hex === '' || code > 0x10ffff ? null : String.fromCodePoint(code);
    }
    if (/[0-7]/.test(character)) {
      const octal = character + this.match(/[0-7]{0,2}/y);
      return String.fromCodePoint(parseInt(octal, 8));
    }
    if (character === 'N') return null;
    return named[character] ?? `\\${character}`;
  }

  private skip(): void {
    this.match(space);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }
}
