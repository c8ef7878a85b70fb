/** The language model's sizes. */
export interface AutoregressiveConfig {
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  layers: number;
  epsilon: number;
  theta: number;
  /** Frequencies that follow time, row and column. */
  sections: readonly [number, number, number];
  vocabulary: number;
  /** How many positions its rotary tables have. */
  positions: number;
}

/** The vision encoder's sizes. */
export interface VisionConfig {
  hidden: number;
  heads: number;
  depth: number;
  /** Blocks that attend to the whole image. */
  fullAttention: readonly number[];
  /** Width of the embeddings that it gives. */
  out: number;
  /** Side of a merged token in patches, and of a window in merged tokens. */
  merge: number;
  window: number;
  /** Numbers of a patch: channels × frames × side². */
  patchSize: number;
}
