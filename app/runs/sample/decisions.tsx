import { Check, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { SampleDetail } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useFigures } from '../shared/use-figures';
import { placeOn, scaleOf, type Decision } from './decision-scale';
import { PanelPart } from './panel-part';

const kinds = ['count', 'colour', 'position', 'no more'] as const;

/** What was decided, in the page's words where it is of a kind that they know. */
export function useDecisionWords(): (what: string) => string {
  const t = useTranslations('runSamples');
  return (what) => {
    const kind = kinds.find((one) => what.startsWith(`${one}: `));
    if (!kind) return what;
    return t(`decisions.kinds.${kind === 'no more' ? 'exclude' : kind}`, {
      what: what.slice(kind.length + 2),
    });
  };
}

/** Every decision of the score, how far it was from going the other way, and where the threshold lay. */
export function Decisions({ decisions }: Pick<SampleDetail, 'decisions'>) {
  const t = useTranslations('runSamples');
  const words = useDecisionWords();
  const { number } = useFigures();
  if (decisions.length === 0) return null;
  return (
    <PanelPart title={t('decisions.title')}>
      <ul className="space-y-2.5">
        {decisions.map((decision, i) => (
          <li key={i}>
            <p className="flex items-center gap-2 text-[13px] leading-5">
              {decision.passed ? (
                <Check aria-hidden className="text-accent size-4 shrink-0" />
              ) : (
                <X aria-hidden className="text-danger size-4 shrink-0" />
              )}
              <span className="sr-only">{t(decision.passed ? 'decisions.passed' : 'decisions.failed')}</span>
              <span className="min-w-0 flex-1 break-words">{words(decision.what)}</span>
              <span className="text-muted tabular-nums">
                {t('decisions.margin', {
                  value: number(decision.value, 2),
                  threshold: number(decision.threshold, 2),
                  margin: number(Math.abs(decision.margin), Math.abs(decision.margin) < 0.01 ? 3 : 2),
                })}
              </span>
            </p>
            <MarginBar decision={decision} />
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}

/** From the threshold to the value. */
function MarginBar({ decision }: { decision: Decision }) {
  const scale = scaleOf(decision);
  const value = placeOn(scale, decision.value);
  const threshold = placeOn(scale, decision.threshold);
  const [from, to] = value < threshold ? [value, threshold] : [threshold, value];
  return (
    <div aria-hidden className="bg-sunken relative mt-1 h-2 rounded-full">
      <span
        className={cn('absolute inset-y-0 rounded-full', decision.passed ? 'bg-accent' : 'bg-danger')}
        style={{ left: `${from * 100}%`, width: `${Math.max(0.5, (to - from) * 100)}%` }}
      />
      <span
        className="bg-ink absolute -inset-y-1 w-0.5 -translate-x-1/2 rounded-full"
        style={{ left: `${threshold * 100}%` }}
      />
    </div>
  );
}
