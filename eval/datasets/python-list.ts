/** Lists of texts as Python writes and reads them; MMMU keeps options and answers so. */
import { floatText } from '../python/json';

/** White space and comments. */
const space = /(?:[ \t\f\r\n]|#[^\r\n]*)*/y;
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

/** A Python literal: what `str` prints of it, what `repr` does, and what it is. */
interface Literal {
  kind: 'text' | 'list' | 'tuple' | 'other';
  str: string;
  repr: string;
  /** Of a list or a tuple. */
  items: readonly Literal[];
}

/**
 * The texts of `ast.literal_eval(text)` where it is a list of strings: both quotes and three of them, every escape but
 * `\N{…}`, the prefixes r and u, adjacent strings joined, a comma at the end, comments.
 * @returns null where it is none
 */
export function parsePythonList(text: string): string[] | null {
  const list = parse(text);
  if (list?.kind !== 'list' || list.items.some(({ kind }) => kind !== 'text')) return null;
  return list.items.map(({ str }) => str);
}

/**
 * The items of `ast.literal_eval(text)`, a list or a tuple, as an f-string prints them: `[1, None, 'a']` gives `1`, `None`
 * and `a`. Items may be strings, numbers, None, True, False, and lists and tuples of them.
 * @returns null where it is none
 */
export function parsePythonTexts(text: string): string[] | null {
  const literal = parse(text);
  return literal?.kind === 'list' || literal?.kind === 'tuple' ? literal.items.map(({ str }) => str) : null;
}

function parse(text: string): Literal | null {
  const reader = new Reader(text);
  const first = reader.literal();
  if (first === null) return null;
  const items = [first];
  let isTuple = false;
  // A tuple needs no brackets.
  while (reader.take(',')) {
    isTuple = true;
    if (reader.atEnd()) break;
    const next = reader.literal();
    if (next === null) return null;
    items.push(next);
  }
  if (!reader.atEnd()) return null;
  return isTuple ? sequence('tuple', items) : first;
}

function sequence(kind: 'list' | 'tuple', items: readonly Literal[]): Literal {
  const parts = items.map(({ repr }) => repr).join(', ');
  const repr = kind === 'list' ? `[${parts}]` : `(${parts}${items.length === 1 ? ',' : ''})`;
  return { kind, str: repr, repr, items };
}

const other = (str: string): Literal => ({ kind: 'other', str, repr: str, items: [] });
const textLiteral = (str: string): Literal => ({ kind: 'text', str, repr: reprOf(str), items: [] });

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

/** `repr(text)`: what cannot be printed is escaped. */
function reprOf(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const shown = text.replace(/[\\'"\p{C}\p{Z}]/gu, (one) => {
    if (one === ' ') return one;
    if (one === quote) return `\\${one}`;
    if (one === "'" || one === '"') return one;
    const short = shortEscapes[one];
    if (short !== undefined) return short;
    const code = one.codePointAt(0)!;
    const [letter, digits] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8];
    return `\\${letter as string}${code.toString(16).padStart(digits as number, '0')}`;
  });
  return quote + shown + quote;
}

const constant = /(?:None|True|False)(?![\p{L}\p{N}_])/uy;
const digits = '[0-9](?:_?[0-9])*';
const wholeNumber =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?[0-9])*)(?![\p{L}\p{N}_.])/uy;
const float = new RegExp(
  `(?:(?:(?:${digits})?\\.${digits}|${digits}\\.)(?:[eE][+-]?${digits})?|${digits}[eE][+-]?${digits})(?![\\p{L}\\p{N}_])`,
  'uy',
);

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

  /** The literal that comes next, or null. */
  literal(): Literal | null {
    if (this.take('[')) return this.items(']', 'list');
    if (this.take('(')) return this.items(')', 'tuple');
    const text = this.strings();
    if (text !== null) return textLiteral(text);
    const sign = /^[-+]/.exec(this.text.slice(this.at, this.at + 1))?.[0] ?? '';
    if (sign !== '') this.at++;
    this.skip();
    const whole = this.match(wholeNumber);
    // Python has no −0 among whole numbers.
    if (whole !== '') return other(String((sign === '-' ? -1n : 1n) * BigInt(whole.replaceAll('_', ''))));
    const real = this.match(float);
    if (real !== '') return other(floatText(Number(real.replaceAll('_', '')) * (sign === '-' ? -1 : 1)));
    const named = sign === '' ? this.match(constant) : '';
    return named === '' ? null : other(named);
  }

  private items(end: string, kind: 'list' | 'tuple'): Literal | null {
    const items: Literal[] = [];
    let commas = 0;
    while (!this.take(end)) {
      if (items.length > commas) return null;
      const item = this.literal();
      if (item === null) return null;
      items.push(item);
      if (this.take(',')) commas++;
    }
    // Brackets alone make no tuple.
    return kind === 'tuple' && items.length === 1 && commas === 0 ? items[0]! : sequence(kind, items);
  }

  /** The strings that come next, joined, or null. */
  private strings(): string | null {
    let text: string | null = null;
    for (let next = this.string(); next !== null; next = this.string()) text = (text ?? '') + next;
    return text;
  }

  /** The string that comes next, or null. */
  private string(): string | null {
    this.skip();
    const before = this.at;
    const prefix = this.match(/[rRuU](?=['"])/y);
    const raw = /r/i.test(prefix);
    const quote = this.text[this.at];
    if (quote !== "'" && quote !== '"') {
      this.at = before;
      return null;
    }
    const three = this.text.startsWith(quote.repeat(3), this.at);
    const end = three ? quote.repeat(3) : quote;
    this.at += end.length;
    let value = '';
    while (!this.text.startsWith(end, this.at)) {
      let part = this.match(parts[quote]);
      // Within three, ends of lines and the quote itself are text.
      if (part === '' && three) part = this.match(/\r\n?|\n|['"]/y).replace(/\r\n?/, '\n');
      const shown = part.startsWith('\\') && !raw ? this.escape(part.slice(1)) : part;
      if (part === '' || shown === null) {
        this.at = before;
        return null;
      }
      value += shown;
    }
    this.at += end.length;
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
