import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from './image/encode';
import type { Graph, GraphSet } from './graphs/graph';
import { localGraphs } from './graphs/local';
import { floatsOf, float32, type Given } from './graphs/tensor';
import type { GraphName } from './manifest';
import { loadModel, type InferenceModel } from './model';
import { testImage, tinyModel } from './testing/tiny';
import type {
  EditRequest,
  GenerateRequest,
  InferenceEvent,
  InferenceResult,
  UnderstandRequest,
} from './types';

const generate: GenerateRequest = {
  task: 'generate',
  prompt: 'two red apples',
  width: 64,
  height: 64,
  steps: 4,
  guidance: 2,
  seed: 1,
  language: 'en',
};
const edit: EditRequest = {
  task: 'edit',
  prompt: 'make them green',
  image: testImage(64, 48),
  decoder: 'editing',
  steps: 3,
  guidance: 1,
  seed: 2,
  language: 'en',
};
const ask: UnderstandRequest = {
  task: 'understand',
  prompt: 'how many?',
  image: testImage(50, 40),
  maxNewTokens: 8,
  language: 'en',
};

let model: InferenceModel;
beforeAll(async () => void (model = await loadModel(tinyModel, { threads: 1 })));
afterAll(() => model.close());

const pixels = (result: InferenceResult) => {
  if (result.kind !== 'image') throw new Error('not a picture');
  return result.image;
};

/** The tiny model with one graph replaced; the language model's tokens can be dictated by `says`. */
function modelWith(
  replace: (name: GraphName, graph: Graph) => Graph,
  batch = false,
): Promise<InferenceModel> {
  return loadModel(tinyModel, {
    threads: 1,
    batch,
    graphs: (loaded): GraphSet => {
      const set = localGraphs(loaded, { device: 'cpu', threads: 1 });
      return { ...set, get: async (name) => replace(name, await set.get(name)) };
    },
  });
}

function saying(ids: readonly number[], fed: number[] = []) {
  let next = 0;
  return (name: GraphName, graph: Graph): Graph => ({
    ...graph,
    run: async (feeds) => {
      const outputs = await graph.run(feeds);
      if (name === 'embed_tokens') fed.push(...Array.from((feeds.input_ids as Given).data, Number));
      if (name !== 'language_model') return outputs;
      const logits = new Float32Array(floatsOf(outputs.logits!).length);
      logits[ids[Math.min(next++, ids.length - 1)]!] = 1;
      return { ...outputs, logits: float32(logits, outputs.logits!.dims) };
    },
  });
}

describe('the 81 embeddings', () => {
  it.each([generate, { ...edit, decoder: 'generation' as const }])(
    'of $task are the same in one pass as in 81 steps',
    async (request) => {
      const once = await model.imageEmbeddings(request, 'one-pass');
      const steps = await model.imageEmbeddings(request, 'stepwise');
      expect(once.embeds).toHaveLength(81 * 16);
      const difference = once.embeds.map((value, i) => Math.abs(value - steps.embeds[i]!));
      expect(Math.max(...difference)).toBeLessThanOrEqual(1e-4);
      // Each depends on what comes before it, so they are not all alike.
      const [first, last] = [once.embeds.subarray(0, 16), once.embeds.subarray(80 * 16)];
      expect(Math.max(...first.map((value, i) => Math.abs(value - last[i]!)))).toBeGreaterThan(0.1);
      expect(Object.keys(once.timings)).toEqual(expect.arrayContaining(['prefill', 'embeddings', 'total']));
    },
  );

  it('begin at once when the model begins a picture itself', async () => {
    const fed: number[] = [];
    const own = await modelWith(saying([model.manifest.tokens.boi], fed));
    await own.run({ ...generate, steps: 1 });
    expect(fed.slice(-2)).toEqual([10, model.manifest.tokens.boi]);
    await own.close();
  });

  it('begin when the model ends instead, or speaks on and on', async () => {
    const { boi, eos } = model.manifest.tokens;
    for (const [says, said] of [
      [
        [65, 66, eos],
        [65, 66],
      ],
      [[65], new Array<number>(32).fill(65)],
    ] as const) {
      const fed: number[] = [];
      const own = await modelWith(saying(says, fed));
      const result = await own.run({ ...generate, steps: 1 });
      expect(result.kind).toBe('image');
      expect(fed.slice(-said.length - 2)).toEqual([10, ...said, boi]);
      await own.close();
    }
  });
});

