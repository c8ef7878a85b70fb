/** Where Nexus-Gen V2 here differs from its published scripts: told by `studio model info` and by ../README.md. */
export interface Difference {
  what: string;
  here: string;
  there: string;
  /** How much it changes. */
  measured: string;
}

/** Sizes are those on two small checkpoints with random weights (fidelity.test.ts); `RMS` is relative. */
export const differences: readonly Difference[] = [
  {
    what: 'image embeddings',
    here: 'one pass',
    there: '81 steps',
    measured: 'none but rounding',
  },
  {
    what: 'positions of text after an image that the model made',
    here: 'after the largest position, as in training',
    there: 'at the index in the sequence',
    measured: 'logits: RMS 10 and 38 %; nothing is said there yet',
  },
  {
    what: 'arithmetic',
    here: 'float32; bfloat16 with CUDA, but not in angles and positions',
    there: 'bfloat16',
    measured: 'see the next two; float16 moves an image by up to 1 of 255',
  },
  {
    what: 'guidance that the decoders are told of',
    here: '3500',
    there: 'rounded to 3504',
    measured: 'velocity: RMS up to 4.2 %',
  },
  {
    what: 'places of an edit’s tokens',
    here: 'as they are, e.g. 3.5556',
    there: 'rounded, e.g. to 3.5625',
    measured: 'velocity: RMS 0.002 %',
  },
  {
    what: 'answers',
    here: 'greedy',
    there: 'sampled at a temperature of 1e-6, with a penalty of 1.05 on repetition',
    measured: 'the same until a token would come again: 6 and 22 tokens',
  },
  {
    what: 'noise of a seed',
    here: 'xoshiro128**',
    there: 'PyTorch’s',
    measured: 'another image of the same kind',
  },
];

/** The rows of the README's table, with its head. */
export const differenceTable = (): string[][] => [
  ['what', 'here', 'there', 'difference'],
  ...differences.map(({ what, here, there, measured }) => [what, here, there, measured]),
];
