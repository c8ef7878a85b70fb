/** Where Nexus-Gen V2 here differs from its published scripts: told by `studio model info` and by ../README.md. */
export interface Difference {
  what: string;
  here: string;
  there: string;
  /** How much it changes, as measured; null where it has not been. */
  measured: string | null;
}

export const differences: readonly Difference[] = [
  {
    what: 'image embeddings',
    here: 'one pass; the 81 steps give the same',
    there: '81 steps',
    measured: null,
  },
  {
    what: 'positions of text after an image',
    here: 'after the largest position, as in training',
    there: 'at the index in the sequence',
    measured: null,
  },
  {
    what: 'arithmetic',
    here: 'float32 on the CPU',
    there: 'bfloat16: a guidance of 3500 becomes 3504',
    measured: null,
  },
  {
    what: 'answers',
    here: 'greedy',
    there: 'sampled at a temperature of 1e-6, penalty 1.05',
    measured: null,
  },
];

/** The rows of the README's table, with its head. What has been measured is a column of its own once there is something. */
export function differenceTable(rows: readonly Difference[] = differences): string[][] {
  const measured = rows.some((row) => row.measured !== null);
  const column = (text: string) => (measured ? [text] : []);
  return [
    ['what', 'here', 'there', ...column('measured difference')],
    ...rows.map((row) => [row.what, row.here, row.there, ...column(row.measured ?? 'not measured')]),
  ];
}
