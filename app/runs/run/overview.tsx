import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { Fold, JsonText, ValueList } from '../shared/facts';
import { GroupFigures, WholeFigures } from './figures';
import { Problems } from './problems';

const asJson = (value: unknown) => JSON.stringify(value, null, 2);

/** What the run came to, and how it was measured. */
export function Overview({ run }: { run: RunDetail }) {
  const t = useTranslations('runs');
  const { fingerprint, provenance, settings, preset, summary, protocol, dataset, repeats } = run;
  const grouped = run.aggregates.some(({ group }) => group !== '');
  return (
    <div className="space-y-7">
      <Part title={t('parts.figures')}>
        <WholeFigures run={run} />
      </Part>
      {grouped && (
        <Part title={t('groups.title')}>
          <GroupFigures run={run} />
        </Part>
      )}
      {(run.problems.length > 0 || run.dataProblems.length > 0) && (
        <Part title={t('problems.title')}>
          <Problems run={run} />
        </Part>
      )}
      <Part title={t('parts.measured')}>
        <div className="space-y-2">
          <Fold title={t('facts.settings')} copy={asJson(settings)}>
            <ValueList
              values={{ ...settings, ...(preset !== null && { preset }), repeats, protocol, dataset }}
            />
          </Fold>
          <Fold title={t('facts.provenance')} copy={asJson(provenance)}>
            <JsonText value={provenance} label={t('facts.provenance')} />
          </Fold>
          <Fold title={t('facts.fingerprint')} hint={fingerprint.id.slice(0, 16)} copy={asJson(fingerprint)}>
            <p className="mb-2 font-mono text-xs leading-5 break-all">{fingerprint.id}</p>
            <JsonText value={fingerprint.of} label={t('facts.fingerprint')} />
          </Fold>
          {summary && (
            <Fold title={t('facts.summary')} copy={asJson(summary)}>
              <JsonText value={summary} label={t('facts.summary')} />
            </Fold>
          )}
        </div>
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2.5 text-base font-semibold tracking-tight">{title}</h3>
      {children}
    </section>
  );
}
