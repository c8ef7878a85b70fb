import { cp, mkdtemp, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFiles } from '../../models/export/check';
import { readTensorFile } from '../../models/export/checkpoint/open';
import { addEvaluator } from '../../models/export/evaluators/add';
import type { FamilyName } from '../../models/export/evaluators/families';
import {
  expectedOf,
  largestDifference,
  removeUnpacked,
  unpackTinyEvaluators,
  type Case,
  type Stored,
} from '../../models/export/testing/expected';
import { savedAgain } from '../../models/export/testing/saved-again';
import { float32, floatsOf, openGraphs, readTokenizer, type Tensor } from '../../models/runtime';
import { sharedData } from '../../models/runtime/testing/shared-data';
import { CLASSES } from '../../models/scenes/classes';
import { seededImage } from '../testing/images';
import { instances } from './instances';
import { loadEvaluator } from './manifest';
import { openClip, openDetector, openDino } from '.';

let home: string;
let tiny: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'published-'));
  tiny = await unpackTinyEvaluators();
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await removeUnpacked();
});

let count = 0;
const fresh = (name = 'made') => path.join(home, `${name}-${count++}`);

/** Makes a directory, and returns where it is. */
async function add(name: FamilyName, weights: string, more: { tokenizer?: string; classes?: string } = {}) {
  const { dir } = await addEvaluator({
    name,
    weights,
    out: fresh(),
    ...more,
    check: (one) => loadEvaluator(one),
  });
  return dir;
}

async function refusal(
  name: FamilyName,
  weights: string,
  more: { tokenizer?: string; classes?: string } = {},
) {
  const out = fresh();
  const error: unknown = await addEvaluator({
    name,
    weights,
    out,
    ...more,
    check: (one) => loadEvaluator(one),
  }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'CheckpointError' });
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  // Nothing is left behind.
  for (const name of [out, `${out}.part`, `${out}.lock`]) await expect(stat(name)).rejects.toThrow('ENOENT');
  return message;
}

type EvaluatorCase = Case & {
  of?: string;
  kind?: string;
  optional?: boolean;
  note?: string;
  sizes?: Record<'padded' | 'content' | 'original', [number, number]>;
  instances?: {
    limit: number;
    score_tolerance: number;
    found: { query: number; class: number; score: number; box: number[]; area: number }[];
  };
};

/** Runs every case of a directory, and compares with the reference. */
async function compare(dir: string, folder: string, cases: readonly Case[]): Promise<void> {
  const { manifest } = await loadEvaluator(dir);
  const expected = expectedOf(folder);
  const graphs = await openGraphs<string>(dir, manifest.graphs, { threads: 1 });
  const tensor = (stored: Stored): Tensor =>
    stored.dtype === 'int64'
      ? { dtype: 'int64', dims: stored.shape, data: expected.integers(stored) }
      : float32(expected.floats(stored), stored.shape);
  expect(cases.length).toBeGreaterThan(0);
  for (const one of cases as EvaluatorCase[]) {
    const feeds = Object.fromEntries(
      Object.entries(one.inputs).map(([name, stored]) => [name, tensor(stored)]),
    );
    const outputs = await (await graphs.get(one.graph)).run(feeds);
    for (const [name, stored] of Object.entries(one.outputs)) {
      const found = outputs[name]!;
      expect(found.dims, one.name).toEqual(stored.shape);
      const off = largestDifference(floatsOf(found), expected.floats(stored));
      expect(off, `${one.name} ${name}`).toBeLessThanOrEqual(stored.tolerance!);
    }
    if (one.instances)
      sameInstances(one, outputs as { [name: string]: { dims: readonly number[]; data: Float32Array } });
  }
  await graphs.close();
}

/** What becomes of a case's logits: the instances of the reference, in its order. */
function sameInstances(
  { instances: expected, sizes }: EvaluatorCase,
  outputs: { [name: string]: { dims: readonly number[]; data: Float32Array } },
): void {
  const [, queries, width] = outputs.class_logits!.dims as [number, number, number];
  const [, , maskHeight, maskWidth] = outputs.mask_logits!.dims as [number, number, number, number];
  const size = ([height, width]: [number, number]) => ({ height, width });
  const { limit, found, score_tolerance: tolerance } = expected!;
  const { padded, content, original } = sizes!;
  const ours = instances(
    {
      ...{ queries, classes: width - 1, maskHeight, maskWidth },
      ...{ classLogits: outputs.class_logits!.data, maskLogits: outputs.mask_logits!.data },
    },
    { padded: size(padded), content: size(content), original: size(original) },
    { limit, minScore: 0 },
  );
  expect(ours.map(({ classIndex, box }) => [classIndex, box])).toEqual(
    found.map(({ class: classIndex, box }) => [classIndex, box]),
  );
  ours.forEach(({ score, mask }, i) => {
    expect(Math.abs(score - found[i]!.score)).toBeLessThanOrEqual(tolerance);
    expect(mask.reduce((sum, pixel) => sum + pixel, 0)).toBe(found[i]!.area);
  });
}