describe('a picture', () => {
  it('is the same file for the same seed, and another for another', async () => {
    const files = [];
    for (const seed of [1, 1, 3]) files.push(await encodePng(pixels(await model.run({ ...generate, seed }))));
    expect(files[0]).toEqual(files[1]);
    expect(files[0]).not.toEqual(files[2]);
  });

  it('has the size that was asked for, square or not', async () => {
    for (const [width, height] of [
      [32, 128],
      [128, 40],
    ] as const) {
      const image = pixels(await model.run({ ...generate, width, height }));
      expect(image).toMatchObject({ width, height });
      expect(image.data).toHaveLength(width * height * 3);
    }
  });

  it('depends on prompt, language, guidance and steps', async () => {
    const base = pixels(await model.run(generate)).data;
    const changes = [
      { prompt: 'a dog' },
      { language: 'zh' as const },
      { guidance: 5 },
      { guidance: 1 },
      { steps: 5 },
    ];
    for (const change of changes)
      expect(pixels(await model.run({ ...generate, ...change })).data).not.toEqual(base);
  });

  it('needs no negative pass with guidance 1', async () => {
    const sizes: number[] = [];
    const own = await modelWith((name, graph) => ({
      ...graph,
      run: (feeds) => {
        if (name === 'generation_decoder') sizes.push(feeds.latents!.dims[0]!);
        return graph.run(feeds);
      },
    }));
    await own.run({ ...generate, guidance: 1 });
    await own.run({ ...generate, guidance: 2 });
    expect(sizes).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    await own.close();
  });

  it('reports its stages, steps and previews', async () => {
    const events: InferenceEvent[] = [];
    const { timings } = await model.run(generate, {
      onEvent: (event) => events.push(event),
      previewEvery: 2,
    });
    expect(events.flatMap((e) => (e.type === 'step' ? [`${e.step}/${e.steps}`] : []))).toEqual([
      '1/4',
      '2/4',
      '3/4',
      '4/4',
    ]);
    const previews = events.flatMap((e) => (e.type === 'preview' ? [e] : []));
    expect(previews.map(({ step }) => step)).toEqual([2]);
    expect(previews[0]!.image).toMatchObject({ width: 64, height: 64 });
    for (const stage of ['tokenize', 'prefill', 'embeddings', 'condition', 'denoise', 'vae'])
      expect(timings[stage]).toBeGreaterThan(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.denoise!);
  });
});

describe('an edit', () => {
  it('has the size of its source, or the one asked for', async () => {
    expect(pixels(await model.run(edit))).toMatchObject({ width: 64, height: 48 });
    expect(pixels(await model.run({ ...edit, width: 32, height: 96 }))).toMatchObject({
      width: 32,
      height: 96,
    });
  });

  it('works with both decoders, and with guidance', async () => {
    const editing = pixels(await model.run(edit)).data;
    expect(pixels(await model.run({ ...edit, decoder: 'generation' })).data).not.toEqual(editing);
    expect(pixels(await model.run({ ...edit, guidance: 3 })).data).not.toEqual(editing);
    expect(pixels(await model.run(edit)).data).toEqual(editing);
  });
});

