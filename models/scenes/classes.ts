/**
 * The world's 80 classes: GenEval's object names (COCO's, in GenEval's wording and order), their Chinese
 * names with measure words, and where their pictures come from.
 */

export const STYLES = ['noto', 'fluent-emoji-flat', 'twemoji'] as const;
export type Style = (typeof STYLES)[number];

export interface ObjectClass {
  name: string;
  plural: string;
  zh: string;
  /** The measure word between a number and the noun: 一只狗, 一辆汽车. */
  measure: string;
  /** Name of the icon in the icon sets, or null where the project draws the thing itself (drawings.ts). */
  icon: string | null;
}

const row = (
  name: string,
  zh: string,
  measure: string,
  icon: string | null,
  plural = `${name}s`,
): ObjectClass => ({ name, plural, zh, measure, icon });

/**
 * An icon stands for a class only where it shows that very thing. Near misses are drawn instead: a fire
 * extinguisher is no fire hydrant, a pair of gloves no baseball glove, a shirt with a tie is two things.
 */
export const CLASSES: readonly ObjectClass[] = [
  row('person', '人', '个', 'person', 'people'),
  row('bicycle', '自行车', '辆', 'bicycle'),
  row('car', '汽车', '辆', 'automobile'),
  row('motorcycle', '摩托车', '辆', 'motorcycle'),
  row('airplane', '飞机', '架', 'airplane'),
  row('bus', '公交车', '辆', 'bus', 'buses'),
  row('train', '火车', '列', 'locomotive'),
  row('truck', '卡车', '辆', 'delivery-truck'),
  row('boat', '船', '艘', 'sailboat'),
  row('traffic light', '红绿灯', '个', 'vertical-traffic-light'),
  row('fire hydrant', '消防栓', '个', null),
  row('stop sign', '停止标志', '个', null),
  row('parking meter', '停车计时器', '个', null),
  row('bench', '长椅', '张', null, 'benches'),
  row('bird', '鸟', '只', 'bird'),
  row('cat', '猫', '只', 'cat'),
  row('dog', '狗', '只', 'dog'),
  row('horse', '马', '匹', 'horse'),
  row('sheep', '绵羊', '只', 'ewe', 'sheep'),
  row('cow', '奶牛', '头', 'cow'),
  row('elephant', '大象', '头', 'elephant'),
  row('bear', '熊', '只', 'bear'),
  row('zebra', '斑马', '匹', 'zebra'),
  row('giraffe', '长颈鹿', '只', 'giraffe'),
  row('backpack', '背包', '个', 'backpack'),
  row('umbrella', '雨伞', '把', 'umbrella'),
  row('handbag', '手提包', '个', 'handbag'),
  row('tie', '领带', '条', null),
  row('suitcase', '行李箱', '个', 'luggage'),
  row('frisbee', '飞盘', '个', 'flying-disc'),
  row('skis', '滑雪板', '副', 'skis', 'skis'),
  row('snowboard', '单板滑雪板', '块', null),
  row('sports ball', '球', '个', 'soccer-ball'),
  row('kite', '风筝', '只', 'kite'),
  row('baseball bat', '棒球棒', '根', null),
  row('baseball glove', '棒球手套', '只', null),
  row('skateboard', '滑板', '块', 'skateboard'),
  row('surfboard', '冲浪板', '块', null),
  row('tennis racket', '网球拍', '支', 'tennis'),
  row('bottle', '瓶子', '个', null),
  row('wine glass', '酒杯', '只', 'wine-glass', 'wine glasses'),
  row('cup', '杯子', '个', 'hot-beverage'),
  row('fork', '叉子', '把', null),
  row('knife', '刀', '把', 'kitchen-knife', 'knives'),
  row('spoon', '勺子', '把', 'spoon'),
  row('bowl', '碗', '只', 'bowl-with-spoon'),
  row('banana', '香蕉', '根', 'banana'),
  row('apple', '苹果', '个', 'red-apple'),
  row('sandwich', '三明治', '个', 'sandwich', 'sandwiches'),
  row('orange', '橙子', '个', 'tangerine'),
  row('broccoli', '西兰花', '棵', 'broccoli', 'broccoli'),
  row('carrot', '胡萝卜', '根', 'carrot'),
  row('hot dog', '热狗', '个', 'hot-dog'),
  row('pizza', '披萨', '块', 'pizza'),
  row('donut', '甜甜圈', '个', 'doughnut'),
  row('cake', '蛋糕', '块', 'birthday-cake'),
  row('chair', '椅子', '把', 'chair'),
  row('couch', '沙发', '张', null, 'couches'),
  row('potted plant', '盆栽', '盆', 'potted-plant'),
  row('bed', '床', '张', 'bed'),
  row('dining table', '餐桌', '张', null),
  row('toilet', '马桶', '个', 'toilet'),
  row('tv', '电视', '台', 'television'),
  row('laptop', '笔记本电脑', '台', 'laptop'),
  row('computer mouse', '鼠标', '个', 'computer-mouse', 'computer mice'),
  row('tv remote', '遥控器', '个', null),
  row('computer keyboard', '键盘', '个', 'keyboard'),
  row('cell phone', '手机', '部', 'mobile-phone'),
  row('microwave', '微波炉', '台', null),
  row('oven', '烤箱', '台', null),
  row('toaster', '烤面包机', '台', null),
  row('sink', '水槽', '个', null),
  row('refrigerator', '冰箱', '台', null),
  row('book', '书', '本', 'closed-book'),
  row('clock', '时钟', '个', 'alarm-clock'),
  row('vase', '花瓶', '个', 'amphora'),
  row('scissors', '剪刀', '把', 'scissors', 'scissors'),
  row('teddy bear', '泰迪熊', '只', 'teddy-bear'),
  row('hair drier', '吹风机', '个', null),
  row('toothbrush', '牙刷', '支', 'toothbrush', 'toothbrushes'),
];

/** GenEval's own plural ("benchs", "sheeps"): its 80 counting prompts use it, so captions do at times. */
export const genevalPlural = (name: string): string => (name.endsWith('s') ? `${name}es` : `${name}s`);

export interface Colour {
  name: string;
  zh: string;
  /** sRGB, 0 to 255: the mean colour that a tinted sprite gets. */
  rgb: readonly [number, number, number];
}

/** GenEval's ten colours. */
export const COLOURS: readonly Colour[] = [
  { name: 'red', zh: '红色', rgb: [214, 40, 40] },
  { name: 'orange', zh: '橙色', rgb: [245, 130, 32] },
  { name: 'yellow', zh: '黄色', rgb: [250, 208, 44] },
  { name: 'green', zh: '绿色', rgb: [46, 160, 67] },
  { name: 'blue', zh: '蓝色', rgb: [36, 101, 214] },
  { name: 'purple', zh: '紫色', rgb: [132, 60, 190] },
  { name: 'pink', zh: '粉色', rgb: [255, 128, 185] },
  { name: 'brown', zh: '棕色', rgb: [128, 78, 44] },
  { name: 'black', zh: '黑色', rgb: [38, 38, 42] },
  { name: 'white', zh: '白色', rgb: [246, 246, 246] },
];

/**
 * Object–colour pairs that training never shows: 32 of 800, four in each block of ten classes, spread over
 * the colours. They measure whether a colour was learned apart from the object.
 */
export const isHeldOutPair = (classIndex: number, colourIndex: number): boolean =>
  (classIndex * 7 + colourIndex * 3) % 25 === 4;
