/**
 * The autoregressive half: text decoding with a key/value cache, and the 81 image embeddings.
 * Source: Nexus-Gen, arXiv 2504.21356, section 3 (prefilled autoregression).
 */
import { cacheNames } from './graphs/contract';
import { output, type Feeds, type GraphSet } from './graphs/graph';
import { float32, floatsOf, int64, type Tensor } from './graphs/tensor';
import type { Manifest } from './manifest';
import { generatedPositions, slicePositions, textPositions, type Positions } from './positions';

/** What a sequence has been fed so far. Never changed: a step gives a new one, so two can go on from one. */
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
    const s = positions.t.length;
    const length = state.length + s;
    const graph = await this.graphs.get('language_model');
    const outputs = await graph.run({
      inputs_embeds: float32(embeds, [1, s, this.manifest.hidden_size]),
      attention_mask: int64(new Array<number>(length).fill(1), [1, length]),
      position_ids: int64([...positions.t, ...positions.h, ...positions.w], [3, 1, s]),
      ...state.cache,
    });
    const cache: Feeds = {};
    for (let layer = 0; layer < this.manifest.language_model.layers; layer++) {
      const { past, present } = cacheNames(layer);
      cache[past[0]] = output(outputs, present[0]);
      cache[past[1]] = output(outputs, present[1]);
    }
    return {
      state: { length, cache },
      logits: floatsOf(output(outputs, 'logits')),
      hidden: output(outputs, 'hidden_states'),
    };
  }

  /** Feeds one text token at position p. */
  async feedToken(state: SequenceState, id: number, p: number): Promise<StepOutput> {
    return this.forward(state, await this.embed([id]), textPositions(p, 1));
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
    const { hidden } = await this.forward(state, embeds, generatedPositions(p, target_grid, n - 1));
    return this.head(hidden);
  }

  /** The reference's loop of 81 steps, kept to test and measure `embeddings` against. Same result. */
  async embeddingsStepwise(state: SequenceState, p: number): Promise<Float32Array> {
    const { tokens, target_grid, hidden_size } = this.manifest;
    const n = target_grid[0] * target_grid[1];
    const positions = generatedPositions(p, target_grid, n - 1);
    const out = new Float32Array(n * hidden_size);
    let embeds = await this.embed([tokens.boi]);
    for (let k = 0; k < n; k++) {
      const step = await this.forward(state, embeds, slicePositions(positions, k, k + 1));
      out.set(await this.head(step.hidden), k * hidden_size);
      embeds = this.prefill.subarray(k * hidden_size, (k + 1) * hidden_size);
      state = step.state;
    }
    return out;
  }

  private async head(hidden: Tensor): Promise<Float32Array> {
    const graph = await this.graphs.get('vision_head');
    return floatsOf(output(await graph.run({ hidden_states: hidden }), 'image_embeds'));
  }
}

/** The number of the largest value, the first of equals; `except` is never chosen. */
export function argmax(values: Float32Array, except: readonly number[] = []): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if ((best < 0 || values[i]! > values[best]!) && !except.includes(i)) best = i;
  return best;
}
