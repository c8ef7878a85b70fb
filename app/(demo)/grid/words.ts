import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import type { Axis, GridParameter, GridView } from '@/server/demo/grids/schema';
import { parameterNamed } from '../../../server/demo/parameters';
import { useParameterWords } from '../settings/use-parameter-words';
import { isLines } from './values';

/** How a grid's sides and cells are called on the page. */
export function useGridWords() {
  const t = useTranslations('grid');
  const { label } = useParameterWords();
  const value = ({ parameter }: Axis, of: number | string): string => {
    if (parameter === 'size') return String(of).replace('x', '×');
    const key = `choices.${of}` as 'title';
    const isChoice = parameter === 'language' || parameterNamed(parameter)?.type === 'choice';
    return isChoice && t.has(key) ? t(key) : String(of);
  };
  /** What a side changes. */
  const nameOf = (parameter: GridParameter | 'none') => {
    const key = `parameters.${parameter}` as 'title';
    return t.has(key) ? t(key) : (label(parameter) ?? parameter);
  };
  const name = ({ parameter }: Axis) => nameOf(parameter);
  /** How its values are written. */
  const hint = (parameter: GridParameter) => {
    const key = `hints.${parameter}` as 'title';
    return t.has(key) ? t(key) : isLines(parameter) ? t('hints.negativePrompt') : t('hints.steps');
  };
  const pair = (axis: Axis, index: number) => `${name(axis)} ${value(axis, axis.values[index] ?? '')}`;
  /** "Steps 4, Seed 7" */
  const place = ({ x, y }: Pick<GridView, 'x' | 'y'>, at: NonNullable<GenerationView['grid']>) =>
    y ? t('place', { x: pair(x, at.x), y: pair(y, at.y) }) : pair(x, at.x);
  return { t, value, name, nameOf, hint, place };
}