describe(
  'over checkpoints of the project’s own, graphs give what transformers gives',
  { timeout: 60_000 },
  () => {
    it.each<[string, FamilyName, string]>([
      ['clip', 'clip-vit-b32', 'Hugging Face’s .bin in float16'],
      ['openai', 'clip-vit-l14', 'OpenAI’s TorchScript archive'],
      ['dino', 'dino-vits16', 'a training’s checkpoint from before torch 1.6'],
      ['vit', 'dino-vits16', 'Hugging Face’s safetensors'],
      ['dinov2', 'dinov2', 'Hugging Face’s safetensors, positions for another size'],
      ['mask2former', 'mask2former-swin-s', 'Hugging Face’s safetensors in float16'],
    ])('%s as %s: %s', async (of, name) => {
      const cases = expectedOf(tiny).cases.filter((one) => (one as EvaluatorCase).of === of);
      await compare(await add(name, path.join(tiny, of)), tiny, cases);
    });

    it('a Mask2Former in the names of mmdetection 2.x and 3.x', async () => {
      const cases = expectedOf(tiny).cases.filter((one) => (one as EvaluatorCase).of === 'mask2former');
      const second = path.join(tiny, 'mmdetection', 'tiny.pth');
      const dir = await add('mask2former-swin-s', second);
      await compare(dir, tiny, cases);
      const third = `${fresh()}.pth`;
      const { classes } = JSON.parse(await readFile(path.join(tiny, 'expected.json'), 'utf8')) as {
        classes: string[];
      };
      await writeFile(
        third,
        savedAgain(await readTensorFile(second), asThird, {
          meta: { dataset_meta: { classes }, mmengine_version: '0.10.0' },
        }),
      );
      const other = await add('mask2former-swin-s', third);
      await compare(other, tiny, cases);
      for (const one of [dir, other]) {
        const { manifest } = await loadEvaluator(one);
        expect(manifest).toMatchObject({ kind: 'detector', classes, image: { pad_value: 128 } });
      }
    });

    it('CLIP’s tokenizer in each of its forms', async () => {
      const { texts } = JSON.parse(await readFile(path.join(tiny, 'expected.json'), 'utf8')) as {
        texts: Record<string, { text: string; input_ids: number[] }[]>;
      };
      for (const of of ['clip', 'openai']) {
        const dir = await add('clip-vit-b32', path.join(tiny, of));
        const { manifest } = await loadEvaluator(dir);
        if (manifest.kind !== 'clip') throw new Error(manifest.kind);
        const { bos, eos, pad, context_length: length } = manifest.tokenizer;
        const tokenizer = await readTokenizer(path.join(dir, 'tokenizer.json'));
        for (const { text, input_ids: expected } of texts[of]!) {
          const kept = tokenizer.encode(text, { add_special_tokens: false }).ids.slice(0, length - 2);
          const ids = [bos, ...kept, eos];
          expect([...ids, ...new Array<number>(length - ids.length).fill(pad)]).toEqual(expected);
        }
      }
    });

    it('are evaluators: they take images and texts', async () => {
      const image = seededImage('RGB', 60, 44, 1);
      const clip = await openClip(await add('clip-vit-b32', path.join(tiny, 'openai')), { threads: 1 });
      expect((await clip.embedImages([image, image])).map(({ length }) => length)).toEqual([24, 24]);
      const { embeddings, truncated } = await clip.embedTexts(['a red cube', 'tea '.repeat(50)]);
      expect(embeddings.map(({ length }) => length)).toEqual([24, 24]);
      expect(truncated).toEqual([false, true]);
      await clip.close();
      const dino = await openDino(await add('dino-vits16', path.join(tiny, 'vit')), { threads: 1 });
      expect((await dino.embedImages([image]))[0]).toHaveLength(30);
      await dino.close();
    });

    it('are the same wherever the weights lie, and others with other weights', async () => {
      const copy = fresh('copy');
      await cp(path.join(tiny, 'vit'), copy, { recursive: true });
      const hashOf = async (weights: string) => (await loadEvaluator(await add('dino-vits16', weights))).hash;
      const hash = await hashOf(path.join(tiny, 'vit'));
      expect(await hashOf(copy)).toBe(hash);
      const weights = path.join(copy, 'model.safetensors');
      const bytes = await readFile(weights);
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(weights, bytes);
      expect(await hashOf(copy)).not.toBe(hash);
    });

    it('a detector finds instances in an image', async () => {
      const dir = await add('mask2former-swin-s', path.join(tiny, 'mmdetection'));
      const detector = await openDetector(dir, { threads: 1 });
      const found = await detector.detect(seededImage('RGB', 40, 12, 1));
      expect(found).toHaveLength(9 * 3);
      expect(found[0]!.mask).toHaveLength(40 * 12);
      await detector.close();
    });
  },
);

