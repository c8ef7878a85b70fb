'use client';

import { useTranslations } from 'next-intl';
import { allColumns, plainColumns } from '@/server/evaluation/leaderboard/view';
import { Button } from '../../_ui/button';
import { useLabels } from '../_parts/labels';
import type { ToolbarProps } from './toolbar';

const isPlain = (name: string): name is (typeof plainColumns)[number] =>
  (plainColumns as readonly string[]).includes(name);

/** Which columns are shown. */
export function ColumnsPanel({ table, view, setView, columns }: ToolbarProps) {
  const t = useTranslations('leaderboard');
  const labels = useLabels();
  const all = allColumns(table);
  const { name: benchmark } = table.benchmark;
  const wordOf = (name: string) => {
    const metric = table.metrics.find((one) => one.metric === name);
    return metric ? labels.column(metric, benchmark) : isPlain(name) ? t(`table.${name}`) : name;
  };
  function toggle(name: string) {
    const next = all.filter((one) => (one === name) !== columns.includes(one));
    if (next.length > 0) setView({ columns: next });
  }
  return (
    <fieldset className="min-w-0">
      <legend className="text-muted mb-2 text-[13px]">{t('tools.columnsChosen')}</legend>
      <ul className="grid max-h-64 grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-x-4 gap-y-1.5 overflow-y-auto">
        {all.map((name) => (
          <li key={name}>
            <label className="flex cursor-pointer items-center gap-2 text-[13px]">
              <input
                type="checkbox"
                className="accent-accent size-4"
                checked={columns.includes(name)}
                onChange={() => toggle(name)}
              />
              {wordOf(name)}
            </label>
          </li>
        ))}
      </ul>
      {view.columns !== null && (
        <Button size="small" className="mt-3" onClick={() => setView({ columns: null })}>
          {t('tools.usual')}
        </Button>
      )}
    </fieldset>
  );
}
