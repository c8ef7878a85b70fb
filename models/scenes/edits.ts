import { COLOURS, isHeldOutPair } from './classes';
import { bare, counted, list, place, plural, RELATION_ZH, type Language, type Relation } from './language';
import type { Random } from './random';
import {
  at,
  PLACE_NAMES,
  PLACES,
  overlaps,
  placeOf,
  randomThing,
  SMALL,
  type Place,
  type Scene,
  type SceneObject,
  type Split,
  type Thing,
} from './scene';

export const EDIT_KINDS = ['add', 'remove', 'replace', 'recolour', 'move', 'style'] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

export interface Edit {
  kind: EditKind;
  language: Language;
  source: Scene;
  target: Scene;
  instruction: string;
  /** The instruction that leads from the target back to the source. */
  reverse: string;
}

const STYLE_NAMES = {
  noto: { en: 'a shaded style', zh: '有明暗的风格' },
  'fluent-emoji-flat': { en: 'a flat style', zh: '扁平风格' },
  twemoji: { en: 'a simple style', zh: '简约风格' },
} as const;

/** "the apples", "苹果". */
const the = (objects: readonly SceneObject[], language: Language): string => {
  const thing = { classIndex: objects[0]!.classIndex, colourIndex: null };
  if (language === 'zh') return bare(thing, 'zh');
  return `the ${objects.length > 1 ? plural(thing, 'en') : bare(thing, 'en')}`;
};

/** Two phrasings share one draw so that an instruction and its reverse read alike. */
function phrase(en: readonly string[], zh: readonly string[], language: Language, draw: number): string {
  const options = language === 'en' ? en : zh;
  return options[Math.floor(draw * options.length)]!;
}

function addPhrase(
  object: SceneObject,
  rest: readonly SceneObject[],
  language: Language,
  draw: number,
): string {
  const what = counted(object, 1, language);
  const where = place(placeOf(object), language);
  const neighbour = rest.length === 1 ? rest[0]! : null;
  const relation = neighbour && relationOf(object, neighbour);
  if (neighbour && relation && draw < 0.4) {
    if (language === 'zh') return `在${the([neighbour], 'zh')}的${RELATION_ZH[relation]}添加${what}`;
    const words: Record<Relation, string> = {
      'left of': 'to the left of',
      'right of': 'to the right of',
      above: 'above',
      below: 'below',
    };
    return `add ${what} ${words[relation]} ${the([neighbour], 'en')}`;
  }
  return phrase(
    [`add ${what} ${where}`, `put ${what} ${where}`],
    [`在${where}添加${what}`, `在${where}加${what}`],
    language,
    draw,
  );
}

/** The relation of a to b where they face each other in the canonical layout, else null. */
function relationOf(a: SceneObject, b: SceneObject): Relation | null {
  if (a.row === b.row && a.col !== b.col) return a.col < b.col ? 'left of' : 'right of';
  if (a.col === b.col && a.row !== b.row) return a.row < b.row ? 'above' : 'below';
  return null;
}

const removePhrase = (objects: readonly SceneObject[], language: Language, draw: number) =>
  phrase(
    [`remove ${the(objects, 'en')}`, `delete ${the(objects, 'en')}`, `take away ${the(objects, 'en')}`],
    [`移除${the(objects, 'zh')}`, `删除${the(objects, 'zh')}`, `去掉${the(objects, 'zh')}`],
    language,
    draw,
  );

const recolourPhrase = (
  objects: readonly SceneObject[],
  colourIndex: number | null,
  language: Language,
  draw: number,
) => {
  if (colourIndex === null)
    return language === 'en'
      ? `give ${the(objects, 'en')} ${objects.length > 1 ? 'their' : 'its'} own color`
      : `恢复${the(objects, 'zh')}本来的颜色`;
  const c = COLOURS[colourIndex]!;
  return phrase(
    [
      `make ${the(objects, 'en')} ${c.name}`,
      `change the color of ${the(objects, 'en')} to ${c.name}`,
      `turn ${the(objects, 'en')} ${c.name}`,
    ],
    [
      `把${the(objects, 'zh')}变成${c.zh}`,
      `把${the(objects, 'zh')}的颜色改成${c.zh}`,
      `让${the(objects, 'zh')}变成${c.zh}`,
    ],
    language,
    draw,
  );
};

function replacePhrase(from: readonly SceneObject[], to: Thing, language: Language, draw: number): string {
  const n = from.length;
  const what = n > 1 && language === 'en' ? plural(to, 'en') : counted(to, n, language);
  return phrase(
    [`replace ${the(from, 'en')} with ${what}`, `change ${the(from, 'en')} into ${what}`],
    [`把${the(from, 'zh')}换成${what}`, `将${the(from, 'zh')}替换为${what}`],
    language,
    draw,
  );
}

