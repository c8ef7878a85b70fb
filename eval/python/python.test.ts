import { describe, expect, it } from 'vitest';
import { pythonJson, PythonFloat } from './json';
import { parseFloatAsPython, roundAsPython } from './number';
import { length, pythonBoundary, strip, stripCharacter, words } from './text';

// Expected values made with Python 3.11.2.
describe("Python's numbers", () => {
  it.each<[string, number | null]>([
    ['1', 1],
    ['1.', 1],
    ['-.5', -0.5],
    ['+1e5', 100000],
    ['1_000', 1000],
    ['1__0', null],
    ['_1', null],
    ['1_', null],
    ['1_.0', null],
    ['1._0', null],
    ['1e1_0', 10000000000],
    ['1e_1', null],
    ['inf', Infinity],
    ['-INF', -Infinity],
    ['+Infinity', Infinity],
    ['infin', null],
    ['nan', NaN],
    ['-NaN', NaN],
    ['0x10', null],
    ['1,000', null],
    ['', null],
    [' 12 ', 12],
    ['\u00a012\u3000', 12],
    ['\ufeff12', null],
    ['\u001c7\u001f', null],
    ['\uff11\uff12.\uff15', 12.5],
    ['\u0663\u066b\u0665', null],
    ['\u0663.\u0665', 3.5],
    ['1e400', Infinity],
    ['-1e400', -Infinity],
    ['1e-400', 0],
    ['\ud835\udfcf\ud835\udfce', 10],
    ['\u00b2', null],
    ['\u2167', null],
    ['1 000', null],
    ['1e', null],
    ['e5', null],
    ['.', null],
    ['+', null],
    ['--1', null],
    ['12\u0000', null],
    ['\u07c3', 3],
    ['1d5', null],
    ['1f', null],
    ['1_0.2_5e0_1', 102.5],
  ])('float(%j) is %j', (text, value) => expect(parseFloatAsPython(text)).toBe(value));

  it.each([
    [2.675, 2, 2.67],
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [0.625, 2, 0.62],
    [0.875, 2, 0.88],
    [-0.125, 2, -0.12],
    [-0.375, 2, -0.38],
    [1.005, 2, 1.0],
    [2.5, 2, 2.5],
    [1000000000000000.1, 2, 1000000000000000.1],
    [1000000000000000.4, 2, 1000000000000000.4],
    [1234567.125, 2, 1234567.12],
    [9007199254740992.0, 2, 9007199254740992.0],
    [1e22, 2, 1e22],
    [1e300, 2, 1e300],
    [0.005, 2, 0.01],
    [0.015, 2, 0.01],
    [-0.001, 2, -0.0],
    [0.045, 2, 0.04],
    [99.995, 2, 100.0],
    [5e-324, 2, 0.0],
    [38289.875, 2, 38289.88],
    [-58036.625, 2, -58036.62],
    [69455.0, 2, 69455.0],
    [-31012.125, 2, -31012.12],
    [83455.125, 2, 83455.12],
    [55996.375, 2, 55996.38],
    [122057.625, 2, 122057.62],
    [95597.0, 2, 95597.0],
    [68959.875, 2, 68959.88],
    [45926.125, 2, 45926.12],
    [116781.875, 2, 116781.88],
    [13946.75, 2, 13946.75],
    [-117396.5, 2, -117396.5],
    [95292.125, 2, 95292.12],
    [-2939.875, 2, -2939.88],
    [78412.875, 2, 78412.88],
    [122295.25, 2, 122295.25],
    [-59712.375, 2, -59712.38],
    [45124.75, 2, 45124.75],
    [-111407.0, 2, -111407.0],
    [80.18009835012455, 2, 80.18],
    [-77.35880706937112, 2, -77.36],
    [-6.186190443567256, 2, -6.19],
    [-50.685433476033936, 2, -50.69],
    [8.75217184718609, 2, 8.75],
    [14.788237585620152, 2, 14.79],
    [-97.37716208221956, 2, -97.38],
    [-56.65403990723037, 2, -56.65],
    [-44.10352679777794, 2, -44.1],
    [83.26907436171038, 2, 83.27],
    [0.0625, 3, 0.062],
    [0.0005, 3, 0.001],
    [0.1875, 3, 0.188],
    [0.3125, 3, 0.312],
    [0.36649, 3, 0.366],
    [0.5005, 3, 0.5],
  ])('round(%d, %i) is %d', (value, places, rounded) => expect(roundAsPython(value, places)).toBe(rounded));
});

describe("Python's JSON", () => {
  it.each([
    [0.0, '0.0'],
    [-0.0, '-0.0'],
    [1.0, '1.0'],
    [12.0, '12.0'],
    [1e16, '1e+16'],
    [1000000000000000.0, '1000000000000000.0'],
    [1.2345678901234568e17, '1.2345678901234568e+17'],
    [0.0001, '0.0001'],
    [1e-5, '1e-05'],
    [0.00012345, '0.00012345'],
    [1.5e-7, '1.5e-07'],
    [1e100, '1e+100'],
    [1.25, '1.25'],
    [100.0, '100.0'],
    [-3.0, '-3.0'],
    [0.30000000000000004, '0.30000000000000004'],
    [9999999999999998.0, '9999999999999998.0'],
    [-0.0005, '-0.0005'],
    [1e22, '1e+22'],
  ])('writes the float %d as %s', (value, text) => expect(pythonJson(new PythonFloat(value))).toBe(text));

  it('puts spaces between parts and escapes what is not ASCII', () =>
    expect(pythonJson({ a: [1, 'é\n'], b: null, c: undefined, d: true, e: '\u{1f600}' })).toBe(
      '{"a": [1, "\\u00e9\\n"], "b": null, "d": true, "e": "\\ud83d\\ude00"}',
    ));
});

describe("Python's text", () => {
  it('takes other characters for white space than JavaScript', () => {
    expect(strip('\x1c\x85\u3000 a b\ufeff \n')).toBe('a b\ufeff');
    expect(strip(' \t ')).toBe('');
    expect(words(' a\x1fb\u2003c\ufeffd ')).toEqual(['a', 'b', 'c\ufeffd']);
  });
  it('strips one character at both ends', () => {
    expect(stripCharacter('..a.b..', '.')).toBe('a.b');
    expect(stripCharacter('...', '.')).toBe('');
  });
  it('counts code points', () => expect(length('a\u{1f600}\ud800')).toBe(3));
  it('knows word boundaries of every script', () =>
    expect('né ok'.match(new RegExp(`${pythonBoundary}\\p{L}+${pythonBoundary}`, 'gu'))).toEqual([
      'né',
      'ok',
    ]));
});
