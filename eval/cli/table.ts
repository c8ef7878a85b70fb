import type { Problem } from '../benchmarks/problem';

/** Lines with aligned columns: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

const shown = 20;

/** What could not be used, the first twenty of it. */
export function problemLines(problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const lines = problems.slice(0, shown).map(({ where, reason }) => `  ${where}: ${reason}\n`);
  const more = problems.length > shown ? `  … and ${problems.length - shown} more (all with --json)\n` : '';
  return `\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${lines.join('')}${more}`;
}

/** `42.0 %` */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** `[40.1 %, 43.9 %]`, or a dash where it is not known. */
export function intervalText(of: { interval: readonly [number, number] | null } | null | undefined): string {
  const interval = of?.interval;
  return interval ? `[${percent(interval[0])}, ${percent(interval[1])}]` : '–';
}
