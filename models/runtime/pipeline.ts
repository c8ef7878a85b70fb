/**
 * The Nexus-Gen pipeline over a set of graphs. It keeps nothing between requests, so requests may overlap.
 * Sources: Nexus-Gen (arXiv 2504.21356) and its published inference scripts.
 */
import { asBatch, conditions, type Constants } from './conditioning';
import { decodeLatents, denoise, sketch, type Canvas, type Sample } from './diffusion';
import { CancelledError, RequestError } from './errors';
import { output, type Feeds, type GraphSet } from './graphs/graph';
import { float32, floatsOf, int64, type Tensor } from './graphs/tensor';
import {
  patchesForReference,
  patchesForTarget,
  patchesForUnderstanding,
  type Patches,
} from './image/patches';
import { cropCenterSquare, resize } from './image/resample';
import { argmax, LanguageModel, release, type StepOutput } from './language-model';
import type { Manifest } from './manifest';
import { graphsFor, type Need } from './needs';
import { promptPositions } from './positions';
import { Stopwatch } from './stopwatch';
import { PromptBuilder } from './text/prompt';
import { TextStream } from './text/stream';
import type { TextTokenizer } from './text/tokenizer';
import type {
  EditRequest,
  GenerateRequest,
  InferenceRequest,
  InferenceResult,
  Reconstruction,
  RgbImage,
  RunOptions,
  UnderstandRequest,
} from './types';
import { sizeForEdit } from './validate';

export type PictureRequest = GenerateRequest | EditRequest;

/** A request with what its caller wants to hear of it. */
export interface Work<R extends InferenceRequest = InferenceRequest> {
  request: R;
  options?: RunOptions;
}

export interface PipelineParts {
  manifest: Manifest;
  graphs: GraphSet;
  tokenizer: TextTokenizer;
  constants: Constants;
}

/** A prompt that has been read by the language model. */
interface Read extends Pick<StepOutput, 'state' | 'logits'> {
  /** Position of the next token. */
  next: number;
  /** How many tokens were read. */
  promptTokens: number;
}

/** Tokens that the model may say before a picture; then the picture is begun for it. */
const textBudget = 32;

export class Pipeline {
  private readonly languageModel: LanguageModel;
  private readonly prompts: PromptBuilder;

  constructor(private readonly parts: PipelineParts) {
    const { graphs, manifest, constants, tokenizer } = parts;
    this.languageModel = new LanguageModel(graphs, manifest, constants.imagePrefillEmbeds);
    this.prompts = new PromptBuilder(manifest, tokenizer);
  }

  /**
   * Answers a question, with or without a picture, by greedy decoding.
   * @throws CancelledError, RequestError, ImageError, ModelError
   */
  async understand({ request, options = {} }: Work<UnderstandRequest>): Promise<InferenceResult> {
    this.admit({ task: 'understand', image: request.image !== null });
    const watch = new Stopwatch(options.onEvent);
    const read = await this.read(request, watch, options.signal);
    const { tokens } = this.parts.manifest;
    const silent = [tokens.boi, tokens.eoi, tokens.image_pad, tokens.pad].filter((id) => id !== tokens.eos);
    const stream = new TextStream((ids) => this.parts.tokenizer.decode(ids));
    let text = '';
    let count = 0;
    const say = (piece: string) => {
      text += piece;
      if (piece !== '') options.onEvent?.({ type: 'token', text: piece });
    };
    await watch.stage('decode', async () => {
      let last = read.state;
      try {
        const decoding = {
          position: read.next,
          most: request.maxNewTokens,
          never: silent,
          ends: [tokens.eos],
        };
        for await (const { ids, state } of this.languageModel.speak(read, decoding)) {
          last = state;
          await breathe(options.signal);
          for (const id of ids.filter((one) => one !== tokens.eos)) {
            say(stream.push(id));
            count++;
          }
        }
      } finally {
        release(last);
        if (last !== read.state) release(read.state);
      }
      say(stream.flush());
    });
    return { kind: 'text', text, tokens: count, promptTokens: read.promptTokens, timings: watch.finish() };
  }

