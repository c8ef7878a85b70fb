import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../../models/runtime';
import { scoreEditFile } from '../benchmarks/editing/file';
import { editingPreset } from '../benchmarks/editing/presets';
import { openClip, openDino } from '../evaluators';
import { tinyEvaluator } from '../testing/evaluators';
import { syntheticEditsCommand, syntheticMmmuCommand } from './data-synthetic';

describe('studio data', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'synthetic-'))));
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs one of the commands; what it prints with `--json` is parsed. */
  async function run(name: string, ...args: string[]) {
    let stdout = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    let code: number | undefined;
    const finish = (value: number) => void (code = value);
    await new Command()
      .addCommand(syntheticEditsCommand(finish))
      .addCommand(syntheticMmmuCommand(finish))
      .parseAsync([name, ...args, '--json'], { from: 'user' });
    return { code, printed: JSON.parse(stdout) as Record<string, unknown> };
  }

  const lines = async (file: string) =>
    (await readFile(join(folder, file), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);

  it('synthetic-edits writes pictures and pairs that want only `edited`', async () => {
    const { code, printed } = await run('synthetic-edits', '--out', folder, '--limit', '2');
    expect(code).toBe(0);
    expect(printed).toMatchObject({
      items: 2,
      files: ['pairs.jsonl'],
      sha256: expect.stringMatching(/^\w{64}$/),
    });
    const pairs = await lines('pairs.jsonl');
    expect(pairs).toHaveLength(2);
    expect(pairs[0]).toEqual({
      key: 'synthetic-edit-0000',
      kind: 'add',
      instruction: 'put a bench at the bottom left',
      caption: 'a photo of a blue cell phone, a pink bus and a bench',
      language: 'en',
      source: 'source/synthetic-edit-0000.png',
      target: 'target/synthetic-edit-0000.png',
    });
    for (const { source, target } of pairs)
      for (const path of [source!, target!])
        expect(await decodeImage(await readFile(join(folder, path)))).toMatchObject({ width: 256 });
  });

  it('synthetic-edits writes what scores editing, once the edited pictures are added', async () => {
    await run('synthetic-edits', '--out', folder, '--limit', '1');
    const [pair] = await lines('pairs.jsonl');
    const [clip, dino] = [await openClip(tinyEvaluator('clip')), await openDino(tinyEvaluator('dino'))];
    try {
      const edited = JSON.stringify({ ...pair, edited: pair!.target });
      const report = await scoreEditFile(edited, folder, { clip, dino }, editingPreset('nano'));
      expect(report).toMatchObject({ n: 1, l1: 0, incomplete: false });
    } finally {
      await Promise.all([clip.close(), dino.close()]);
    }
  });

  it("synthetic-mmmu writes a folder for each subject, with MMMU's columns", async () => {
    const { code, printed } = await run('synthetic-mmmu', '--out', folder, '--limit', '7');
    expect(code).toBe(0);
    expect(printed).toMatchObject({ items: 7 });
    expect((await readdir(folder)).sort()).toEqual(['Colours', 'Counting', 'Objects', 'Places']);
    const [first, second] = await lines('Counting/questions.jsonl');
    expect(first).toEqual({
      id: 'synthetic_Counting_1',
      question: 'how many traffic lights are in the picture? <image 1>',
      options: "['two', 'four', 'one', 'three']",
      explanation: '',
      image_1: 'synthetic_Counting_1_1.png',
      image_2: null,
      image_3: null,
      image_4: null,
      image_5: null,
      image_6: null,
      image_7: null,
      img_type: "['Icons and Symbols']",
      answer: 'A',
      topic_difficulty: 'Easy',
      question_type: 'multiple-choice',
      subfield: 'Counting',
    });
    expect(second).toMatchObject({ question_type: 'open', options: '[]', answer: "['zero', '0']" });
    const picture = await readFile(join(folder, 'Counting', first!.image_1!));
    expect(await decodeImage(picture)).toMatchObject({ width: 256, height: 256 });
  });

  it('says where it cannot write', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, printed } = await run('synthetic-edits', '--out', file);
    expect(code).toBe(2);
    expect(printed).toMatchObject({ error: { message: expect.stringMatching(/^Cannot write .*file/) } });
  });
});
