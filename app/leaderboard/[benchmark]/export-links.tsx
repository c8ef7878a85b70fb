'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createSerializer } from 'nuqs';
import type { ExportFormat } from '@/server/evaluation/leaderboard/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { tableParams } from '../url';
import type { TableView } from './toolbar';

const formats: Record<ExportFormat, string> = { csv: 'CSV', json: 'JSON', md: 'Markdown', tex: 'LaTeX' };
const addressOf = createSerializer(tableParams);

/** Plain links: the server makes the file of what the address of this page shows. */
export function ExportLinks({ benchmark, view }: { benchmark: string; view: TableView }) {
  const t = useTranslations('leaderboard.tools');
  const { q, kind, board, complete, limit, sort, columns } = view;
  const query = addressOf({ q, kind, board, complete, limit, sort, columns: columns ? [...columns] : null });
  const path = sitePath(`/api/leaderboard/${encodeURIComponent(benchmark)}${query || '?'}`);
  return (
    <ul className="flex flex-wrap gap-2">
      {(Object.keys(formats) as ExportFormat[]).map((format) => (
        <li key={format}>
          <a
            href={`${path}${query ? '&' : ''}format=${format}`}
            download={`${benchmark}.${format}`}
            aria-label={t('exportAs', { format: formats[format] })}
            className="border-line hover:border-line-strong inline-flex h-8 items-center gap-1.5 rounded-lg border px-2.5 text-[13px] font-medium"
          >
            <Download aria-hidden className="size-4" />
            {formats[format]}
          </a>
        </li>
      ))}
    </ul>
  );
}
