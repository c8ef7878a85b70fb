'use client';

import { ArrowLeft, FileJson } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { Header } from '../_ui/model-header';
import { buttonStyle } from '../_ui/button';
import { PageFrame } from '../_ui/page-frame';
import { Calls } from './calls';
import { CopyButton } from '../_ui/copy-button';
import { useBrowserValue } from '../_ui/use-browser-value';
import { Keys } from './keys';

/** Where this page is, which only the browser knows for sure. */
const useSite = () => useBrowserValue(() => `${location.origin}${sitePath('')}`, '');

const code = (chunks: ReactNode) => (
  <code className="bg-sunken rounded px-1 py-0.5 font-mono text-[0.9em]">{chunks}</code>
);

/** The page of the HTTP API: keys, calls to copy, and what there is. */
export function Developers() {
  const t = useTranslations('developers');
  const site = useSite();
  const baseUrl = `${site}/api/v1`;
  return (
    <PageFrame header={<Header />} className="max-w-3xl px-4 pt-6 pb-16">
      <Link href="/" className="text-muted hover:text-ink inline-flex items-center gap-1.5 text-sm">
        <ArrowLeft aria-hidden className="size-4" />
        {t('back')}
      </Link>
      <h2 className="mt-4 text-2xl font-semibold tracking-tight">{t('title')}</h2>
      <p className="text-muted mt-2 max-w-prose leading-7 text-pretty">{t('intro')}</p>
      <div className="mt-5 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <p className="text-[13px] font-medium">{t('baseUrl')}</p>
          <div className="border-line bg-surface mt-1.5 flex h-11 items-center gap-2 rounded-xl border pr-1.5 pl-3.5">
            <code className="min-w-0 flex-1 truncate font-mono text-[13px]">{baseUrl}</code>
            <CopyButton text={baseUrl} label={t('copyBaseUrl')} />
          </div>
        </div>
        <a href={sitePath('/api/v1/openapi.json')} className={buttonStyle({ className: 'h-11 rounded-xl' })}>
          <FileJson aria-hidden />
          {t('openApi')}
        </a>
      </div>
      <Section title={t('keys.title')} hint={t('keys.hint')}>
        <Keys />
      </Section>
      <Section title={t('calls.title')} hint={t('calls.hint')}>
        <Calls site={site} code={code} />
      </Section>
      <Section title={t('routes.title')}>
        <dl className="border-line bg-surface divide-line divide-y rounded-xl border text-sm">
          <Route path="POST /images/generations">{t.rich('routes.generations', { code })}</Route>
          <Route path="POST /images/edits">{t.rich('routes.edits', { code })}</Route>
          <Route path="POST /chat/completions">{t.rich('routes.chat', { code })}</Route>
          <Route path="GET /models">{t('routes.models')}</Route>
        </dl>
        <p className="text-muted mt-3 text-sm leading-6 text-pretty">{t.rich('routes.notes', { code })}</p>
      </Section>
    </PageFrame>
  );
}

function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-10">
      <h3 className="text-lg font-semibold tracking-tight">{title}</h3>
      {hint && <p className="text-muted mt-1 text-sm leading-6 text-pretty">{hint}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}

function Route({ path, children }: { path: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 px-4 py-3 sm:grid-cols-[15rem_1fr]">
      <dt className="font-mono text-[13px] leading-6">{path}</dt>
      <dd className="text-muted leading-6">{children}</dd>
    </div>
  );
}
