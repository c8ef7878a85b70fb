/** The lines of the bench: what was measured, the bar it is held to, and under which load. */
import { loadavg } from 'node:os';

/** What a figure is held to. */
export interface Bar {
  is: '≥' | '≤' | '<';
  than: number;
}

export interface Row {
  what: string;
  /** Null where it could not be measured; the note says why. */
  value: number | null;
  unit: string;
  bar: Bar | null;
  /** Null without a bar or a value. */
  met: boolean | null;
  note: string;
  /** Load average of the last minute when the line's measurement began; it counts the bench's earlier lines, too. */
  load: number;
}

export interface Report {
  rows: Row[];
  /** Notes the load for the rows that follow. */
  begin(): void;
  add(what: string, value: number | null, unit: string, more?: { bar?: Bar; note?: string }): void;
}

export function createReport(): Report {
  const rows: Row[] = [];
  let load = loadavg()[0]!;
  return {
    rows,
    begin: () => {
      load = loadavg()[0]!;
    },
    add: (what, value, unit, { bar = null, note = '' } = {}) => {
      const met = bar && value !== null ? holds(value, bar) : null;
      rows.push({ what, value, unit, bar, met, note, load });
    },
  };
}

function holds(value: number, { is, than }: Bar): boolean {
  if (is === '≥') return value >= than;
  return is === '≤' ? value <= than : value < than;
}

/** Three digits that count, so that ratios and thousands both read well. */
export function shown(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.001) return value.toExponential(1);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(digits);
}

export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, value, unit, bar, met, note, load }) => [
    what,
    value === null ? '–' : `${shown(value)} ${unit}`.trim(),
    bar ? `${bar.is} ${shown(bar.than)} ${unit}`.trim() : '',
    met === null ? '' : met ? 'met' : 'missed',
    load.toFixed(1),
    note,
  ]);
  const all = [['Line', 'measured', 'bar', '', 'load', ''], ...cells];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