  /**
   * Makes pictures of one size, number of steps and decoder, the denoising in one batch.
   * @returns for each its result or its error, in order
   */
  async pictures(work: readonly Work<PictureRequest>[]): Promise<(InferenceResult | Error)[]> {
    const watches = work.map(({ options }) => new Stopwatch(options?.onEvent));
    const errors = new Map<number, Error>();
    const samples: { i: number; sample: Sample }[] = [];
    for (const [i, item] of work.entries())
      try {
        samples.push({ i, sample: await this.sample(item, watches[i]!) });
      } catch (error) {
        errors.set(i, error instanceof Error ? error : new Error(String(error)));
      }
    const lead = samples[0] && work[samples[0].i]!;
    const latents = lead
      ? await stageOfAll(
          samples.map(({ i }) => watches[i]!),
          'denoise',
          () =>
            denoise(
              this.parts.graphs,
              this.parts.manifest,
              decoderOf(lead.request),
              this.canvasOf(lead.request),
              lead.request.steps,
              samples.map(({ sample }) => sample),
            ),
        )
      : [];
    const results: (InferenceResult | Error)[] = [];
    for (const [i, watch] of watches.entries()) {
      const latent = latents[samples.findIndex((sample) => sample.i === i)];
      if (!latent) results.push(errors.get(i) ?? new CancelledError());
      else {
        const image = await watch.stage('vae', () =>
          decodeLatents(this.parts.graphs, this.parts.manifest, latent, this.canvasOf(work[i]!.request)),
        );
        results.push({ kind: 'image', image, timings: watch.finish() });
      }
    }
    return results;
  }

  /**
   * Draws a picture again from its own embeddings: the vision encoder's look at the target grid, the generation
   * decoder without guidance, always from the same noise. Both are compared on the manifest's default square.
   * @param steps of denoising; few are enough
   * @throws CancelledError, ModelError
   */
  async reconstruct(image: RgbImage, steps: number, options: RunOptions = {}): Promise<Reconstruction> {
    const { graphs, manifest, constants } = this.parts;
    const { onEvent, signal } = options;
    this.admit({ task: 'reconstruct' });
    const watch = new Stopwatch(onEvent);
    const { width, height } = manifest.parameters;
    const side = Math.min(width.default, height.default);
    const canvas = { width: side, height: side };
    const square = manifest.image.fit === 'center_square' ? cropCenterSquare(image) : image;
    const source = resize(square, side, side, manifest.image.resample);
    await breathe(signal);
    const seen = await watch.stage('vision', () => this.see(patchesForTarget(image, manifest)));
    const { positive } = await watch.stage('condition', () =>
      conditions(graphs, manifest, constants, {
        ...{ decoder: 'generation', canvas, guidance: 1 },
        ...{ imageEmbeds: withBatch(seen), referenceEmbeds: null, negativeEmbeds: null },
      }),
    );
    const sample: Sample = {
      ...{ seed: 0, guidance: 1, positive, negative: null },
      wanted: () => !signal?.aborted,
      onStep: async (step) => onEvent?.({ type: 'step', step, steps }),
    };
    const [latent] = await watch.stage('denoise', () =>
      denoise(graphs, manifest, 'generation', canvas, steps, [sample]),
    );
    if (!latent) throw new CancelledError();
    const drawn = await watch.stage('vae', () => decodeLatents(graphs, manifest, latent, canvas));
    return {
      kind: 'reconstruction',
      image: drawn,
      error: meanAbsoluteError(source, drawn),
      timings: watch.finish(),
    };
  }

  /** Whether two picture requests can share a batch. */
  compatible(a: PictureRequest, b: PictureRequest): boolean {
    const [first, second] = [this.canvasOf(a), this.canvasOf(b)];
    return (
      decoderOf(a) === decoderOf(b) &&
      a.steps === b.steps &&
      first.width === second.width &&
      first.height === second.height
    );
  }

