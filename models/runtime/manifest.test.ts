import { createHash } from 'node:crypto';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadManifest } from './manifest';
import { loadModel } from './model';
import { changeManifest, copyOfTinyModel } from './testing/tiny';

/** Any JSON object. */
type Loose = { [key: string]: Loose };

describe('a model directory', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => ({ dir, remove } = await copyOfTinyModel()));
  afterEach(() => remove());

  const failure = async (code: string, ...words: string[]) => {
    const error = await loadModel(dir).then(
      () => null,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ name: 'ModelError', code });
    expect(error?.message).not.toContain('\n');
    for (const word of words) expect(error?.message).toContain(word);
  };

  it('is named by the hash of its manifest', async () => {
    const bytes = await readFile(join(dir, 'manifest.json'));
    const { hash, manifest } = await loadManifest(dir);
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(manifest.name).toBe('tiny-random');
  });

  it('must exist', async () => {
    dir = join(dir, 'nowhere');
    await failure('model_missing', 'nowhere', 'MODEL_DIR');
  });

  it('compares files over 256 MB by size alone when it is loaded', async () => {
    const [name, bytes] = ['large.bin', 256e6 + 1];
    await writeFile(join(dir, name), '');
    await truncate(join(dir, name), bytes);
    await changeManifest(dir, (manifest) => {
      (manifest.files as Record<string, object>)[name] = { sha256: '0'.repeat(64), bytes };
    });
    await loadManifest(dir);
    await truncate(join(dir, name), bytes - 1);
    await failure('model_file_altered', name);
  });

  it('fails with the name of a missing file', async () => {
    await rm(join(dir, 'vision_head.onnx'));
    await failure('model_file_missing', 'vision_head.onnx', 'missing');
  });

  it('fails with the name of a cut file', async () => {
    const path = join(dir, 'tokenizer.json');
    await writeFile(path, (await readFile(path)).subarray(0, 100));
    await failure('model_file_altered', 'tokenizer.json', '100 bytes');
  });

  it('fails with the name of an altered file of the same length', async () => {
    const path = join(dir, 'language_model.onnx');
    const bytes = await readFile(path);
    bytes[5000]! ^= 1;
    await writeFile(path, bytes);
    await failure('model_file_altered', 'language_model.onnx', 'sha256');
    await expect(loadManifest(dir, { verify: 'sizes' })).resolves.toBeTruthy();
  });

  it('needs a manifest that is JSON', async () => {
    await writeFile(join(dir, 'manifest.json'), '{"format": 1,');
    await failure('manifest_invalid', 'manifest.json', 'not JSON');
  });

  it.each<[string, string[], (manifest: Loose) => void]>([
    ['a missing field', ['hidden_size'], (m) => delete m.hidden_size],
    ['another format', ['format'], (m) => Object.assign(m, { format: 2 })],
    [
      'a file outside the directory',
      ['files'],
      (m) => Object.assign(m.files!, { '../x': { sha256: '', bytes: 1 } }),
    ],
    [
      'a graph that is not listed',
      ['graphs.vae_decoder.file', 'x.onnx'],
      (m) => Object.assign(m.graphs!.vae_decoder!, { file: 'x.onnx' }),
    ],
    [
      'a template without a place for the prompt',
      ['templates.generate.en'],
      (m) => Object.assign(m.templates!.generate!, { en: 'x' }),
    ],
  ])('refuses a manifest with %s', async (_, words, change) => {
    await changeManifest(dir, (manifest) => change(manifest as unknown as Loose));
    await failure('manifest_invalid', ...words);
  });

  it('refuses a graph whose inputs are not those of the manifest', async () => {
    await changeManifest(dir, (manifest) => {
      const { inputs } = manifest.graphs.vision_head;
      inputs.hidden = inputs.hidden_states!;
      delete inputs.hidden_states;
    });
    await failure('graph_mismatch', 'vision_head.onnx', 'hidden');
  });

  it('refuses a tokenizer whose special tokens have other numbers', async () => {
    await changeManifest(dir, (manifest) => (manifest.tokens.boi = 3));
    await failure('manifest_invalid', 'tokenizer.json', '<|vision_start|>');
  });

  it('refuses a constant of the wrong length', async () => {
    await changeManifest(dir, (manifest) => (manifest.constants.negative_image_embeds!.shape = [80, 16]));
    await failure('manifest_invalid', 'negative_image_embeds.bin', '5184 bytes');
  });
});
