import { parseFloatAsPython, roundAsPython } from '../../python/number';
import { length, pythonBoundary, pythonDigit, strip, stripCharacter } from '../../python/text';

/** What is compared of an answer: numbers to two decimals, and texts in lower case. */
type Normal = string | number;

const indicators = ['could be ', 'so ', 'is ', 'thus ', 'therefore ', 'final ', 'answer ', 'result '];
const trivial = [':', ',', '.', '!', '?', ';', "'"];

const d = pythonDigit;
const numbers = [
  // with thousands commas
  `-?${pythonBoundary}${d}{1,3}(?:,${d}{3})+${pythonBoundary}`,
  // scientific
  `-?${d}+(?:\\.${d}+)?[eE][+-]?${d}+`,
  // plain, and part of neither of the above
  `-?(?:${d}+\\.${d}+|\\.${d}+|${d}+${pythonBoundary})(?![eE][+-]?${d}+)(?![,${d}])`,
].map((source) => new RegExp(source, 'gu'));

/**
 * The answers that an open response may mean, as the official parse_open_response: the tails after words such
 * as "answer ", and the numbers in them.
 */
export function parseOpen(response: string): Normal[] {
  const keys = keyParts(response);
  const found = keys.flatMap((key) => numbers.flatMap((pattern) => key.match(pattern) ?? []));
  return [...keys, ...found].flatMap(normalize);
}

/** The parts of a response that may hold the answer; all of it where no part is marked. */
function keyParts(response: string): string[] {
  const text = stripCharacter(strip(response), '.').toLowerCase();
  // The official script also splits after a full stop before a capital, which lower case never has.
  const lines = text.split('\n');
  const keys = lines.flatMap((line, index) => {
    const marks = index === lines.length - 1 ? [...indicators, '='] : indicators;
    const key = shortestTail(line, marks);
    return key === '' || trivial.includes(key) ? [] : [key];
  });
  return keys.length === 0 ? [text] : keys;
}

/** The shortest text after the last of each mark; empty without one. An empty tail yields to any later one. */
function shortestTail(line: string, marks: readonly string[]): string {
  let shortest = '';
  for (const mark of marks) {
    if (!line.includes(mark)) continue;
    const tail = strip(line.slice(line.lastIndexOf(mark) + mark.length));
    if (shortest === '' || length(tail) < length(shortest)) shortest = tail;
  }
  return shortest;
}

/**
 * The official normalize_str: a number to two decimals, or a text in lower case; one character with a space
 * on either side, so that it matches as a word only.
 */
function normalize(text: string): Normal[] {
  const bare = strip(text);
  const number = parseFloatAsPython(bare.replaceAll(',', ''));
  if (number !== null) return [roundAsPython(number, 2)];
  const lower = bare.toLowerCase();
  return length(lower) === 1 ? [` ${lower}`, `${lower} `] : [lower];
}

/**
 * Whether an open response is right, as the official eval_open: an answer's text inside one of the response's,
 * or an equal number.
 * @param answer one text or several that count as right
 */
export function isRightOpen(answer: string | readonly string[], predictions: readonly Normal[]): boolean {
  const answers = (typeof answer === 'string' ? [answer] : answer).flatMap(normalize);
  return predictions.some((prediction) =>
    answers.some((one) =>
      typeof prediction === 'string'
        ? typeof one === 'string' && prediction.includes(one)
        : prediction === one,
    ),
  );
}
