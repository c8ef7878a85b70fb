import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import type { Axis, GridView } from '@/server/demo/grids/schema';

/** How a grid's sides and cells are called on the page. */
export function useGridWords() {
  const t = useTranslations('grid');
  const value = ({ parameter }: Axis, of: number | string): string => {
    if (parameter === 'size') return String(of).replace('x', '×');
    const key = `choices.${of}` as 'title';
    return (parameter === 'decoder' || parameter === 'language') && t.has(key) ? t(key) : String(of);
  };
  const name = ({ parameter }: Axis) => t(`parameters.${parameter}`);
  const pair = (axis: Axis, index: number) => `${name(axis)} ${value(axis, axis.values[index] ?? '')}`;
  /** "Steps 4, Seed 7" */
  const place = ({ x, y }: Pick<GridView, 'x' | 'y'>, at: NonNullable<GenerationView['grid']>) =>
    y ? t('place', { x: pair(x, at.x), y: pair(y, at.y) }) : pair(x, at.x);
  return { t, value, name, place };
}
