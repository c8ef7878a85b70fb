import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Tabs } from 'radix-ui';
import type { QueueDetail } from '@/server/reviews/schema';
import { ItemsTab } from './items-tab';

export const tabs = ['items', 'adjudication', 'agreement', 'ratings', 'metric', 'audit'] as const;
type Tab = (typeof tabs)[number];

const AdjudicationTab = dynamic(() => import('./adjudication-tab').then((of) => of.AdjudicationTab));
const AgreementTab = dynamic(() => import('./agreement-tab').then((of) => of.AgreementTab));
const RatingsTab = dynamic(() => import('./ratings-tab').then((of) => of.RatingsTab));
const MetricTab = dynamic(() => import('./metric-tab').then((of) => of.MetricTab));
const AuditList = dynamic(() => import('../_parts/audit-list').then((of) => of.AuditList));

const hasTab: Record<Tab, (queue: QueueDetail) => boolean> = {
  items: () => true,
  adjudication: ({ reviewsPerItem, adjudicate }) => reviewsPerItem > 1 || adjudicate > 0,
  agreement: () => true,
  ratings: ({ kind }) => kind === 'pair',
  metric: ({ kind, benchmark }) => kind === 'rate' && benchmark !== null,
  audit: () => true,
};

/** Items, and what follows from their reviews; which of them is open stands in the URL. */
export function QueueTabs({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.tabs');
  const [wanted, setWanted] = useQueryState('tab', parseAsStringLiteral(tabs).withDefault('items'));
  const there = tabs.filter((tab) => hasTab[tab](queue));
  const tab = there.includes(wanted) ? wanted : 'items';
  return (
    <Tabs.Root value={tab} onValueChange={(value) => void setWanted(value as Tab)} className="mt-5">
      <Tabs.List
        aria-label={t('label')}
        className="border-line -mx-3 flex [scrollbar-width:none] gap-1 overflow-x-auto border-b px-3 sm:mx-0 sm:px-0"
      >
        {there.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink -mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-sm font-medium whitespace-nowrap transition-colors focus-visible:-outline-offset-2"
          >
            {t(name)}
            {name === 'adjudication' && queue.adjudicate > 0 && (
              <span className="bg-danger-soft text-danger rounded px-1.5 text-xs leading-5 tabular-nums">
                {queue.adjudicate}
              </span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={tab} className="pt-4 outline-none">
        {tab === 'items' && <ItemsTab queue={queue} />}
        {tab === 'adjudication' && <AdjudicationTab queue={queue} />}
        {tab === 'agreement' && <AgreementTab queue={queue} />}
        {tab === 'ratings' && <RatingsTab queue={queue} />}
        {tab === 'metric' && <MetricTab queue={queue} />}
        {tab === 'audit' && <AuditList queueId={queue.id} />}
      </Tabs.Content>
    </Tabs.Root>
  );
}
