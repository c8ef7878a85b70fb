'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { taskSchema, type Task } from '@/server/demo/schema';
import { useDraft } from '../_request/draft';
import { useModel } from '../_ui/use-model';
import { Segmented } from '../_ui/segmented';
import { useBrowserValue } from '../_ui/use-browser-value';
import { useTRPC } from '../_trpc/client';
import { callOf } from './call';
import { CodeBlock } from './code-block';
import { keyVariable, snippetLanguages, writeSnippet, type SnippetLanguage } from './snippets';

const names: Record<SnippetLanguage, string> = { curl: 'curl', typescript: 'TypeScript', python: 'Python' };
const installs = { typescript: 'npm install openai', python: 'pip install openai' };

interface CallsProps {
  /** Where the server is, e.g. `https://studio.example`. */
  site: string;
  code: (chunks: ReactNode) => ReactNode;
}

/** Where the image is to be had by a program, which has none of the page's cookies; null where it is no longer there. */
function useSourceUrl(hash: string | null, site: string): { url: string | null; waiting: boolean } {
  const trpc = useTRPC();
  const link = useQuery(
    trpc.images.link.queryOptions({ hash: hash ?? '' }, { enabled: hash !== null, staleTime: Infinity }),
  );
  return {
    url: hash !== null && link.data ? new URL(link.data.path, site).href : null,
    waiting: hash !== null && link.isPending,
  };
}

/** What the demo's form would do, as calls to copy. */
export function Calls({ site, code }: CallsProps) {
  const t = useTranslations('developers.calls');
  const draft = useDraft();
  const { data: model } = useModel();
  const [chosen, setTask] = useState<Task | null>(null);
  const [language, setLanguage] = useState<SnippetLanguage>('curl');
  // The server knows nothing of the form: its first view has the frame only.
  const isHere = useBrowserValue(() => true, false);
  const task = chosen ?? draft.task;
  const source = useSourceUrl(task === 'generate' ? null : (draft.source?.hash ?? null), site);
  const call = callOf(draft, model, task, source.url);
  const snippet = isHere && model && !source.waiting ? writeSnippet(language, call, `${site}/api/v1`) : '';
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-sm">{t('keyHint')}</p>
      <CodeBlock code={`export ${keyVariable}='ngs_…'`} label={t('keyCode')} copyLabel={t('copyKeyLine')} />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Segmented
          legend={t('task')}
          name="call-task"
          value={task}
          options={taskSchema.options.map((value) => ({ value, label: t(`tasks.${value}`) }))}
          onChange={setTask}
          className="max-sm:w-full"
        />
        <Segmented
          legend={t('language')}
          name="call-language"
          value={language}
          options={snippetLanguages.map((value) => ({ value, label: names[value] }))}
          onChange={setLanguage}
          className="max-sm:w-full sm:ml-auto"
        />
      </div>
      <CodeBlock
        code={snippet}
        label={t('code', { task: t(`tasks.${task}`), language: names[language] })}
        copyLabel={t('copy')}
        stacked
      />
      <div className="text-muted text-sm leading-6">
        {language !== 'curl' && <p>{t.rich('install', { command: installs[language], code })}</p>}
        {call.withFile && <p>{t.rich('file', { code })}</p>}
      </div>
    </div>
  );
}
