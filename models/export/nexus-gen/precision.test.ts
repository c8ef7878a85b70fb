import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specOn } from '../../runtime/directory';
import { localGraphs } from '../../runtime/graphs/local';
import { loadManifest, type GraphName } from '../../runtime/manifest';
import { loadModel } from '../../runtime/model';
import { testImage } from '../../runtime/testing/tiny';
import { checkFiles } from '../check';
import { checkpoints, expectedOf, largestDifference, removeUnpacked, unpackTiny } from '../testing/expected';
import { errorOf } from '../testing/quantised';
import { addNexusGen } from './add';
import { precisions, type Precision } from './precision';
import { readCheckpoint } from './checkpoint';
import { graphNames, weightsOf } from './graphs';

afterAll(removeUnpacked);

/** A quarter more than was measured (../quantise/measure.ts). */
const margin = 1.25;
/** Errors of outputs by checkpoints and graphs, in per cent: int8 and int4. */
const measured: Record<string, Partial<Record<GraphName, [number, number]>>> = {
  tiny: {
    language_model: [0.86, 5.04],
    generation_decoder: [0.48, 2.51],
    editing_decoder: [0.54, 2.94],
  },
  'v2-mini': {
    language_model: [1.1, 7.73],
    generation_decoder: [0.59, 3.3],
    editing_decoder: [0.51, 3.29],
  },
};
/** Mean differences of images from those of the weights as they are, in levels of 255: int8 and int4. */
const ofImages: Record<string, [number, number]> = { tiny: [0.21, 0.65], 'v2-mini': [0.27, 0.77] };

const quantised = ['int8', 'int4'] as const;
const floats = ['f32', 'f16'] as const;
const graphsOf = graphNames.filter((name) => weightsOf(name).quantise);

describe.each(checkpoints)('other weights of the checkpoint $name', ({ name, open }) => {
  let home: string;
  let weights: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'v2-precision-'));
    weights = await open();
    for (const precision of ['as-is', ...floats, ...quantised] as const)
      await addNexusGen({ weights, out: path.join(home, precision), precision });
  });
  afterAll(async () => rm(home, { recursive: true, force: true }));

  it.each(graphsOf.flatMap((graph) => quantised.map((precision, i) => ({ graph, precision, i }))))(
    'change the outputs little: $graph, $precision',
    async ({ graph, precision, i }) => {
      const error = await errorOf(await readCheckpoint(weights), expectedOf(weights), graph, {
        chosen: weightsOf(graph).quantise!,
        bits: precisions[precision],
      });
      expect(100 * error!).toBeLessThan(margin * measured[name]![graph]![i]!);
      // Something was quantised at all.
      expect(100 * error!).toBeGreaterThan(0.01);
    },
  );

  it('change an image little', async () => {
    const images = [];
    for (const precision of ['as-is', ...quantised]) {
      const model = await loadModel(path.join(home, precision), { sessions: 'needed' });
      const made = await model.run({
        ...{ task: 'generate', prompt: 'a red apple', language: 'en', guidance: 3 },
        ...{ steps: 4, width: 256, height: 256, seed: 1 },
      });
      await model.close();
      if (made.kind !== 'image') throw new Error(made.kind);
      images.push(made.image.data);
    }
    const [whole, ...others] = images as [Uint8Array, Uint8Array, Uint8Array];
    for (const [i, image] of others.entries()) {
      const difference =
        image.reduce((sum, value, at) => sum + Math.abs(value - whole[at]!), 0) / image.length;
      expect(difference).toBeLessThan(margin * ofImages[name]![i]!);
    }
  });

  it('are used where they lie, in the directory alone: f32 and f16', async () => {
    for (const precision of floats) {
      const { manifest } = await loadManifest(path.join(home, precision));
      // The VAE computes in float32, whatever the others do.
      expect(Object.keys(manifest.sources!).map((file) => path.basename(file))).toEqual(['ae.safetensors']);
      for (const graph of graphNames.filter((name) => name !== 'vae_decoder'))
        expect(manifest.graphs[graph]).toMatchObject({ weights: '.' });
      expect(manifest.parts!.autoregressive!.dtypes).toContain(precision.toUpperCase());
    }
  });

  it('give the same image in float32, and one that is off by a level in half precision, also where it computes in it', async () => {
    /** An image, an edit and an answer. @param form computes as that device would */
    const answers = async (precision: Precision, form?: 'cuda' | 'webgpu') => {
      const model = await loadModel(path.join(home, precision), {
        sessions: 'needed',
        graphs: (loaded) => {
          const graphs = { ...loaded.manifest.graphs };
          for (const name of graphNames) graphs[name] = specOn(form ?? 'cpu', graphs[name]!);
          return localGraphs({ ...loaded, manifest: { ...loaded.manifest, graphs } }, { device: 'cpu' });
        },
      });
      const common = { steps: 2, width: 256, height: 256, seed: 1, language: 'en' } as const;
      const image = testImage(96, 64);
      const made = [
        await model.run({ task: 'generate', prompt: 'a red apple', guidance: 3, ...common }),
        await model.run({
          ...{ task: 'edit', prompt: 'make it green', guidance: 1, decoder: 'editing', image },
          ...common,
        }),
        // More than one group of tokens.
        await model.run({ task: 'understand', prompt: 'how many?', language: 'en', maxNewTokens: 40, image }),
      ];
      await model.close();
      return made.map((one) =>
        one.kind === 'image' ? one.image.data : one.kind === 'text' ? one.text : null,
      );
    };
    const whole = await answers('as-is');
    expect(await answers('f32')).toEqual(whole);
    for (const form of [undefined, 'cuda', 'webgpu'] as const) {
      const half = await answers('f16', form);
      expect(half[2]).toBe(whole[2]);
      for (const i of [0, 1])
        expect(largestDifference(half[i] as Uint8Array, whole[i] as Uint8Array)).toBeLessThanOrEqual(1);
    }
  });

  it.each(quantised)('are files of the directory: %s', async (precision) => {
    const dir = path.join(home, precision);
    const { manifest, hash } = await loadManifest(dir);
    const plain = await loadManifest(path.join(home, 'as-is'));
    expect(hash).not.toBe(plain.hash);
    const files = graphsOf.map((graph) => `weights/${graph}.${precision}.bin`).sort();
    expect(Object.keys(manifest.files).filter((file) => file.startsWith('weights/'))).toEqual(files);
    for (const graph of graphNames) {
      const { weights: elsewhere, quantised: blocks } = manifest.graphs[graph]!;
      expect(blocks).toEqual(
        graphsOf.includes(graph) ? { bits: precisions[precision], block: 32 } : undefined,
      );
      expect(elsewhere === undefined).toBe(graphsOf.includes(graph));
    }
    expect(manifest.parts!.vae).toEqual(plain.manifest.parts!.vae);
    const part = manifest.parts!.generation!;
    expect(part.dtypes).toContain(precision.toUpperCase());
    expect(part.bytes).toBeLessThan(plain.manifest.parts!.generation!.bytes);
    expect(part.parameters).toBe(plain.manifest.parts!.generation!.parameters);
    expect(part.quantised).toBeLessThan(part.bytes);
    expect((await readdir(dir)).filter((file) => file === 'making' || file.endsWith('.partial'))).toEqual([]);
  });
});

