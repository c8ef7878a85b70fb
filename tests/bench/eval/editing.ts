/** Pairs a second of the editing metrics, against Python on the same weights and files. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { scoreEditFile, type EditingReport } from '../../../eval/benchmarks/editing/file';
import { editingPreset } from '../../../eval/benchmarks/editing/presets';
import { captionOf, syntheticEdit } from '../../../eval/benchmarks/editing/synthetic';
import { drawn } from '../../../eval/benchmarks/synthetic';
import { openClip, openDino } from '../../../eval/evaluators';
import { root } from '../../support/paths';
import { median, type Report } from './report';

const evaluator = (name: string) => path.join(root, 'models/evaluators', name);
const nano = editingPreset('nano');
const directories = {
  clip: evaluator(nano.evaluators.clip),
  dino: evaluator(nano.evaluators.dino),
};

const noPython = 'no Python reference: pip install pillow onnxruntime numpy tokenizers';
/** The largest difference of a score that two correct implementations may have. */
const tolerance = 1e-4;

interface PythonScores {
  clip_t: number;
  l1: number;
  clip_o: number;
  dino_o: number;
  clip_source: number;
  dino_source: number;
}

interface PythonPass {
  seconds: number;
  scores: PythonScores[];
  versions: Record<string, string>;
}

/** How idle threads of onnxruntime wait: asleep, as they do in models/runtime, or busily, which is its default. */
const waits = ['asleep', 'busy'] as const;

/**
 * Passes take turns, so that what else the machine does falls on all alike. Python runs in both ways of waiting, and the
 * faster one is the bar.
 */
export async function editing(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const pairs = quick ? 10 : 60;
  const rounds = quick ? 1 : 5;
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-editing-'));
  const clip = await openClip(directories.clip);
  const dino = await openDino(directories.dino);
  try {
    const file = await writePairs(folder, pairs);
    const text = await readFile(file, 'utf8');
    const pass = (lines: string) => scoreEditFile(lines, folder, { clip, dino }, nano);
    await pass(text.slice(0, text.indexOf('\n')));
    report.begin();
    const own: number[] = [];
    const reference = { asleep: [] as PythonPass[], busy: [] as PythonPass[] };
    let scored: EditingReport | undefined;
    let problem: string | null = null;
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      scored = await pass(text);
      own.push((performance.now() - began) / 1000);
      for (const wait of waits) {
        const other: PythonPass | string = problem ?? pythonPass(file, wait);
        if (typeof other === 'string') problem = other;
        else reference[wait].push(other);
      }
    }
    const speed = (seconds: number) => pairs / seconds;
    const range = (seconds: readonly number[]) =>
      `${rounds} rounds: ${[Math.max(...seconds), Math.min(...seconds)].map((s) => speed(s).toFixed(1)).join(' to ')}`;
    const ours = speed(median(own));
    if (problem !== null || scored === undefined) {
      report.add(`Editing metrics of ${pairs} pairs`, ours, 'pairs/s', { note: `${range(own)}; ${problem}` });
      return;
    }
    const theirs = waits.map((wait) => reference[wait].map(({ seconds }) => seconds));
    const fastest = Math.max(...theirs.map((seconds) => speed(median(seconds))));
    const { python, pillow, onnxruntime } = reference.asleep[0]!.versions;
    report.add(`Editing metrics of ${pairs} pairs`, ours, 'pairs/s', {
      bar: { is: '≥', than: fastest },
      note: `${range(own)}; the bar is the faster Python`,
    });
    waits.forEach((wait, i) =>
      report.add(`the same in Python, idle threads ${wait}`, speed(median(theirs[i]!)), 'pairs/s', {
        note: `${range(theirs[i]!)}; Python ${python}, Pillow ${pillow}, onnxruntime ${onnxruntime}`,
      }),
    );
    report.add(
      'largest difference of a score from Python',
      largestDifference(scored, reference.asleep[0]!),
      '',
      {
        bar: { is: '<', than: tolerance },
        note: `${pairs} items × 6 figures`,
      },
    );
  } finally {
    await Promise.all([clip.close(), dino.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sources and targets of 256 × 256 pixels; the edited picture is the target, blurred and shifted by turns. */
async function writePairs(folder: string, count: number): Promise<string> {
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const edit = syntheticEdit(index);
    const [source, target] = [await drawn('source', edit.source), await drawn('target', edit.target)];
    const edited = await (index % 2 === 0 ? blurred(target.bytes, index) : shifted(target.bytes, index));
    const line: Record<string, string> = { caption: captionOf(edit) };
    for (const [name, bytes] of Object.entries({ source: source.bytes, edited, target: target.bytes })) {
      line[name] = `${name}-${index}.png`;
      await writeFile(path.join(folder, line[name]), bytes);
    }
    lines.push(JSON.stringify(line));
  }
  const file = path.join(folder, 'pairs.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const blurred = (png: Uint8Array, index: number) =>
  sharp(png)
    .blur(0.6 + (index % 7) / 4)
    .png()
    .toBuffer();

/** To the left and up, the edge repeated. */
async function shifted(png: Uint8Array, index: number): Promise<Buffer> {
  const [dx, dy] = [1 + (index % 5), 1 + (index % 3)];
  const { width, height } = await sharp(png).metadata();
  return sharp(png)
    .extract({ left: dx, top: dy, width: width - dx, height: height - dy })
    .extend({ right: dx, bottom: dy, extendWith: 'copy' })
    .png()
    .toBuffer();
}

/** One pass in a process of its own, or why there is none. */
function pythonPass(file: string, wait: (typeof waits)[number]): PythonPass | string {
  const script = path.join(import.meta.dirname, 'reference.py');
  const threads = String(availableParallelism());
  const { error, status, stdout, stderr } = spawnSync(
    process.env.BENCH_PYTHON || 'python3',
    [
      ...[script, file, directories.clip, directories.dino, '--threads', threads],
      ...(wait === 'busy' ? ['--spin'] : []),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (error || status === 3) return noPython;
  if (status !== 0) return `the Python reference failed: ${stderr.trim().split('\n').at(-1)}`;
  return JSON.parse(stdout) as PythonPass;
}

/** @throws Error when an item has no scores: then nothing was compared */
function largestDifference({ items }: EditingReport, { scores }: PythonPass): number {
  let largest = 0;
  scores.forEach((theirs, i) => {
    const { clip_t, l1, clip_o, dino_o, references, problem } = items[i]!;
    if (!references) throw new Error(`Pair ${i + 1} could not be scored: ${problem}`);
    const { clip: clip_source, dino: dino_source } = references.source;
    const ours = { clip_t, l1, clip_o, dino_o, clip_source, dino_source };
    for (const name of Object.keys(ours) as (keyof PythonScores)[])
      largest = Math.max(largest, Math.abs(ours[name]! - theirs[name]));
  });
  return largest;
}
