/**
 * Writes what the trainer reads: scenes as JSON lines (objects, texts) and the sprites as one array.
 * Usage: tsx models/scenes/export-training-data.ts [--out DIR] [--captions N] [--questions N] [--edits N] [--seed N]
 * [--split train|test]
 *
 * Evaluators are trained and measured on other seeds than the model, and with the split `test`: it also has the
 * object–colour pairs that the model's training never shows, which a measure of the model has to know.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { vocabularyLines } from './captions';
import { CLASSES, COLOURS, STYLES } from './classes';
import { ENGLISH_NOUNS, CHINESE_NOUNS } from './polish-words';
import {
  editSample,
  polishSample,
  questionSample,
  TRAINING_SEED,
  captionSample,
  type SampleWording,
} from './samples';
import { DEFAULT_GROUND, LARGE, OTHER_GROUNDS, SMALL, type Scene, type Split } from './scene';
import { sprite } from './sprites';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'var/training' },
    captions: { type: 'string', default: '300000' },
    questions: { type: 'string', default: '120000' },
    edits: { type: 'string', default: '200000' },
    polish: { type: 'string', default: '60000' },
    wording: { type: 'string', default: 'training' },
    seed: { type: 'string', default: String(TRAINING_SEED) },
    split: { type: 'string', default: 'train' },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed is a whole number, not ${values.seed}`);
if (values.split !== 'train' && values.split !== 'test')
  throw new Error(`--split is train or test, not ${values.split}`);
const split: Split = values.split;
if (values.wording !== 'training' && values.wording !== 'template')
  throw new Error(`--wording is training or template, not ${values.wording}`);
const wording: SampleWording = values.wording;

const CELL = 28;
const grounds = [DEFAULT_GROUND, ...OTHER_GROUNDS];
const objectsOf = (scene: Scene) =>
  scene.objects.map((o) => [
    o.classIndex,
    o.colourIndex === null ? 0 : o.colourIndex + 1,
    Math.round((o.row + o.jitter[0]) * CELL),
    Math.round((o.col + o.jitter[1]) * CELL),
    o.side,
  ]);
const styleOf = (scene: Scene) => STYLES.indexOf(scene.style);
const groundOf = (scene: Scene) => grounds.indexOf(scene.ground);

async function lines(file: string, n: number, make: (index: number) => unknown): Promise<void> {
  const out = createWriteStream(join(values.out, file));
  for (let i = 0; i < n; i++) if (!out.write(JSON.stringify(make(i)) + '\n')) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
  console.log(`${file}: ${n}`);
}

/** Sprites at the model's 28 pixels a cell: drawn at twice the size and averaged 2 × 2. */
function spriteArray(side: number): Uint8Array {
  const n = side * CELL;
  const out = new Uint8Array(STYLES.length * CLASSES.length * (COLOURS.length + 1) * n * n * 4);
  let at = 0;
  for (const style of STYLES)
    for (let k = 0; k < CLASSES.length; k++)
      for (const colourIndex of [null, ...COLOURS.keys()]) {
        const { data } = sprite(k, colourIndex, style, 2 * n);
        for (let y = 0; y < n; y++)
          for (let x = 0; x < n; x++)
            for (let c = 0; c < 4; c++) {
              const i = (2 * y * 2 * n + 2 * x) * 4 + c;
              out[at++] = Math.round((data[i]! + data[i + 4]! + data[i + 8 * n]! + data[i + 8 * n + 4]!) / 4);
            }
      }
  return out;
}

mkdirSync(values.out, { recursive: true });
writeFileSync(
  join(values.out, 'world.json'),
  JSON.stringify({
    classes: CLASSES.length,
    colours: COLOURS.length + 1,
    styles: STYLES.length,
    cell: CELL,
    grounds: grounds.map((g) => ({ top: g.top, bottom: g.bottom, horizon: g.horizon })),
    vocabulary: vocabularyLines(),
    names: Object.fromEntries([
      ...[...ENGLISH_NOUNS].map(([name, noun]) => [name, noun.classIndex] as const),
      ...CHINESE_NOUNS,
    ]),
  }),
);
for (const side of [SMALL, LARGE]) writeFileSync(join(values.out, `sprites-${side}.bin`), spriteArray(side));

await lines('questions.jsonl', Number(values.questions), (i) => {
  const s = questionSample(split, seed, i, 6, { wording });
  return {
    o: objectsOf(s.scene),
    g: groundOf(s.scene),
    l: s.language,
    qa: s.questions.map((q) => [q.question, q.answer]),
  };
});
await lines('edits.jsonl', Number(values.edits), (i) => {
  const e = editSample(split, seed, i, { wording });
  const forward = i % 2 === 0;
  const [from, to] = forward ? [e.source, e.target] : [e.target, e.source];
  return {
    o: objectsOf(from),
    o2: objectsOf(to),
    g: groundOf(from),
    // Where the style is left open, training draws one for both pictures.
    ...(e.kind === 'style' || e.kind === 'several' ? { s: styleOf(from), s2: styleOf(to) } : {}),
    l: e.language,
    t: forward ? e.instruction : e.reverse,
  };
});
await lines('captions.jsonl', Number(values.captions), (i) => {
  const s = captionSample(split, seed, i, { wording });
  return { o: objectsOf(s.scene), g: groundOf(s.scene), s: styleOf(s.scene), l: s.language, t: s.caption };
});
await lines('polish.jsonl', Number(values.polish), (i) => {
  const { prompt, polished, language } = polishSample(split, seed, i, { wording });
  return { l: language, t: prompt, a: polished };
});
