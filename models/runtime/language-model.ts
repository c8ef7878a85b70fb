/**
 * The autoregressive half: text decoding with a key/value cache, and the 81 image embeddings.
 * Source: Nexus-Gen, arXiv 2504.21356, section 3 (prefilled autoregression).
 */
import { cacheNames } from './graphs/contract';
import { output, type Feeds, type Graph, type GraphSet } from './graphs/graph';
import { float32, floatsOf, int64, type Tensor } from './graphs/tensor';
import type { Manifest } from './manifest';
import { generatedPositions, slicePositions, textPositions, type Positions } from './positions';

/**
 * What a sequence has been fed so far. Never changed: a step gives a new one, so two can go on from one. Its cache may be in the device’s
 * memory, until `release`.
 */
export interface SequenceState {
  /** Tokens in the cache. */
  length: number;
  cache: Feeds;
}

export interface StepOutput {
  state: SequenceState;
  /** (vocabulary) of the last token fed. */
  logits: Float32Array;
  /** (1, s, D) */
  hidden: Tensor;
}

/** Gives back what a sequence keeps on the device. Nothing can go on from it any more. */
export function release({ cache }: SequenceState): void {
  for (const tensor of Object.values(cache)) if (tensor.dtype === 'kept') tensor.release();
}

/** How a sequence goes on by itself, always with the likeliest token. */
export interface Decoding {
  /** Of the first token that is said. */
  position: number;
  /** So many tokens at most. */
  most: number;
  /** Tokens that are not chosen. */
  never?: readonly number[];
  /** Tokens after which nothing comes. */
  ends: readonly number[];
}

/** Tokens that a graph which can decode several does in one run: what is said appears in groups of so many. */
const groupSize = 16;

export class LanguageModel {
  constructor(
    private readonly graphs: GraphSet,
    private readonly manifest: Manifest,
    /** (81, D), learned: what stands in for the embeddings that come before. */
    private readonly prefill: Float32Array,
  ) {}

  /** An empty sequence. */
  async start(): Promise<SequenceState> {
    const { layers, kv_heads, head_dim } = this.manifest.language_model;
    const { spec } = await this.graphs.get('language_model');
    const cache: Feeds = {};
    for (let layer = 0; layer < layers; layer++)
      for (const name of cacheNames(layer).past) {
        const dims = [1, kv_heads, 0, head_dim];
        cache[name] =
          spec.inputs[name]?.dtype === 'float16'
            ? { dtype: 'float16', dims, data: new Uint16Array(0) }
            : float32(new Float32Array(0), dims);
      }
    return { length: 0, cache };
  }

  /** (ids, D) as one run of floats. */
  async embed(ids: readonly number[]): Promise<Float32Array> {
    const graph = await this.graphs.get('embed_tokens');
    return floatsOf(output(await graph.run({ input_ids: int64(ids, [1, ids.length]) }), 'inputs_embeds'));
  }

  /** Feeds s tokens, given as embeddings (s, D) with their positions, after those already in the cache. */
  async forward(state: SequenceState, embeds: Float32Array, positions: Positions): Promise<StepOutput> {
    const outputs = await this.run(state, embeds, positions, { position: 0, most: 0, ends: [] });
    return {
      state: this.stateOf(outputs, state.length + positions.t.length),
      logits: floatsOf(output(outputs, 'logits')),
      hidden: output(outputs, 'hidden_states'),
    };
  }

  /** @param decoding of a graph that decodes several tokens in one run, behind those that it is fed */
  private async run(
    state: SequenceState,
    embeds: Float32Array,
    positions: Positions,
    { position, most, never = [], ends }: Decoding,
  ): Promise<Feeds> {
    const s = positions.t.length;
    const length = state.length + s;
    const graph = await this.graphs.get('language_model');
    return graph.run({
      inputs_embeds: float32(embeds, [1, s, this.manifest.hidden_size]),
      attention_mask: int64(new Array<number>(length).fill(1), [1, length]),
      position_ids: int64([...positions.t, ...positions.h, ...positions.w], [3, 1, s]),
      ...state.cache,
      ...(decodesSeveral(graph) && {
        ...{ steps: int64([most], [1]), position: int64([position], [1]) },
        ...{ forbidden: int64(never, [never.length]), ends: int64(ends, [ends.length]) },
      }),
    });
  }

