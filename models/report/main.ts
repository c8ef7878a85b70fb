/**
 * Measures a model directory on held-out seeds and writes its model card.
 * Usage: npm run model:report -- [--model DIR] [--n N] [--editing | --card]
 * With --editing only edits are measured, after a change of the editing graphs alone; the rest is kept.
 * With --card nothing is measured: the card is written from what was, and from the runs in the model's `evaluation`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadManifest, loadModel, type InferenceModel } from '../runtime';
import { CAPTION_KINDS } from '../scenes/captions';
import type { Language } from '../scenes/language';
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
    editing: { type: 'boolean', default: false },
  },
});
const n = Number(values.n);
if (!Number.isInteger(n) || n < 1) throw new Error(`--n is a whole number from 1, not ${values.n}`);
const LANGUAGES: readonly Language[] = ['en', 'zh'];
const say = (line: string) => console.error(line);
const total = (shares: readonly Share[]): Share =>
  shares.reduce((a, b) => ({ right: a.right + b.right, n: a.n + b.n }), { right: 0, n: 0 });
const started = Date.now();

const reportPath = join(values.model, 'report.json');

const readReport = () => JSON.parse(readFileSync(reportPath, 'utf8')) as Report;

/** Questions, generation and the contact sheet in one language. */
async function picturesAndAnswers(model: InferenceModel, report: Report, language: Language): Promise<void> {
  const answered: Record<string, Share> = {};
  for (const kind of REPORTED_QUESTIONS) {
    const { right, n: asked, wrong } = await questions(model, kind, language, 2 * n);
    answered[kind] = { right, n: asked };
    say(`questions ${language} ${kind}: ${right}/${asked}  ${wrong.slice(0, 3).join('; ')}`);
  }
  report.questions[language] = { ...answered, all: total(Object.values(answered)) };

  const drawn: Record<string, Share> = {};
  for (const category of CAPTION_KINDS.filter((k) => k !== 'long')) {
    const { right, n: made, wrong } = await generation(model, category, language, n);
    drawn[category] = { right, n: made };
    say(`generation ${language} ${category}: ${right}/${made}  ${wrong.slice(0, 3).join('; ')}`);
  }
  report.generation[language] = { ...drawn, all: total(Object.values(drawn)) };

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
  report.sheet[language] = { right, n: items.length };
}

async function measured(): Promise<Report> {
  const model = await loadModel(values.model);
  const kept = values.editing ? readReport() : { questions: {}, generation: {}, sheet: {} };
  const { name, version } = model.manifest;
  const report: Report = { ...kept, model: name, version, n, editing: {} };
  for (const language of LANGUAGES) {
    if (!values.editing) await picturesAndAnswers(model, report, language);
    const edits: Report['editing'][string] = {};
    for (const decoder of ['generation', 'editing'] as const) {
      edits[decoder] = await editing(model, decoder, language, 2 * n);
      say(`editing ${language} ${decoder}: ${JSON.stringify(edits[decoder])}`);
    }
    report.editing[language] = edits;
  }
  await model.close();
  writeFileSync(reportPath, JSON.stringify(report, null, 1) + '\n');
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
