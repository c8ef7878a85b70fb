/**
 * A set in MMMU's format that the project's own scene generator makes: questions about pictograms, in subjects of their
 * own. It is no part of MMMU, and results on it are named synthetic.
 */
import { Random } from '../../../models/scenes/random';
import { questionSample } from '../../../models/scenes/samples';
import type { Scene } from '../../../models/scenes/scene';
import type { Dataset, DatasetPicture, MmmuQuestion } from '../../datasets/types';
import { drawn, SYNTHETIC_SEED } from '../synthetic';
import { letters } from './prompt';
import type { SubjectTable } from './subjects';
import { SUBJECT_RULES, type SubjectRules } from './synthetic-subjects';

const PER_SUBJECT = 75;
const OPTIONS = 4;

const subjects = Object.keys(SUBJECT_RULES);

/** The subjects of the set, with which its answers are scored and summed up. */
export const SYNTHETIC_TABLE: SubjectTable = {
  subjects,
  domains: { Things: ['Objects', 'Colours'], Arrangement: ['Counting', 'Places'] },
  expected: new Map(subjects.map((subject) => [subject, PER_SUBJECT])),
};

/** A question of the set, before its picture is drawn. */
export interface SyntheticQuestion {
  /** As MMMU's ids: the set, the subject and a number from 1. */
  key: string;
  subject: string;
  scene: Scene;
  data: MmmuQuestion;
}

/** How many of a subject's questions are open; the others have options. */
const OPEN = PER_SUBJECT / 4;

/** An answer may come as often as it would if all came alike, and a fifth more: most things stand alone in a scene. */
function mostOf({ answers, open }: SubjectRules, isOpen: boolean): number {
  const possible = isOpen ? answers.filter((answer) => open(answer) !== null) : answers;
  return Math.ceil((1.2 * (isOpen ? OPEN : PER_SUBJECT - OPEN)) / possible.length);
}

/**
 * The 300 questions, subjects by turns: 75 of each, of which every fourth is open. The letters of right answers are
 * drawn in rounds of A to D, so that each letter is right equally often.
 */
export function* syntheticQuestionTexts(): Generator<SyntheticQuestion> {
  const random = new Random(SYNTHETIC_SEED * 8);
  const used = new Map<string, number>();
  const rounds = new Map<string, number[]>();
  let index = 0;
  for (let number = 1; number <= PER_SUBJECT; number++)
    for (const [turn, [subject, rules]] of Object.entries(SUBJECT_RULES).entries()) {
      const open = (number + turn) % 4 === 0;
      for (;;) {
        const asked = ask(rules, open, index++, random);
        if (!asked) continue;
        const { scene, question, answer } = asked;
        const what = `${subject}/${open}/${answer}`;
        const times = used.get(what) ?? 0;
        if (times >= mostOf(rules, open)) continue;
        used.set(what, times + 1);
        const key = `synthetic_${subject}_${number}`;
        if (open) {
          const data: MmmuQuestion = { question, kind: 'open', options: [], answer: rules.open(answer)! };
          yield { key, subject, scene, data };
        } else {
          const round = rounds.get(subject) ?? [];
          if (round.length === 0) round.push(...random.shuffle([0, 1, 2, 3]));
          rounds.set(subject, round);
          const right = round.pop()!;
          const options = [...asked.wrong.slice(0, right), answer, ...asked.wrong.slice(right)];
          const letter = letters(OPTIONS)[right]!;
          yield { key, subject, scene, data: { question, kind: 'multiple-choice', options, answer: letter } };
        }
        break;
      }
    }
}

interface Asked {
  scene: Scene;
  question: string;
  answer: string;
  /** As many as a multiple-choice question has beside the right one; none for an open one. */
  wrong: string[];
}

/** A question about the scene of an index, or null where it gives none that is certain to have one right answer. */
function ask(rules: SubjectRules, open: boolean, index: number, random: Random): Asked | null {
  const { scene, questions } = questionSample('test', SYNTHETIC_SEED, index, 1, {
    kind: rules.kind,
    language: 'en',
  });
  const [asked] = questions;
  if (!asked) return null;
  const { answer } = asked;
  const question = `${asked.question} <image 1>`;
  if (open) return rules.open(answer) ? { scene, question, answer, wrong: [] } : null;
  const wrong: string[] = [];
  for (const candidates of rules.wrong(answer, scene))
    for (const one of random.shuffle(candidates))
      // Scripts look for an option's text in a response: no option may be part of another.
      if (wrong.length < OPTIONS - 1 && [answer, ...wrong].every((other) => !overlap(one, other)))
        wrong.push(one);
  return wrong.length === OPTIONS - 1 ? { scene, question, answer, wrong } : null;
}

const overlap = (a: string, b: string): boolean => a.includes(b) || b.includes(a);

/** The pictures of the question at a position of the set. */
export async function drawQuestion(position: number): Promise<DatasetPicture[]> {
  let index = 0;
  for (const { scene } of syntheticQuestionTexts())
    if (index++ === position) return [await drawn('image_1', scene)];
  return [];
}

/**
 * 300 questions about scenes that no training has seen, 225 with four options and 75 open, in the subjects of
 * SYNTHETIC_TABLE, which are the groups. The picture `image_1` is a PNG file of 256 × 256. Texts and
 * scenes are the same for ever; another version of the image library may write other bytes.
 */
export function syntheticQuestions(): Dataset<MmmuQuestion> {
  return {
    size: subjects.length * PER_SUBJECT,
    hash: '8faaf6482821a1653f32e1f0034644fe4673b3a71e48e3b936c9108ac540a502',
    problems: [],
    async *items() {
      for (const { key, subject, scene, data } of syntheticQuestionTexts())
        yield { key, group: subject, data, pictures: [await drawn('image_1', scene)] };
    },
  };
}