  private stateOf(outputs: Feeds, length: number): SequenceState {
    const cache: Feeds = {};
    for (let layer = 0; layer < this.manifest.language_model.layers; layer++) {
      const { past, present } = cacheNames(layer);
      cache[past[0]] = output(outputs, present[0]);
      cache[past[1]] = output(outputs, present[1]);
    }
    return { length, cache };
  }

  /**
   * What the model says behind a sequence: tokens in groups, of one where a run of the graph gives one. With each group comes the sequence
   * that has been fed all tokens but the last one; the one before it is released. Whoever stops early releases the last.
   * @param step stays the caller’s
   */
  async *speak(
    step: Pick<StepOutput, 'state' | 'logits'>,
    decoding: Decoding,
  ): AsyncGenerator<{ ids: number[]; state: SequenceState }> {
    const { position, most, never = [], ends } = decoding;
    let group = { ids: [argmax(step.logits, never)], state: step.state };
    for (let said = 1; ; said += group.ids.length) {
      yield group;
      const last = group.ids.at(-1)!;
      if (said >= most || ends.includes(last)) return;
      const before = group.state;
      group = await this.follow(before, last, {
        ...{ position: position + said - 1, never, ends },
        most: Math.min(groupSize, most - said),
      });
      if (before !== step.state) release(before);
    }
  }

  /** Feeds a token at a position, and says what comes after it. */
  private async follow(
    state: SequenceState,
    id: number,
    { position, ...decoding }: Decoding,
  ): Promise<{ ids: number[]; state: SequenceState }> {
    const embeds = await this.embed([id]);
    const positions = textPositions(position, 1);
    if (!decodesSeveral(await this.graphs.get('language_model'))) {
      const step = await this.forward(state, embeds, positions);
      return { ids: [argmax(step.logits, decoding.never)], state: step.state };
    }
    const outputs = await this.run(state, embeds, positions, { ...decoding, position: position + 1 });
    const { data } = output(outputs, 'tokens') as { data: BigInt64Array };
    return { ids: [...data].map(Number), state: this.stateOf(outputs, state.length + data.length) };
  }

  /**
   * All image embeddings in one pass: BOI at position p and prefill[0..79] go in, 81 hidden states come out.
   * No input depends on an output and attention is causal, so this equals `embeddingsStepwise`.
   * @returns (1, 81, D)
   */
  async embeddings(state: SequenceState, p: number): Promise<Float32Array> {
    const { tokens, target_grid, hidden_size } = this.manifest;
    const n = target_grid[0] * target_grid[1];
    const embeds = new Float32Array(n * hidden_size);
    embeds.set(await this.embed([tokens.boi]));
    embeds.set(this.prefill.subarray(0, (n - 1) * hidden_size), hidden_size);
    const after = await this.forward(state, embeds, generatedPositions(p, target_grid, n - 1));
    release(after.state);
    return this.head(after.hidden);
  }

  /** The reference's loop of 81 steps, kept to test and measure `embeddings` against. Same result. */
  async embeddingsStepwise(state: SequenceState, p: number): Promise<Float32Array> {
    const { tokens, target_grid, hidden_size } = this.manifest;
    const n = target_grid[0] * target_grid[1];
    const positions = generatedPositions(p, target_grid, n - 1);
    const out = new Float32Array(n * hidden_size);
    let embeds = await this.embed([tokens.boi]);
    let last = state;
    for (let k = 0; k < n; k++) {
      const step = await this.forward(last, embeds, slicePositions(positions, k, k + 1));
      out.set(await this.head(step.hidden), k * hidden_size);
      embeds = this.prefill.subarray(k * hidden_size, (k + 1) * hidden_size);
      if (last !== state) release(last);
      last = step.state;
    }
    release(last);
    return out;
  }

  private async head(hidden: Tensor): Promise<Float32Array> {
    const graph = await this.graphs.get('vision_head');
    return floatsOf(output(await graph.run({ hidden_states: hidden }), 'image_embeds'));
  }
}

const decodesSeveral = ({ spec }: Graph): boolean => 'steps' in spec.inputs;

/** The number of the largest value, the first of equals; `except` is never chosen. */
export function argmax(values: Float32Array, except: readonly number[] = []): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if ((best < 0 || values[i]! > values[best]!) && !except.includes(i)) best = i;
  return best;
}
