'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { factsOf, type Fact } from '@/server/evaluation/leaderboard/facts';
import type { LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { Button, buttonStyle } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { PageLink } from '../../_ui/page-link';
import { Segmented } from '../../_ui/segmented';
import { useTRPC } from '../../_trpc/client';
import { ApiProvider } from '../../_trpc/provider';
import { copyText } from '../../_ui/copy-text';
import { useLabels } from '../_parts/labels';

/** Where a row's figures come from, and how to cite them. */
export function Details({ row }: { row: LeaderboardRow }) {
  const t = useTranslations('leaderboard.details');
  const format = useFormatter();
  const labels = useLabels();
  const { kind, recorded, runId } = row;
  const published = kind === 'published';
  const { url } = row.provenance;
  /** A fact in the page's words; null for one that is told elsewhere. */
  function tell(fact: Fact): { name: string; value: ReactNode } | null {
    switch (fact.name) {
      case 'by': {
        if (!published) return { name: t('by'), value: t(recorded ? 'byRecord' : 'byHere') };
        const link = url ? (
          <a href={url} target="_blank" rel="noreferrer" className="underline underline-offset-2">
            {fact.text}
          </a>
        ) : (
          fact.text
        );
        return { name: t('source'), value: link };
      }
      case 'place':
        return { name: t('place'), value: fact.text };
      case 'date':
        return {
          name: t(published ? 'copied' : 'date'),
          value: format.dateTime(fact.date, { dateStyle: 'long', timeZone: 'UTC' }),
        };
      case 'commit':
        return {
          name: t('commit'),
          value:
            fact.text === null ? (
              t('unknown')
            ) : (
              <>
                <code className="font-mono text-xs">{fact.text.slice(0, 12)}</code>
                {fact.dirty && ` ${t('dirty')}`}
              </>
            ),
        };
      case 'evaluators':
        return {
          name: t('evaluators'),
          value:
            fact.all.length === 0
              ? t('noEvaluators')
              : fact.all.map(({ name, version, hash }) => (
                  <span key={hash} className="block">
                    {name} {version} <code className="text-muted font-mono text-xs">{hash.slice(0, 12)}</code>
                  </span>
                )),
        };
      case 'settings':
        return {
          name: t('settings'),
          value: Object.entries(fact.settings)
            .map(
              ([name, value]) =>
                `${labels.part(`settings.${name}`).replace(/^settings\./, '')} ${String(value)}`,
            )
            .join(' · '),
        };
      case 'latency':
        return {
          name: t('latency'),
          value: fact.ms === null ? t('noLatency') : t('ms', { ms: format.number(Math.round(fact.ms)) }),
        };
      case 'preset':
      case 'protocol':
        return { name: t(fact.name), value: fact.text };
      case 'dataset':
      case 'fingerprint':
        return { name: t(fact.name), value: <Hash>{fact.text}</Hash> };
      case 'url':
      case 'run':
        return null;
    }
  }
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <dl className="grid content-start gap-x-4 gap-y-1.5 text-[13px] leading-5 sm:grid-cols-[8rem_minmax(0,1fr)]">
        {row.name && <Entry name={t('name')}>{row.name}</Entry>}
        {row.tags.length > 0 && <Entry name={t('tags')}>{row.tags.join(' · ')}</Entry>}
        {row.note && (
          <Entry name={t('note')}>
            <span className="whitespace-pre-line">{row.note}</span>
          </Entry>
        )}
        {factsOf(row).map((fact) => {
          const told = tell(fact);
          return (
            told && (
              <Entry key={fact.name} name={told.name}>
                {told.value}
              </Entry>
            )
          );
        })}
      </dl>
      {runId && (
        <div className="min-w-0">
          <ApiProvider>
            <Cite runId={runId} />
          </ApiProvider>
          <div className="mt-3 flex flex-wrap gap-2">
            <PageLink href={`/runs/${runId}`} className={buttonStyle({ size: 'small' })}>
              {t('openRun')}
            </PageLink>
            <PageLink href={`/runs/${runId}?verdict=wrong`} className={buttonStyle({ size: 'small' })}>
              {t('wrong')}
            </PageLink>
          </div>
        </div>
      )}
    </div>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere] max-sm:mb-1">{children}</dd>
    </>
  );
}

function Hash({ children }: { children: string }) {
  return (
    <code className="font-mono text-xs" title={children}>
      {children.slice(0, 16)}
    </code>
  );
}

function Cite({ runId }: { runId: string }) {
  const t = useTranslations('leaderboard.details');
  const errorText = useErrorText();
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.leaderboard.citation.queryOptions({ runId }, { staleTime: Infinity }),
  );
  const [format, setFormat] = useState<'text' | 'bibtex'>('text');
  const [state, setState] = useState<'copied' | 'failed' | null>(null);
  const text =
    data && data[format].replace(`/runs/${runId}`, `${location.origin}${sitePath(`/runs/${runId}`)}`);
  const options = [
    { value: 'text', label: t('citeText') },
    { value: 'bibtex', label: t('citeBibtex') },
  ] as const;
  return (
    <section aria-label={t('cite')}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h3 className="text-[13px] font-medium">{t('cite')}</h3>
        <Segmented
          legend={t('cite')}
          name={`cite-${runId}`}
          size="small"
          value={format}
          options={options}
          onChange={(next) => {
            setFormat(next);
            setState(null);
          }}
        />
        <Button
          size="small"
          disabled={!text}
          onClick={async () => text && setState((await copyText(text)) ? 'copied' : 'failed')}
        >
          {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {t(state === 'copied' ? 'copied2' : 'copy')}
        </Button>
      </div>
      <pre className="bg-sunken min-h-16 rounded-lg p-3 font-mono text-xs leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {error ? errorText(error) : (text ?? t('loading'))}
      </pre>
      <p role="status" className={state === 'failed' ? 'text-danger mt-1 text-[13px]' : 'sr-only'}>
        {state === 'copied' ? t('copied2') : state === 'failed' ? t('copyFailed') : ''}
      </p>
    </section>
  );
}
