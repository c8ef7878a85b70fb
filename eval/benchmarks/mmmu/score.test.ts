import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundAsPython } from '../../python/number';
import { sharedData } from '../../../models/runtime/testing/shared-data';
import { compareHarnesses } from './harnesses';
import { NotJsonError, readList } from './entries';
import { readOutputs } from './outputs';
import { scorePredictions } from './predictions';
import { scoreResponses } from './score';
import { DOMAINS, SUBJECTS, type Domain, type Subject } from './subjects';
import { missingAnswers, summarize } from './summary';
import { UnscorableError, type ChoiceResponse, type MmmuResponse } from './types';
import { parseOutput } from './validate';

const shared = sharedData('mmmu');

const choice = (id: string, response: string, more: Partial<ChoiceResponse> = {}): ChoiceResponse => ({
  id,
  subject: 'Art',
  kind: 'multiple-choice',
  response,
  answer: 'A',
  choices: ['A', 'B', 'C', 'D'],
  options: { A: 'one', B: 'two', C: 'three', D: 'four' },
  ...more,
});

describe("MMMU's tables", () => {
  it('put each of 30 subjects into one domain', () =>
    expect(Object.values(DOMAINS).flat().sort()).toEqual([...SUBJECTS].sort()));
});

describe.skipIf(shared === null)('the published outputs of LLaVA 1.5 13B', () => {
  it('score as the official script prints', async () => {
    const { responses, problems } = await readOutputs(`${shared}/llava1.5_13b`);
    expect(problems).toEqual([]);
    const { scored } = scoreResponses(responses);
    const summary = summarize(scored);
    expect(summary).toMatchObject({ overall: { n: 900, correct: 330 }, missing: 0, incomplete: false });
    const expected = await readFile(`${shared}/llava1.5_13b/expected_parse_and_eval.txt`, 'utf8');
    for (const line of expected.trim().split('\n')) {
      const [name, n, accuracy] = line.split('|') as [string, string, string];
      const domain = name.replace('Overall-', '');
      const own =
        name === 'Overall'
          ? summary.overall
          : (summary.domains[domain as Domain] ?? summary.subjects[name as Subject])!;
      expect([name, own.n, roundAsPython(own.accuracy, 3)]).toEqual([name, Number(n), Number(accuracy)]);
    }
    const { harnesses, disagreements } = compareHarnesses(responses, scored);
    expect(harnesses.official).toMatchObject({ n: 900, correct: 330 });
    expect(disagreements.length).toBeGreaterThan(0);
  });

  it('score the same from the parsed predictions', async () => {
    const { scored, problems, expected } = scorePredictions(
      await readFile(`${shared}/llava1.5_13b/total_val_output.json`, 'utf8'),
      await readFile(`${shared}/answer_dict_val.json`, 'utf8'),
    );
    const { overall, missing } = summarize(scored, expected);
    expect([overall.n, roundAsPython(overall.accuracy, 3), missing, problems]).toEqual([900, 0.367, 0, []]);
  });
});

describe('the score of responses', () => {
  it('draws in the official order of subjects, and tells what the draws may give', () => {
    // Python's first choices of four after the seed 42 are A A C.
    const { scored } = scoreResponses([
      choice('3', '', { subject: 'Sociology', answer: ['B', 'C'] }),
      choice('1', 'hm', { subject: 'Accounting' }),
      choice('2', '?', { subject: 'Accounting', answer: 'E' }),
      choice('4', '(D)', { subject: 'Accounting', answer: 'D' }),
    ]);
    expect(scored.map(({ id, guess }) => [id, guess?.letter])).toEqual([
      ['1', 'A'],
      ['2', 'A'],
      ['4', undefined],
      ['3', 'C'],
    ]);
    const { fallbacks, guessing, missing } = summarize(scored);
    expect(fallbacks).toBe(3);
    expect(guessing).toEqual({
      seeded: { correct: 3, accuracy: 0.75 },
      expected: { correct: 1.75, accuracy: 0.4375 },
      lowest: { correct: 1, accuracy: 0.25 },
      highest: { correct: 3, accuracy: 0.75 },
    });
    expect(missing).toBe(896);
  });

  it('goes on after an option that is no text', () => {
    const long = 'one two three four five six seven';
    const { scored, problems } = scoreResponses([
      choice('1', long, { options: { A: 'one', B: 7 } }),
      choice('2', 'A', { options: { A: 'one', B: 7 } }),
    ]);
    expect(scored.map(({ id }) => id)).toEqual(['2']);
    expect(problems).toEqual([{ where: '1', reason: 'option B is not a text' }]);
  });

  it('of nothing is 0 of 0, and incomplete', () => {
    const summary = summarize([]);
    expect(summary).toMatchObject({
      overall: { n: 0, correct: 0, accuracy: 0 },
      missing: 900,
      incomplete: true,
    });
    expect(missingAnswers(summary)).toHaveLength(30);
  });
});

