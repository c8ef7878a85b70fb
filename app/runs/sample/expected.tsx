import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { SampleDetail } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { PanelPart } from './panel-part';

type Expected = SampleDetail['expected'];

/** What was asked for, by the kind of benchmark. */
export function ExpectedView({ expected, text }: { expected: Expected; text: string | null }) {
  switch (expected.kind) {
    case 'objects':
      return <Objects expected={expected} />;
    case 'answer':
      return <Answer expected={expected} text={text} />;
    case 'edit':
      return <Edit expected={expected} />;
  }
}

function Objects({ expected }: { expected: Extract<Expected, { kind: 'objects' }> }) {
  const t = useTranslations('runSamples');
  return (
    <PanelPart title={t('expected.objects')}>
      <ul className="flex flex-wrap gap-1.5 text-[13px]">
        {expected.include.map(({ className, count, color, position }, i) => (
          <li key={i} className="border-line rounded-lg border px-2 py-1 leading-5">
            {count > 1 && <span className="font-medium tabular-nums">{count} × </span>}
            {color && <span>{color} </span>}
            <span className="font-medium">{className}</span>
            {position && <span className="text-muted"> {position}</span>}
          </li>
        ))}
        {expected.exclude.map(({ className, count }, i) => (
          <li
            key={`not ${i}`}
            className="border-line text-muted rounded-lg border border-dashed px-2 py-1 leading-5"
          >
            {t('expected.fewer', { count, className })}
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}

function Answer({
  expected,
  text,
}: {
  expected: Extract<Expected, { kind: 'answer' }>;
  text: string | null;
}) {
  const t = useTranslations('runSamples');
  const { options, answers, parsed, guessed, question } = expected;
  return (
    <>
      {options.length > 0 && (
        <PanelPart title={t('expected.options')}>
          <ol className="space-y-1 text-[13px] leading-5">
            {options.map(({ letter, text: words }) => {
              const right = answers.includes(letter);
              const read = parsed === letter;
              return (
                <li
                  key={letter}
                  className={cn(
                    'flex items-start gap-2 rounded-lg border px-2.5 py-1.5',
                    right ? 'border-accent bg-accent-soft' : 'border-line',
                    read && !right && 'border-danger bg-danger-soft',
                  )}
                >
                  <span className="font-medium">{letter}</span>
                  <span className="min-w-0 flex-1 break-words">{words}</span>
                  {right && (
                    <span className="text-accent inline-flex shrink-0 items-center gap-1 text-xs">
                      <Check aria-hidden className="size-3.5" /> {t('expected.right')}
                    </span>
                  )}
                  {read && <span className="shrink-0 text-xs">{t('expected.read')}</span>}
                </li>
              );
            })}
          </ol>
        </PanelPart>
      )}
      {question === 'open' && (
        <PanelPart title={t('expected.answers')}>
          <p className="text-[13px] leading-5 break-words">{answers.join(' · ')}</p>
        </PanelPart>
      )}
      <PanelPart title={t('expected.said')}>
        {text === null ? (
          <p className="text-muted text-[13px]">{t('expected.nothing')}</p>
        ) : (
          <p className="text-sm leading-6 break-words whitespace-pre-wrap">{text}</p>
        )}
        <p className="text-muted mt-1.5 text-[13px] leading-5">
          {guessed
            ? t('expected.guessed', { parsed: parsed ?? '–' })
            : parsed === null
              ? t('expected.unread')
              : t('expected.parsed', { parsed })}
        </p>
      </PanelPart>
    </>
  );
}

function Edit({ expected }: { expected: Extract<Expected, { kind: 'edit' }> }) {
  const t = useTranslations('runSamples');
  return (
    <PanelPart title={t('expected.caption')}>
      <p className="text-[13px] leading-5 break-words">{expected.caption}</p>
    </PanelPart>
  );
}