/**
 * An edit of a kind of a scene, with its target and reverse, or null where the scene gives no occasion.
 * What the edit does not name stays exactly as it is.
 */
export function edit(
  scene: Scene,
  kind: EditKind,
  language: Language,
  random: Random,
  split: Split,
): Edit | null {
  const { objects } = scene;
  const draw = random.float();
  const reverseDraw = random.float();
  const made = (target: Scene, instruction: string, reverse: string): Edit => ({
    kind,
    language,
    source: scene,
    target,
    instruction,
    reverse,
  });
  const others = (chosen: readonly SceneObject[]) => objects.filter((o) => !chosen.includes(o));
  const group = () => {
    const first = random.pick(objects);
    return objects.filter((o) => o.classIndex === first.classIndex);
  };
  switch (kind) {
    case 'add': {
      if (objects.length > 3 || objects.some((o) => o.side !== SMALL)) return null;
      const taken = objects.map(placeOf);
      const free = PLACE_NAMES.filter((p: Place) => !taken.some((t) => overlaps(t, p)));
      if (free.length === 0) return null;
      const thing = randomThing(random, split, 0.5);
      if (objects.some((o) => o.classIndex === thing.classIndex)) return null;
      const added = at(thing, random.pick(free));
      return made(
        { ...scene, objects: [...objects, added] },
        addPhrase(added, objects, language, draw),
        removePhrase([added], language, reverseDraw),
      );
    }
    case 'remove': {
      const chosen = group();
      if (chosen.length !== 1 || objects.length < 2) return null;
      const rest = others(chosen);
      return made(
        { ...scene, objects: rest },
        removePhrase(chosen, language, draw),
        addPhrase(chosen[0]!, rest, language, reverseDraw),
      );
    }
    case 'replace': {
      const chosen = group();
      const thing = randomThing(random, split, 0.4);
      if (objects.some((o) => o.classIndex === thing.classIndex)) return null;
      const target = objects.map((o) => (chosen.includes(o) ? { ...o, ...thing } : o));
      const now = target.filter((o) => o.classIndex === thing.classIndex);
      return made(
        { ...scene, objects: target },
        replacePhrase(chosen, thing, language, draw),
        replacePhrase(now, chosen[0]!, language, reverseDraw),
      );
    }
    case 'recolour': {
      const chosen = group();
      const before = chosen[0]!.colourIndex;
      const colourIndex = random.int(COLOURS.length);
      if (colourIndex === before) return null;
      if (split === 'train' && isHeldOutPair(chosen[0]!.classIndex, colourIndex)) return null;
      return made(
        { ...scene, objects: objects.map((o) => (chosen.includes(o) ? { ...o, colourIndex } : o)) },
        recolourPhrase(chosen, colourIndex, language, draw),
        recolourPhrase(chosen, before, language, reverseDraw),
      );
    }
    case 'move': {
      const chosen = group();
      const moved = chosen[0]!;
      if (chosen.length !== 1 || moved.side !== SMALL) return null;
      const rest = others(chosen);
      const free = PLACE_NAMES.filter(
        (p) => PLACES[p] !== PLACES[placeOf(moved)] && !rest.some((o) => overlaps(placeOf(o), p)),
      );
      if (free.length === 0) return null;
      const target = { ...at(moved, random.pick(free)), jitter: moved.jitter };
      const words = (p: Place) =>
        language === 'en'
          ? `move ${the(chosen, 'en')} to the ${p}`
          : `把${the(chosen, 'zh')}移到${place(p, 'zh')}`;
      return made(
        { ...scene, objects: objects.map((o) => (o === moved ? target : o)) },
        words(placeOf(target)),
        words(placeOf(moved)),
      );
    }
    case 'style': {
      const style = random.pick(
        (Object.keys(STYLE_NAMES) as (keyof typeof STYLE_NAMES)[]).filter((s) => s !== scene.style),
      );
      const words = (s: keyof typeof STYLE_NAMES) =>
        language === 'en' ? `draw it in ${STYLE_NAMES[s].en}` : `画成${STYLE_NAMES[s].zh}`;
      return made({ ...scene, style }, words(style), words(scene.style));
    }
  }
}

/** "a dog and two apples": what a scene holds, as the caption of an edit's target. */
export function describe(scene: Scene, language: Language): string {
  const seen = new Map<string, { thing: Thing; n: number }>();
  for (const o of scene.objects) {
    const key = `${o.classIndex}/${o.colourIndex}`;
    const known = seen.get(key);
    if (known) known.n += 1;
    else seen.set(key, { thing: o, n: 1 });
  }
  return list(
    [...seen.values()].map(({ thing, n }) => counted(thing, n, language)),
    language,
  );
}