describe('making a quantised model directory', () => {
  let home: string;
  let weights: string;
  let dir: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'v2-precision-'));
    weights = await unpackTiny();
    dir = path.join(home, 'model');
    await addNexusGen({ weights, out: dir, precision: 'int4', threads: 1 });
  });
  afterAll(async () => rm(home, { recursive: true, force: true }));

  const bytesIn = async (folder: string) => {
    const names = (await readdir(folder, { recursive: true })).sort();
    const found: Record<string, string> = {};
    for (const name of names) {
      const file = path.join(folder, name);
      if ((await stat(file)).isFile()) found[name] = (await readFile(file)).toString('base64');
    }
    return found;
  };

  it('is the same after any number of interruptions, also at another precision', async () => {
    const out = path.join(home, 'killed');
    const script = path.join(import.meta.dirname, '../testing/add.ts');
    const kill = async (precision: Precision, afterLines: number) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, weights, out, precision], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let seen = 0;
      child.stdout.on('data', (data: Buffer) => {
        seen += data.toString().split('\n').length - 1;
        if (seen > afterLines) child.kill('SIGKILL');
      });
      await once(child, 'close');
    };
    await kill('int8', 20);
    for (const lines of [3, 5, 9, 30, 60, 90]) await kill('int4', lines);
    await addNexusGen({ weights, out, precision: 'int4', threads: 3 }).catch((error: Error) => {
      // The last of them was too late.
      if (!error.message.includes('is there already')) throw error;
    });
    expect(await bytesIn(out)).toEqual(await bytesIn(dir));
    // Eight processes, each of which compiles the sources.
  }, 300_000);

  it('is checked with its weights', async () => {
    expect((await checkFiles(await loadManifest(dir, { verify: 'sizes' }))).files).toBeGreaterThan(
      graphNames.length,
    );
    const file = path.join(dir, 'weights/language_model.int4.bin');
    const bytes = await readFile(file);
    const changed = Buffer.from(bytes);
    changed[1000]! ^= 1;
    await writeFile(file, changed);
    await expect(checkFiles(await loadManifest(dir, { verify: 'sizes' }))).rejects.toMatchObject({
      code: 'model_file_altered',
    });
    await writeFile(file, bytes);
  });
});
