import { CLASSES, COLOURS, genevalPlural } from './classes';
import type { Relation } from './language';
import type { Place } from './scene';

/** How people call the world's things, colours, relations and places: names, synonyms and spelling variants. */

/** English names beside those of classes.ts, by class. */
const ENGLISH_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  person: ['human', 'man', 'woman', 'boy', 'girl', 'child', 'guy'],
  bicycle: ['bike', 'push bike'],
  car: ['automobile', 'auto'],
  motorcycle: ['motorbike', 'motor bike', 'motor cycle'],
  airplane: ['plane', 'aeroplane', 'aircraft', 'air plane', 'jet'],
  bus: ['coach'],
  train: ['locomotive'],
  truck: ['lorry'],
  boat: ['ship', 'sailboat', 'sailing boat'],
  'traffic light': ['stoplight', 'traffic signal'],
  'fire hydrant': ['hydrant'],
  'parking meter': ['park meter'],
  bird: ['birdie'],
  cat: ['kitty', 'kitten'],
  dog: ['puppy', 'doggy'],
  horse: ['pony'],
  sheep: ['ewe'],
  cow: ['cattle'],
  backpack: ['rucksack', 'back pack'],
  umbrella: ['parasol'],
  handbag: ['purse', 'hand bag'],
  tie: ['necktie', 'neck tie'],
  suitcase: ['luggage'],
  frisbee: ['flying disc', 'flying disk'],
  skis: ['ski', 'pair of skis'],
  snowboard: ['snow board'],
  'sports ball': ['ball', 'sport ball', 'soccer ball', 'football'],
  'baseball bat': ['base ball bat'],
  'baseball glove': ['baseball mitt'],
  skateboard: ['skate board'],
  surfboard: ['surf board'],
  'tennis racket': ['tennis racquet', 'racket', 'racquet'],
  'wine glass': ['goblet'],
  cup: ['mug', 'teacup', 'coffee cup'],
  broccoli: ['brocoli', 'broccolli'],
  sandwich: ['sandwhich'],
  donut: ['doughnut'],
  couch: ['sofa', 'settee'],
  'potted plant': ['plant', 'house plant', 'pot plant'],
  'dining table': ['table', 'dinner table', 'dinning table'],
  toilet: ['loo'],
  tv: ['television', 'telly', 'tv set', 'television set', 'tele vision'],
  laptop: ['laptop computer', 'notebook computer'],
  'computer mouse': ['mouse', 'pc mouse'],
  'tv remote': ['remote', 'remote control', 'television remote'],
  'computer keyboard': ['keyboard', 'pc keyboard'],
  'cell phone': ['phone', 'mobile phone', 'mobile', 'smartphone', 'smart phone', 'telephone'],
  microwave: ['microwave oven'],
  oven: ['stove'],
  sink: ['wash basin', 'washbasin'],
  refrigerator: ['fridge'],
  clock: ['alarm clock'],
  scissors: ['pair of scissors', 'scissor'],
  'teddy bear': ['teddy', 'stuffed bear'],
  'hair drier': ['hair dryer', 'blow dryer', 'blow drier'],
  toothbrush: ['tooth brush'],
};

export interface EnglishNoun {
  classIndex: number;
  /** Sheep, scissors: either. */
  number: 'one' | 'many' | 'either';
  /** How the generator writes it in the plural, GenEval's wording included; null for other words. */
  plural: string | null;
}

/** By its words in lower case; compounds also with hyphens and written as one. */
export const ENGLISH_NOUNS: ReadonlyMap<string, EnglishNoun> = englishNouns();
/** The most words of an English noun. */
export const LONGEST_NOUN = Math.max(...[...ENGLISH_NOUNS.keys()].map((name) => name.split(' ').length));

function englishNouns(): Map<string, EnglishNoun> {
  const nouns = new Map<string, EnglishNoun>();
  const add = (name: string, noun: EnglishNoun) => {
    for (const key of [name, name.replaceAll(' ', '-'), name.replaceAll(' ', '')])
      if (!nouns.has(key)) nouns.set(key, noun);
  };
  // The world's own names first: a synonym never takes one away.
  for (const [classIndex, { name, plural }] of CLASSES.entries()) {
    if (plural === name) add(name, { classIndex, number: 'either', plural });
    else {
      add(name, { classIndex, number: 'one', plural: null });
      add(plural, { classIndex, number: 'many', plural });
    }
  }
  for (const [classIndex, { name }] of CLASSES.entries()) {
    const plural = genevalPlural(name);
    add(plural, { classIndex, number: 'many', plural });
    for (const other of regularPlurals(name)) add(other, { classIndex, number: 'many', plural: null });
    for (const synonym of ENGLISH_SYNONYMS[name] ?? []) {
      const number = synonym === 'cattle' || synonym === 'luggage' ? 'either' : 'one';
      add(synonym, { classIndex, number, plural: null });
      for (const many of regularPlurals(synonym)) add(many, { classIndex, number: 'many', plural: null });
    }
  }
  return nouns;
}