  /**
   * The image embeddings (1, 81, D) of a request, in one pass or in the reference's 81 steps, and how long each
   * of the two stages `prefill` and `embeddings` took. For tests and measurements.
   */
  async imageEmbeddings(request: PictureRequest, way: 'one-pass' | 'stepwise') {
    const watch = new Stopwatch();
    const embeds = await this.embeddings(request, watch, undefined, way);
    return { embeds: floatsOf(embeds), timings: watch.finish() };
  }

  /** All that comes before the denoising of one picture. */
  private async sample({ request, options = {} }: Work<PictureRequest>, watch: Stopwatch): Promise<Sample> {
    const { graphs, manifest, constants } = this.parts;
    const decoder = decoderOf(request);
    this.admit(request.task === 'edit' ? { task: 'edit', decoder } : { task: 'generate' });
    const imageEmbeds = await this.embeddings(request, watch, options.signal);
    const referenceEmbeds =
      request.task === 'edit' && decoder === 'editing'
        ? await watch.stage('reference', async () =>
            withBatch(await this.see(patchesForReference(request.image, manifest))),
          )
        : null;
    await breathe(options.signal);
    const canvas = this.canvasOf(request);
    const { guidance, negativePrompt } = request;
    const unwanted =
      negativePrompt === undefined || guidance === 1
        ? null
        : await watch.stage('negative', () => this.negative(request, negativePrompt, options.signal));
    const { positive, negative } = await watch.stage('condition', () =>
      conditions(graphs, manifest, constants, {
        ...{ decoder, canvas, imageEmbeds, referenceEmbeds, guidance },
        negativeEmbeds: unwanted,
      }),
    );
    const { onEvent, signal, previewEvery = 0 } = options;
    return {
      seed: request.seed,
      guidance,
      positive,
      negative,
      wanted: () => !signal?.aborted,
      onStep: async (step, estimate) => {
        onEvent?.({ type: 'step', step, steps: request.steps });
        if (previewEvery > 0 && onEvent && step % previewEvery === 0 && step < request.steps)
          onEvent({ type: 'preview', step, image: await this.preview(estimate(), canvas) });
      },
    };
  }

  private async preview(latents: Tensor, canvas: Canvas): Promise<RgbImage> {
    const { graphs, manifest, constants } = this.parts;
    const { latentColors } = constants;
    return latentColors
      ? sketch(latents, latentColors, canvas)
      : decodeLatents(graphs, manifest, latents, canvas);
  }

  /** Before the first graph runs: minutes may pass until the last one is asked for. @throws ModelError `does_not_fit` */
  private admit(need: Need): void {
    const { graphs } = this.parts;
    graphs.admit(graphsFor(need, (name) => graphs.has(name)));
  }

  /** The embeddings of the negative prompt, as if it had been asked for. */
  private async negative(request: PictureRequest, prompt: string, signal?: AbortSignal): Promise<Tensor> {
    try {
      return await this.embeddings({ ...request, prompt }, new Stopwatch(), signal);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      throw new RequestError(error.code, 'negativePrompt', `The negative prompt: ${error.message}`);
    }
  }

  private async embeddings(
    request: PictureRequest,
    watch: Stopwatch,
    signal?: AbortSignal,
    way: 'one-pass' | 'stepwise' = 'one-pass',
  ): Promise<Tensor> {
    const { manifest } = this.parts;
    const read = await this.untilPicture(await this.read(request, watch, signal), watch, signal);
    const embeds = await watch
      .stage('embeddings', () =>
        way === 'one-pass'
          ? this.languageModel.embeddings(read.state, read.next)
          : this.languageModel.embeddingsStepwise(read.state, read.next),
      )
      .finally(() => release(read.state));
    return float32(embeds, [1, embeds.length / manifest.hidden_size, manifest.hidden_size]);
  }

