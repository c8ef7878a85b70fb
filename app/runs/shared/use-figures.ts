import { useFormatter, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { plainFigure as plain, scaleOf } from '../../../server/evaluation/runs/figures';
import type { MetricInfo } from '@/server/evaluation/runs/schema';
import { useMoment } from '../../_ui/moment';
import { useGroupName } from '../../_ui/group-name';
import { readableName } from '../../_ui/readable-name';

export type HowFigure = Pick<MetricInfo, 'unit' | 'decimals'>;

/** Figures, names and times of runs in the words of the page's language. */
export function useFigures() {
  const group = useGroupName();
  const t = useTranslations('runs');
  const format = useFormatter();
  const moment = useMoment();
  return useMemo(() => {
    const number = (value: number, decimals: number) =>
      format.number(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    /** A stored figure in its unit: shares are stored from 0 to 1. */
    const figure = (value: number, how: HowFigure = plain) => {
      const told = number(value * scaleOf(how), how.decimals);
      return how.unit === 'percent' ? t('figure.percent', { value: told }) : told;
    };
    const signed = (value: number, how: HowFigure = plain) => {
      const text = figure(Math.abs(value), how);
      if (/^[^1-9]*$/.test(text)) return text;
      return value > 0 ? `+${text}` : `−${text}`;
    };
    const interval = ([low, high]: readonly [number, number], how: HowFigure = plain) =>
      t('figure.interval', { low: figure(low, how), high: figure(high, how) });
    const duration = (seconds: number) => {
      const whole = Math.max(0, Math.round(seconds));
      if (whole < 60) return t('time.seconds', { seconds: String(whole) });
      const minutes = Math.floor(whole / 60);
      if (minutes < 60) return t('time.minutes', { minutes: String(minutes), seconds: String(whole % 60) });
      return t('time.hours', { hours: String(Math.floor(minutes / 60)), minutes: String(minutes % 60) });
    };
    /** Of one call, in milliseconds. */
    const latency = (ms: number) =>
      ms < 995
        ? t('time.milliseconds', { value: String(Math.round(ms)) })
        : t('time.seconds', { seconds: number(ms / 1000, ms < 99_500 ? 1 : 0) });
    const count = (value: number) => format.number(value);
    const metric = (name: string) => {
      const key = `metrics.${name.replaceAll('.', '_')}` as 'metrics.accuracy';
      return t.has(key) ? t(key) : readableName(name);
    };
    return { number, figure, signed, interval, duration, latency, moment, count, metric, group };
  }, [t, format, moment, group]);
}
