import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensorFile } from '../checkpoint/open';
import type { Tensors } from '../checkpoint/tensors';
import { readCheckpoint, type Checkpoint } from '../nexus-gen/checkpoint';
import { GraphBuilder } from '../onnx/graph-builder';
import {
  checkpoints,
  expectedOf,
  largestDifference,
  removeUnpacked,
  type Case,
  type Stored,
} from '../testing/expected';
import { rewrite } from '../testing/rewrite';
import { fluxDecoder, fluxModulation } from './flux';
import { embedTokens, languageModel, visionHead } from './language-model';
import { Layers, type Numbers } from './layers';
import { editingProjector, generationProjector } from './projectors';
import {
  clipTokensOfNothing,
  clipVocabulary,
  pooledOfNothing,
  statesOfNothing,
  t5TokensOfNothing,
} from './text-encoders';
import { vaeDecoder } from './vae';
import { visionEncoder } from './vision-encoder';

const grids = { target: [9, 9], reference: [18, 18] } as const;

afterAll(removeUnpacked);

describe.each(checkpoints)('graphs over a checkpoint where it lies: $name', ({ open }) => {
  let folder: string;
  let checkpoint: Checkpoint;
  let expected: ReturnType<typeof expectedOf>;
  let parts: Record<'ar' | 'generation' | 'editing' | 'vae' | 'clip' | 't5', Tensors>;
  beforeAll(async () => {
    folder = await realpath(await open());
    checkpoint = await readCheckpoint(folder);
    expected = expectedOf(folder);
    const { autoregressive, generation, editing, vae, clip, t5 } = checkpoint.parts;
    parts = {
      ...{ ar: autoregressive.tensors, generation: generation.tensors, editing: editing.tensors },
      ...{ vae: vae.tensors, clip: clip.tensors, t5: t5.tensors },
    };
  });

  /** Weights that are stored otherwise are widened when the graph is loaded, or at each use. */
  const ways = [
    { way: 'weights widened once', numbers: { widenOnceUpTo: Infinity } },
    { way: 'weights widened at each use', numbers: { widenOnceUpTo: 0 } },
    { way: 'plain attention', numbers: { attention: 'plain' } },
  ] as const;
  async function session(
    tensors: Tensors,
    numbers: Omit<Numbers, 'compute'>,
    make: (layers: Layers) => void,
    from = folder,
  ) {
    const graph = new GraphBuilder('graph', (file) => path.relative(from, file));
    make(new Layers(graph, tensors, { compute: 'float32', ...numbers }));
    return ort.InferenceSession.create(graph.finish(), {
      logSeverityLevel: 3,
      extra: {
        session: { model_external_initializers_file_folder_path: from, disable_prepacking: '1' },
      },
    });
  }
  const tensor = (stored: Stored) =>
    stored.dtype === 'int64'
      ? new ort.Tensor('int64', expected.integers(stored), stored.shape)
      : new ort.Tensor('float32', expected.floats(stored), stored.shape);
  const feedsOf = (inputs: Record<string, Stored>) =>
    Object.fromEntries(Object.entries(inputs).map(([name, stored]) => [name, tensor(stored)]));
  const near = (found: { data: unknown } | undefined, stored: Stored, allowed?: number) => {
    expect(expected.share(found!.data as Float32Array, stored, allowed)).toBeLessThanOrEqual(1);
  };
  const of = (graph: string) => expected.cases.filter((one) => one.graph === graph);

  describe.each(ways)('$way', ({ numbers }) => {
    it('vision encoder: whole and partial windows, any grid', async () => {
      const graph = await session(parts.ar, numbers, (layers) =>
        visionEncoder(layers, checkpoint.config.vision),
      );
      for (const { inputs, outputs } of of('vision_encoder'))
        near((await graph.run(feedsOf(inputs))).image_embeds, outputs.image_embeds!);
    });

    it('embeddings of tokens, and the vision head', async () => {
      const embed = await session(parts.ar, numbers, (layers) =>
        embedTokens(layers, checkpoint.config.language),
      );
      for (const { inputs, outputs } of of('embed_tokens'))
        near((await embed.run(feedsOf(inputs))).inputs_embeds, outputs.inputs_embeds!);
      const head = await session(parts.ar, numbers, (layers) =>
        visionHead(layers, checkpoint.config.language),
      );
      for (const { inputs, outputs } of of('vision_head'))
        near((await head.run(feedsOf(inputs))).image_embeds, outputs.image_embeds!);
    });

    it('language model: a prompt, an image and text on one cache', async () => {
      const graph = await session(parts.ar, numbers, (layers) =>
        languageModel(layers, checkpoint.config.language),
      );
      const { layers, kvHeads, headDim } = checkpoint.config.language;
      for (const { steps } of of('language_model')) {
        let cache: Record<string, ort.Tensor> = {};
        for (let layer = 0; layer < layers; layer++)
          for (const kind of ['key', 'value'])
            cache[`past_key_values.${layer}.${kind}`] = new ort.Tensor('float32', new Float32Array(0), [
              1,
              kvHeads,
              0,
              headDim,
            ]);
        let length = 0;
        for (const { inputs, outputs } of steps!) {
          length += inputs.inputs_embeds!.shape[1]!;
          const found = await graph.run({
            ...feedsOf(inputs),
            ...cache,
            attention_mask: new ort.Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
          });
          near(found.hidden_states, outputs.hidden_states!);
          near(found.logits, outputs.logits!);
          cache = Object.fromEntries(
            Object.keys(cache).map((name) => [name, found[name.replace('past_key_values', 'present')]!]),
          );
        }
      }
    });

    it('projectors', async () => {
      const generation = await session(parts.generation, numbers, (layers) =>
        generationProjector(layers, checkpoint.config.language, grids),
      );
      const editing = await session(parts.editing, numbers, (layers) =>
        editingProjector(layers, checkpoint.config.language, grids),
      );
      for (const [graph, name] of [
        [generation, 'generation_projector'],
        [editing, 'editing_projector'],
      ] as const)
        for (const { inputs, outputs } of of(name)) {
          const { cond } = await graph.run(feedsOf(inputs));
          const [, tokens, width] = cond!.dims as [number, number, number];
          const embeddings = new Float32Array(tokens * (width - 3));
          for (let i = 0; i < tokens; i++)
            embeddings.set(
              (cond!.data as Float32Array).subarray(i * width, (i + 1) * width - 3),
              i * (width - 3),
            );
          near({ data: embeddings }, outputs.prompt_emb!);
        }
    });

    it.each(['generation', 'editing'] as const)(
      '%s decoder: two sizes, two noise levels, both branches',
      async (kind) => {
        const tensors = parts[kind];
        const modulation = await session(tensors, numbers, (layers) =>
          fluxModulation(layers, { pooled: expected.floats(expected.constants.pooled), guidance: 3.5 }),
        );
        const decoder = await session(tensors, numbers, fluxDecoder);
        for (const one of of(`${kind}_decoder`).filter(({ denoise }) => !denoise)) {
          const { latents, timestep } = feedsOf(one.inputs) as Record<'latents' | 'timestep', ort.Tensor>;
          const step = await modulation.run({ timestep });
          const cond = conditionOf(one);
          const { velocity } = await decoder.run({ latents, modulation: step.modulation!, cond });
          near(velocity, one.outputs.velocity!);
        }
      },
    );

    it('VAE', async () => {
      const graph = await session(parts.vae, numbers, vaeDecoder);
      for (const { inputs, outputs } of of('vae_decoder'))
        near((await graph.run(feedsOf(inputs))).pixels, outputs.pixels!);
    });

    it('constants of the text encoders', async () => {
      const tokens = (ids: number[]) => ({
        input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length]),
      });
      const clip = await session(parts.clip, numbers, (layers) => pooledOfNothing(layers, checkpoint.clip));
      near(
        (await clip.run(tokens(clipTokensOfNothing(parts.clip.get(clipVocabulary)!.shape[0]!)))).pooled,
        expected.constants.pooled,
      );
      const t5 = await session(parts.t5, numbers, (layers) => statesOfNothing(layers, checkpoint.t5));
      // A bias of three standard deviations: what is small in it is lost in float32.
      near(
        (await t5.run(tokens(t5TokensOfNothing(512)))).states,
        expected.constants.negative_prompt_emb,
        4e-4,
      );
    });
  });

  it.each(['fused', 'plain'] as const)(
    'the language model decodes several tokens in one run as it does one by one: %s',
    async (attention) => {
      const make = (layers: Layers) => languageModel(layers, checkpoint.config.language);
      const [alone, together] = [
        await session(parts.ar, { attention }, make),
        await session(parts.ar, { attention, several: true }, make),
      ];
      const embed = await session(parts.ar, {}, (layers) => embedTokens(layers, checkpoint.config.language));
      const { layers, kvHeads, headDim, vocabulary } = checkpoint.config.language;
      const names = Array.from({ length: layers }, (_, i) => [`${i}.key`, `${i}.value`]).flat();
      const { inputs } = of('language_model')[0]!.steps![0]!;
      const forbidden = [1, 5];
      type Outputs = Record<string, ort.Tensor>;
      const whole = (values: readonly number[]) =>
        new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
      const run = async (
        graph: ort.InferenceSession,
        before: Outputs | null,
        [embeds, positions]: [ort.Tensor, ort.Tensor],
        more = {},
      ): Promise<Outputs> => {
        const cache = names.map((name) => [
          `past_key_values.${name}`,
          before?.[`present.${name}`] ??
            new ort.Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headDim]),
        ]);
        const length = Number((cache[0]![1] as ort.Tensor).dims[2]) + embeds.dims[1]!;
        return graph.run({
          ...Object.fromEntries(cache),
          ...{ inputs_embeds: embeds, position_ids: positions, ...more },
          attention_mask: new ort.Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
        }) as Promise<Outputs>;
      };
      const prompt: [ort.Tensor, ort.Tensor] = [tensor(inputs.inputs_embeds!), tensor(inputs.position_ids!)];
      const start = 40;
      const fed = async (id: number, position: number): Promise<[ort.Tensor, ort.Tensor]> => [
        (await embed.run({ input_ids: new ort.Tensor('int64', [BigInt(id)], [1, 1]) })).inputs_embeds!,
        new ort.Tensor('int64', new BigInt64Array(3).fill(BigInt(position)), [3, 1, 1]),
      ];
      const likeliest = ({ logits }: Outputs) => {
        const values = logits!.data as Float32Array;
        expect(values).toHaveLength(vocabulary);
        let best = -1;
        for (const [id, value] of values.entries())
          if (!forbidden.includes(id) && (best < 0 || value > values[best]!)) best = id;
        return best;
      };
      const wanted: number[] = [];
      let step = await run(alone, null, prompt);
      for (let i = 0; i < 6; i++) {
        wanted.push(likeliest(step));
        if (i < 5) step = await run(alone, step, await fed(wanted[i]!, start + i));
      }
      const said = async (steps: number, ends: readonly number[]) => {
        const found = await run(together, null, prompt, {
          ...{ steps: whole([steps]), position: whole([start]), forbidden: whole(forbidden) },
          ends: whole(ends),
        });
        return { found, ids: [...(found.tokens!.data as BigInt64Array)].map(Number) };
      };
      const six = await said(6, [vocabulary - 1]);
      expect(six.ids).toEqual(wanted);
      for (const name of names)
        expect(
          largestDifference(
            six.found[`present.${name}`]!.data as Float32Array,
            step[`present.${name}`]!.data as Float32Array,
          ),
        ).toBeLessThan(1e-4);
      // As it was read, whatever was said afterwards.
      expect(likeliest(six.found)).toBe(wanted[0]);
      const third = wanted.indexOf(wanted[2]!);
      expect((await said(6, [wanted[2]!])).ids).toEqual(wanted.slice(0, third + 1));
      expect((await said(0, [0])).ids).toEqual(wanted.slice(0, 1));
    },
  );

  it.each(['F32', 'F16'] as const)('weights stored as %s, from another container', async (dtype) => {
    const other = await realpath(await mkdtemp(path.join(tmpdir(), 'rewritten-')));
    try {
      const stored = async (tensors: Tensors) => {
        rewrite(tensors, dtype, path.join(other, 'weights.safetensors'));
        return readTensorFile(path.join(other, 'weights.safetensors'));
      };
      const encoder = await session(
        await stored(parts.ar),
        { widenOnceUpTo: Infinity },
        (layers) => visionEncoder(layers, checkpoint.config.vision),
        other,
      );
      for (const { inputs, outputs } of of('vision_encoder'))
        near((await encoder.run(feedsOf(inputs))).image_embeds, outputs.image_embeds!);
      const generation = await stored(parts.generation);
      const modulation = await session(
        generation,
        { widenOnceUpTo: 0 },
        (layers) =>
          fluxModulation(layers, { pooled: expected.floats(expected.constants.pooled), guidance: 3.5 }),
        other,
      );
      const decoder = await session(generation, { widenOnceUpTo: 0 }, fluxDecoder, other);
      const one = of('generation_decoder')[0]!;
      const { latents, timestep } = feedsOf(one.inputs) as Record<'latents' | 'timestep', ort.Tensor>;
      const step = await modulation.run({ timestep });
      const cond = conditionOf(one);
      near(
        (await decoder.run({ latents, modulation: step.modulation!, cond })).velocity,
        one.outputs.velocity!,
      );
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  it('several samples in one batch are as each alone', async () => {
    const decoder = await session(parts.generation, {}, fluxDecoder);
    const modulation = await session(parts.generation, {}, (layers) =>
      fluxModulation(layers, { pooled: expected.floats(expected.constants.pooled), guidance: 3.5 }),
    );
    const one = of('generation_decoder')[0]!;
    const { latents, timestep } = feedsOf(one.inputs) as Record<'latents' | 'timestep', ort.Tensor>;
    const step = (await modulation.run({ timestep })).modulation!;
    const cond = conditionOf(one);
    const noise = latents.data as Float32Array;
    const other = noise.map((value) => -value);
    const twice = (a: Float32Array, b: Float32Array, dims: readonly number[]) =>
      new ort.Tensor('float32', Float32Array.from([...a, ...b]), [2, ...dims.slice(1)]);
    const condition = cond.data as Float32Array;
    const both = await decoder.run({
      latents: twice(noise, other, latents.dims),
      modulation: step,
      cond: twice(condition, condition, cond.dims),
    });
    const alone = await decoder.run({
      latents: new ort.Tensor('float32', other, latents.dims),
      modulation: step,
      cond,
    });
    const found = both.velocity!.data as Float32Array;
    near({ data: found.subarray(0, noise.length) }, one.outputs.velocity!);
    expect(
      largestDifference(found.subarray(noise.length), alone.velocity!.data as Float32Array),
    ).toBeLessThan(1e-5);
  });

  function conditionOf(one: Case): ort.Tensor {
    const { data, dims } = expected.condition(one);
    return new ort.Tensor('float32', data, dims);
  }
});
