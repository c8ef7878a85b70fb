import { useFormatter, useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { tellApart, type Part, type Tellable } from '../../../server/evaluation/runs/run-differences';

export interface RunName {
  title: string;
  /** What tells it from the others, in words; empty where the title does. */
  details: string;
  /** Both in one line. */
  whole: string;
}

/** What to call runs that are shown together: their names, and the least that tells them apart. */
export function useRunNames(): (runs: readonly Tellable[]) => RunName[] {
  const t = useTranslations('runs');
  const format = useFormatter();
  return useCallback(
    (runs) => {
      const word = ({ name, value }: Part): string => {
        if (name === 'date')
          return format.dateTime(new Date(value), { dateStyle: 'medium', timeStyle: 'short' });
        if (name === 'model' || name === 'benchmark' || name === 'id') return value;
        const short = name.replace(/^(settings|evaluators)\./, '');
        const [label, choice] = [`traits.${short}`, `choices.${short}.${value.replaceAll('.', '_')}`] as [
          'traits.seed',
          'choices.decoder.editing',
        ];
        const said = value === '' ? '–' : t.has(choice) ? t(choice) : value;
        return `${t.has(label) ? t(label) : short} ${said}`;
      };
      return tellApart(runs).map(({ title, parts }) => {
        const details = parts.map(word).join(' · ');
        return { title, details, whole: details ? `${title} · ${details}` : title };
      });
    },
    [t, format],
  );
}
