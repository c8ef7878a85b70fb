import { useFormatter, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { useTimeZone } from '../../_ui/moment';
import { settingsOf, useParameterWords } from '../settings/use-parameter-words';
import { etaOf, wholeSeconds, type Eta } from './result-format';

/** The settings of a result that its task takes. */
const shown = ({ task, parameters }: GenerationView) =>
  settingsOf(parameters, { times: '×' }).filter(({ parameter }) =>
    parameter ? parameter.tasks.includes(task) : task !== 'understand',
  );

/** Figures of a result in the words of the page's language. */
export function useResultFormat() {
  const t = useTranslations('results');
  const { label } = useParameterWords();
  const format = useFormatter();
  const timeZone = useTimeZone();
  return useMemo(() => {
    const duration = (milliseconds: number) =>
      milliseconds < 995
        ? t('time.milliseconds', { value: String(Math.round(milliseconds)) })
        : t('time.seconds', {
            value: format.number(milliseconds / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
          });
    /** In whole seconds, for what is still going on. */
    const elapsed = (milliseconds: number) => {
      const seconds = wholeSeconds(milliseconds);
      if (seconds < 60) return t('time.seconds', { value: String(seconds) });
      return t('time.minutes', { minutes: String(Math.floor(seconds / 60)), seconds: String(seconds % 60) });
    };
    const stage = (name: string) => {
      const key = `stages.${name}` as 'stages.denoise';
      return t.has(key) ? t(key) : name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
    };
    const eta = (place: Eta) => {
      const range = etaOf(place);
      if (!range) return null;
      if (range === 'soon') return t('progress.etaSoon');
      const [low, high] = [String(range.low), String(range.high)];
      if (range.unit === 'second')
        return low === high
          ? t('progress.etaSecond', { value: high })
          : t('progress.etaSeconds', { low, high });
      return low === high
        ? t('progress.etaMinute', { value: high })
        : t('progress.etaMinutes', { low, high });
    };
    /** Today the time; else the date too. */
    const moment = (date: Date) => {
      const day = (at: Date) => format.dateTime(at, { dateStyle: 'short', timeZone });
      const today = day(date) === day(new Date());
      return format.dateTime(
        date,
        today ? { timeStyle: 'short', timeZone } : { dateStyle: 'medium', timeStyle: 'short', timeZone },
      );
    };
    /** "256×256 · 20 steps · guidance 3": what a person compares between two results. */
    const settings = (generation: GenerationView) =>
      shown(generation)
        .filter(({ parameter }) => parameter?.type !== 'text' && parameter?.leftOut !== 'drawn')
        .map(({ key, parameter, value }) => {
          if (!parameter) return String(value);
          const { brief, type } = parameter;
          if (type === 'choice') {
            const word = `details.${value}` as 'details.editing';
            return t.has(word) ? t(word) : `${label(key)} ${value}`;
          }
          // A count decides a plural; other numbers stand as they are.
          const said = type === 'integer' ? Number(value) : String(value);
          return brief
            ? t(`details.${brief}` as 'details.steps', { [brief]: said } as { steps: number })
            : `${label(key)} ${value}`;
        })
        .join(' · ');
    /** A line for each text beside the prompt. */
    const texts = (generation: GenerationView) =>
      shown(generation)
        .filter(({ parameter }) => parameter?.type === 'text')
        .map(({ key, parameter, value }) =>
          parameter?.brief
            ? t(`details.${parameter.brief}` as 'details.negative', { prompt: String(value) })
            : `${label(key)}: ${value}`,
        );
    return { duration, elapsed, stage, eta, moment, settings, texts };
  }, [t, format, timeZone, label]);
}
