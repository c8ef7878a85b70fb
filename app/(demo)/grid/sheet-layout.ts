/** Where everything of a downloaded grid stands, in pixels of the file. Pure. */

export interface SheetInput {
  columns: number;
  rows: number;
  /** The largest picture of the grid. */
  picture: { width: number; height: number };
  /** The width of the longest row label and the lines of the highest column label, as measured. */
  rowLabel: number;
  columnLines: number;
  titleLines: number;
}

export interface Sheet {
  width: number;
  height: number;
  /** The size of a cell's picture box. */
  cell: { width: number; height: number };
  /** The left edge of a column and the top edge of a row. */
  left: (column: number) => number;
  top: (row: number) => number;
  lineHeight: number;
  padding: number;
}

/** Browsers draw at least this much. */
const mostSide = 8192;
const gap = 8;
export const lineHeight = 26;
export const padding = 24;

/** Pictures keep their own pixels until the sheet would be larger than a browser draws. */
export function layOut(input: SheetInput): Sheet {
  const { columns, rows, picture } = input;
  const before = padding + (input.rowLabel > 0 ? input.rowLabel + 16 : 0);
  const above = padding + input.titleLines * lineHeight + 16 + input.columnLines * lineHeight + 8;
  const room = (side: number, count: number, used: number) =>
    (mostSide - used - padding - gap * (count - 1)) / count / side;
  const scale = Math.min(1, room(picture.width, columns, before), room(picture.height, rows, above));
  const cell = { width: Math.floor(picture.width * scale), height: Math.floor(picture.height * scale) };
  const left = (column: number) => before + column * (cell.width + gap);
  const top = (row: number) => above + row * (cell.height + gap);
  return {
    width: left(columns) - gap + padding,
    height: top(rows) - gap + padding,
    ...{ cell, left, top, lineHeight, padding },
  };
}

/** Breaks text into lines no wider than `width`; the last of `most` lines ends with an ellipsis where text is left. */
export function wrap(text: string, width: number, most: number, measure: (text: string) => number): string[] {
  const words = [
    ...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.replace(/\s+/g, ' ').trim()),
  ];
  const lines: string[] = [''];
  for (const { segment } of words) {
    const line = lines.at(-1) ?? '';
    if (line === '' || measure(line + segment) <= width)
      lines[lines.length - 1] = line === '' ? segment.trimStart() : line + segment;
    else lines.push(segment.trimStart());
  }
  const trimmed = lines.map((line) => line.trimEnd());
  const kept = trimmed.slice(0, most).map((line) => shorten(line, width, measure));
  if (trimmed.length > most) kept[most - 1] = shorten(`${kept[most - 1] ?? ''} …`, width, measure);
  return kept;
}

/** A text that is too wide ends with an ellipsis. */
function shorten(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text;
  const letters = [...text.replace(/ ?…$/, '')];
  while (letters.length > 0 && measure(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('')}…`;
}
