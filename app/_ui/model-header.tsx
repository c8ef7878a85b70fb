'use client';

import { ChevronDown } from 'lucide-react';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import { Button } from './button';
import { cn } from './cn';
import { NativePopover } from './native-popover';
import { SiteHeader } from './site-header';
import { noticeOf } from './model-description';
import { useModel } from './use-model';

/** The header of pages that speak to the demo's model. `tools`: buttons of the page, beside the model. */
export function Header({ tools }: { tools?: ReactNode }) {
  return (
    <SiteHeader
      tools={
        <>
          <ModelButton />
          {tools}
        </>
      }
    />
  );
}

/** Which model answers, and what it was made for. */
export function ModelButton() {
  const t = useTranslations('demo.header');
  const locale = useLocale();
  const size = useSize();
  const { data: model, failureCount } = useModel();
  const state = !model ? (failureCount > 0 ? 'unreachable' : 'loading') : model.ready ? 'ready' : 'starting';
  const words = t(`states.${state}`);
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="min-w-0 shrink"
        popoverTarget="model-details"
        aria-label={
          model
            ? t('model', { name: `${model.name} ${model.version}`, state: words })
            : t('modelUnknown', { state: words })
        }
      >
        <span
          aria-hidden
          className={cn(
            'size-2 shrink-0 rounded-full',
            state === 'ready' && 'bg-accent',
            state === 'unreachable' && 'bg-danger',
            (state === 'starting' || state === 'loading') && 'animate-sheen bg-line-strong',
          )}
        />
        <span className="truncate">{model ? `${model.name} ${model.version}` : words}</span>
        <ChevronDown aria-hidden className="size-3.5!" />
      </Button>
      <NativePopover
        id="model-details"
        role="dialog"
        aria-label={t('about')}
        className="border-line bg-surface text-ink fixed inset-auto top-12 right-3 m-0 w-84 max-w-[calc(100vw-1.5rem)] rounded-xl border p-4 shadow-xl"
      >
        {model ? (
          <>
            <p className="font-semibold">{model.name}</p>
            <p lang={noticeOf(model, locale).lang} className="mt-1.5 text-sm leading-6 text-pretty">
              {noticeOf(model, locale).text}
            </p>
            <dl className="border-line mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 border-t pt-3 text-[13px]">
              <dt className="text-muted">{t('state')}</dt>
              <dd>{words}</dd>
              <dt className="text-muted">{t('version')}</dt>
              <dd>{model.version}</dd>
              <dt className="text-muted">{t('device')}</dt>
              <dd>{model.device}</dd>
              {model.memory && <Weights memory={model.memory} />}
              <dt className="text-muted">{t('manifest')}</dt>
              <dd className="truncate font-mono text-xs leading-5" title={model.hash}>
                {model.hash}
              </dd>
            </dl>
            {model.memory?.tooLarge.map(({ name, bytes }) => (
              <p key={name} className="text-danger mt-3 text-[13px] leading-5 text-pretty">
                {t('tooLarge', { name, bytes: size(bytes), limit: size(model.memory?.limit ?? 0) })}
              </p>
            ))}
          </>
        ) : (
          <p className="text-sm">{words}</p>
        )}
      </NativePopover>
    </>
  );
}

/** How much of the device its weights take, and which are on their way. */
function Weights({ memory }: { memory: NonNullable<ModelInfo['memory']> }) {
  const t = useTranslations('demo.header');
  const size = useSize();
  const { used, limit, loading } = memory;
  return (
    <>
      <dt className="text-muted">{t('weights')}</dt>
      <dd>
        {limit === null ? size(used) : t('weightsOf', { used: size(used), limit: size(limit) })}
        {loading.length > 0 && (
          <span className="text-muted block">{t('weightsLoading', { names: loading.join(', ') })}</span>
        )}
      </dd>
    </>
  );
}

/** Bytes as people read them. */
function useSize() {
  const { number } = useFormatter();
  return (bytes: number) =>
    number(bytes < 1e9 ? bytes / 1e6 : bytes / 1e9, {
      ...{ style: 'unit', unit: bytes < 1e9 ? 'megabyte' : 'gigabyte' },
      maximumFractionDigits: 1,
    });
}
