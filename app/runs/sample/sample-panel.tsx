import { useTranslations } from 'next-intl';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import { atLeast } from '@/server/accounts/schema';
import type { RunDetail, SampleDetail, SampleTile } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useMe } from '../../_ui/current-user';
import { PageLink } from '../../_ui/page-link';
import { OutcomeSign, outcomeOf } from '../samples/tile';
import { Fold, JsonText } from '../shared/facts';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { useFigures } from '../shared/use-figures';
import { Decisions } from './decisions';
import { DetectionsList } from './detections-list';
import { ExpectedView } from './expected';
import { PanelPart } from './panel-part';

interface SamplePanelProps {
  run: RunDetail;
  sample: SampleDetail;
  onGo: (id: string) => void;
  active: number | null;
  onActive: (index: number | null) => void;
  colours: ReadonlyMap<string, string>;
}

const askedAs = { generate: 'objects', edit: 'edit', understand: 'answer' } as const;

/** What came of a sample and what was asked: as much as the grid knows, so that it is there at once. */
export function SampleHead({ run, sample }: { run: RunDetail; sample: SampleTile }) {
  const t = useTranslations('runSamples');
  const { group } = useFigures();
  return (
    <>
      <p className="mt-4 flex flex-wrap items-center gap-2 text-sm">
        <OutcomeSign tile={sample} className="shadow-none" />
        <span className="font-medium">{t(`outcomes.${outcomeOf(sample)}`)}</span>
        <span className="text-muted">
          {group(sample.group)} ·{' '}
          {t('sample.number', { position: sample.position, repeat: sample.repeat + 1 })}
        </span>
      </p>
      {sample.reason && (
        <p className="text-muted mt-1.5 text-[13px] leading-5 break-words whitespace-pre-wrap">
          {sample.reason}
        </p>
      )}
      <PanelPart title={t(`asked.${askedAs[run.benchmark.task]}`)}>
        <p className="text-[15px] leading-6 break-words whitespace-pre-wrap">{sample.prompt}</p>
      </PanelPart>
    </>
  );
}

/** Everything that is known of a sample, in the order of the questions that one has about it. */
export function SamplePanel({ run, sample, onGo, active, onActive, colours }: SamplePanelProps) {
  const t = useTranslations('runSamples');
  const me = useMe();
  const { group, metric, figure, latency, moment } = useFigures();
  const { expected, decisions, detections, threshold, scores, siblings } = sample;
  const infos = new Map(run.metrics.map((info) => [info.metric, info]));
  const figures = scores.filter((score) => score.metric !== verdictMetric);
  const details = Object.keys(sample.details).length > 0 ? sample.details : null;
  return (
    <>
      <SampleHead run={run} sample={sample} />
      <ExpectedView expected={expected} text={sample.text} />
      <Decisions decisions={decisions} />
      <DetectionsList {...{ detections, threshold, colours, active, onActive }} />
      {figures.length > 0 && (
        <PanelPart title={t('sample.scores')}>
          <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-[13px] leading-5 tabular-nums">
            {figures.map((score) => (
              <div key={score.metric} className="contents">
                <dt className="text-muted">{metric(score.metric)}</dt>
                <dd className="font-medium">{figure(score.value, infos.get(score.metric))}</dd>
              </div>
            ))}
          </dl>
        </PanelPart>
      )}
      {siblings.length > 0 && (
        <PanelPart title={t('sample.siblings')}>
          <ul className="flex flex-wrap gap-2">
            {siblings.map((sibling) => (
              <li key={sibling.id}>
                <button
                  type="button"
                  onClick={() => onGo(sibling.id)}
                  aria-label={t('sample.sibling', {
                    repeat: sibling.repeat + 1,
                    verdict: sibling.correct === null ? 'none' : sibling.correct ? 'right' : 'wrong',
                  })}
                  className={cn(
                    'border-line relative block size-20 overflow-hidden rounded-lg border-2',
                    sibling.correct === true && 'border-accent',
                    sibling.correct === false && 'border-danger',
                  )}
                >
                  {sibling.picture && (
                    <Thumbnail image={sibling.picture} width={80} className="size-full object-contain" />
                  )}
                  <span className="bg-surface/90 text-ink absolute right-0 bottom-0 rounded-tl px-1 text-[11px] leading-4">
                    {sibling.repeat + 1}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      <PanelPart title={t('sample.more')}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[13px] leading-5">
          <dt className="text-muted">{t('sample.key')}</dt>
          <dd className="min-w-0 font-mono text-xs leading-5 break-all">{sample.key}</dd>
          <dt className="text-muted">{t('sample.latency')}</dt>
          <dd>
            {sample.cached
              ? t('sample.cached')
              : sample.latencyMs === null
                ? t('sample.noLatency')
                : latency(sample.latencyMs)}
          </dd>
          <dt className="text-muted">{t('sample.made')}</dt>
          <dd>{moment(sample.createdAt)}</dd>
        </dl>
        <div className="mt-3 space-y-2">
          <Fold title={t('sample.request')} copy={JSON.stringify(sample.request, null, 2)}>
            <JsonText value={sample.request} label={t('sample.request')} />
          </Fold>
          {details && (
            <Fold title={t('sample.details')} copy={JSON.stringify(details, null, 2)}>
              <JsonText value={details} label={t('sample.details')} />
            </Fold>
          )}
        </div>
      </PanelPart>
      {me && atLeast(me.role, 'reviewer') && (
        <PageLink
          href={`/reviews/new?${new URLSearchParams({ run: run.id, group: sample.group })}`}
          className="text-accent mt-4 inline-block rounded text-sm hover:underline"
        >
          {t('sample.review', { group: group(sample.group) })}
        </PageLink>
      )}
    </>
  );
}