function regularPlurals(name: string): string[] {
  if (name.endsWith('man')) return [`${name.slice(0, -3)}men`];
  if (name === 'child') return ['children'];
  if (/(?:mouse)$/.test(name)) return [name.replace(/mouse$/, 'mice'), `${name}s`];
  if (/[^aeiou]y$/.test(name)) return [`${name.slice(0, -1)}ies`];
  if (/(?:s|x|z|ch|sh)$/.test(name)) return [`${name}es`];
  return [`${name}s`];
}

/** English words to colours of the world. Grey is none of them: it stays a word like any other. */
export const ENGLISH_COLOURS: ReadonlyMap<string, string> = new Map([
  ...COLOURS.map(({ name }) => [name, name] as const),
  ...(
    [
      ['violet', 'purple'],
      ['scarlet', 'red'],
      ['crimson', 'red'],
      ['navy', 'blue'],
      ['brownish', 'brown'],
      ['reddish', 'red'],
      ['bluish', 'blue'],
      ['greenish', 'green'],
      ['yellowish', 'yellow'],
    ] as const
  ).map(([word, name]) => [word, name] as const),
]);

/** Wordings of the relations, longest first. */
export const ENGLISH_RELATIONS: readonly (readonly [string, Relation])[] = (
  [
    ['on the left side of', 'left of'],
    ['on the right side of', 'right of'],
    ['to the left of', 'left of'],
    ['to the right of', 'right of'],
    ['on the left of', 'left of'],
    ['on the right of', 'right of'],
    ['left of', 'left of'],
    ['right of', 'right of'],
    ['on top of', 'above'],
    ['above', 'above'],
    ['over', 'above'],
    ['below', 'below'],
    ['under', 'below'],
    ['underneath', 'below'],
    ['beneath', 'below'],
  ] as const
).toSorted((a, b) => b[0].length - a[0].length);

export const ENGLISH_PLACES: readonly (readonly [string, Place])[] = (
  [
    ...(['top', 'upper'] as const).flatMap((t) => [
      [`${t} left`, 'top left'] as const,
      [`${t} right`, 'top right'] as const,
    ]),
    ...(['bottom', 'lower'] as const).flatMap((b) => [
      [`${b} left`, 'bottom left'] as const,
      [`${b} right`, 'bottom right'] as const,
    ]),
    ['top-left', 'top left'],
    ['top-right', 'top right'],
    ['bottom-left', 'bottom left'],
    ['bottom-right', 'bottom right'],
    ['center', 'center'],
    ['centre', 'center'],
    ['middle', 'center'],
    ['top', 'top'],
    ['bottom', 'bottom'],
    ['left', 'left'],
    ['right', 'right'],
  ] as const
).toSorted((a, b) => b[0].length - a[0].length);

/** Words that end a row of adjectives: what follows is no part of the same thing. */
export const ENGLISH_FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `a an the of on in at to from with without near by for and or nor but is are was were be being next behind under
   above below beneath underneath over front inside into onto off out up down that this these those its his her their my your our as like not no
   beside between around along against through across about who which what where how very each every both all some
   any it he she they we you i me him them us please picture photo image`.split(/\s+/),
);

