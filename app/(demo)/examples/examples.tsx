import { ImagePlus, MessageCircleQuestion, WandSparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cn } from '../../_ui/cn';
import { useModel } from '../../_ui/use-model';
import { examples, examplesBy } from './examples-list';
import { chooseExample } from './shown-example';

export const taskIcons = { generate: ImagePlus, edit: WandSparkles, understand: MessageCircleQuestion };

/** Examples of the three tasks; one fills the form and shows its stored result. */
export function Examples({ className, onChoose }: { className?: string; onChoose?: () => void }) {
  const t = useTranslations('demo');
  const { data: model } = useModel();
  const ofAnother = model !== undefined && model.name !== examplesBy.name;
  return (
    <>
      {ofAnother && (
        <p className="text-muted mb-2 text-[13px] leading-5">
          {t('examples.ofAnother', { by: `${examplesBy.name} ${examplesBy.version}`, model: model.name })}
        </p>
      )}
      <ul className={cn('grid grid-cols-2 gap-2 sm:grid-cols-4 sm:gap-3', className)}>
        {examples.map((example) => {
          const { task, result, source } = example;
          const Icon = taskIcons[task];
          const picture = 'picture' in result ? result.picture : source?.url;
          return (
            <li key={example.id}>
              <button
                type="button"
                onClick={() => {
                  onChoose?.();
                  chooseExample(example, !ofAnother);
                }}
                className="group border-line bg-surface hover:border-accent flex h-full w-full flex-col overflow-hidden rounded-xl border text-left transition-colors"
              >
                <span className="relative block w-full">
                  {picture && (
                    <img
                      src={picture}
                      alt=""
                      width={256}
                      height={256}
                      loading="lazy"
                      className="aspect-5/4 w-full object-cover object-[50%_45%]"
                    />
                  )}
                  {source && 'picture' in result && (
                    <img
                      src={source.url}
                      alt=""
                      width={256}
                      height={256}
                      loading="lazy"
                      className="border-surface absolute bottom-1 left-1 aspect-square w-1/4 rounded-md border-2 object-cover"
                    />
                  )}
                  {'answer' in result && (
                    <span
                      aria-hidden
                      lang={example.language}
                      className="bg-surface text-ink absolute right-1.5 bottom-1.5 max-w-[80%] truncate rounded-md px-2 py-0.5 text-sm font-medium"
                    >
                      {result.answer}
                    </span>
                  )}
                </span>
                <span className="min-w-0 px-2.5 py-2">
                  <span className="text-muted flex items-center gap-1 text-xs leading-4">
                    <Icon aria-hidden className="group-hover:text-accent size-3.5" />
                    {t(`tasks.${task}`)}
                  </span>{' '}
                  <span
                    className="mt-0.5 line-clamp-2 block text-[13px] leading-[1.35] text-pretty"
                    lang={example.language}
                  >
                    {example.prompt}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
