import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../models/runtime';
import { metadataLine, officialPrompts } from '../benchmarks/geneval/prompts';
import { tinyEvaluator } from '../testing/evaluators';
import { seededImage } from '../testing/images';
import { studio } from '../testing/studio';

const tiny = ['--detector', tinyEvaluator('detector'), '--clip', tinyEvaluator('clip')];
const run = (...args: string[]) => studio('eval', 'score', 'geneval', ...args);

let folder: string;
let images: string;
/** One folder of every tag, with what the issue calls bad input. */
beforeAll(async () => {
  vi.stubEnv('EVALUATORS_DIR', '/nowhere');
  folder = await mkdtemp(join(tmpdir(), 'score-geneval-'));
  images = join(folder, 'images');
  const prompts = officialPrompts();
  const tags = [...new Set(prompts.map(({ tag }) => tag))];
  for (const [index, tag] of tags.entries()) {
    const samples = join(images, `0000${index}`, 'samples');
    await mkdir(samples, { recursive: true });
    const metadata = metadataLine(prompts.find((one) => one.tag === tag)!);
    await writeFile(join(images, `0000${index}`, 'metadata.jsonl'), `${metadata}\n`);
    for (let i = 0; i < 4; i++)
      await writeFile(
        join(samples, `000${i}.png`),
        await encodePng(seededImage('RGB', 48, 40, 4 * index + i)),
      );
  }
  const first = join(images, '00000/samples');
  await writeFile(join(first, '0001.png'), (await readFile(join(first, '0001.png'))).subarray(0, 200));
  await writeFile(join(first, '0004.jpg'), 'anything');
}, 30_000);
afterAll(() => {
  vi.unstubAllEnvs();
  return rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

describe('studio eval score geneval --images', { timeout: 60_000 }, () => {
  it('judges a folder with evaluators from directories, and keeps what they found', async () => {
    const saved = join(folder, 'detections.jsonl');
    const { code, stdout, stderr } = await run(
      '--images',
      images,
      ...tiny,
      '--save-detections',
      saved,
      '--json',
    );
    expect([code, stderr]).toEqual([0, '']);
    const result = JSON.parse(stdout) as { items: object[]; problems: object[]; tags: object };
    expect(result).toMatchObject({
      overall: expect.any(Number),
      tags: { single_object: { n: 3 }, counting: { n: 4 } },
      incomplete: true,
      counts: { corrupt: 1, jpeg: 1, missing: 1 + 547 * 4, extra: 0, evaluator: 1 },
      fingerprint: {
        resampler: expect.stringContaining('Pillow'),
        evaluators: [
          { kind: 'detector', name: 'tiny-detector', version: '1', hash: expect.any(String) },
          { kind: 'clip', name: 'tiny-clip', version: '1', hash: expect.any(String) },
        ],
      },
    });
    expect(result.problems).toContainEqual({
      kind: 'jpeg',
      where: '00000/samples/0004.jpg',
      reason: 'a JPEG, which the official script skips',
    });
    expect(result.items).toHaveLength(23);
    const again = JSON.parse((await run('--detections', saved, '--json')).stdout) as typeof result;
    expect(again.tags).toEqual(result.tags);
    expect(again.items).toEqual(result.items.map((item) => ({ ...item, filename: undefined })));
  });

  it('prints a table that names what measured', async () => {
    const { code, stdout } = await run('--images', images, ...tiny);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^counting +\d +4 /m);
    expect(stdout).toMatch(/^Measured with tiny-detector 1 and tiny-clip 1, fingerprint [0-9a-f]{12}\.$/m);
    expect(stdout).toContain('00000/samples/0004.jpg: a JPEG, which the official script skips');
  });

  it.each<[string, () => string[], string]>([
    ['no folder', () => ['--images', 'nowhere', ...tiny], 'file or folder not found'],
    ['another folder', () => ['--images', folder, ...tiny], 'has no 00000/metadata.jsonl'],
    [
      'no detector',
      () => ['--images', images, '--detector', 'nowhere', ...tiny.slice(2)],
      'Specify its directory with --detector',
    ],
    [
      'evaluators that are not installed',
      () => ['--images', images, '--evaluators', 'official'],
      'npx studio evaluator add mask2former-swin-s --weights FILE',
    ],
    [
      'one of two that is not installed',
      () => ['--images', images, '--evaluators', 'official', '--detector', tinyEvaluator('detector')],
      'needs clip-vit-l14, not found in',
    ],
    [
      'a preset of another benchmark',
      () => ['--images', images, '--evaluators', 'clip-l14'],
      'Allowed choices are nano, official',
    ],
    ['evaluators for what has no images', () => ['--results', 'x', '--evaluators', 'nano'], 'need --images'],
    [
      'a file that cannot be written',
      () => ['--images', images, ...tiny, '--save-detections', join(folder, 'nowhere', 'x')],
      'Cannot write',
    ],
  ])('with %s ends with code 2 and one line', async (_, args, words) => {
    const { code, stdout, stderr } = await run(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(words);
  });
});
