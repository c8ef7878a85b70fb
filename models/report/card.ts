import type { Manifest } from '../runtime';
import { bars } from './bars';
import type {
  GuidanceFigures,
  PolishFigures,
  ReverseFigures,
  SamplingFigures,
  SizeFigures,
  StepFigures,
} from './capabilities';
import type { EditFigures, Share } from './measure';
import { runsSection, type CardRun } from './runs';

export interface Report {
  model: string;
  version: string;
  questions?: Record<string, Record<string, Share>>;
  generation?: Record<string, Record<string, Share>>;
  sheet?: Record<string, Share>;
  editing?: Record<string, Record<string, EditFigures>>;
  phrasings?: Record<string, Record<string, Share>>;
  reverse?: Record<string, ReverseFigures>;
  results?: Record<string, Record<string, Share>>;
  polishing?: Record<string, PolishFigures>;
  sizes?: SizeFigures[];
  steps?: StepFigures[];
  guidance?: GuidanceFigures[];
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
const languageName = (language: string) => (language === 'en' ? 'English' : 'Chinese');

/** A heading with its content, or nothing where it was not measured. */
const section = <T>(title: string, figures: T | undefined, content: (figures: T) => string): string =>
  figures === undefined ? '' : `## ${title}\n\n${content(figures)}\n\n`;

const editsTable = (figures: NonNullable<Report['editing']>) =>
  table(
    ['language', 'edits', 'right', 'error', 'left alone', 'source', 'n'],
    Object.entries(figures).flatMap(([language, kinds]) =>
      Object.entries(kinds).map(([what, f]) => [
        languageName(language),
        what === 'generation' || what === 'editing' ? `one change, ${what} decoder` : what,
        percent(f),
        f.error.toFixed(4),
        f.errorLeftAlone.toFixed(4),
        f.errorOfSource.toFixed(4),
        String(f.n),
      ]),
    ),
  );

const turns = ({ reverse, results }: Report) =>
  reverse &&
  `An edit, then its reverse applied to the result; mean absolute errors to the target and to the source.

${table(
  ['language', 'after the edit', 'restored', 'n'],
  Object.entries(reverse).map(([language, f]) => [
    languageName(language),
    f.forward.toFixed(4),
    f.restored.toFixed(4),
    String(f.n),
  ]),
)}

Questions about images that nano has just generated, exact answers:

${byLanguage(results ?? {})}`;

const polished = (figures: NonNullable<Report['polishing']>) =>
  `Short prompts in held-out phrasings. "Written": nano's own long caption is exactly correct. The
others are correct images: from the prompt as it is, from its expansion by the rules (models/scenes/polish.ts), and from
its expansion by nano.

${table(
  ['language', 'written', 'as it is', 'by rules', 'by nano', 'n'],
  Object.entries(figures).map(([language, f]) => [
    languageName(language),
    ...[f.model, f.short, f.byRules, f.byModel].map(percent),
    String(f.model.n),
  ]),
)}`;

const sampling = (head: string, rows: readonly (SamplingFigures & { setting: number })[]) =>
  table(
    [head, 'right', 'error', 'roughness', 'seconds', 'of them denoising', 'n'],
    rows.map((f) => [
      String(f.setting),
      percent(f),
      f.error.toFixed(4),
      f.roughness.toFixed(3),
      f.seconds.toFixed(3),
      f.denoising.toFixed(3),
      String(f.n),
    ]),
  );

const samplers = ({ steps, guidance }: Report) =>
  (steps || guidance) &&
  `The same prompts and noise. "Error": mean absolute, against the original scene. "Roughness": the mean difference between
neighbouring pixels, relative to the original scene's; above 1 is grain, below 1 is blur. Seconds on the machine of the report, one image at a time.

${[
  steps &&
    sampling(
      'steps',
      steps.map((f) => ({ ...f, setting: f.steps })),
    ),
  guidance &&
    sampling(
      'guidance',
      guidance.map((f) => ({ ...f, setting: f.guidance })),
    ),
]
  .filter(Boolean)
  .join('\n\n')}`;

const sizesTable = (figures: readonly SizeFigures[]) =>
  table(
    ['width', 'height', 'right', 'n'],
    figures.map((f) => [String(f.width), String(f.height), percent(f), String(f.n)]),
  );

/** The model card, Markdown. `byEye` is the part that people write by hand; it is kept. */
export function card(report: Report, manifest: Manifest, byEye: string, runs: readonly CardRun[]): string {
  const megabytes = Object.values(manifest.files).reduce((sum, f) => sum + f.bytes, 0) / 1e6;
  return (
    `# ${manifest.name} ${manifest.version}

A complete Nexus-Gen in miniature: it understands, generates and edits images, with the graphs and the token
counts of the large model (81 image embeddings, 324 for the source of an edit), in ${megabytes.toFixed(1)} MB of ONNX.
${manifest.notice}

- **Trained on**: scenes rendered by this repository (models/scenes), three styles of sprites, one to four
  objects, canonical layouts. Some object–colour pairs were never shown in training (\`isHeldOutPair\`).
- **Not for**: photographs, text in images, anything but the 80 classes. It answers about every image, even one
  that it cannot know.
- **Licence**: ${manifest.licence}. Sprites: Noto Emoji (Apache-2.0), Fluent Emoji (MIT), Twemoji (CC-BY 4.0) and the
  project's own drawings.
- **Retraining**: models/training/README.md.

Measured by \`npm run model:report\` on seeds not used in training, at 256 × 256 pixels, with the defaults
of the manifest.

${section('Bars', bars(report, manifest, runs), (rows) =>
  table(
    ['what', 'bar', 'reached', ''],
    rows.map((r) => [r.what, r.bar, r.reached, r.met ? 'met' : '**missed**']),
  ),
)}${section('Questions: exact answers', report.questions, byLanguage)}${section(
      'Generation: correct images',
      report.generation,
      (
        figures,
      ) => `An image is correct if every object is in its place with its class, colour and style, and nothing else is, by
comparison with all sprites (models/report/recognise.ts). Prompts use GenEval's wording and include held-out
pairs.

${byLanguage(figures)}`,
    )}${section('Wording beyond the templates', report.phrasings, (figures) => `Phrasings held out from training (models/scenes/wording.ts), with synonyms.\n\n${byLanguage(figures)}`)}## The contact sheet

48 prompts, eight of each GenEval category, seed 42: ![English](contact-sheet-en.png) ![Chinese](contact-sheet-zh.png)
By template: English ${report.sheet?.en?.right ?? 0} of ${report.sheet?.en?.n ?? 0}, Chinese ${report.sheet?.zh?.right ?? 0} of ${report.sheet?.zh?.n ?? 0}.

<!-- by eye -->
${byEye}<!-- end by eye -->

${section(
  'Editing: mean absolute error in [0, 1]',
  report.editing,
  (
    figures,
  ) => `"Right": the image shows the target, by the same comparison. "Left alone": the pixels that are equal in source and target. "Source": the error if nothing were changed.

${editsTable(figures)}`,
)}${section('Several turns', turns(report), (text) => text)}${section('Prompt expansion', report.polishing, polished)}${section('Sizes: correct images', report.sizes, sizesTable)}${section('Steps and guidance', samplers(report), (text) => text)}${runsSection(runs)}`.trimEnd() +
    '\n'
  );
}