describe('the rules of other harnesses', () => {
  // The first two are the table of lmms-eval's pull request #1471.
  it.each<[string | string[], string, { before: boolean; since: boolean; official: boolean }]>([
    ['0.5', 'Therefore the answer is 0.5', { before: false, since: true, official: true }],
    ['hepatitis', 'The answer is hepatitis', { before: false, since: true, official: true }],
    ['0.5', 'The answer is 0.9', { before: false, since: false, official: false }],
    // lmms-eval takes several answers for one text, as the data set writes them.
    [['24/7', '3.429'], 'It is 3.429', { before: false, since: false, official: true }],
    // An empty text is in every character.
    ['', 'x', { before: true, since: true, official: true }],
  ])('say of %j and %j which version they are of', (answer, text, { before, since, official }) => {
    const { harnesses, versions } = compared([
      { id: 'a', subject: 'Art', kind: 'open', answer, response: text },
    ]);
    expect(harnesses).toMatchObject({
      official: { correct: Number(official) },
      'lmms-eval': { correct: Number(before) },
      'lmms-eval since #1471': { correct: Number(since) },
    });
    expect(Object.keys(versions)).toEqual(Object.keys(harnesses).filter((name) => name !== 'official'));
    expect(versions['lmms-eval']).toMatchObject({
      version: '0.7.2',
      commit: expect.stringMatching(/^75571cfe/),
    });
    expect(versions.VLMEvalKit.pending).toContain('/pull/1642');
  });
  const compared = (responses: MmmuResponse[]) =>
    compareHarnesses(responses, scoreResponses(responses).scored);
});

describe('a folder of outputs', () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'mmmu-'))));
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const write = async (subject: string, text: string) => {
    await mkdir(join(directory, subject), { recursive: true });
    await writeFile(join(directory, subject, 'output.json'), text);
  };

  it('is read past everything that cannot be used', async () => {
    const entry = {
      id: 'validation_Art_1',
      question_type: 'multiple-choice',
      answer: ['A', 'B'],
      all_choices: ['A', 'B'],
      index2ans: { A: 'x', B: 'y' },
      response: 'B',
    };
    const open = { ...entry, id: 'validation_Art_2', question_type: 'short-answer', response: '4' };
    const broken = [
      { ...entry, id: 'a', response: null },
      { ...entry, id: 'b', response: 5 },
      { ...entry, id: 'c', answer: undefined },
      { ...entry, id: 'd', answer: 5 },
      { ...entry, id: 'e', all_choices: [] },
      { ...entry, id: 'f', index2ans: 'x' },
      { ...entry, id: undefined },
      'oops',
    ];
    await write('Art', JSON.stringify([entry, open, entry, ...broken]));
    await write('Music', `${JSON.stringify({ ...open, id: 'm' })}\n{"id": \n\n`);
    await write('Math', 'oops');
    await write('Astrology', '[]');
    await mkdir(join(directory, 'Design'));
    await writeFile(join(directory, 'total_val_output.json'), '{}');
    const { responses, problems } = await readOutputs(directory);
    expect(responses.map(({ id, kind, answer }) => [id, kind, answer])).toEqual([
      ['validation_Art_1', 'multiple-choice', ['A', 'B']],
      ['validation_Art_2', 'open', ['A', 'B']],
      ['d', 'multiple-choice', []],
      ['m', 'open', ['A', 'B']],
    ]);
    expect(problems.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
      'Astrology is no subject of MMMU',
      'a has no response',
      'b has a response that is no text',
      'c has no answer to compare with',
      'd has the answer 5, which nothing equals: it counts as wrong, as in the official script',
      'e has no all_choices',
      'f has no index2ans',
      'Art/output.json, entry 10 has no id',
      'Art/output.json, entry 11 is not a JSON object',
      'validation_Art_1 stands in Art a second time',
      'Design/output.json is missing',
      expect.stringMatching(/^Math\/output\.json it is neither a JSON list nor JSON lines/),
      expect.stringMatching(/^Music\/output\.json, line 2 is not JSON/),
    ]);
    expect(scoreResponses(responses).scored.map(({ correct }) => correct)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  // Right or wrong as the official main_parse_and_eval.py prints it; null where it ends with an error.
  it.each<[unknown, string, boolean | null]>([
    [null, 'multiple-choice', false],
    [5, 'multiple-choice', false],
    [[], 'multiple-choice', false],
    [['B', 3], 'multiple-choice', true],
    [[1, null], 'multiple-choice', false],
    [true, 'multiple-choice', false],
    [null, 'short-answer', null],
    [5, 'short-answer', null],
    [[], 'short-answer', false],
    [['x', 3], 'short-answer', null],
    [['x', 'B'], 'short-answer', true],
    [undefined, 'multiple-choice', null],
    ['B', 'open', true],
  ])('of an answer %j of the kind %s', (answer, kind, correct) => {
    const entry = { id: 7, question_type: kind, answer, all_choices: 'AB', index2ans: {}, response: ' B ' };
    let read: ReturnType<typeof parseOutput> | null = null;
    try {
      read = parseOutput(entry, 'Art');
    } catch (error) {
      expect(error).toBeInstanceOf(UnscorableError);
    }
    const { scored } = scoreResponses(read ? [read.response] : []);
    expect(scored.map((one) => one.correct)).toEqual(correct === null ? [] : [correct]);
    if (read && !correct) expect(read.note ?? 'counts as wrong').toContain('counts as wrong');
  });

  it('is read with what Python writes, and past what is damaged', async () => {
    const line = (id: string, more = '') =>
      `{"id": "${id}", "question_type": "open", "answer": "4", "response": "4"${more}}`;
    await rm(directory, { recursive: true });
    await write('Art', `\ufeff[${line('a', ', "loss": NaN')},\r\n${line('b', ', "at": -Infinity')}]`);
    await write('Design', `[${line('c')},\n{"id": "x", "answer": oops},\n${line('d')},\n{"id": "y"`);
    await write('Music', [line('e'), line('f', ', "n": 12345678901234567890123')].join('\r'));
    await mkdir(join(directory, 'Math'));
    await writeFile(join(directory, 'Math', 'output.json'), Buffer.from(`[${line('g')}]`, 'utf16le'));
    const { responses, problems } = await readOutputs(directory);
    expect(responses.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(problems.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
      expect.stringMatching(/^Design\/output\.json, entry 2 \(line 2\) is not JSON: .*line 2, column 23$/),
      'Design/output.json, entry 4 (line 4) is not JSON: the file ends within it',
      'Math/output.json it is UTF-16 (little-endian) text: save it as UTF-8',
    ]);
  });

  it('of one file that holds no list is told', () => expect(() => readList('{"a": 1')).toThrow(NotJsonError));
});

