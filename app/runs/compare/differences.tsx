import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Comparison } from '@/server/evaluation/runs/schema';
import { readableName } from '../../_ui/readable-name';

const shown = (value: unknown): string =>
  value === undefined || value === null
    ? '–'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 1);

/** A warning where the two were not measured alike: their figures are then not of the same measurement. */
export function Differences({ differences }: Pick<Comparison, 'differences'>) {
  const t = useTranslations('runCompare');
  if (differences.length === 0) return null;
  return (
    <section
      aria-label={t('differences.title')}
      className="border-danger/40 bg-danger-soft rounded-xl border px-4 py-3.5"
    >
      <p className="flex items-center gap-2 font-medium">
        <TriangleAlert aria-hidden className="text-danger size-4 shrink-0" />
        {t('differences.title')}
      </p>
      <p className="mt-1 text-sm leading-6">{t('differences.text')}</p>
      <div className="mt-2 overflow-x-auto" tabIndex={0} role="group" aria-label={t('differences.title')}>
        <table className="w-full min-w-96 text-left text-[13px]">
          <thead>
            <tr>
              <th scope="col" className="py-1 pr-4 font-medium">
                {t('differences.part')}
              </th>
              <th scope="col" className="py-1 pr-4 font-medium">
                {t('first')}
              </th>
              <th scope="col" className="py-1 font-medium">
                {t('second')}
              </th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ name, first, second }) => (
              <tr key={name} className="align-top">
                <th scope="row" className="py-1 pr-4 font-normal">
                  {readableName(name)}
                </th>
                {[first, second].map((value, i) => (
                  <td
                    key={i}
                    className="max-w-80 py-1 pr-4 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
                  >
                    {shown(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
