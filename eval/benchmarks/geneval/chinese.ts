import { CLASSES, COLOURS } from '../../../models/scenes/classes';
import { counted, list, RELATION_ZH, type Relation } from '../../../models/scenes/language';
import type { Metadata, Requirement } from './types';

/** A requirement of a prompt in Chinese: "两本书", "一辆红色的汽车". */
const inChinese = ({ class: name, count, color }: Requirement): string => {
  const classIndex = CLASSES.findIndex((one) => one.name === name);
  const colourIndex = color === undefined ? null : COLOURS.findIndex((one) => one.name === color);
  if (classIndex < 0 || colourIndex === -1)
    throw new RangeError(`no Chinese word for ${color ?? ''} ${name}`);
  return counted({ classIndex, colourIndex }, count, 'zh');
};

/**
 * The project's translation of a prompt of GenEval, made from what the prompt requires; there is no official one.
 * @throws RangeError for a class or a colour that is none of GenEval's
 */
export function chinesePrompt({ include }: Pick<Metadata, 'include'>): string {
  const relation = include.findIndex(({ position }) => position);
  if (relation < 0) return `一张${list(include.map(inChinese), 'zh')}的照片`;
  const subject = include[relation]!;
  const [side, other] = subject.position as readonly [Relation, number];
  return `一张${inChinese(subject)}在${inChinese(include[other]!)}${RELATION_ZH[side]}的照片`;
}