/** Names of mmdetection 3.x, of those of 2.x. */
function asThird(name: string): string {
  return name
    .replace(/(pixel_decoder\.encoder\.layers\.\d+\.)attentions\.0\./, '$1self_attn.')
    .replace(/(transformer_decoder\.layers\.\d+\.)attentions\.0\./, '$1cross_attn.')
    .replace(/(transformer_decoder\.layers\.\d+\.)attentions\.1\./, '$1self_attn.')
    .replace('.ffns.0.', '.ffn.');
}

const mini = sharedData('evaluators-mini');
describe.skipIf(mini === null)(
  'over the miniature checkpoints of evaluators-mini',
  { timeout: 60_000 },
  () => {
    it.each<[string, FamilyName, string, string, string?]>([
      ['clip', 'clip-vit-b32', 'clip/hf', 'optional'],
      ['clip', 'clip-vit-l14', 'clip/clip_openai.pt', 'optional', 'clip/hf'],
      ['dino', 'dino-vits16', 'dino/hf', 'dino_96x160'],
      ['dino', 'dino-vits16', 'dino/dino_original.pth', 'dino_96x160_original'],
      ['detector', 'mask2former-swin-s', 'mask2former/hf', ''],
      ['detector', 'mask2former-swin-s', 'mask2former/mmdet2.pth', ''],
      ['detector', 'mask2former-swin-s', 'mask2former/mmdet3.pth', ''],
    ])('%s as %s of %s', async (kind, name, weights, optional, tokenizer) => {
      const cases = (expectedOf(mini!).cases as EvaluatorCase[]).filter(
        (one) => one.kind === kind && (!one.optional || one.name === optional),
      );
      const more = tokenizer === undefined ? {} : { tokenizer: path.join(mini!, tokenizer) };
      const dir = await add(name, path.join(mini!, weights), more);
      await compare(dir, mini!, cases);
      const { manifest } = await loadEvaluator(dir);
      if (manifest.kind === 'detector')
        expect(manifest.classes).toEqual(['person', 'red cube', 'dog', 'traffic light', 'cup']);
    });

    it('tokens of its texts', async () => {
      const { tokenizer: texts } = JSON.parse(await readFile(path.join(mini!, 'expected.json'), 'utf8')) as {
        tokenizer: { text: string; input_ids: number[]; slow_input_ids?: number[] }[];
      };
      const folder = fresh('tokenizer');
      await cp(path.join(mini!, 'clip/hf'), folder, { recursive: true });
      const whole = await add('clip-vit-b32', folder);
      await rm(path.join(folder, 'tokenizer.json'));
      const built = await add('clip-vit-b32', folder);
      for (const dir of [whole, built]) {
        const { encode } = await encoderOf(dir);
        for (const { text, input_ids: ids, slow_input_ids: slow } of texts)
          expect([ids, slow]).toContainEqual(encode(text));
      }
    });
  },
);

async function encoderOf(dir: string) {
  const { manifest } = await loadEvaluator(dir);
  if (manifest.kind !== 'clip') throw new Error(manifest.kind);
  const { bos, eos, pad, context_length: length } = manifest.tokenizer;
  const tokenizer = await readTokenizer(path.join(dir, 'tokenizer.json'));
  return {
    encode: (text: string) => {
      const kept = tokenizer.encode(text, { add_special_tokens: false }).ids.slice(0, length - 2);
      const ids = [bos, ...kept, eos];
      return [...ids, ...new Array<number>(length - ids.length).fill(pad)];
    },
  };
}

