import { CLASSES, COLOURS } from './classes';
import {
  bare,
  counted,
  list,
  NUMBERS,
  place,
  plural,
  RELATION_ZH,
  type Language,
  type Relation,
} from './language';
import type { Random } from './random';
import { placeOf, type Scene, type SceneObject, type Thing } from './scene';

export const QUESTION_KINDS = ['what', 'colour', 'how many', 'where', 'yes or no'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

export interface Question {
  kind: QuestionKind;
  language: Language;
  question: string;
  answer: string;
}

const uncoloured = (o: Thing): Thing => ({ classIndex: o.classIndex, colourIndex: null });

/** Objects grouped by class and colour, in order of first appearance. */
function groups(objects: readonly SceneObject[]): { thing: Thing; members: SceneObject[] }[] {
  const out: { thing: Thing; members: SceneObject[] }[] = [];
  for (const o of objects) {
    const known = out.find((g) => g.thing.classIndex === o.classIndex);
    if (known) known.members.push(o);
    else out.push({ thing: uncoloured(o), members: [o] });
  }
  return out;
}

/** From top to bottom, then from left to right: an order that can be seen, unlike the one of the caption. */
function inReadingOrder(objects: readonly SceneObject[]): SceneObject[] {
  return [...objects].sort((a, b) => a.row - b.row || a.col - b.col);
}

/** A question of a kind about a scene, or null where the scene gives no occasion for it. */
export function ask(scene: Scene, kind: QuestionKind, language: Language, random: Random): Question | null {
  const en = language === 'en';
  const all = groups(scene.objects);
  const single = all.filter((g) => g.members.length === 1);
  const made = (question: string, answer: string): Question => ({ kind, language, question, answer });
  switch (kind) {
    case 'what': {
      const placed = scene.objects.length > 1 && random.chance(0.6);
      if (placed) {
        const o = random.pick(scene.objects);
        const where = place(placeOf(o), language);
        return made(
          en ? random.pick([`what is ${where}?`, `what do you see ${where}?`]) : `${where}是什么？`,
          counted(uncoloured(o), 1, language),
        );
      }
      return made(
        en
          ? random.pick([
              'what is in the picture?',
              'what do you see?',
              'what is this?',
              'Please give a brief description of the image.',
            ])
          : random.pick(['图中有什么？', '你看到了什么？', '这是什么？', '请简要描述这张图片。']),
        list(
          groups(inReadingOrder(scene.objects)).map((g) => counted(g.thing, g.members.length, language)),
          language,
        ),
      );
    }
    case 'colour': {
      const tinted = all.filter((g) =>
        g.members.every((m) => m.colourIndex !== null && m.colourIndex === g.members[0]!.colourIndex),
      );
      if (tinted.length === 0) return null;
      const g = random.pick(tinted);
      const c = COLOURS[g.members[0]!.colourIndex!]!;
      const many = g.members.length > 1;
      const noun = many ? plural(g.thing, language) : bare(g.thing, language);
      return made(
        en
          ? random.pick([
              `what color ${many ? 'are' : 'is'} the ${noun}?`,
              `what is the color of the ${noun}?`,
            ])
          : random.pick([`${noun}是什么颜色的？`, `${noun}是什么颜色？`]),
        en ? c.name : c.zh,
      );
    }
    case 'how many': {
      const absent = random.chance(0.12);
      const g = random.pick(all);
      let thing = g.thing;
      let n = g.members.length;
      if (absent) {
        thing = { classIndex: random.int(CLASSES.length), colourIndex: null };
        n = scene.objects.filter((o) => o.classIndex === thing.classIndex).length;
      }
      const noun = plural(thing, language);
      return made(
        en
          ? random.pick([
              `how many ${noun} are there?`,
              `how many ${noun} do you see?`,
              `how many ${noun} are in the picture?`,
            ])
          : random.pick([
              `有几${CLASSES[thing.classIndex]!.measure}${noun}？`,
              `图中有几${CLASSES[thing.classIndex]!.measure}${noun}？`,
              `图中有多少${CLASSES[thing.classIndex]!.measure}${noun}？`,
            ]),
        en ? NUMBERS.en[n]! : `${NUMBERS.zh[n]}${CLASSES[thing.classIndex]!.measure}`,
      );
    }
    case 'where': {
      if (single.length === 0) return null;
      const o = random.pick(single).members[0]!;
      const noun = bare(uncoloured(o), language);
      return made(
        en
          ? random.pick([`where is the ${noun}?`, `where do you see the ${noun}?`])
          : random.pick([`${noun}在哪里？`, `${noun}在什么位置？`]),
        en ? place(placeOf(o), 'en') : `在${place(placeOf(o), 'zh')}`,
      );
    }
    case 'yes or no': {
      if (single.length >= 2 && random.chance(0.5)) {
        const [a, b] = random.shuffle(single).map((g) => g.members[0]!) as [SceneObject, SceneObject];
        const horizontal = Math.abs(a.col - b.col) >= Math.abs(a.row - b.row);
        const truth: Relation = horizontal
          ? a.col < b.col
            ? 'left of'
            : 'right of'
          : a.row < b.row
            ? 'above'
            : 'below';
        const opposite: Record<Relation, Relation> = {
          'left of': 'right of',
          'right of': 'left of',
          above: 'below',
          below: 'above',
        };
        const yes = random.chance(0.5);
        const relation = yes ? truth : opposite[truth];
        return made(
          en
            ? `is the ${bare(uncoloured(a), 'en')} ${relation} the ${bare(uncoloured(b), 'en')}?`
            : `${bare(uncoloured(a), 'zh')}在${bare(uncoloured(b), 'zh')}的${RELATION_ZH[relation]}吗？`,
          en ? (yes ? 'yes' : 'no') : yes ? '是' : '不是',
        );
      }
      const yes = random.chance(0.5);
      let classIndex = random.pick(scene.objects).classIndex;
      if (!yes)
        do classIndex = random.int(CLASSES.length);
        while (scene.objects.some((o) => o.classIndex === classIndex));
      const thing = { classIndex, colourIndex: null };
      return made(
        en ? `is there ${counted(thing, 1, 'en')}?` : `图中有${bare(thing, 'zh')}吗？`,
        en ? (yes ? 'yes' : 'no') : yes ? '有' : '没有',
      );
    }
  }
}
