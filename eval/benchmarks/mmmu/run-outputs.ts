/** Answers in the official layout, of runs and from elsewhere: a folder with an `output.json` for each subject. */
import type { DatasetItem, MmmuQuestion } from '../../datasets/types';
import type { ExportedSample, ImportedOutputs, OutputFolder } from '../definition';
import { fileNameOf } from '../file-name';
import { readOutputs } from './outputs';
import { letters } from './prompt';
import { OFFICIAL_TABLE } from './subjects';
import type { MmmuResponse } from './types';

/**
 * The answers of a folder, with the questions that they bring along: those are the data set, where the real one is not at
 * hand.
 * @throws the file system's error when it cannot be read
 */
export async function readMmmuOutputs(
  directory: string,
  table = OFFICIAL_TABLE,
): Promise<Required<ImportedOutputs>> {
  const { responses, problems } = await readOutputs(directory, table);
  return {
    outputs: responses.map(({ id, response }) => ({ key: id, repeat: 0, text: response })),
    problems,
    dataset: {
      size: responses.length,
      problems: [],
      async *items() {
        for (const response of responses)
          yield { key: response.id, group: response.subject, data: questionFrom(response), pictures: [] };
      },
    },
  };
}

/** The question text and pictures are not in an output.json. */
function questionFrom(response: MmmuResponse): MmmuQuestion {
  const { answer, kind } = response;
  if (kind === 'open') return { question: '', kind, options: [], answer };
  const options = letters(response.choices.length).map((letter) =>
    String((response.options[letter] ?? '') as string | number),
  );
  return { question: '', kind, options, answer };
}

/** `<subject>/output.json`. */
export async function writeMmmuOutputs(
  samples: readonly ExportedSample[],
  { write }: OutputFolder,
): Promise<void> {
  const subjects = new Map<string, unknown[]>();
  for (const { item, text } of samples) {
    const { id, answer, ...question } = questionOf(item);
    const entry = {
      id,
      question_type: question.kind === 'open' ? 'short-answer' : 'multiple-choice',
      answer,
      ...('choices' in question ? { all_choices: question.choices, index2ans: question.options } : {}),
      ...(text === null ? {} : { response: text }),
    };
    subjects.set(item.group, [...(subjects.get(item.group) ?? []), entry]);
  }
  for (const [subject, entries] of subjects)
    await write(`${fileNameOf(subject)}/output.json`, `${JSON.stringify(entries, null, 1)}\n`);
}

/** A question as the scorer takes it, without a response. */
export function questionOf({ key, group, data }: Pick<DatasetItem, 'key' | 'group' | 'data'>) {
  const { kind, options, answer } = data as MmmuQuestion;
  const common = { id: key, subject: group, answer: answer as MmmuResponse['answer'] };
  if (kind === 'open') return { ...common, kind };
  const choices = letters(options.length);
  return { ...common, kind, choices, options: Object.fromEntries(choices.map((c, i) => [c, options[i]])) };
}
