/** Rows that a chart shows at most: as many as there are colours. */
export const mostCharted = 6;

/** How the n-th row is drawn: told apart by dashes and shapes too, not by colour alone. */
export const seriesStyle = (n: number) => ({
  colour: `var(--series-${(n % mostCharted) + 1})`,
  dash: ['', '6 3', '2 3', '8 3 2 3', '12 4', '4 4'][n % mostCharted]!,
  shape: (['circle', 'square', 'triangle', 'diamond', 'cross', 'star'] as const)[n % mostCharted]!,
});