/** Chinese names beside those of classes.ts. */
const CHINESE_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  人: ['男人', '女人', '男孩', '女孩', '人物', '小孩'],
  自行车: ['单车', '脚踏车'],
  汽车: ['小汽车', '轿车', '小轿车', '车'],
  摩托车: ['摩托', '机车'],
  公交车: ['公共汽车', '巴士', '公车'],
  火车: ['列车'],
  卡车: ['货车'],
  船: ['小船', '轮船', '帆船', '船只'],
  红绿灯: ['交通灯', '信号灯'],
  消防栓: ['消火栓'],
  停止标志: ['停车标志', '停止牌', '停车牌'],
  停车计时器: ['停车收费表', '计时器'],
  长椅: ['长凳'],
  鸟: ['小鸟', '鸟儿'],
  猫: ['猫咪', '小猫'],
  狗: ['小狗', '狗狗', '犬'],
  马: ['马儿', '小马'],
  绵羊: ['羊', '小羊'],
  奶牛: ['牛', '母牛'],
  大象: ['象', '小象'],
  熊: ['小熊', '狗熊'],
  背包: ['书包', '双肩包'],
  雨伞: ['伞'],
  手提包: ['手袋', '包包'],
  行李箱: ['手提箱', '旅行箱', '箱子'],
  飞盘: ['飞碟'],
  滑雪板: ['双板滑雪板'],
  单板滑雪板: ['单板'],
  球: ['足球', '皮球'],
  棒球棒: ['球棒', '棒球棍'],
  棒球手套: ['手套'],
  网球拍: ['球拍'],
  瓶子: ['瓶'],
  酒杯: ['葡萄酒杯', '高脚杯'],
  杯子: ['杯', '茶杯', '水杯'],
  叉子: ['叉'],
  刀: ['刀子', '小刀', '菜刀'],
  勺子: ['勺', '汤匙', '调羹'],
  橙子: ['橘子', '桔子'],
  西兰花: ['花椰菜', '西蓝花'],
  胡萝卜: ['红萝卜'],
  披萨: ['比萨', '比萨饼', '披萨饼'],
  甜甜圈: ['多纳圈'],
  蛋糕: ['生日蛋糕'],
  椅子: ['椅'],
  沙发: ['长沙发'],
  盆栽: ['盆栽植物', '绿植', '植物'],
  餐桌: ['桌子', '饭桌'],
  马桶: ['抽水马桶', '坐便器'],
  电视: ['电视机'],
  笔记本电脑: ['手提电脑', '笔记本', '电脑'],
  鼠标: ['电脑鼠标'],
  遥控器: ['电视遥控器', '遥控'],
  键盘: ['电脑键盘'],
  手机: ['电话', '智能手机'],
  烤面包机: ['面包机', '多士炉'],
  水槽: ['洗手池', '水池'],
  冰箱: ['电冰箱'],
  书: ['书本', '图书'],
  时钟: ['钟', '闹钟', '钟表'],
  剪刀: ['剪子'],
  泰迪熊: ['玩具熊', '毛绒熊'],
  吹风机: ['电吹风'],
};

/** Name to class, longest names first. */
export const CHINESE_NOUNS: readonly (readonly [string, number])[] = CLASSES.flatMap(({ zh }, classIndex) =>
  [zh, ...(CHINESE_SYNONYMS[zh] ?? [])].map((name) => [name, classIndex] as const),
).toSorted((a, b) => b[0].length - a[0].length);

/** How a colour is written to its name, longest first: 红色的, 红色, 红的, 红. */
export const CHINESE_COLOURS: readonly (readonly [string, string])[] = COLOURS.flatMap(({ zh }) => {
  const stem = zh.slice(0, -1);
  const stems = [stem, ...({ 粉: ['粉红'], 棕: ['褐', '咖啡'], 橙: ['橘'], 紫: ['紫罗兰'] }[stem] ?? [])];
  return stems.flatMap((one) => ['色的', '色', '的', ''].map((end) => [`${one}${end}`, zh] as const));
}).toSorted((a, b) => b[0].length - a[0].length);

/** Measure words that people use, beside the classes' own. */
export const CHINESE_MEASURES = [
  ...new Set([...CLASSES.map(({ measure }) => measure), ...'颗朵件名位盏座口间粒匹双杯瓶碗盘份枝柄顶']),
];

const dir = (stem: string, ends: readonly string[]) => ends.map((end) => `${stem}${end}`);
export const CHINESE_RELATIONS: readonly (readonly [string, Relation])[] = (
  [
    ...dir('左', ['边', '面', '侧', '方', '']).map((w) => [w, 'left of'] as const),
    ...dir('右', ['边', '面', '侧', '方', '']).map((w) => [w, 'right of'] as const),
    ...['上面', '上方', '上边', '之上', '上'].map((w) => [w, 'above'] as const),
    ...['下面', '下方', '下边', '之下', '底下', '下'].map((w) => [w, 'below'] as const),
  ] as const
).toSorted((a, b) => b[0].length - a[0].length);

export const CHINESE_PLACES: readonly (readonly [string, Place])[] = (
  [
    ...['左上角', '左上方', '左上'].map((w) => [w, 'top left'] as const),
    ...['右上角', '右上方', '右上'].map((w) => [w, 'top right'] as const),
    ...['左下角', '左下方', '左下'].map((w) => [w, 'bottom left'] as const),
    ...['右下角', '右下方', '右下'].map((w) => [w, 'bottom right'] as const),
    ...['中间', '正中间', '中央', '正中', '中心'].map((w) => [w, 'center'] as const),
    ...['上方', '上面', '上边', '顶部'].map((w) => [w, 'top'] as const),
    ...['下方', '下面', '下边', '底部'].map((w) => [w, 'bottom'] as const),
    ...['左边', '左面', '左侧'].map((w) => [w, 'left'] as const),
    ...['右边', '右面', '右侧'].map((w) => [w, 'right'] as const),
  ] as const
).toSorted((a, b) => b[0].length - a[0].length);
