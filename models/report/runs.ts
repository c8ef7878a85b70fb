import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Evaluation runs in the model card: the `run.json` files of `studio eval export`, kept in `evaluation/`. */

const runSchema = z.object({
  run: z.string(),
  benchmark: z.object({ name: z.string(), title: z.string(), synthetic: z.boolean() }),
  model: z.object({ name: z.string(), version: z.string(), files: z.record(z.string(), z.string()) }),
  settings: z.object({
    decoder: z.string().optional(),
    prompt: z.string().optional(),
    language: z.string().optional(),
  }),
  counts: z.object({ expected: z.number(), scored: z.number(), failed: z.number(), unscored: z.number() }),
  incomplete: z.boolean(),
  aggregates: z.array(
    z.object({
      metric: z.string(),
      group: z.string(),
      n: z.number(),
      mean: z.number(),
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  summary: z.object({
    harnesses: z.record(z.string(), z.object({ accuracy: z.number() })).optional(),
    /** Which version of each harness, since a harness that is mended keeps its name. */
    versions: z.record(z.string(), z.object({ title: z.string() })).optional(),
    fallbacks: z.number().optional(),
    latency: z.object({ p50: z.number(), p95: z.number() }).nullable().optional(),
  }),
  fingerprint: z.object({ id: z.string() }),
  provenance: z.object({ commit: z.string().nullable(), dirty: z.boolean().nullable() }),
});
export type CardRun = z.infer<typeof runSchema>;

/**
 * The runs beside a model, by the names of their files.
 * @param files of the model's manifest: a run of other weights is no figure of this model
 * @throws Error for a run in which a file was another that its task uses
 */
export function readRuns(directory: string, files: Readonly<Record<string, { sha256: string }>>): CardRun[] {
  const folder = join(directory, 'evaluation');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const run = runSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      const edits = run.settings.decoder !== undefined;
      for (const [file, { sha256 }] of Object.entries(files))
        // Only edits use the editing graphs.
        if (run.model.files[file] !== sha256 && (edits || !file.startsWith('editing_')))
          throw new Error(`evaluation/${name} was run with another ${file}: make it anew`);
      return run;
    });
}

const shown = (value: number) => value.toFixed(4);
const range = (interval: readonly [number, number] | null) =>
  interval ? `${shown(interval[0])} to ${shown(interval[1])}` : '';

/** Markdown: a table for each run, with what measured it. Empty without runs. */
export function runsSection(runs: readonly CardRun[]): string {
  if (runs.length === 0) return '';
  const parts = runs.map((run) => {
    const { benchmark, settings, counts, aggregates, summary, fingerprint, provenance } = run;
    const how = [
      settings.decoder ? `${settings.decoder} decoder` : '',
      settings.language === 'zh' ? 'Chinese prompts' : '',
      settings.prompt === 'question' ? 'asked without options' : '',
    ].filter((part) => part !== '');
    const title = `${benchmark.title}${how.length > 0 ? `, ${how.join(', ')}` : ''}`;
    const rows = aggregates
      // The whole first, then its parts.
      .toSorted((a, b) => Number(a.group !== '') - Number(b.group !== ''))
      .map(({ metric, group, n, mean, interval }) =>
        [metric, group === '' ? '**all**' : group, String(n), shown(mean), range(interval)].join(' | '),
      );
    const harnesses = Object.entries(summary.harnesses ?? {}).map(
      ([name, { accuracy }]) => `${summary.versions?.[name]?.title ?? name} ${shown(accuracy)}`,
    );
    const notes = [
      `${counts.scored} of ${counts.expected} samples scored${run.incomplete ? ', incomplete' : ''}.`,
      summary.fallbacks ? `${summary.fallbacks} answers named no option and were drawn at random.` : '',
      harnesses.length > 0 ? `By the rules of ${harnesses.join(', ')}.` : '',
      `Weights ${run.model.version}, fingerprint ${fingerprint.id.slice(0, 12)}, commit ${provenance.commit?.slice(0, 10) ?? 'unknown'}${provenance.dirty ? ' with changes' : ''}.`,
    ].filter((note) => note !== '');
    return `### ${title}\n\n| metric | of | n | mean | 95 % interval |\n| --- | --- | --- | --- | --- |\n${rows
      .map((row) => `| ${row} |`)
      .join('\n')}\n\n${notes.join(' ')}\n`;
  });
  return `## Benchmarks

Runs of \`studio eval run\`, exported to [evaluation](evaluation), with nano's own evaluators (models/evaluators):
comparable with each other, not with results of the real ones on photographs. Datasets named synthetic are rendered by the
project. A run of an earlier version is listed if it used the same files.

${parts.join('\n')}`;
}