describe('what cannot be used is refused in one line', { timeout: 60_000 }, () => {
  const file = (...parts: string[]) => path.join(tiny, ...parts);

  it.each<[string, FamilyName, string[], string]>([
    [
      'DINO for CLIP',
      'clip-vit-b32',
      ['dino'],
      'is not CLIP. It looks like a vision transformer in the names of DINO',
    ],
    [
      'ViT for CLIP',
      'clip-vit-b32',
      ['vit'],
      'It looks like a vision transformer in the names of Hugging Face',
    ],
    ['CLIP for DINO', 'dino-vits16', ['clip'], 'is not DINO. It looks like CLIP'],
    ['OpenAI’s CLIP for DINO', 'dino-vits16', ['openai'], 'It looks like CLIP in the names of OpenAI'],
    ['DINOv2 for DINO', 'dino-vits16', ['dinov2'], 'is not DINO. It looks like DINOv2'],
    ['ViT for DINOv2', 'dinov2', ['vit'], 'is not DINOv2. It looks like a vision transformer'],
    [
      'Mask2Former for CLIP',
      'clip-vit-l14',
      ['mask2former'],
      'It looks like Mask2Former in the names of Hugging Face',
    ],
    [
      'mmdetection for DINO',
      'dino-vits16',
      ['mmdetection'],
      'It looks like Mask2Former in the names of mmdetection',
    ],
    ['CLIP for a detector', 'mask2former-swin-s', ['openai'], 'is not Mask2Former. It looks like CLIP'],
    ['nothing', 'clip-vit-b32', ['nowhere.pt'], 'is missing'],
    ['a folder without weights', 'clip-vit-b32', ['expected'], 'Is it the right folder'],
  ])('%s', async (_what, name, parts, says) => {
    expect(await refusal(name, file(...parts))).toContain(says);
  });

  it.each<[FamilyName, string, string]>([
    ['clip-vit-b32', 'clip', 'pytorch_model.bin'],
    ['clip-vit-b32', 'openai', 'ViT-tiny.pt'],
    ['dino-vits16', 'dino', 'dino_tiny_full_checkpoint.pth'],
    ['dino-vits16', 'vit', 'model.safetensors'],
    ['mask2former-swin-s', 'mmdetection', 'tiny.pth'],
  ])('half a file of %s', async (name, folder, weights) => {
    const half = fresh('half');
    await cp(file(folder), half, { recursive: true });
    const { size } = await stat(path.join(half, weights));
    for (const share of [0.1, 0.5, 0.99]) {
      await truncate(path.join(half, weights), Math.floor(size * share));
      expect(await refusal(name, half)).toMatch(/Download the file again/);
      await cp(file(folder), half, { recursive: true });
    }
  });

  /** A folder as another, its weights saved again. */
  async function changed(
    folder: string,
    weights: string,
    renamed: (name: string) => string | null,
    others: Parameters<typeof savedAgain>[2] = {},
  ): Promise<string> {
    const copy = fresh('changed');
    await cp(file(folder), copy, { recursive: true });
    const tensors = await readTensorFile(path.join(copy, weights));
    const bytes = savedAgain(tensors, renamed, others);
    await rm(path.join(copy, weights));
    await writeFile(path.join(copy, weights.endsWith('.safetensors') ? 'pytorch_model.bin' : weights), bytes);
    return copy;
  }
  const classes = ['red cube', 'dog', 'cup of tea'];

  it('a missing tensor, by the name that the file would have', async () => {
    const dino = await changed('dino', 'dino_tiny_full_checkpoint.pth', (name) =>
      name === 'teacher.module.backbone.blocks.1.mlp.fc1.weight' ? null : name,
    );
    expect(await refusal('dino-vits16', dino)).toContain(
      'has no tensor teacher.module.backbone.blocks.1.mlp.fc1.weight, which image_encoder needs',
    );
    const clip = await changed('openai', 'ViT-tiny.pt', (name) =>
      name === 'visual.ln_post.bias' ? null : name,
    );
    expect(await refusal('clip-vit-b32', clip)).toContain('has no tensor visual.ln_post.bias');
    const detector = await changed(
      'mmdetection',
      'tiny.pth',
      (name) => (/stages\.2\.blocks\.1\.attn\.w_msa\.qkv\.weight$/.test(name) ? null : name),
      { meta: { CLASSES: classes } },
    );
    expect(await refusal('mask2former-swin-s', detector)).toContain(
      'no tensor backbone.stages.2.blocks.1.attn.w_msa.qkv.weight',
    );
  });

  it('a block in the middle that is not there', async () => {
    const lacking = await changed('dino', 'dino_tiny_full_checkpoint.pth', (name) =>
      name.includes('backbone.blocks.0.attn') ? name.replace('blocks.0', 'blocks.4') : name,
    );
    expect(await refusal('dino-vits16', lacking)).toMatch(/is not DINO|lacks tensors that come before it/);
    const later = await changed('dino', 'dino_tiny_full_checkpoint.pth', (name) =>
      name.replace('backbone.blocks.1.', 'backbone.blocks.7.'),
    );
    expect(await refusal('dino-vits16', later)).toContain('lacks tensors that come before it');
  });

  it('a tensor that the model has not', async () => {
    const odd = await changed('openai', 'ViT-tiny.pt', (name) =>
      name === 'logit_scale' ? 'visual.adapter.weight' : name,
    );
    expect(await refusal('clip-vit-b32', odd)).toContain('it has visual.adapter.weight that CLIP has not');
  });

  it('names of mmdetection 2.x in a file of 3.x, or names of both', async () => {
    const third = { dataset_meta: { classes }, mmengine_version: '0.10.0' };
    const second = { CLASSES: classes, mmdet_version: '2.28.2' };
    const make = (renamed: (name: string) => string, meta: typeof third | typeof second) =>
      changed('mmdetection', 'tiny.pth', renamed, { meta });
    expect(await refusal('mask2former-swin-s', await make((name) => name, third))).toContain(
      'was written by mmdetection 3.x, and its tensors are called as in 2.x',
    );
    // Models of 2.x were published again in the names of 3.x.
    await add('mask2former-swin-s', await make(asThird, second));
    const mixed = await make((name) => (name.includes('pixel_decoder') ? asThird(name) : name), second);
    expect(await refusal('mask2former-swin-s', mixed)).toContain('mixes the names of mmdetection 2.x');
  });

  it('classes that are not told, or are others', async () => {
    const unnamed = await changed('mmdetection', 'tiny.pth', (name) => name);
    expect(await refusal('mask2former-swin-s', unnamed)).toContain('what its 3 classes are called');
    const names = path.join(home, 'names.txt');
    await writeFile(names, 'cat\ndog\n');
    expect(await refusal('mask2former-swin-s', unnamed, { classes: names })).toContain(
      'names 2 classes (cat, dog), and the weights have 3',
    );
    await writeFile(names, 'cat\r\ndog\r\n\r\ncow\r\n');
    const { manifest } = await loadEvaluator(await add('mask2former-swin-s', unnamed, { classes: names }));
    expect(manifest).toMatchObject({ classes: ['cat', 'dog', 'cow'] });
  });

  it('a tokenizer that does not fit, or none', async () => {
    const weights = file('openai', 'ViT-tiny.pt');
    const other = fresh('tokenizer');
    await cp(file('clip'), other, { recursive: true });
    const vocab = JSON.parse(await readFile(path.join(other, 'vocab.json'), 'utf8')) as Record<
      string,
      number
    >;
    const more = { ...vocab, extra: Object.keys(vocab).length };
    await writeFile(path.join(other, 'vocab.json'), JSON.stringify(more));
    expect(await refusal('clip-vit-b32', weights, { tokenizer: other })).toMatch(
      /has \d+ tokens, and the text encoder \d+: it is the tokenizer of another model/,
    );
    expect(await refusal('clip-vit-b32', weights, { tokenizer: file('vit') })).toContain(
      'There is no tokenizer in',
    );
    await rm(path.join(other, 'merges.txt'));
    expect(await refusal('clip-vit-b32', weights, { tokenizer: other })).toContain('merges.txt is missing');
  });

  it('a configuration that speaks of other weights', async () => {
    const edit = async (folder: string, change: (config: Record<string, never>) => object) => {
      const copy = fresh('config');
      await cp(file(folder), copy, { recursive: true });
      const config = path.join(copy, 'config.json');
      const json = JSON.parse(await readFile(config, 'utf8')) as Record<string, never>;
      await writeFile(config, JSON.stringify(change(json)));
      return copy;
    };
    const heads = await edit('clip', (one) => ({ ...one, text_config: { num_attention_heads: 5 } }));
    expect(await refusal('clip-vit-b32', heads)).toContain('speaks of 5 heads for a text encoder 32 wide');
    const depth = await edit('clip', (one) => ({
      ...one,
      vision_config: { num_hidden_layers: 9, num_attention_heads: 3 },
    }));
    expect(await refusal('clip-vit-b32', depth)).toContain(
      'speaks of 9 layers of the vision encoder, and the weights have 2',
    );
    const vit = await edit('vit', (one) => ({ ...one, num_hidden_layers: 12 }));
    expect(await refusal('dino-vits16', vit)).toContain('speaks of 12 layers of 30 with 3 heads');
    const norm = await edit('mask2former', (one) => ({ ...one, pre_norm: true }));
    expect(await refusal('mask2former-swin-s', norm)).toContain(
      'is not one of Mask2Former with Swin: pre_norm',
    );
    const decoder = await edit('mask2former', (one) => ({ ...one, decoder_layers: 10 }));
    expect(await refusal('mask2former-swin-s', decoder)).toContain('speaks of 10 masks');
  });

  it('a directory that is there already', async () => {
    const dir = await add('dino-vits16', file('vit'));
    await expect(
      addEvaluator({
        name: 'dino-vits16',
        weights: file('vit'),
        out: dir,
        check: (one) => loadEvaluator(one),
      }),
    ).rejects.toThrow('is there already');
  });

  it('weights that were moved or altered after the directory was made', async () => {
    const folder = fresh('moved');
    await cp(file('vit'), folder, { recursive: true });
    const weights = path.join(folder, 'model.safetensors');
    const dir = await add('dino-vits16', folder);
    await rename(weights, `${weights}.away`);
    await expect(openDino(dir)).rejects.toMatchObject({
      code: 'model_file_missing',
      message: expect.stringContaining(`The weights ${weights} are missing`) as string,
    });
    await rename(`${weights}.away`, weights);
    await openDino(dir).then((dino) => dino.close());
    // With the same size and time, only the sum tells.
    const bytes = await readFile(weights);
    const { mtime } = await stat(weights);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(weights, bytes);
    await utimes(weights, mtime, mtime);
    const loaded = await loadEvaluator(dir, { verify: 'sizes' });
    await expect(checkFiles(loaded)).rejects.toMatchObject({ code: 'model_file_altered' });
    await utimes(weights, 1, 1);
    await expect(openDino(dir)).rejects.toThrow('were changed after the evaluator directory was made');
  });
});