describe('parsed predictions', () => {
  const gold = (answer: unknown, kind = 'multiple-choice') => ({ question_type: kind, ground_truth: answer });
  const answers = JSON.stringify({
    validation_Art_1: gold('A'),
    validation_Art_2: gold(['B', 'C']),
    validation_Art_3: gold('1,000', 'short-answer'),
    validation_Art_4: gold('A'),
    validation_Math_1: gold(null),
    validation_Magic_1: gold('A'),
  });

  it('are compared, and the rest is told', () => {
    const predictions =
      '{"validation_Art_1": "B", "validation_Art_1": "A", "validation_Art_2": "C", "validation_Art_3": "is 1000.",' +
      ' "validation_Math_1": "A", "validation_Math_2": "A", "validation_Magic_1": "A"}';
    const { scored, problems, expected } = scorePredictions(predictions, answers);
    expect(scored.map(({ id, correct }) => [id, correct])).toEqual([
      ['validation_Art_1', true],
      ['validation_Art_2', true],
      ['validation_Art_3', true],
      ['validation_Math_1', false],
    ]);
    expect(problems).toHaveLength(5);
    expect(problems[0]).toEqual({
      where: 'validation_Art_1',
      reason: 'stands in the predictions more than once; the last counts',
    });
    const summary = summarize(scored, expected);
    expect(summary).toMatchObject({ missing: 1, incomplete: true, overall: { n: 4 } });
    expect(missingAnswers(summary, expected).map(({ where }) => where)).toEqual(['Art']);
  });

  it('are compared as Python compares', () => {
    const golds = JSON.stringify(
      Object.fromEntries(
        [
          [1, 3],
          [2, [true]],
          [3, 'A'],
          [4, ['A']],
          [5, 'A'],
        ].map(([n, a]) => [`validation_Art_${n as number}`, gold(a)]),
      ),
    );
    const { scored, problems } = scorePredictions(
      '{"validation_Art_1": 3.0, "validation_Art_2": 1, "validation_Art_3": null, "validation_Art_4": NaN, "validation_Art_5": oops}',
      golds,
    );
    expect(scored.map(({ correct }) => correct)).toEqual([true, true, false, false]);
    expect(problems.map(({ where, reason }) => `${where} ${reason}`)).toEqual([
      expect.stringMatching(/^predictions, line 1 is not JSON: .*"oops}" found/),
      'validation_Art_3 has the prediction null: it counts as wrong, as in the official script',
    ]);
    const list = scorePredictions('[{"id": "validation_Art_3", "prediction": "A"}]', golds);
    expect(list.scored).toMatchObject([{ id: 'validation_Art_3', correct: true }]);
  });

  it('are read from JSON lines, past a line that is no JSON', () => {
    const { scored, problems } = scorePredictions(
      '{"id": "validation_Art_1", "prediction": "A"}\noops\n{"prediction": "A"}\n{"id": "validation_Art_3", "prediction": 7}\n{"id": "validation_Art_1", "prediction": "B"}',
      answers,
    );
    expect(scored).toMatchObject([{ id: 'validation_Art_1', correct: true }]);
    expect(problems.map(({ where }) => where)).toEqual([
      'predictions, line 2',
      'predictions, line 3',
      'validation_Art_1',
      'validation_Magic_1',
      'validation_Art_3',
    ]);
    expect(() => scorePredictions('[]', answers)).toThrow(NotJsonError);
    expect(() => scorePredictions('oops', answers)).toThrow(NotJsonError);
  });
});
