/** MMMU's 900 answers, read, parsed, scored and summed up. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readOutputs } from '../../../eval/benchmarks/mmmu/outputs';
import { scoreResponses } from '../../../eval/benchmarks/mmmu/score';
import { OFFICIAL_TABLE } from '../../../eval/benchmarks/mmmu/subjects';
import { summarize } from '../../../eval/benchmarks/mmmu/summary';
import { sharedData } from '../../../models/runtime/testing/shared-data';
import { Random } from '../../../models/scenes/random';
import { median, type Report } from './report';

/** The bar is held by the first pass, which a command pays; the others show what is left once compiled. */
export async function mmmu(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const given = sharedData('mmmu', 'llava1.5_13b');
  const folder = given ?? (await writeAnswers());
  try {
    const passes: number[] = [];
    let said = '';
    for (let pass = 0; pass < (quick ? 3 : 20); pass++) {
      const began = performance.now();
      const { responses } = await readOutputs(folder);
      const { overall } = summarize(scoreResponses(responses).scored);
      passes.push(performance.now() - began);
      said = `${overall.correct} of ${overall.n} correct`;
    }
    report.add('900 MMMU answers read, parsed, scored', passes[0]! / 1000, 's', {
      bar: { is: '<', than: 0.5 },
      note: `${given ? "LLaVA 1.5 13B's published answers" : 'seeded synthetic answers'}: ${said}; median of ${passes.length} passes ${median(passes).toFixed(0)} ms`,
    });
  } finally {
    if (!given) await rm(folder, { recursive: true, force: true });
  }
}

const sayings = [
  (letter: string) => letter,
  (letter: string) => `(${letter})`,
  (letter: string) => `The answer is ${letter}.`,
  (letter: string) =>
    `Looking at the figure, the second of the curves rises first, so the right one is (${letter}), not (A).`,
  () => 'It cannot be told from the picture alone which of these things is the case here.',
];

/** As many answers of each subject as MMMU has questions, in the official layout. */
async function writeAnswers(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-mmmu-'));
  const random = new Random(42);
  const choices = ['A', 'B', 'C', 'D'];
  for (const [subject, count] of OFFICIAL_TABLE.expected) {
    const entries = Array.from({ length: count }, (_, i) => {
      const id = `validation_${subject}_${i + 1}`;
      const number = random.int(10_000) / 10;
      if (i % 16 === 0)
        return {
          ...{ id, question_type: 'short-answer', answer: String(number) },
          response: `The ratio is 3 to 4.\nTherefore the answer is ${random.chance(0.5) ? number : number + 1}.`,
        };
      const index2ans = Object.fromEntries(choices.map((c, k) => [c, `${number + k} metres of ${subject}`]));
      const response = random.pick(sayings)(random.pick(choices));
      const answer = random.pick(choices);
      return { id, question_type: 'multiple-choice', answer, all_choices: choices, index2ans, response };
    });
    await mkdir(path.join(folder, subject));
    await writeFile(path.join(folder, subject, 'output.json'), JSON.stringify(entries));
  }
  return folder;
}
