import type { GenerationView, Task } from '@/server/demo/schema';

export const taskWords: Record<Task, string> = { generate: 'Generate', edit: 'Edit', understand: 'Ask' };

const stageWords: Record<string, string> = {
  tokenize: 'Reading the prompt',
  vision: 'Looking at the picture',
  prefill: 'Understanding',
  preface: 'Composing',
  embeddings: 'Composing',
  condition: 'Composing',
  reference: 'Looking at the source',
  decode: 'Answering',
  denoise: 'Drawing',
  vae: 'Finishing',
};

export const stageText = (stage: string) =>
  stageWords[stage] ?? stage.charAt(0).toUpperCase() + stage.slice(1).replaceAll('_', ' ');

export const seconds = (milliseconds: number) =>
  milliseconds < 995 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** Timings as rows, and their sum unless the server measured the whole. */
export function readTimings(timings: NonNullable<GenerationView['timings']>) {
  const { total, ...stages } = timings;
  const rows = Object.entries(stages).filter(([, value]) => value > 0);
  return { rows, total: total ?? rows.reduce((sum, [, value]) => sum + value, 0) };
}

export const imageUrl = (hash: string) => `/api/images/${hash}`;

export function downloadUrl(generation: GenerationView, hash: string): string {
  const words = generation.prompt
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48);
  const seed = generation.parameters.seed;
  const name = [words || 'picture', seed].filter((part) => part !== undefined).join('-');
  return `${imageUrl(hash)}?download=${encodeURIComponent(name)}.png`;
}

/** "256×256 · 20 steps · guidance 3": what a person compares between two results. */
export function settingsText(generation: GenerationView): string {
  const { width, height, steps, guidance, decoder, maxNewTokens } = generation.parameters;
  const parts: string[] = [];
  if (generation.task === 'understand') {
    if (maxNewTokens !== undefined) parts.push(`at most ${maxNewTokens} tokens`);
  } else {
    if (width !== undefined && height !== undefined) parts.push(`${width}×${height}`);
    if (steps !== undefined) parts.push(`${steps} steps`);
    if (guidance !== undefined) parts.push(`guidance ${guidance}`);
    if (generation.task === 'edit' && decoder !== undefined) parts.push(`${decoder} decoder`);
  }
  return parts.join(' · ');
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
