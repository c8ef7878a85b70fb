import type { GenerationView } from '@/server/demo/schema';
import { imageUrl } from '../../_ui/images/address';
import { sitePath } from '../../../server/platform/env/site-path';

export const wholeSeconds = (milliseconds: number) => Math.max(0, Math.floor(milliseconds / 1000));

/** When a result is expected: milliseconds from now, null or left out while nothing was measured. */
export interface Eta {
  low?: number | null;
  high?: number | null;
}

/**
 * The range in whole seconds, from 90 s on in whole minutes. `soon`: less than a second is left, which no range says
 * better. Null where there is none.
 */
export function etaOf({
  low,
  high,
}: Eta): { low: number; high: number; unit: 'second' | 'minute' } | 'soon' | null {
  if (low === undefined || low === null || high === undefined || high === null) return null;
  if (high < 1000) return 'soon';
  const unit = high >= 90_000 ? 'minute' : 'second';
  const size = unit === 'minute' ? 60_000 : 1000;
  const from = Math.max(1, Math.floor(low / size));
  return { low: from, high: Math.max(from, Math.ceil(high / size)), unit };
}

/** As a request goes through them; the database keeps no order of keys. */
const stageOrder = [
  'tokenize',
  'vision',
  'prefill',
  'decode',
  'preface',
  'embeddings',
  'reference',
  'negative',
  'condition',
  'denoise',
  'vae',
];

/**
 * Timings as rows in the order of the stages, and their sum unless the server measured the whole.
 * @param nameOf stages of one name are one row, at the place of the first
 */
export function readTimings(
  timings: NonNullable<GenerationView['timings']>,
  nameOf: (stage: string) => string = (stage) => stage,
) {
  const { total, ...stages } = timings;
  const place = (stage: string) =>
    (stageOrder.indexOf(stage) + stageOrder.length + 1) % (stageOrder.length + 1);
  const rows = new Map<string, number>();
  for (const [stage, value] of Object.entries(stages).sort(([a], [b]) => place(a) - place(b)))
    if (value > 0) rows.set(nameOf(stage), (rows.get(nameOf(stage)) ?? 0) + value);
  const sum = [...rows.values()].reduce((all, value) => all + value, 0);
  return { rows: [...rows], total: total ?? sum };
}

/** The picture that a result shows: its own, or the one that a question is about. */
export const pictureOf = ({ picture, source, task }: GenerationView) =>
  picture ?? (task === 'understand' ? source : null);

/**
 * Where a picture is fetched as a file, named after its prompt and seed.
 * @param plain without the settings inside.
 */
export function downloadUrl(generation: GenerationView, hash: string, plain = false): string {
  const words = generation.prompt
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48);
  const seed = generation.parameters.seed;
  const name = [words || 'picture', seed].filter((part) => part !== undefined).join('-');
  return imageUrl(hash, { download: `${name}.png`, plain });
}

/** Neighbouring results of the same grid belong together; every other stands alone. */
export function groupByGrid(items: readonly GenerationView[]): GenerationView[][] {
  const groups: GenerationView[][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    if (group && item.grid && group[0]?.grid?.id === item.grid.id) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

/** The size of the picture that is being made, known before there is one: its box is reserved. */
export function pictureSize(generation: GenerationView): { width: number; height: number } {
  const { picture, source, parameters } = generation;
  if (picture) return picture;
  if (typeof parameters.width === 'number' && typeof parameters.height === 'number') {
    return { width: parameters.width, height: parameters.height };
  }
  return source ?? { width: 1, height: 1 };
}

/** Where the conversation that led to a result is downloaded. Only finished results have one. */
export const exportUrl = ({ id }: Pick<GenerationView, 'id'>) => sitePath(`/api/conversations/${id}`);

/** Whether a dropped or picked file is meant to be imported, by its name. */
export const isConversation = (file: { name: string }) => /\.(zip|jsonl?)$/i.test(file.name);
