import type { Manifest } from '../runtime';
import type { EditFigures, Share } from './measure';
import { runsSection, type CardRun } from './runs';

export interface Report {
  model: string;
  version: string;
  /** Pictures per category and language; questions per kind and edits are twice as many. */
  n: number;
  questions: Record<string, Record<string, Share>>;
  generation: Record<string, Record<string, Share>>;
  sheet: Record<string, Share>;
  editing: Record<string, Record<string, EditFigures>>;
}

const percent = (s: Share | undefined) => (s ? `${((100 * s.right) / s.n).toFixed(1)} %` : '');
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((r) => `| ${r.join(' | ')} |`).join('\n');
const byLanguage = (figures: Record<string, Record<string, Share>>) =>
  table(
    ['', 'English', 'Chinese', 'n each'],
    Object.keys(figures.en ?? {}).map((k) => [
      k.replaceAll('_', ' '),
      percent(figures.en?.[k]),
      percent(figures.zh?.[k]),
      String(figures.en?.[k]?.n ?? ''),
    ]),
  );

/** The model card, Markdown. `byEye` is the part that people write by hand; it is kept. */
export function card(report: Report, manifest: Manifest, byEye: string, runs: readonly CardRun[]): string {
  const megabytes = Object.values(manifest.files).reduce((sum, f) => sum + f.bytes, 0) / 1e6;
  const edits = Object.entries(report.editing).flatMap(([language, decoders]) =>
    Object.entries(decoders).map(([decoder, f]) => [
      language === 'en' ? 'English' : 'Chinese',
      decoder,
      f.error.toFixed(4),
      f.errorLeftAlone.toFixed(4),
      f.errorOfSource.toFixed(4),
      String(f.n),
    ]),
  );
  return (
    `# ${manifest.name} ${manifest.version}

A complete Nexus-Gen in miniature: it understands, generates and edits pictures, with the graphs and the token
counts of the large model (81 image embeddings, 324 for the source of an edit), in ${megabytes.toFixed(1)} MB of ONNX.
${manifest.notice}

- **Trained on**: scenes that this repository renders itself (models/scenes), one style of sprites, one to four
  objects, canonical layouts. Some object–colour pairs were never shown in training (\`isHeldOutPair\`).
- **Not for**: photographs, text in pictures, anything but the 80 classes. It says something about every picture,
  also about one that it cannot know.
- **Licence**: ${manifest.licence}. Sprites: Noto Emoji (Apache-2.0) and the project's own drawings.
- **How to train it again**: models/training/README.md.

Measured by \`npm run model:report\` on seeds that training never saw, in pictures of 256 × 256, with the defaults
of the manifest.

## Questions: exact answers

${byLanguage(report.questions)}

## Generation: right pictures

A picture is right if every object stands in its place in its class and colour, and nothing else does, by
comparison with all 880 sprites (models/report/recognise.ts). Prompts are worded as GenEval words them; held-out
pairs are among them.

${byLanguage(report.generation)}

## The contact sheet

48 prompts, eight of each GenEval category, seed 42: ![English](contact-sheet-en.png) ![Chinese](contact-sheet-zh.png)
By template: English ${report.sheet.en?.right ?? 0} of ${report.sheet.en?.n ?? 0}, Chinese ${report.sheet.zh?.right ?? 0} of ${report.sheet.zh?.n ?? 0}.

<!-- by eye -->
${byEye}<!-- end by eye -->

## Editing: mean absolute error in [0, 1]

"Left alone": the pixels that are equal in source and target. "Source": the error if nothing were changed.

${table(['language', 'decoder', 'error', 'left alone', 'source', 'n'], edits)}

${runsSection(runs)}`.trimEnd() + '\n'
  );
}
