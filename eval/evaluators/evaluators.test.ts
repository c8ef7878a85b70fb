import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reference, referenceImages, tinyEvaluator } from '../testing/evaluators';
import { cosine, openClip, openDetector, openDino, unit, type Clip } from '.';

const options = { threads: 1 };
const images = referenceImages();

/** The largest 1 − cosine between what was found and what Python found. */
function worst(found: Float32Array[], expected: number[][]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...found.map((vector, i) => 1 - cosine(vector, unit(Float32Array.from(expected[i]!)))));
}

describe('CLIP', { timeout: 30_000 }, () => {
  let clip: Clip;
  beforeAll(async () => void (clip = await openClip(tinyEvaluator('clip'), options)), 30_000);
  afterAll(() => clip.close());

  it('embeds images as Python does', async () => {
    expect(images.length).toBeGreaterThanOrEqual(20);
    expect(worst(await clip.embedImages(images), reference.clip_images)).toBeLessThan(1e-6);
  });

  it('embeds texts as Python does, and says which were cut', async () => {
    const { embeddings, truncated } = await clip.embedTexts(reference.texts);
    expect(worst(embeddings, reference.clip_texts)).toBeLessThan(1e-6);
    expect(truncated).toEqual(reference.truncated);
    expect(truncated).toContain(true);
  });

  it('gives vectors of length 1, and none for no images', async () => {
    const [vector] = await clip.embedImages(images.slice(0, 1));
    expect(cosine(vector!, vector!)).toBeCloseTo(1, 6);
    expect(await clip.embedImages([])).toEqual([]);
  });

  it('says who it is', () => {
    expect(clip).toMatchObject({ kind: 'clip', name: 'tiny-clip', version: '1' });
    expect(clip.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('DINO embeds images as Python does', { timeout: 30_000 }, async () => {
  const dino = await openDino(tinyEvaluator('dino'), options);
  expect(worst(await dino.embedImages(images), reference.dino_images)).toBeLessThan(1e-6);
  await dino.close();
});

describe.each([
  ['keep-ratio', 'detector', reference.detector],
  ['fixed', 'detector-fixed', reference.detector_fixed],
] as const)('a detector with %s resize', (_, name, expected) => {
  it('finds what Python finds', { timeout: 30_000 }, async () => {
    const detector = await openDetector(tinyEvaluator(name), options);
    for (const [i, image] of images.entries()) {
      const found = await detector.detect(image);
      const wanted = expected[i]!;
      expect(found.map(({ classIndex, box }) => [classIndex, box])).toEqual(
        wanted.map(([classIndex, , box]) => [classIndex, box]),
      );
      found.forEach(({ score, className, classIndex, mask }, at) => {
        const [, wantedScore, , pixels] = wanted[at]!;
        expect(Math.abs(score - wantedScore)).toBeLessThan(1e-5);
        // A logit of about 0 can fall on either side: torch and onnxruntime add in another order.
        expect(Math.abs(count(mask) - pixels)).toBeLessThanOrEqual(Math.ceil(pixels * 1e-4));
        expect(className).toBe(detector.classes[classIndex]);
      });
      const above = await detector.detect(image, { minScore: 0.1 });
      expect(above.map(({ box, score }) => [box, score])).toEqual(
        found.filter(({ score }) => score > 0.1).map(({ box, score }) => [box, score]),
      );
    }
    expect(expected.flat().some(([, , , pixels]) => pixels === 0)).toBe(true);
    await detector.close();
  });
});

const count = (mask: Uint8Array) => mask.reduce((sum, pixel) => sum + pixel, 0);

/** Any JSON object. */
type Loose = { [key: string]: Loose };

describe('an evaluator directory', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'evaluator-'));
    await cp(tinyEvaluator('clip'), dir, { recursive: true });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const change = async (edit: (manifest: Loose) => void) => {
    const text = await readFile(join(tinyEvaluator('clip'), 'manifest.json'), 'utf8');
    const manifest = JSON.parse(text) as Loose;
    edit(manifest);
    await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  };

  it('must be there', async () => {
    await expect(openDino(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'model_missing' });
  });

  it('must be of the kind that is asked for', async () => {
    await expect(openDino(tinyEvaluator('clip'))).rejects.toMatchObject({
      code: 'manifest_invalid',
      message: expect.stringContaining('kind'),
    });
  });

  it.each<[string, string, (manifest: Loose) => void]>([
    ['no text encoder', 'graphs.text_encoder', (m) => delete m.graphs!.text_encoder],
    ['another output', 'image_embeds', (m) => delete m.graphs!.image_encoder!.outputs!.image_embeds],
    ['an unlisted graph', 'not listed', (m) => delete m.files!['image_encoder.onnx']],
    ['an unknown filter', 'image.resample', (m) => Object.assign(m.image!, { resample: 'nearest' })],
  ])('is refused with %s', async (_, words, edit) => {
    await change(edit);
    await expect(openClip(dir)).rejects.toMatchObject({
      code: 'manifest_invalid',
      message: expect.stringContaining(words),
    });
  });

  it('is refused with an altered file', async () => {
    await change(() => {});
    const path = join(dir, 'tokenizer.json');
    const bytes = await readFile(path);
    bytes[100]! ^= 1;
    await writeFile(path, bytes);
    await expect(openClip(dir)).rejects.toMatchObject({
      code: 'model_file_altered',
      message: expect.stringContaining('tokenizer.json'),
    });
  });
});

it('an embedding without direction is an error, not a score', () => {
  expect(() => unit(Float32Array.of(0, 0))).toThrow('zero or not finite');
  expect(() => unit(Float32Array.of(1, NaN))).toThrow('zero or not finite');
  expect(() => cosine(Float32Array.of(1), Float32Array.of(1, 0))).toThrow(RangeError);
});