  /** Lets the model speak until it begins a picture, ends, or has used its budget. */
  private async untilPicture(
    read: Read,
    watch: Stopwatch,
    signal?: AbortSignal,
  ): Promise<Pick<Read, 'state' | 'next'>> {
    const { boi, eos } = this.parts.manifest.tokens;
    const ends = [boi, eos];
    if (ends.includes(argmax(read.logits))) return read;
    return watch.stage('preface', async () => {
      let last = read.state;
      let said = 0;
      try {
        // The last token is not fed: it begins the picture, or one of the budget has been said beyond it.
        const decoding = { position: read.next, most: textBudget + 1, ends };
        for await (const { ids, state } of this.languageModel.speak(read, decoding)) {
          last = state;
          said += ids.length;
          await breathe(signal);
        }
      } catch (error) {
        release(last);
        throw error;
      } finally {
        if (last !== read.state) release(read.state);
      }
      return { state: last, next: read.next + said - 1 };
    });
  }

  /** Feeds the prompt, with the picture that it is about. */
  private async read(request: InferenceRequest, watch: Stopwatch, signal?: AbortSignal): Promise<Read> {
    const { manifest } = this.parts;
    await breathe(signal);
    const image = request.task === 'generate' ? null : request.image;
    const seen = image && (await watch.stage('vision', () => this.look(image)));
    const ids = await watch.stage('tokenize', async () =>
      this.prompts.encode(
        request.task,
        request.prompt,
        request.language,
        seen && seen.tokens[0] * seen.tokens[1],
      ),
    );
    await breathe(signal);
    const { image_pad } = manifest.tokens;
    const { positions, next } = promptPositions(ids, image_pad, seen ? [seen.tokens] : []);
    const step = await watch.stage('prefill', async () => {
      const embeds = await this.languageModel.embed(ids);
      if (seen) embeds.set(seen.embeds, ids.indexOf(image_pad) * manifest.hidden_size);
      return this.languageModel.forward(await this.languageModel.start(), embeds, positions);
    });
    return { state: step.state, logits: step.logits, next, promptTokens: ids.length };
  }

  private async look(image: RgbImage): Promise<{ embeds: Float32Array; tokens: [number, number] }> {
    const patches = patchesForUnderstanding(image, this.parts.manifest);
    return { embeds: floatsOf(await this.see(patches)), tokens: patches.tokens };
  }

  /** (patches / merge², D) */
  private async see(patches: Patches): Promise<Tensor> {
    const graph = await this.parts.graphs.get('vision_encoder');
    const feeds: Feeds = {
      pixel_values: float32(patches.pixelValues, [patches.patches, patches.features]),
      image_grid_thw: int64(patches.grid, [1, 3]),
    };
    return output(await graph.run(feeds), 'image_embeds');
  }

  private canvasOf(request: PictureRequest): Canvas {
    if (request.task === 'generate') return { width: request.width, height: request.height };
    const fitted = sizeForEdit(this.parts.manifest, request.image);
    return { width: request.width ?? fitted.width, height: request.height ?? fitted.height };
  }
}

function decoderOf(request: PictureRequest) {
  return request.task === 'edit' ? request.decoder : 'generation';
}

/** Over all values of two pictures of one size, 0 to 1. */
function meanAbsoluteError(a: RgbImage, b: RgbImage): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length / 255;
}

function withBatch(embeds: Tensor): Tensor {
  return asBatch(floatsOf(embeds), embeds.dims);
}

function stageOfAll<T>(watches: readonly Stopwatch[], name: string, work: () => Promise<T>): Promise<T> {
  return watches.reduce<() => Promise<T>>((inner, watch) => () => watch.stage(name, inner), work)();
}

/** Lets messages in, a cancel among them (a graph's run blocks the event loop), and stops if one came. */
async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise(setImmediate);
  if (signal?.aborted) throw new CancelledError();
}
