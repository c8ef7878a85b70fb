import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asBatch, conditions } from '../../runtime/conditioning';
import { decodeLatents, denoise, sketch } from '../../runtime/diffusion';
import { resize } from '../../runtime/image/resample';
import { localGraphs } from '../../runtime/graphs/local';
import type { GraphSet } from '../../runtime/graphs/graph';
import { float32 } from '../../runtime/graphs/tensor';
import { LanguageModel } from '../../runtime/language-model';
import { loadManifest, type GraphName, type LoadedManifest } from '../../runtime/manifest';
import { loadModel } from '../../runtime/model';
import { checkpoints, expectedOf, largestDifference, removeUnpacked, unpackTiny } from '../testing/expected';
import { addNexusGen } from './add';
import { readCheckpoint } from './checkpoint';
import { writeGraph } from './graphs';

afterAll(removeUnpacked);

describe.each(checkpoints)('a model directory over the checkpoint $name', ({ open }) => {
  let home: string;
  let dir: string;
  let model: LoadedManifest;
  let graphs: GraphSet;
  let expected: ReturnType<typeof expectedOf>;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'v2-'));
    dir = path.join(home, 'model');
    const weights = await open();
    expected = expectedOf(weights);
    await addNexusGen({ weights, out: dir });
    model = await loadManifest(dir);
    graphs = localGraphs(model, { device: 'cpu' });
  });
  afterAll(async () => {
    await graphs?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('is small, and says where the weights are', async () => {
    const names = await readdir(dir);
    expect(names.filter((name) => name.endsWith('.partial') || name === 'sums.json')).toEqual([]);
    const sizes = Object.values(model.manifest.files).map((file) => file.bytes);
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(64e6);
    expect(Object.keys(model.manifest.sources!).length).toBeGreaterThan(4);
  });

  it.each(['lm_generate', 'lm_edit'])('predicts the image embeddings of the reference: %s', async (name) => {
    const { steps } = expected.cases.find((one) => one.name === name)!;
    const [prompt, picture] = [steps![0]!, steps!.find(({ name }) => name === 'picture')!];
    const language = new LanguageModel(graphs, model.manifest, await prefillOf(dir));
    const rows = [...expected.integers(prompt.inputs.position_ids!)].map(Number);
    const n = rows.length / 3;
    const read = await language.forward(
      await language.start(),
      expected.floats(prompt.inputs.inputs_embeds!),
      {
        ...{ t: rows.slice(0, n), h: rows.slice(n, 2 * n), w: rows.slice(2 * n) },
      },
    );
    const next = Math.max(...rows) + 1;
    const stored = picture.embeddings!;
    for (const way of ['embeddings', 'embeddingsStepwise'] as const) {
      const embeddings = await language[way](read.state, next);
      expect(expected.share(embeddings, stored)).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['generation', 3],
    ['editing', 1],
  ] as const)('makes the reference’s image with the %s decoder, guidance %d', async (decoder, guidance) => {
    const {
      denoise: how,
      sources,
      inputs,
      outputs,
    } = expected.cases.find((one) => one.graph === `${decoder}_decoder` && one.denoise)!;
    expect(how!.guidance).toBe(guidance);
    const noise = inputs.latents!;
    const canvas = { width: noise.shape[3]! * 8, height: noise.shape[2]! * 8 };
    const embeds = (name: string) => {
      const stored = sources![name];
      return stored ? float32(expected.floats(stored), stored.shape) : null;
    };
    const condition = await conditions(graphs, model.manifest, await constantsOf(dir, model), {
      ...{ decoder, canvas, guidance, negativeEmbeds: null },
      ...{ imageEmbeds: embeds('image_embeds')!, referenceEmbeds: embeds('reference_embeds') },
    });
    const [latents] = await denoise(
      ...[graphs, model.manifest, decoder, canvas, how!.steps],
      [{ ...condition, seed: 0, guidance, wanted: () => true, onStep: async () => undefined }],
      () => expected.floats(noise),
    );
    const { data } = latents as { data: Float32Array };
    expect(expected.share(data, { ...outputs.latents!, tolerance: 1e-3 })).toBeLessThan(1);
    const image = await decodeLatents(graphs, model.manifest, latents!, canvas);
    expect(largestDifference(image.data, expected.bytes(outputs.image!))).toBeLessThanOrEqual(1);
  });
});

describe('making a model directory', () => {
  let home: string;
  let weights: string;
  let dir: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'v2-'));
    weights = await unpackTiny();
    dir = path.join(home, 'model');
    await addNexusGen({ weights, out: dir });
  });
  afterAll(async () => rm(home, { recursive: true, force: true }));

  it('shows previews of a pixel for each latent, in the colours that the VAE makes of them', async () => {
    const { manifest, ...rest } = await loadManifest(dir);
    const graphs = localGraphs({ manifest, ...rest }, { device: 'cpu' });
    const bytes = await readFile(path.join(dir, 'latent_colors.bin'));
    const colors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const canvas = { width: 128, height: 64 };
    const { channels } = manifest.latents;
    // Smooth, as latents of images are, and not what the map was made of.
    const latents = new Float32Array(channels * 8 * 16);
    for (const [i] of latents.entries())
      latents[i] = Math.sin(i / 128 + (i % 16) / 5) + Math.cos((Math.floor(i / 16) % 8) / 3 + i / 300);
    const tensor = float32(latents, [1, channels, 8, 16]);
    const small = sketch(tensor, colors, canvas);
    expect(small).toMatchObject({ width: 16, height: 8 });
    const whole = resize(await decodeLatents(graphs, manifest, tensor, canvas), 16, 8, 'bilinear');
    await graphs.close();
    const off = (of: (i: number) => number) =>
      small.data.reduce((sum, _, i) => sum + Math.abs(of(i) - whole.data[i]!), 0) / small.data.length;
    const mean = whole.data.reduce((sum, value) => sum + value, 0) / whole.data.length;
    // Nearer than one colour for all; these weights are random, and not a VAE that was trained.
    expect(off((i) => small.data[i]!)).toBeLessThan(0.8 * off(() => mean));
    const seen: { width: number; height: number }[] = [];
    const model = await loadModel(dir, { sessions: 'needed' });
    await model.run(
      {
        ...{ task: 'generate', prompt: 'a red apple', language: 'en', guidance: 1 },
        ...{ steps: 3, width: 256, height: 256, seed: 1 },
      },
      {
        previewEvery: 1,
        onEvent: (event) => {
          if (event.type === 'preview') seen.push({ width: event.image.width, height: event.image.height });
        },
      },
    );
    await model.close();
    expect(seen).toEqual([
      { width: 32, height: 32 },
      { width: 32, height: 32 },
    ]);
  });

  it('says the same in groups of tokens as one by one', async () => {
    const loaded = await loadManifest(dir);
    const checkpoint = await readCheckpoint(weights);
    const constants = { pooled: new Float32Array(), grids: { target: [9, 9], reference: [18, 18] } } as const;
    const { bytes, inputs, outputs } = writeGraph('language_model', checkpoint, constants, {
      ...{ compute: 'float32', several: true },
    });
    const [file, other] = ['several.onnx', path.join(home, 'several')];
    await cp(dir, other, { recursive: true });
    await writeFile(path.join(other, file), bytes);
    const groups: number[] = [];
    const answer = async (several: boolean, maxNewTokens: number) => {
      const graphs = { ...loaded.manifest.graphs };
      if (several) graphs.language_model = { ...graphs.language_model, file, inputs, outputs };
      const model = await loadModel(several ? other : dir, {
        sessions: 'needed',
        graphs: () => {
          const set = localGraphs(
            { ...loaded, dir: other, manifest: { ...loaded.manifest, graphs } },
            { device: 'cpu' },
          );
          return {
            ...set,
            get: async (name) => {
              const graph = await set.get(name);
              const run: typeof graph.run = async (feeds) => {
                const found = await graph.run(feeds);
                if (found.tokens?.dtype === 'int64') groups.push(found.tokens.data.length);
                return found;
              };
              return { ...graph, run };
            },
          };
        },
      });
      const said = await model.run({
        ...{ task: 'understand', prompt: 'how many?', image: null, language: 'en', maxNewTokens },
      });
      await model.close();
      return said.kind === 'text' ? [said.text, said.tokens] : null;
    };
    for (const most of [1, 2, 17, 18, 40])
      expect(await answer(true, most)).toEqual(await answer(false, most));
    expect(Math.max(...groups)).toBe(16);
  });

  it('answers, generates and edits as a whole', async () => {
    const loaded = await loadModel(dir, { sessions: 'needed' });
    const common = { steps: 2, width: 256, height: 256, seed: 1 };
    const drawn = await loaded.run({
      task: 'generate',
      prompt: 'a red apple',
      language: 'en',
      guidance: 3,
      ...common,
    });
    if (drawn.kind !== 'image') throw new Error(drawn.kind);
    expect(drawn.image.data).toHaveLength(256 * 256 * 3);
    const edited = await loaded.run({
      ...{ task: 'edit', prompt: 'make it green', language: 'en', guidance: 1, ...common },
      ...{ image: drawn.image, decoder: 'editing' },
    });
    expect(edited.kind).toBe('image');
    const answer = await loaded.run({
      task: 'understand',
      prompt: 'What is it?',
      language: 'en',
      image: drawn.image,
      maxNewTokens: 4,
    });
    expect(answer.kind).toBe('text');
    await loaded.close();
  });

  it('is not made over one that is there', async () => {
    await expect(addNexusGen({ weights, out: dir })).rejects.toThrow('is there already');
  });

  it('is told of a checkpoint that changed or went away', async () => {
    const moved = path.join(home, 'moved');
    await cp(weights, moved, { recursive: true });
    const out = path.join(home, 'of-moved');
    await addNexusGen({ weights: moved, out });
    const decoder = await realpath(path.join(moved, 'generation_decoder.bin'));
    await utimes(decoder, 1, 1);
    await expect(loadManifest(out)).rejects.toThrow(`The weights ${decoder} were changed`);
    await rm(decoder);
    await expect(loadManifest(out)).rejects.toThrow(`The weights ${decoder} are missing`);
  });

  it('is made over what a hub’s cache links to', async () => {
    const cache = path.join(home, 'hub');
    const blobs = path.join(cache, 'blobs');
    const snapshot = path.join(cache, 'snapshots/main');
    await cp(weights, blobs, { recursive: true });
    for (const name of await readdir(weights, { recursive: true })) {
      const [from, to] = [path.join(blobs, name), path.join(snapshot, name)];
      if ((await stat(from)).isDirectory()) await mkdir(to, { recursive: true });
      else {
        await mkdir(path.dirname(to), { recursive: true });
        await symlink(path.relative(path.dirname(to), from), to);
      }
    }
    const out = path.join(home, 'of-links');
    await addNexusGen({ weights: snapshot, out });
    const loaded = await loadManifest(out);
    const set = localGraphs(loaded, { device: 'cpu' });
    for (const name of Object.keys(loaded.manifest.graphs) as GraphName[]) await set.get(name);
    await set.close();
  });

  it('is the same after any number of interruptions, and two at once do not disturb one another', async () => {
    const out = path.join(home, 'killed');
    const run = () =>
      spawn(
        process.execPath,
        ['--import', 'tsx', path.join(import.meta.dirname, '../testing/add.ts'), weights, out],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
    for (let kill = 0; kill < 10; kill++) {
      const child = run();
      let seen = 0;
      // After so many lines of progress, each in another stage of the work.
      child.stdout.on('data', (data: Buffer) => {
        seen += data.toString().split('\n').length - 1;
        if (seen > kill * 2) child.kill('SIGKILL');
      });
      await once(child, 'close');
    }
    const [one, other] = [run(), run()];
    let refused = '';
    for (const child of [one, other]) child.stderr.on('data', (data: Buffer) => (refused += data.toString()));
    const codes = await Promise.all(
      [one, other].map(async (child) => (await once(child, 'close'))[0] as number),
    );
    expect(codes.sort()).toEqual([0, 1]);
    expect(refused).toMatch(/Another process|is there already/);
    expect((await readdir(out)).sort()).toEqual((await readdir(dir)).sort());
    for (const name of await readdir(out))
      expect((await readFile(path.join(out, name))).equals(await readFile(path.join(dir, name)))).toBe(true);
    expect((await readdir(home)).filter((name) => name.startsWith('killed'))).toEqual(['killed']);
    // Twelve processes, each of which compiles the sources.
  }, 400_000);

  it.each([
    [
      'a folder that is none',
      async (folder: string) => path.join(folder, 'nothing'),
      'config.json is missing',
    ],
    [
      'half a download',
      async (folder: string) => (await rm(path.join(folder, 'edit_decoder.bin')), folder),
      'edit_decoder.bin is missing',
    ],
    [
      'no FLUX',
      async (folder: string) => (await rm(path.join(folder, 'FLUX.1-dev'), { recursive: true }), folder),
      'name their folder with --flux',
    ],
    [
      'a missing shard',
      async (folder: string) => (await rm(path.join(folder, 'model-00002-of-00002.safetensors')), folder),
      'is missing. Is the download complete?',
    ],
    [
      'another config',
      async (folder: string) => {
        const file = path.join(folder, 'config.json');
        const config = JSON.parse(await readFile(file, 'utf8')) as object;
        await writeFile(file, JSON.stringify({ ...config, num_hidden_layers: 5 }));
        return folder;
      },
      'speaks of 5 layers, and the files have 2',
    ],
  ])('is not made of %s', async (_what, spoil, says) => {
    const folder = await mkdtemp(path.join(home, 'spoiled-'));
    await cp(weights, folder, { recursive: true });
    await expect(
      addNexusGen({ weights: await spoil(folder), out: path.join(home, 'never') }),
    ).rejects.toThrow(says);
  });
});

async function floatsIn(file: string): Promise<Float32Array> {
  const buffer = await readFile(file);
  return new Float32Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
}
const prefillOf = (dir: string) => floatsIn(path.join(dir, 'image_prefill_embeds.bin'));
async function constantsOf(dir: string, { manifest }: LoadedManifest) {
  const { shape } = manifest.constants.negative_cond!;
  return {
    imagePrefillEmbeds: await prefillOf(dir),
    negativeImageEmbeds: null,
    latentColors: null,
    negativeCond: asBatch(await floatsIn(path.join(dir, 'negative_cond.bin')), shape),
  };
}
