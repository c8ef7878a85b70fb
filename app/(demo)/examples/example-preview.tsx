import { ArrowUp, WandSparkles, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '../../_ui/button';
import { taskIcons } from './examples';
import type { Example } from './examples-list';
import { changeDraft } from '../../_request/draft';
import { hideExample, useShownExample } from './shown-example';
import { takeUrl } from '../composer/upload';

/** The stored result of the example that fills the form, above the composer. */
export function ExamplePreview({ onRun }: { onRun: () => void }) {
  const example = useShownExample();
  return example && <Preview key={example.id} example={example} onRun={onRun} />;
}

function Preview({ example, onRun }: { example: Example; onRun: () => void }) {
  const t = useTranslations('demo.examples');
  const tasks = useTranslations('demo.tasks');
  const { task, prompt, language, source, parameters, result } = example;
  const Icon = taskIcons[task];
  const picture = 'picture' in result ? result.picture : null;
  const { seed, steps, guidance } = parameters;
  const settings = [
    steps !== undefined && t('steps', { count: String(steps) }),
    guidance !== undefined && t('guidance', { value: String(guidance) }),
    seed !== undefined && t('seed', { value: String(seed) }),
  ].filter((part) => part !== false);
  return (
    <section
      aria-label={t('madeWith')}
      className="border-line bg-surface animate-fade mb-2.5 flex gap-3 rounded-2xl border p-2.5 shadow-[0_2px_16px_rgb(0_0_0/0.07)] sm:gap-4 sm:p-3"
    >
      <div className="flex shrink-0 items-end gap-1.5">
        {picture && source && (
          <img
            src={source.url}
            alt={t(`alt.${source.alt}`)}
            width={256}
            height={256}
            className="size-16 rounded-lg object-cover max-sm:hidden"
          />
        )}
        <img
          src={picture ?? source?.url}
          alt={picture ? t('result', { prompt }) : source ? t(`alt.${source.alt}`) : ''}
          width={256}
          height={256}
          className="size-26 rounded-xl object-cover sm:size-36"
        />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex items-start gap-2">
          <p className="text-muted flex min-w-0 flex-1 items-center gap-1.5 pt-1 text-xs leading-5">
            <Icon aria-hidden className="text-accent size-3.5 shrink-0" />
            <span className="min-w-0">
              <span className="sr-only">{tasks(task)}: </span>
              {t('madeWith')}
            </span>
          </p>
          <IconButton label={t('close')} className="tip-end -mt-1 -mr-1" onClick={hideExample}>
            <X aria-hidden />
          </IconButton>
        </div>
        <p lang={language} className="line-clamp-2 text-sm leading-5 font-medium">
          {prompt}
        </p>
        {'answer' in result ? (
          <p className="mt-1 text-lg leading-7 font-medium">
            <span className="sr-only">{t('answer')}: </span>
            <span lang={language}>{result.answer}</span>
          </p>
        ) : (
          <p className="text-muted mt-0.5 text-xs leading-5 tabular-nums">{settings.join(' · ')}</p>
        )}
        <div className="mt-auto flex flex-wrap gap-1.5 pt-2">
          <Button size="small" onClick={onRun}>
            <ArrowUp aria-hidden /> {t(`run.${task}`)}
          </Button>
          {picture && (
            <Button
              size="small"
              variant="ghost"
              className="max-sm:hidden"
              onClick={() => {
                hideExample();
                changeDraft({ prompt: '' });
                void takeUrl(picture, 'edit');
              }}
            >
              <WandSparkles aria-hidden /> {t('editResult')}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}
