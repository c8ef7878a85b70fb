import type { GenerationView } from '@/server/demo/schema';
import type { Axis, GridView } from '@/server/demo/grids/schema';
import { imageUrl } from '../../_ui/images/address';
import { pictureSize } from '../result/result-format';
import { layOut, lineHeight, padding, wrap } from './sheet-layout';

const ink = '#151917';
const family = 'Inter, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';
const labelFont = `500 18px ${family}`;
const titleFont = `600 20px ${family}`;

async function load(hash: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = imageUrl(hash);
  await image.decode();
  return image;
}

/** What stands beside and above the pictures, in the page's words. */
export interface SheetWords {
  value: (axis: Axis, of: number | string) => string;
  name: (axis: Axis) => string;
}

/** The whole grid as one PNG with its labels. @throws when a picture cannot be loaded or the file not be made */
export async function drawSheet(grid: GridView, cells: GenerationView[], words: SheetWords): Promise<Blob> {
  const { x, y } = grid;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const sizes = cells.map(pictureSize);
  const picture = {
    width: Math.max(...sizes.map(({ width }) => width)),
    height: Math.max(...sizes.map(({ height }) => height)),
  };
  if (!context) throw new Error('This browser can’t draw the image.');
  const measure = (text: string) => context.measureText(text).width;
  const label = (axis: Axis, of: number | string) => `${words.name(axis)} ${words.value(axis, of)}`;

  context.font = titleFont;
  const whole = x.values.length * (picture.width + 8);
  const prompts = new Set(cells.map((cell) => cell.prompt));
  const title = prompts.size === 1 ? wrap([...prompts][0] ?? '', Math.max(whole, 320), 3, measure) : [];
  context.font = labelFont;
  const columnLabels = x.values.map((of) => wrap(label(x, of), picture.width, 4, measure));
  const rowLabels = y?.values.map((of) => wrap(label(y, of), 220, 8, measure)) ?? [];

  const sheet = layOut({
    ...{ columns: x.values.length, rows: y?.values.length ?? 1, picture },
    rowLabel: Math.ceil(Math.max(0, ...rowLabels.flat().map(measure))),
    columnLines: Math.max(...columnLabels.map((lines) => lines.length)),
    titleLines: title.length,
  });
  canvas.width = sheet.width;
  canvas.height = sheet.height;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.textBaseline = 'middle';

  const write = (lines: string[], at: { x: number; y: number }, align: CanvasTextAlign) => {
    context.textAlign = align;
    lines.forEach((line, index) => context.fillText(line, at.x, at.y + (index + 0.5) * lineHeight));
  };
  context.fillStyle = ink;
  context.font = titleFont;
  write(title, { x: padding, y: padding }, 'left');
  context.font = labelFont;
  columnLabels.forEach((lines, column) => {
    const at = {
      x: sheet.left(column) + sheet.cell.width / 2,
      y: sheet.top(0) - 8 - lines.length * lineHeight,
    };
    write(lines, at, 'center');
  });
  rowLabels.forEach((lines, row) => {
    const at = { x: padding, y: sheet.top(row) + (sheet.cell.height - lines.length * lineHeight) / 2 };
    write(lines, at, 'left');
  });

  await Promise.all(
    cells.map(async (cell) => {
      const [left, top] = [sheet.left(cell.grid?.x ?? 0), sheet.top(cell.grid?.y ?? 0)];
      context.fillStyle = '#eaedea';
      if (cell.state !== 'done' || !cell.picture)
        return context.fillRect(left, top, sheet.cell.width, sheet.cell.height);
      const image = await load(cell.picture.hash);
      const scale = Math.min(sheet.cell.width / image.naturalWidth, sheet.cell.height / image.naturalHeight);
      const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
      context.drawImage(
        image,
        left + (sheet.cell.width - width) / 2,
        top + (sheet.cell.height - height) / 2,
        width,
        height,
      );
    }),
  );
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser could not create the file.'))),
      'image/png',
    ),
  );
}

/** Gives the whole grid to the person as a file. */
export async function downloadSheet(
  grid: GridView,
  cells: GenerationView[],
  words: SheetWords,
): Promise<void> {
  const url = URL.createObjectURL(await drawSheet(grid, cells, words));
  const link = document.createElement('a');
  link.href = url;
  link.download = `grid-${grid.x.parameter}${grid.y ? `-${grid.y.parameter}` : ''}-${grid.id.slice(0, 8)}.png`;
  link.click();
  // The browser reads it some time after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
