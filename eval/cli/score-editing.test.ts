import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../models/runtime';
import { tinyEvaluator } from '../testing/evaluators';
import { seededImage } from '../testing/images';
import { studio } from '../testing/studio';

const tiny = ['--clip', tinyEvaluator('clip'), '--dino', tinyEvaluator('dino')];

let folder: string;
let pairs: string;
beforeAll(async () => {
  vi.stubEnv('EVALUATORS_DIR', '/nowhere');
  folder = await mkdtemp(join(tmpdir(), 'score-'));
  pairs = join(folder, 'pairs.jsonl');
  for (const seed of [1, 2])
    await writeFile(join(folder, `${seed}.png`), await encodePng(seededImage('RGB', 40, 30, seed)));
  const line = { source: '1.png', edited: '2.png', target: '1.png', caption: 'a red apple' };
  await writeFile(pairs, `${JSON.stringify(line)}\nnot json\n`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  return rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const run = (...args: string[]) => studio('eval', 'score', 'editing', ...args);

describe('studio eval score editing', { timeout: 60_000 }, () => {
  it('prints one JSON object', async () => {
    const { code, stdout, stderr } = await run('--pairs', pairs, ...tiny, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      clip_t: expect.any(Number),
      l1: expect.any(Number),
      clip_o: expect.any(Number),
      dino_o: expect.any(Number),
      n: 1,
      incomplete: true,
      problems: { 'line is no JSON': 1 },
      items: [
        { line: 1, edited: '2.png' },
        { line: 2, clip_t: null, problem: expect.stringMatching(/^It is not JSON: .*line 2, column 1\.$/) },
      ],
    });
  });

  it('prints a table, and says what is missing', async () => {
    const { code, stdout } = await run('--pairs', pairs, ...tiny);
    expect(code).toBe(0);
    expect(stdout).toContain('1 of 2 items scored, preset nano');
    expect(stdout).toContain('1 × line is no JSON');
  });

  it.each([
    ['no evaluator', ['--pairs', 'PAIRS', '--clip', 'nowhere'], '--clip'],
    ['no file', ['--pairs', 'nowhere.jsonl', ...tiny], 'file or folder not found'],
    ['evaluators that are not installed', ['--pairs', 'PAIRS', '--evaluators', 'clip-l14'], 'evaluator add'],
    ['another preset', ['--pairs', 'PAIRS', '--preset', 'x'], 'magicbrush-b32'],
  ])('with %s says so in one line', async (_, args, word) => {
    const { code, stderr } = await run(...args.map((arg) => (arg === 'PAIRS' ? pairs : arg)));
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(word);
  });
});