it.each<[string, object, object]>([
  [
    'now',
    {
      size: { shortest_edge: 700, longest_edge: 1200 },
      ...{ size_divisor: 16, image_mean: [0.48500001430511475, 0.456, 0.406] },
    },
    { fit: { long: 1200, short: 700 }, pad_multiple: 16, mean: [123.675, 116.28, 103.53] },
  ],
  ['before', { size: 640, max_size: 900 }, { fit: { long: 900, short: 640 }, pad_multiple: 32 }],
  ['without any', {}, { fit: { long: 1333, short: 800 }, std: [58.395, 57.12, 57.375] }],
])('Hugging Face’s recipe of images, as files have it %s', async (_when, config, expected) => {
  const folder = fresh('recipe');
  await cp(path.join(tiny, 'mask2former'), folder, { recursive: true });
  await writeFile(path.join(folder, 'preprocessor_config.json'), JSON.stringify(config));
  const { manifest } = await loadEvaluator(await add('mask2former-swin-s', folder));
  expect(manifest.image).toMatchObject(expected);
  expect(manifest.image).not.toHaveProperty('pad_value');
});

it('COCO’s 80 classes have the names of GenEval, whatever a detector calls them', async () => {
  const { classNames } = await import('../../models/export/evaluators/class-names');
  const official = CLASSES.map(({ name }) => name);
  const mmdetection = official.map((name) => name.replace(/^(computer|tv) (?=mouse|remote|keyboard)/, ''));
  expect(mmdetection.slice(62, 68)).toEqual(['tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone']);
  expect(classNames(mmdetection)).toEqual(official);
  expect(classNames(mmdetection.slice(1))).toEqual(mmdetection.slice(1));
});
