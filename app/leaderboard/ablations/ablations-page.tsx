'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import type { Ablations } from '@/server/evaluation/leaderboard/ablations';
import { sitePath } from '@/server/platform/env/site-path';
import { Frame } from '../_parts/frame';
import { ablationsTab, type Tab } from '../_parts/tabs';
import { Skeleton } from './section';

const waiting = () => <Skeleton />;
const Autoregression = dynamic(() => import('./autoregression').then((m) => m.Autoregression), {
  loading: waiting,
});
const Tokens = dynamic(() => import('./tokens').then((m) => m.Tokens), { loading: waiting });
const Decoders = dynamic(() => import('./decoders').then((m) => m.Decoders), { loading: waiting });
const Sampling = dynamic(() => import('./sampling').then((m) => m.Sampling), { loading: waiting });

interface Props {
  /** Null where they could not be read. */
  found: Ablations | null;
  tabs: readonly Tab[];
}

/** What choices of the paper are worth at nano's scale, each with a chart and a table. */
export function AblationsPage({ found, tabs }: Props) {
  const t = useTranslations('ablations');
  return (
    <Frame tabs={tabs} current={ablationsTab} title={t('title')} intro={t('intro')}>
      {found === null ? <p className="text-muted mt-8 text-sm">{t('failed')}</p> : <Content found={found} />}
    </Frame>
  );
}

function Content({ found }: { found: Ablations }) {
  const t = useTranslations('ablations');
  const { model, report, autoregression, tokens } = found;
  const { editing, guidance, steps, version } = report ?? {};
  const any = autoregression ?? tokens ?? editing ?? guidance ?? steps;
  if (!any) return <p className="text-muted mt-8 text-sm">{t('none')}</p>;
  return (
    <>
      <p className="text-muted mt-4 flex flex-wrap gap-x-4 text-[13px]">
        <span>{t('of', { model, version: version ?? '' })}</span>
        <a
          href={sitePath('/api/leaderboard/ablations')}
          className="hover:text-ink decoration-line-strong underline underline-offset-3"
        >
          {t('json')}
        </a>
      </p>
      <div className="mt-4 grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        {autoregression && <Autoregression found={autoregression} />}
        {tokens && <Tokens found={tokens} />}
        {editing && <Decoders found={editing} />}
        {steps && <Sampling kind="steps" rows={steps.map((row) => ({ ...row, setting: row.steps }))} />}
        {guidance && (
          <Sampling kind="guidance" rows={guidance.map((row) => ({ ...row, setting: row.guidance }))} />
        )}
      </div>
    </>
  );
}
