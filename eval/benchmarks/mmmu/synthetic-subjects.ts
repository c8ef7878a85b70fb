/** What each subject of the synthetic set asks, what is certainly wrong there, and what an open answer may be. */
import { CLASSES, COLOURS } from '../../../models/scenes/classes';
import { counted, NUMBERS, place } from '../../../models/scenes/language';
import type { QuestionKind } from '../../../models/scenes/questions';
import { overlaps, PLACE_NAMES, type Scene } from '../../../models/scenes/scene';

export interface SubjectRules {
  kind: QuestionKind;
  /** The answers, those of one thing where there may be more. */
  answers: readonly string[];
  /** Answers that are wrong of this scene, the more plausible ones first; none where that cannot be known. */
  wrong(answer: string, scene: Scene): readonly (readonly string[])[];
  /** What counts as right of an open question, or null where the official rule would take wrong answers for right. */
  open(answer: string): string | readonly string[] | null;
}

const phrase = (classIndex: number, n: number): string => counted({ classIndex, colourIndex: null }, n, 'en');
const classNames = CLASSES.map(({ name }) => name);
const colourNames = COLOURS.map(({ name }) => name);
const placePhrases = PLACE_NAMES.map((name) => place(name, 'en'));

/** The official rule looks for the right text anywhere in a response: "car" is in "carrot", "red" in "colored". */
const unmistakable = (text: string, others: readonly string[]): boolean =>
  others.every((other) => other === text || !other.includes(text));

export const SUBJECT_RULES: Readonly<Record<string, SubjectRules>> = {
  Objects: {
    kind: 'what',
    answers: classNames.map((_, index) => phrase(index, 1)),
    wrong(answer, scene) {
      const present = [...new Set(scene.objects.map(({ classIndex }) => classIndex))];
      for (const right of present)
        for (const n of [1, 2, 3, 4])
          if (phrase(right, n) === answer) {
            const others = present.filter((one) => one !== right);
            const absent = [...CLASSES.keys()].filter((one) => !present.includes(one));
            return [others, absent].map((classes) => classes.map((one) => phrase(one, n)));
          }
      // A list of several things.
      return [];
    },
    open(answer) {
      const name = classNames.find((_, index) => phrase(index, 1) === answer);
      return name !== undefined && unmistakable(name, classNames) ? name : null;
    },
  },
  Colours: {
    kind: 'colour',
    answers: colourNames,
    wrong: (answer) => [colourNames.filter((name) => name !== answer)],
    open: (answer) => (unmistakable(answer, [...colourNames, 'colored']) ? answer : null),
  },
  Counting: {
    kind: 'how many',
    answers: NUMBERS.en,
    wrong: (answer) => [NUMBERS.en.filter((word) => word !== answer)],
    open: (answer) =>
      unmistakable(answer, [...NUMBERS.en, 'none']) ? [answer, String(NUMBERS.en.indexOf(answer))] : null,
  },
  Places: {
    kind: 'where',
    answers: placePhrases,
    wrong(answer) {
      const right = PLACE_NAMES[placePhrases.indexOf(answer)]!;
      // Neighbours are too near to be wrong ("on the left" of a thing at the top left), but for the center.
      const far = PLACE_NAMES.filter((name) =>
        name === 'center' || right === 'center' ? name !== right : !overlaps(name, right),
      );
      return [far.map((name) => place(name, 'en'))];
    },
    open(answer) {
      const right = PLACE_NAMES[placePhrases.indexOf(answer)]!;
      return unmistakable(right, PLACE_NAMES) ? right : null;
    },
  },
};