describe('a batch', () => {
  it('gives each request what it would get alone', async () => {
    const own = await loadModel(tinyModel, { threads: 1, batch: true });
    const requests = [
      generate,
      { ...generate, seed: 9, guidance: 1 },
      { ...generate, prompt: 'a cat' },
      edit,
      ask,
    ];
    const together = await own.runBatch(requests.map((request) => ({ request })));
    for (const [i, request] of requests.entries()) {
      const result = together[i];
      if (!result || result instanceof Error) throw result;
      const alone = await model.run(request);
      if (alone.kind === 'text') expect(result).toMatchObject({ text: alone.text });
      else {
        const [a, b] = [pixels(result).data, pixels(alone).data];
        expect(Math.max(...a.map((value, at) => Math.abs(value - b[at]!)))).toBeLessThanOrEqual(1);
      }
    }
    await own.close();
  });

  it('goes on when one of it is cancelled or cannot be done', async () => {
    const own = await loadModel(tinyModel, { threads: 1, batch: true });
    const cancel = new AbortController();
    const results = await own.runBatch([
      { request: generate },
      {
        request: { ...generate, seed: 5 },
        options: { signal: cancel.signal, onEvent: (e) => e.type === 'step' && cancel.abort() },
      },
      { request: { ...generate, prompt: '<|im_end|>' } },
    ]);
    expect(results[0]).toMatchObject({ kind: 'image' });
    expect(results[1]).toMatchObject({ code: 'cancelled' });
    expect(results[2]).toMatchObject({ code: 'prompt_unusable' });
    await own.close();
  });
});

describe('an answer', () => {
  it('streams the text that it returns, the same each time', async () => {
    const pieces: string[] = [];
    const onEvent = (event: InferenceEvent) => void (event.type === 'token' && pieces.push(event.text));
    const first = await model.run(ask, { onEvent });
    if (first.kind !== 'text') throw new Error('not a text');
    expect(pieces.join('')).toBe(first.text);
    expect(first.tokens).toBeLessThanOrEqual(8);
    expect(await model.run(ask)).toMatchObject({ text: first.text });
    expect(await model.run({ ...ask, image: null })).not.toMatchObject({ text: first.text });
  });

  it('ends at the end token, has whole characters and no control tokens', async () => {
    const own = await modelWith(saying([...Buffer.from('是🍎'), model.manifest.tokens.eos]));
    const pieces: string[] = [];
    const result = await own.run(ask, { onEvent: (e) => e.type === 'token' && pieces.push(e.text) });
    expect(result).toMatchObject({ kind: 'text', text: '是🍎', tokens: 7 });
    expect(pieces).toEqual(['是', '🍎']);
    await own.close();
  });

  it('is no longer than allowed', async () => {
    const own = await modelWith(saying([65]));
    expect(await own.run({ ...ask, maxNewTokens: 3 })).toMatchObject({ text: 'AAA', tokens: 3 });
    await own.close();
  });
});

