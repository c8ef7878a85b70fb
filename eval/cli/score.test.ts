import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { officialPrompts, promptFile } from '../benchmarks/geneval/prompts';
import { studio as run } from '../testing/studio';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'studio-score-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const file = (name: string) => join(folder, name);

const prompts = officialPrompts();

/** Four right images for every prompt. */
const detectionLines = (): string[] =>
  prompts.flatMap((metadata) => {
    const detections: Record<string, unknown[]> = {};
    for (const { class: name, count, color, position } of metadata.include) {
      const [x, y] = { 'left of': [0, 500], 'right of': [1000, 500], above: [500, 0], below: [500, 1000] }[
        position?.[0] ?? ''
      ] ?? [500, 500];
      const object = { box: [x, y, x! + 9, y! + 9], score: 0.95, ...(color ? { color } : {}) };
      detections[name] = Array.from({ length: count }, () => object);
    }
    return Array.from({ length: 4 }, () => JSON.stringify({ metadata, detections }));
  });

describe('studio data geneval', () => {
  it('writes the official prompts', async () => {
    expect(await run('data', 'geneval', '--out', file('prompts.jsonl'))).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await readFile(file('prompts.jsonl'), 'utf8')).toBe(promptFile());
    const { stdout } = await run('data', 'geneval', '--out', file('prompts.jsonl'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ prompts: 553, sha256: expect.stringMatching(/^5c48e0813e/) });
  });
});

describe('studio eval score geneval', { timeout: 30_000 }, () => {
  it('judges detections in the order of the lines', async () => {
    await writeFile(file('all.jsonl'), detectionLines().join('\n'));
    const { code, stdout, stderr } = await run(
      'eval',
      'score',
      'geneval',
      '--detections',
      file('all.jsonl'),
      '--json',
    );
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout) as { items: unknown[] };
    expect(result).toMatchObject({
      overall: 1,
      incomplete: false,
      problems: [],
      tags: { position: { correct: 400, n: 400, accuracy: 1 } },
    });
    expect(result.items).toHaveLength(2212);
    expect(result.items[2211]).toEqual({ correct: true, reason: '' });
  });

  it('tells what could not be judged apart from what is wrong', async () => {
    const lines = detectionLines();
    lines[1] = lines[1]!.slice(0, -1);
    lines[2] = JSON.stringify({ metadata: prompts[0], detections: {} });
    await writeFile(file('bad.jsonl'), lines.join('\n'));
    const { code, stdout } = await run(
      'eval',
      'score',
      'geneval',
      '--detections',
      file('bad.jsonl'),
      '--json',
    );
    const result = JSON.parse(stdout) as { items: unknown[] };
    expect(code).toBe(0);
    expect(result.items.slice(0, 3)).toEqual([
      { correct: true, reason: '' },
      { correct: null, reason: expect.stringMatching(/^line 2 is not JSON: /) },
      { correct: false, reason: 'expected bench>=1, found 0' },
    ]);
    expect(result).toMatchObject({
      incomplete: true,
      problems: [{ where: 'line 2' }],
      tags: { single_object: { correct: 318, n: 319 } },
    });
    const { stdout: shown } = await run('eval', 'score', 'geneval', '--detections', file('bad.jsonl'));
    expect(shown).toMatch(/^single_object +318 +319 +99\.7 % /m);
    expect(shown).toContain('lacks 1 of 2212 images');
    expect(shown).toContain('1 problem\n  line 2: is not JSON');
  });

  it('sums official results up', async () => {
    const lines = prompts.map((metadata, i) =>
      JSON.stringify({ ...metadata, correct: i % 2 === 0, metadata: JSON.stringify(metadata) }),
    );
    await writeFile(file('results.jsonl'), lines.join('\n'));
    const { stdout } = await run('eval', 'score', 'geneval', '--results', file('results.jsonl'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      tags: { single_object: { correct: 40, n: 80, accuracy: 0.5 } },
      images: { n: 553 },
      incomplete: true,
      missing: { tags: [], prompts: 0, images: 1659 },
    });
  });
});

