/**
 * JSON as Python's `json.load` takes it, which is what benchmarks' own scripts read their files with: NaN, Infinity and
 * -Infinity are numbers, whole numbers have any length, and of two members with one name the last counts.
 */

/** The value, or why there is none, in words that follow on `is not JSON: `. */
export type Parsed = { value: unknown; error?: undefined } | { value?: undefined; error: string };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `decodeText` leaves of a byte that is not UTF-8. */
const strayByte = /(?<![\ud800-\udbff])[\udc80-\udcff]/;

/**
 * A byte order mark is passed over. Whole numbers beyond 2^53 are `bigint`s, since they may be names of things.
 * @param line that the text begins in, for the error
 */
export function parseJson(text: string, line = 1): Parsed {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (strayByte.test(plain)) return { error: `byte ${hexOf(strayByte.exec(plain)![0])} is not UTF-8` };
  // JavaScript's own parser is many times faster, and right where it knows no better.
  if (!/\d{16}/.test(plain))
    try {
      return { value: JSON.parse(plain) as unknown };
    } catch {
      // Python's parser may take it, and says where it cannot.
    }
  return new Parser(plain, line).parse();
}

const hexOf = (stray: string): string => `0x${(stray.charCodeAt(0) - 0xdc00).toString(16)}`;

class SyntaxAt extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const words: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];
const escapes: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly firstLine: number,
  ) {}

  parse(): Parsed {
    try {
      const value = this.value();
      this.match(space);
      if (this.at < this.text.length) throw this.expected('the end');
      return { value };
    } catch (error) {
      if (error instanceof SyntaxAt) return { error: `${error.message} ${this.place(error.at)}` };
      // A hundred thousand brackets, one in the other: Python gives up as well.
      if (error instanceof RangeError) return { error: 'it is nested too deeply' };
      throw error;
    }
  }

  private place(at: number): string {
    const lines = this.text.slice(0, at).split(/\r\n|\n|\r/);
    return `at line ${this.firstLine + lines.length - 1}, column ${lines.at(-1)!.length + 1}`;
  }

  private expected(what: string): SyntaxAt {
    const found =
      this.at < this.text.length ? JSON.stringify(this.text.slice(this.at, this.at + 12)) : 'the end';
    return new SyntaxAt(`${what} expected, and ${found} found`, this.at);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    this.match(space);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private value(): unknown {
    if (this.take('{')) return this.members();
    if (this.take('[')) return this.elements();
    if (this.text[this.at] === '"') return this.string();
    for (const [word, value] of words)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    const digits = this.match(number);
    if (digits === '') throw this.expected('a value');
    return numberOf(digits);
  }

  private members(): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    if (this.take('}')) return members;
    for (;;) {
      this.match(space);
      if (this.text[this.at] !== '"') throw this.expected('a name in double quotes');
      const name = this.string();
      if (!this.take(':')) throw this.expected('":"');
      const value = this.value();
      // As JSON.parse has it, also of `__proto__`.
      Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
      if (this.take('}')) return members;
      if (!this.take(',')) throw this.expected('"," or "}"');
    }
  }

  private elements(): unknown[] {
    const elements: unknown[] = [];
    if (this.take(']')) return elements;
    for (;;) {
      elements.push(this.value());
      if (this.take(']')) return elements;
      if (!this.take(',')) throw this.expected('"," or "]"');
    }
  }

  private string(): string {
    const from = this.at++;
    let value = '';
    for (;;) {
      value += this.match(plainText);
      const next = this.text[this.at];
      if (next === '"') {
        this.at++;
        return value;
      }
      if (next === undefined) throw new SyntaxAt('a text begins that does not end', from);
      if (next !== '\\') throw new SyntaxAt('a text has a control character', this.at);
      value += this.escape();
    }
  }

  private escape(): string {
    const from = this.at;
    const letter = this.text[this.at + 1] ?? '';
    this.at += 2;
    if (letter !== 'u') {
      const character = escapes[letter];
      if (character === undefined) throw new SyntaxAt('a text has an escape that JSON does not have', from);
      return character;
    }
    const digits = this.match(/[0-9a-fA-F]{4}/y);
    if (digits === '') throw new SyntaxAt('a text has an escape that JSON does not have', from);
    return String.fromCharCode(parseInt(digits, 16));
  }
}

function numberOf(digits: string): number | bigint {
  const value = Number(digits);
  const whole = /^-?\d+$/.test(digits);
  return whole && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}
