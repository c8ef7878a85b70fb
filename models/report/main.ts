/**
 * Measures a model directory on held-out seeds and writes its model card.
 * Usage: npm run model:report -- [--model DIR] [--n N] [--only SECTION,SECTION | --card]
 * With --only the rest of the report is kept; sections are those of SECTIONS below.
 * With --card nothing is measured: the card is written from what was, and from the runs in the model's `evaluation`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadManifest, loadModel, type InferenceModel } from '../runtime';
import { CAPTION_KINDS } from '../scenes/captions';
import type { Language } from '../scenes/language';
import { QUESTION_KINDS } from '../scenes/questions';
import {
  guidance,
  phrasedCaptions,
  polishing,
  questionsOfResults,
  reverseEdits,
  sizes,
  steps,
} from './capabilities';
import { card, type Report } from './card';
import {
  editing,
  generate,
  generation,
  picture,
  questions,
  REPORTED_QUESTIONS,
  verdict,
  type Share,
} from './measure';
import { contactSheetPrompts } from './prompts';
import { readRuns } from './runs';
import { contactSheet } from './sheet';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/nexus-gen-nano' },
    n: { type: 'string', default: '50' },
    card: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const n = Number(values.n);
if (!Number.isInteger(n) || n < 1) throw new Error(`--n is a whole number from 1, not ${values.n}`);
const LANGUAGES: readonly Language[] = ['en', 'zh'];
const say = (line: string) => console.error(line);
const total = (shares: readonly Share[]): Share =>
  shares.reduce((a, b) => ({ right: a.right + b.right, n: a.n + b.n }), { right: 0, n: 0 });
const started = Date.now();

/** A share without its examples of what was wrong, which are shown on the way. */
function told(what: string, { right, n: of, wrong }: Share & { wrong: string[] }): Share {
  say(`${what}: ${right}/${of}  ${wrong.slice(0, 3).join('; ')}`);
  return { right, n: of };
}

async function inEach<T>(measure: (language: Language) => Promise<T>): Promise<Record<string, T>> {
  const found: Record<string, T> = {};
  for (const language of LANGUAGES) found[language] = await measure(language);
  return found;
}

/** What a report is made of; each can be measured alone. */
const SECTIONS: Record<string, (model: InferenceModel) => Promise<Partial<Report>>> = {
  questions: async (model) => ({
    questions: await inEach(async (language) => {
      const answered: Record<string, Share> = {};
      for (const kind of REPORTED_QUESTIONS)
        answered[kind] = told(
          `questions ${language} ${kind}`,
          await questions(model, [kind], language, 2 * n),
        );
      return { ...answered, all: total(Object.values(answered)) };
    }),
  }),
  generation: async (model) => ({
    generation: await inEach(async (language) => {
      const drawn: Record<string, Share> = {};
      for (const category of CAPTION_KINDS.filter((k) => k !== 'long'))
        drawn[category] = told(
          `generation ${language} ${category}`,
          await generation(model, category, language, n),
        );
      return { ...drawn, all: total(Object.values(drawn)) };
    }),
  }),
  sheet: async (model) => ({
    sheet: await inEach(async (language) => {
      const items = [];
      let right = 0;
      for (const prompt of contactSheetPrompts(language)) {
        const image = await picture(model, generate(model, prompt.text, language, 42));
        const v = await verdict(image, prompt);
        if (v.right) right++;
        else say(`sheet ${language} ${prompt.text}: ${v.reason}`);
        items.push({ image, caption: prompt.text });
      }
      writeFileSync(join(values.model, `contact-sheet-${language}.png`), await contactSheet(items));
      return { right, n: items.length };
    }),
  }),
  editing: async (model) => ({
    editing: await inEach(async (language) => ({
      generation: await editing(model, 'generation', language, 2 * n),
      editing: await editing(model, 'editing', language, 2 * n),
      'two edits in one': await editing(model, 'editing', language, n, { kind: 'several' }),
      style: await editing(model, 'editing', language, n, { kind: 'style' }),
      'in held-out phrasings': await editing(model, 'editing', language, n, { wording: 'held-out' }),
    })),
  }),
  phrasings: async (model) => ({
    phrasings: await inEach(async (language) => ({
      'questions in held-out phrasings': told(
        `phrased questions ${language}`,
        await questions(model, QUESTION_KINDS, language, 4 * n, 'held-out'),
      ),
      'pictures of captions in held-out phrasings': told(
        `phrased captions ${language}`,
        await phrasedCaptions(model, language, 2 * n, 'held-out'),
      ),
      'pictures of long captions with places': told(
        `long captions ${language}`,
        await phrasedCaptions(model, language, n, 'long'),
      ),
    })),
  }),
  turns: async (model) => ({
    reverse: await inEach((language) => reverseEdits(model, language, n)),
    results: await inEach((language) => questionsOfResults(model, language, n)),
  }),
  polishing: async (model) => ({
    polishing: await inEach(async (language) => {
      const { wrong, ...figures } = await polishing(model, language, n);
      say(`polishing ${language}: ${JSON.stringify(figures)}  ${wrong.slice(0, 3).join('; ')}`);
      return figures;
    }),
  }),
  sizes: async (model) => ({ sizes: await sizes(model, n) }),
  steps: async (model) => ({ steps: await steps(model, n) }),
  guidance: async (model) => ({ guidance: await guidance(model, n) }),
};

const reportPath = join(values.model, 'report.json');
const readReport = () => JSON.parse(readFileSync(reportPath, 'utf8')) as Report;

async function measured(): Promise<Report> {
  const chosen = values.only?.split(',') ?? Object.keys(SECTIONS);
  const strange = chosen.find((name) => !(name in SECTIONS));
  if (strange !== undefined) throw new Error(`no section ${strange}: ${Object.keys(SECTIONS).join(', ')}`);
  const model = await loadModel(values.model);
  const { name, version } = model.manifest;
  const kept = values.only && existsSync(reportPath) ? readReport() : {};
  const report: Report = { ...kept, model: name, version };
  for (const section of chosen) {
    const from = Date.now();
    Object.assign(report, await SECTIONS[section]!(model));
    writeFileSync(reportPath, JSON.stringify(report, null, 1) + '\n');
    say(`${section}: ${((Date.now() - from) / 1000).toFixed(0)} s`);
  }
  await model.close();
  return report;
}

const report = values.card ? readReport() : await measured();
const { manifest } = await loadManifest(values.model, { verify: 'sizes' });
const path = join(values.model, 'README.md');
let byEye = '';
try {
  // What people wrote into the card by hand stays.
  byEye = /<!-- by eye -->\n([\s\S]*?)<!-- end by eye -->/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
writeFileSync(path, card(report, manifest, byEye, readRuns(values.model, manifest.files)));
say(`${path} written, ${((Date.now() - started) / 1000).toFixed(0)} s`);
