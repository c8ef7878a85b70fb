import { describe, expect, it } from 'vitest';
import { vectorJson } from '../testing/vectors';
import { decodeText, EncodingError, parseJson, partsOf, readEntries } from '.';

/** As the vectors write what JSON has no word for. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return { $int: String(value) };
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? value
      : { $float: String(value).replace('Infinity', 'inf').replace('NaN', 'nan') };
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, written(one)]));
}

describe("Python's JSON", () => {
  it('is read as json.loads reads it', () => {
    const vectors = vectorJson<[string, unknown?][]>('json/vectors.json');
    expect(vectors.length).toBeGreaterThan(1000);
    for (const [text, ...expected] of vectors) {
      const { value, error } = parseJson(text);
      const read = error === undefined ? [JSON.stringify(written(value))] : [];
      expect([text, ...read]).toEqual([text, ...expected.map((one) => JSON.stringify(one))]);
    }
  });

  it('says where it ends', () => {
    expect(parseJson('{"a": 1,\n "b": oops}')).toEqual({
      error: 'a value expected, and "oops}" found at line 2, column 7',
    });
    expect(parseJson('[1', 7).error).toBe('"," or "]" expected, and the end found at line 7, column 3');
    expect(parseJson(`${'['.repeat(100_000)}NaN`).error).toBe('it is nested too deeply');
  });

  it('keeps long numbers and passes a byte order mark', () => {
    expect(parseJson('{"id": 12345678901234567890, "n": 3}').value).toEqual({
      id: 12345678901234567890n,
      n: 3,
    });
    expect(parseJson('\ufeff[1]').value).toEqual([1]);
    expect(Object.keys(parseJson('{"__proto__": NaN}').value as object)).toEqual(['__proto__']);
  });
});

describe('the text of a file', () => {
  it.each<[string, number[]]>([
    ['UTF-16 (little-endian)', [0xff, 0xfe, 0x7b, 0]],
    ['UTF-16 (big-endian)', [0xfe, 0xff, 0, 0x7b]],
    ['UTF-16 (little-endian)', [0x7b, 0, 0x22, 0]],
    ['UTF-16 (big-endian)', [0, 0x7b, 0, 0x22]],
    ['UTF-32 (little-endian)', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]],
    ['UTF-32 (little-endian)', [0x7b, 0, 0, 0]],
    ['UTF-32 (big-endian)', [0, 0, 0, 0x7b]],
  ])('is told to be %s', (name, bytes) => {
    expect(() => decodeText(Uint8Array.from(bytes))).toThrow(EncodingError);
    expect(() => decodeText(Uint8Array.from(bytes))).toThrow(`it is ${name} text: save it as UTF-8`);
  });

  it('is UTF-8 with or without a byte order mark, and keeps the place of a byte that is not', () => {
    expect(decodeText(Buffer.from('\ufeff{"é": "漢\u{1f600}"}'))).toBe('{"é": "漢\u{1f600}"}');
    expect(decodeText(new Uint8Array())).toBe('');
    const latin = Buffer.concat([
      Buffer.from('{"a": "漢'),
      Buffer.from([0xe9, 0xed, 0xa0, 0x80]),
      Buffer.from('"}\n{}'),
    ]);
    const text = decodeText(latin);
    expect(text).toBe('{"a": "漢\udce9\udced\udca0\udc80"}\n{}');
    expect(readEntries(text)).toEqual([
      { where: 'line 1', line: 1, error: 'byte 0xe9 is not UTF-8' },
      { where: 'line 2', line: 2, value: {} },
    ]);
    expect(decodeText(Buffer.from([0xef, 0xbb, 0xbf, 0x31, 0xff]))).toBe('1\udcff');
  });
});

describe('the values of a file', () => {
  const values = (text: string) =>
    readEntries(text).map(({ where, value, error }) => [where, error ?? value]);

  it('come a line, whatever ends the lines', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(values(['\ufeff{"a":1}', '', ' \t', '{"a":NaN}', 'oops', ''].join(end))).toEqual([
        ['line 1', { a: 1 }],
        ['line 4', { a: NaN }],
        ['line 5', 'a value expected, and "oops" found at line 5, column 1'],
      ]);
    expect(values('')).toEqual([]);
    expect(values('{"a":"\u2028"}\n{"a":"\u0085"}').map(([where]) => where)).toEqual(['line 1', 'line 2']);
  });

  it('come an entry of a list, of one line or of many', () => {
    expect(values('[{"a":1},2]')).toEqual([
      ['entry 1', { a: 1 }],
      ['entry 2', 2],
    ]);
    expect(values('\n[\n {"a":\n  [1, "],["]},\n {"b": NaN}\n]\n')).toEqual([
      ['entry 1 (line 3)', { a: [1, '],['] }],
      ['entry 2 (line 5)', { b: NaN }],
    ]);
    expect(values('[]')).toEqual([]);
    expect(values('[1, 2]\n[3]')).toEqual([
      ['line 1', [1, 2]],
      ['line 2', [3]],
    ]);
  });

  it('come past one that is damaged', () => {
    expect(values('[{"a":1},\n{"a": oops},\n{"a":"it is" so"},\n{"a":3}]').map(([, value]) => value)).toEqual(
      [{ a: 1 }, expect.stringContaining('line 2, column 7'), expect.stringContaining('line 3'), { a: 3 }],
    );
    expect(values('[{"a":1},\n{"a":2')).toEqual([
      ['entry 1 (line 1)', { a: 1 }],
      ['entry 2 (line 2)', 'the file ends within it'],
    ]);
    // Two files, one after the other.
    expect(values('[1]\n[2] [3]')[1]).toEqual(['line 2', expect.stringContaining('the end expected')]);
    expect(values('[\n1\n]\n[\n2]')).toEqual([
      ['entry 1 (line 2)', 1],
      ['entry 2 (line 4)', 'it stands after the end of the list'],
    ]);
    expect(values('[1, 2\n{"a":1}\n{"a":2}')).toHaveLength(3);
  });

  it('come of one object over many lines', () =>
    expect(values('{\n "a": 1\n}\n')).toEqual([['line 1', { a: 1 }]]));

  it('have their places in an object too', () =>
    expect(partsOf('{"a": 1,\n "b": {"c": [1, 2]}}')).toEqual([
      { text: '"a": 1', line: 1 },
      { text: '"b": {"c": [1, 2]}', line: 2 },
    ]));
});
