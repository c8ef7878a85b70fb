import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { parameterNamed, parameters, type Parameter } from '../../../server/demo/parameters';
import { readableName } from '../../_ui/readable-name';

/** What the page calls the parameters. */
export function useParameterWords() {
  const t = useTranslations('demo');
  return useMemo(() => {
    const has = t.has as (key: string) => boolean;
    const say = t as unknown as (key: string) => string;
    /** Of a parameter, or of both sides of a picture as `size`; null for what is neither. */
    const label = (key: string): string | null => {
      const message = key === 'size' ? key : parameterNamed(key)?.label;
      return message === undefined ? null : has(message) ? say(message) : readableName(key);
    };
    return { label };
  }, [t]);
}

export interface Setting {
  /** A parameter's, or `size`. */
  key: string;
  /** None of a size. */
  parameter: Parameter | null;
  value: string | number;
}

/**
 * The settings of a result: its size in one, then the parameters in the order of the table. What none of them is, and a
 * choice that there is not, are left out.
 * @param times between the sides
 */
export function settingsOf(
  values: Partial<Record<string, string | number>>,
  { times }: { times: string },
): Setting[] {
  const sides = parameters.flatMap(({ key, type }) => (type === 'size' ? [values[key]] : []));
  const size: Setting[] = sides.every((side) => side !== undefined)
    ? [{ key: 'size', parameter: null, value: sides.join(times) }]
    : [];
  const others = parameters.flatMap((parameter): Setting[] => {
    const { key, type, choices } = parameter;
    const value = values[key];
    if (value === undefined || value === '' || type === 'size') return [];
    return choices && !choices.includes(String(value)) ? [] : [{ key, parameter, value }];
  });
  return [...size, ...others];
}