describe('studio eval score mmmu', () => {
  it('scores outputs, with other harnesses beside', async () => {
    await mkdir(file('outputs/Art'), { recursive: true });
    const entry = {
      id: 'validation_Art_1',
      question_type: 'multiple-choice',
      answer: 'B',
      all_choices: ['A', 'B'],
      index2ans: { A: 'x', B: 'y' },
      response: 'optionB ',
    };
    await writeFile(file('outputs/Art/output.json'), JSON.stringify([entry]));
    const args = ['eval', 'score', 'mmmu', '--outputs', file('outputs')];
    const { code, stdout } = await run(...args, '--compare-harnesses', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      overall: { n: 1, correct: 0, accuracy: 0 },
      uncertainty: { overall: { standardError: null } },
      domains: { 'Art and Design': { n: 1 } },
      subjects: { Art: { n: 1 } },
      fallbacks: 1,
      missing: 899,
      incomplete: true,
      guessing: { expected: { correct: 0.5 }, highest: { correct: 1 } },
      harnesses: { official: { correct: 0 }, 'lmms-eval': { correct: 1 }, VLMEvalKit: { correct: 0 } },
      disagreements: [{ id: 'validation_Art_1', official: false, 'lmms-eval': true, guessed: true }],
    });
    const { stdout: shown } = await run(...args, '--compare-harnesses');
    expect(shown).toMatch(/^overall +0 +1 +0\.000 /m);
    expect(shown).toContain('drawn at random (seed 42): 1; 0.500 is expected');
    expect(shown).toContain('They disagree on 1 questions: validation_Art_1.');
    expect(shown).toMatch(/^lmms-eval 0\.7\.2 \(before #1471\) +1 +1 +1\.000$/m);
    expect(shown).toMatch(/^lmms-eval since #1471 +1 +1 +1\.000$/m);
    expect(shown).toMatch(/^VLMEvalKit 0\.2rc1 +0 +1 +0\.000$/m);
    expect(shown).toContain(
      'Pending in VLMEvalKit 0.2rc1: https://github.com/open-compass/VLMEvalKit/pull/1642',
    );
  });

  it('scores predictions', async () => {
    await writeFile(file('predictions.json'), '{"validation_Art_1": "A"}');
    const gold = { question_type: 'multiple-choice', ground_truth: 'A' };
    await writeFile(file('answers.json'), JSON.stringify({ validation_Art_1: gold, validation_Art_2: gold }));
    const paths = ['--predictions', file('predictions.json'), '--answers', file('answers.json')];
    const { stdout } = await run('eval', 'score', 'mmmu', ...paths, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      overall: { n: 1, correct: 1, accuracy: 1 },
      fallbacks: 0,
      missing: 1,
      problems: [{ where: 'Art' }],
    });
  });
});

describe('a wrong call', () => {
  it.each<[string, string[]]>([
    ['Specify one of --images, --results, --detections', ['geneval']],
    ['need --images', ['geneval', '--results', 'a', '--clip', 'b']],
    ['No evaluator at', ['geneval', '--images', '.', '--detector', 'nowhere']],
    ['Specify one of', ['geneval', '--results', 'a', '--detections', 'b']],
    ['file or folder not found', ['geneval', '--results', 'nowhere.jsonl']],
    ['it is a folder', ['geneval', '--detections', '.']],
    ['unknown option', ['geneval', '--abacus', '3']],
    ['Specify --outputs, or', ['mmmu']],
    ['Specify --outputs, or', ['mmmu', '--predictions', 'a']],
    ['requires responses', ['mmmu', '--predictions', 'a', '--answers', 'b', '--compare-harnesses']],
    ['file or folder not found', ['mmmu', '--outputs', 'nowhere']],
  ])('ends with code 2 and one line: %s', async (message, args) => {
    const ended = await run('eval', 'score', ...args);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr.split('\n')).toHaveLength(2);
  });

  it('is told in JSON too', async () => {
    await writeFile(file('empty.jsonl'), '\n');
    const ended = await run('eval', 'score', 'geneval', '--detections', file('empty.jsonl'), '--json');
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { message: expect.stringContaining('it is empty') },
    });
  });
});