describe('a cancelled request', () => {
  it.each([generate, edit])('$task stops between two steps', async (request) => {
    const cancel = new AbortController();
    let steps = 0;
    const onEvent = (event: InferenceEvent) => {
      if (event.type === 'step' && ++steps === 2) setImmediate(() => cancel.abort());
    };
    const running = model.run({ ...request, steps: 40 }, { signal: cancel.signal, onEvent });
    await expect(running).rejects.toMatchObject({ name: 'CancelledError', code: 'cancelled' });
    expect(steps).toBeLessThan(5);
  });

  it('understand stops between two tokens', async () => {
    const cancel = new AbortController();
    const onEvent = (event: InferenceEvent) => event.type === 'token' && cancel.abort();
    await expect(model.run(ask, { signal: cancel.signal, onEvent })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('does nothing when it was cancelled before', async () => {
    const events: InferenceEvent[] = [];
    const options = { signal: AbortSignal.abort(), onEvent: (event: InferenceEvent) => events.push(event) };
    await expect(model.run(generate, options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(events).toEqual([]);
  });
});

describe('loading', () => {
  it('forgets a failed load and tries again', async () => {
    let attempts = 0;
    const { graphSet } = await import('./graphs/graph-set');
    const set = graphSet(['vision_head'], (name) =>
      ++attempts === 1
        ? Promise.reject(new Error('once'))
        : Promise.resolve({
            name,
            spec: { file: '', inputs: {}, outputs: {} },
            run: async () => ({}),
            close: async () => {},
          }),
    );
    await expect(Promise.all([set.get('vision_head'), set.get('vision_head')])).rejects.toThrow('once');
    await expect(set.get('vision_head')).resolves.toBeTruthy();
    await set.get('vision_head');
    expect(attempts).toBe(2);
  });

  it('within a limit of memory gives the same results, whatever has to make room', async () => {
    const bytes = Object.entries(model.manifest.graphs).map(([name, graph]) => ({
      name,
      bytes: model.manifest.files[graph.file]!.bytes,
    }));
    const largest = Math.max(...bytes.map((one) => one.bytes));
    const all = bytes.reduce((sum, one) => sum + one.bytes, 0);
    let most = 0;
    let changes = 0;
    const own = await loadModel(tinyModel, {
      threads: 1,
      memory: largest,
      onGraphs: ({ graphs }) => {
        changes++;
        most = Math.max(
          most,
          graphs.reduce((sum, one) => sum + one.bytes, 0),
        );
      },
    });
    const events: InferenceEvent[] = [];
    for (const request of [generate, edit, ask]) {
      const options = { previewEvery: 1, onEvent: (event: InferenceEvent) => events.push(event) };
      const [expected, found] = [await model.run(request), await own.run(request, options)];
      expect({ ...found, timings: null }).toEqual({ ...expected, timings: null });
    }
    await own.close();
    expect(events.filter(({ type }) => type === 'preview')).not.toEqual([]);
    expect(changes).toBeGreaterThan(20);
    expect(most).toBeLessThanOrEqual(largest);
    expect(largest).toBeLessThan(all / 2);
  });

  it('loads no decoder for a question, and not that of edits for a picture', async () => {
    let names: string[] = [];
    const own = await loadModel(tinyModel, {
      ...{ threads: 1, sessions: 'needed' },
      onGraphs: ({ graphs }) => (names = graphs.map(({ name }) => name)),
    });
    await own.run(ask);
    expect(names.filter((name) => /decoder|projector/.test(name))).toEqual([]);
    await own.run(generate);
    expect(names).toContain('generation_decoder');
    expect(names.filter((name) => name.startsWith('editing'))).toEqual([]);
    await own.close();
  });

  it('says which graph is too large for the device', async () => {
    let tooLarge: string[] = [];
    const own = await loadModel(tinyModel, {
      ...{ threads: 1, memory: 1 },
      onGraphs: (loaded) => (tooLarge = loaded.tooLarge.map(({ name }) => name)),
    });
    // Nothing has been loaded: it is told all the same.
    expect(tooLarge).toEqual(Object.keys(own.manifest.graphs));
    await expect(own.run(generate)).rejects.toMatchObject({ code: 'does_not_fit' });
    await own.close();
  });

  it.each([
    ['vae_decoder', ['generate', 'edit', 'editGeneration', 'reconstruct']],
    ['generation_decoder', ['generate', 'editGeneration', 'reconstruct']],
    ['editing_decoder', ['edit']],
    ['vision_encoder', ['edit', 'editGeneration', 'ask', 'reconstruct']],
    ['language_model', ['generate', 'edit', 'editGeneration', 'ask', 'askText']],
  ] as const)(
    'refuses what needs a %s that is too large before the first graph runs, and nothing else',
    async (large, refused) => {
      let loaded = 0;
      const own = await loadModel(tinyModel, {
        ...{ threads: 1, sessions: 'needed' },
        graphs: ({ manifest, ...directory }) => {
          const graphs = { ...manifest.graphs, [large]: { ...manifest.graphs[large], memory: 2e12 } };
          return localGraphs(
            { ...directory, manifest: { ...manifest, graphs } },
            {
              ...{ device: 'cpu', threads: 1, memory: 1e12 },
              onChange: ({ graphs, loading }) => (loaded += graphs.length + loading.length),
            },
          );
        },
      });
      const work = {
        generate: () => own.run(generate),
        edit: () => own.run(edit),
        editGeneration: () => own.run({ ...edit, decoder: 'generation' }),
        ask: () => own.run(ask),
        askText: () => own.run({ ...ask, image: null }),
        reconstruct: () => own.reconstruct(testImage(64, 48), { steps: 1 }),
      };
      for (const name of refused) await expect(work[name]()).rejects.toMatchObject({ code: 'does_not_fit' });
      expect(loaded).toBe(0);
      for (const [name, run] of Object.entries(work)) if (!refused.some((one) => one === name)) await run();
      await own.close();
    },
  );

  it('says in one line when a device is not there', async () => {
    await expect(loadModel(tinyModel, { device: 'tensorrt' as never })).rejects.toMatchObject({
      name: 'DeviceError',
      code: 'device_unavailable',
      message: expect.stringMatching(/^[^\n]*Use the device cpu\.$/),
    });
  });
});

describe('a negative prompt', () => {
  const other = { ...generate, negativePrompt: 'a dog' };

  it('changes what guidance leads away from, and depends on its words', async () => {
    const without = pixels(await model.run(generate)).data;
    const dog = pixels(await model.run(other)).data;
    expect(dog).not.toEqual(without);
    expect(pixels(await model.run({ ...other, negativePrompt: 'a cat' })).data).not.toEqual(dog);
    expect(pixels(await model.run(other)).data).toEqual(dog);
  });

  it('works for edits with both decoders', async () => {
    for (const decoder of ['editing', 'generation'] as const) {
      const asked = { ...edit, decoder, guidance: 2 };
      const without = pixels(await model.run(asked)).data;
      expect(pixels(await model.run({ ...asked, negativePrompt: 'a dog' })).data).not.toEqual(without);
    }
  });

  it('of an edit keeps the source in the negative branch of the editing decoder', async () => {
    const fed: Float32Array[] = [];
    const own = await modelWith((name, graph) => ({
      ...graph,
      run: (feeds) => {
        if (name === 'editing_projector') fed.push(floatsOf(feeds.reference_embeds!));
        return graph.run(feeds);
      },
    }));
    await own.run({ ...edit, guidance: 2, negativePrompt: 'a dog' });
    expect(fed).toHaveLength(2);
    expect(fed[1]).toEqual(fed[0]);
    await own.close();
  });

  it('costs nothing and changes nothing with guidance 1', async () => {
    const passes: string[] = [];
    const own = await modelWith((name, graph) => ({
      ...graph,
      run: (feeds) => {
        passes.push(name);
        return graph.run(feeds);
      },
    }));
    const first = pixels(await own.run({ ...generate, guidance: 1 }));
    const plain = passes.splice(0);
    const second = pixels(await own.run({ ...other, guidance: 1 }));
    expect(passes).toEqual(plain);
    expect(second).toEqual(first);
    await own.close();
  });

  it('of control tokens alone is refused under its own name', async () => {
    await expect(model.run({ ...generate, negativePrompt: '<|im_end|>' })).rejects.toMatchObject({
      code: 'prompt_unusable',
      field: 'negativePrompt',
    });
  });
});

describe('a reconstruction', () => {
  it('is a square of the default size, the same each time, with its distance to the source', async () => {
    const source = testImage(90, 60);
    const first = await model.reconstruct(source, { steps: 2 });
    expect(first.image).toMatchObject({ width: 64, height: 64 });
    expect(first.error).toBeGreaterThan(0);
    expect(first.error).toBeLessThan(1);
    expect(await model.reconstruct(source, { steps: 2 })).toMatchObject({ error: first.error });
    expect((await model.reconstruct(testImage(60, 90), { steps: 2 })).error).not.toBe(first.error);
    for (const stage of ['vision', 'condition', 'denoise', 'vae'])
      expect(first.timings[stage]).toBeGreaterThanOrEqual(0);
  });

  it('takes as many steps as asked, else the default', async () => {
    const steps: number[] = [];
    const onEvent = (event: InferenceEvent) => void (event.type === 'step' && steps.push(event.steps));
    await model.reconstruct(testImage(9, 9), { steps: 2, onEvent });
    await model.reconstruct(testImage(9, 9), { onEvent });
    expect(steps).toEqual([2, 2, 4, 4, 4, 4]);
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(model.reconstruct(testImage(9, 9), { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
