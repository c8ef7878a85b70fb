import { CLASSES, COLOURS } from './classes';
import {
  article,
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
import { fill, freeNoun, freePlace, SIDE_WORDS, type FreeWording, type Pool, type Wording } from './wording';

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

/** What is asked, in words other than the templates'. {n} a noun, {p} a place, {be} is or are, {o} a thing with its article. */
export const ASKED: Record<
  'placed' | 'all' | 'colour' | 'how many' | 'where' | 'there' | 'relation',
  Record<Language, Pool>
> = {
  placed: {
    en: {
      free: [
        'what is {p}?',
        'what do you see {p}?',
        'which thing is {p}?',
        'what can be seen {p}?',
        'name the thing {p}',
        'what object is {p}?',
        '{p}, what is there?',
        'tell me what is {p}',
      ],
      'held-out': ['what can you see {p}?', 'which object is {p}?', 'what thing is there {p}?'],
    },
    zh: {
      free: [
        '{p}是什么？',
        '{p}有什么？',
        '{p}是什么东西？',
        '什么在{p}？',
        '你看到{p}有什么？',
        '{p}的东西是什么？',
      ],
      'held-out': ['图中{p}是什么？', '{p}能看到什么？', '什么东西在{p}？'],
    },
  },
  all: {
    en: {
      free: [
        'what is in the picture?',
        'what do you see?',
        'what is this?',
        'describe the picture',
        'describe the image',
        'what does the picture show?',
        'which things are in the picture?',
        'what is shown here?',
        'what can you see in the image?',
        'please describe what you see',
        'name everything in the picture',
        'list the things in this image',
        'what objects are there?',
      ],
      'held-out': [
        'what does this image show?',
        'which objects do you see in the picture?',
        'please describe this picture',
        'what can be seen here?',
        'tell me what is in the image',
      ],
    },
    zh: {
      free: [
        '图中有什么？',
        '你看到了什么？',
        '这是什么？',
        '描述这张图片',
        '请描述一下图片',
        '图片里有什么？',
        '这张图里有哪些东西？',
        '图上画了什么？',
        '里面有什么东西？',
        '说说图中的东西',
      ],
      'held-out': ['这张图片里有什么？', '请描述你看到的东西', '图里画了什么？', '你能看到哪些东西？'],
    },
  },
  colour: {
    en: {
      free: [
        'what color {be} the {n}?',
        'what is the color of the {n}?',
        'which color {be} the {n}?',
        'which color do the {n} have?',
        'tell me the color of the {n}',
        'the {n}: what color?',
        'what color do you see on the {n}?',
        'name the color of the {n}',
        'in what color {be} the {n}?',
        'what colour {be} the {n}?',
      ],
      'held-out': [
        'which color is the one of the {n}?',
        'can you tell me what color the {n} {be}?',
        'what is the colour of the {n}?',
        'in which color do you see the {n}?',
      ],
    },
    zh: {
      free: [
        '{n}是什么颜色的？',
        '{n}是什么颜色？',
        '{n}的颜色是什么？',
        '图中{n}是什么颜色？',
        '{n}是哪种颜色？',
        '{n}什么颜色？',
        '说出{n}的颜色',
      ],
      'held-out': ['{n}是哪种颜色的？', '图中的{n}是什么颜色的？', '请说出{n}是什么颜色'],
    },
  },
  'how many': {
    en: {
      free: [
        'how many {n} are there?',
        'how many {n} do you see?',
        'how many {n} are in the picture?',
        'count the {n}',
        'what is the number of {n}?',
        'how many {n} does the picture show?',
        'how many {n} can you count?',
        'tell me how many {n} there are',
        'the number of {n}?',
        'how many {n}?',
        'how many {n} are shown?',
      ],
      'held-out': [
        'can you count the {n}?',
        'please tell me the number of {n}',
        'how many {n} can be seen?',
        'how many {n} are in this image?',
      ],
    },
    zh: {
      free: [
        '有几{m}{n}？',
        '图中有几{m}{n}？',
        '图中有多少{m}{n}？',
        '有多少{n}？',
        '数一数{n}',
        '{n}有几{m}？',
        '一共有几{m}{n}？',
        '{n}的数量是多少？',
        '几{m}{n}？',
      ],
      'held-out': ['图中一共有多少{m}{n}？', '请数一数有几{m}{n}', '图里{n}有多少{m}？'],
    },
  },
  where: {
    en: {
      free: [
        'where is the {n}?',
        'where do you see the {n}?',
        'in which place is the {n}?',
        'where can i find the {n}?',
        'what is the position of the {n}?',
        'tell me where the {n} is',
        'the {n} is where?',
        'in which part of the picture is the {n}?',
        'where in the picture is the {n}?',
      ],
      'held-out': [
        'where is the {n} in the image?',
        'in which part of the image do you see the {n}?',
        'can you tell me where the {n} is?',
        'what is the place of the {n}?',
      ],
    },
    zh: {
      free: [
        '{n}在哪里？',
        '{n}在什么位置？',
        '{n}在哪儿？',
        '{n}在图中的什么地方？',
        '{n}位于哪里？',
        '哪里有{n}？',
        '{n}的位置在哪？',
      ],
      'held-out': ['图中{n}在哪里？', '{n}在图中什么位置？', '请说出{n}在哪里'],
    },
  },
  there: {
    en: {
      free: [
        'is there {o}?',
        'do you see {o}?',
        'is there {o} in the picture?',
        'does the picture show {o}?',
        'can you see {o}?',
        'does the image have {o}?',
      ],
      'held-out': ['can you see {o} in the image?', 'does the picture have {o}?', 'do you see {o} here?'],
    },
    zh: {
      free: ['图中有{n}吗？', '有{n}吗？', '你看到{n}了吗？', '图中有没有{n}？', '图片里有{n}吗？'],
      'held-out': ['图片里有没有{n}？', '你能看到{n}吗？'],
    },
  },
  relation: {
    en: {
      free: [
        'is the {a} {r} the {b}?',
        'do you see the {a} {r} the {b}?',
        'tell me if the {a} is {r} the {b}',
        'is it true that the {a} is {r} the {b}?',
      ],
      'held-out': ['can you see the {a} {r} the {b}?', 'in the picture, is the {a} {r} the {b}?'],
    },
    zh: {
      free: ['{a}在{b}的{r}吗？', '{a}是不是在{b}的{r}？', '{a}在{b}{r}吗？'],
      'held-out': ['图中{a}在{b}的{r}吗？', '请问{a}在{b}{r}吗？'],
    },
  },
};

/**
 * A question of a kind about a scene, or null where the scene gives no occasion for it. Answers are worded alike,
 * however it is asked.
 */
export function ask(
  scene: Scene,
  kind: QuestionKind,
  language: Language,
  random: Random,
  wording: Wording = 'template',
): Question | null {
  const en = language === 'en';
  const freely = wording === 'template' ? null : wording;
  /** A phrasing of a pool, filled. */
  const free = (
    asked: keyof typeof ASKED,
    as: FreeWording,
    values: Readonly<Record<string, string>>,
  ): string => fill(random.pick(ASKED[asked][language][as]), values);
  const all = groups(scene.objects);
  const single = all.filter((g) => g.members.length === 1);
  const made = (question: string, answer: string): Question => ({ kind, language, question, answer });
  const yesOrNo = (verb: '是' | '有', yes: boolean) =>
    en ? (yes ? 'yes' : 'no') : yes ? verb : verb === '是' ? '不是' : '没有';
  switch (kind) {
    case 'what': {
      const placed = scene.objects.length > 1 && random.chance(0.6);
      if (placed) {
        const o = random.pick(scene.objects);
        const where = place(placeOf(o), language);
        if (freely) {
          const p = freePlace(placeOf(o), language, random);
          return made(free('placed', freely, { p }), counted(uncoloured(o), 1, language));
        }
        return made(
          en ? random.pick([`what is ${where}?`, `what do you see ${where}?`]) : `${where}是什么？`,
          counted(uncoloured(o), 1, language),
        );
      }
      return made(
        freely
          ? free('all', freely, {})
          : en
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
      if (freely) {
        const n = freeNoun(g.thing.classIndex, many, language, random);
        return made(free('colour', freely, { n, be: many ? 'are' : 'is' }), en ? c.name : c.zh);
      }
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
      const answer = en ? NUMBERS.en[n]! : `${NUMBERS.zh[n]}${CLASSES[thing.classIndex]!.measure}`;
      if (freely) {
        const many = freeNoun(thing.classIndex, true, language, random);
        return made(free('how many', freely, { n: many, m: CLASSES[thing.classIndex]!.measure }), answer);
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
        answer,
      );
    }
    case 'where': {
      if (single.length === 0) return null;
      const o = random.pick(single).members[0]!;
      const answer = en ? place(placeOf(o), 'en') : `在${place(placeOf(o), 'zh')}`;
      if (freely)
        return made(free('where', freely, { n: freeNoun(o.classIndex, false, language, random) }), answer);
      const noun = bare(uncoloured(o), language);
      return made(
        en
          ? random.pick([`where is the ${noun}?`, `where do you see the ${noun}?`])
          : random.pick([`${noun}在哪里？`, `${noun}在什么位置？`]),
        answer,
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
        if (freely) {
          const [first, second] = [a, b].map((o) => freeNoun(o.classIndex, false, language, random));
          const side = SIDE_WORDS[relation];
          const r = random.pick(side[language]);
          return made(free('relation', freely, { a: first!, b: second!, r }), yesOrNo('是', yes));
        }
        return made(
          en
            ? `is the ${bare(uncoloured(a), 'en')} ${relation} the ${bare(uncoloured(b), 'en')}?`
            : `${bare(uncoloured(a), 'zh')}在${bare(uncoloured(b), 'zh')}的${RELATION_ZH[relation]}吗？`,
          yesOrNo('是', yes),
        );
      }
      const yes = random.chance(0.5);
      let classIndex = random.pick(scene.objects).classIndex;
      if (!yes)
        do classIndex = random.int(CLASSES.length);
        while (scene.objects.some((o) => o.classIndex === classIndex));
      const thing = { classIndex, colourIndex: null };
      if (freely) {
        const n = freeNoun(classIndex, false, language, random);
        return made(free('there', freely, { n, o: `${article(n)} ${n}` }), yesOrNo('有', yes));
      }
      return made(
        en ? `is there ${counted(thing, 1, 'en')}?` : `图中有${bare(thing, 'zh')}吗？`,
        yesOrNo('有', yes),
      );
    }
  }
}
