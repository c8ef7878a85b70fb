import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { TaskItem } from '@/server/reviews/schema';
import { cn } from '../../_ui/cn';

/** The options of a question and what is right. */
function Expected({ options, answers }: Pick<TaskItem, 'options' | 'answers'>) {
  const t = useTranslations('reviewWork');
  const isRight = (letter: string) => answers.includes(letter);
  const besides = answers.filter((answer) => !options.some(({ letter }) => letter === answer));
  return (
    <>
      {options.length > 0 && (
        <ol aria-label={t('options')} className="space-y-1">
          {options.map(({ letter, text }) => (
            <li
              key={letter}
              className={cn(
                'flex gap-2 rounded-lg px-2 py-1 text-[15px] leading-6',
                isRight(letter) && 'bg-accent-soft',
              )}
            >
              <span className="text-muted w-5 shrink-0 font-medium">{letter}</span>
              <span className="min-w-0 flex-1 break-words">{text}</span>
              {isRight(letter) && (
                <span className="text-accent flex shrink-0 items-center gap-1 text-[13px] font-medium">
                  <Check aria-hidden className="size-4" /> {t('right')}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {besides.length > 0 && (
        <p className="text-[15px] leading-6">
          <span className="text-muted">{t('expected')}</span>{' '}
          <span className="font-medium break-words">{besides.join(' · ')}</span>
        </p>
      )}
    </>
  );
}

/** What is read of an item: the answers of the models first, for they are judged; options, and what is right. */
export function TextSide({ item }: { item: TaskItem }) {
  const t = useTranslations('reviewWork');
  const { options, answers, outputs } = item;
  const texts = outputs.filter(({ picture, text }) => picture === null && text !== null);
  const name = (index: number) =>
    outputs.length < 2 ? t('answer') : t(index === 0 ? 'answerLeft' : 'answerRight');
  return (
    <div
      data-scrolls
      tabIndex={0}
      role="region"
      aria-label={t('questionAndAnswer')}
      className="border-line bg-surface min-h-0 min-w-0 space-y-3 overflow-y-auto rounded-xl border p-3 sm:p-4"
    >
      <div className={cn('grid gap-3', texts.length > 1 && 'sm:grid-cols-2')}>
        {outputs.map(({ text, model }, index) =>
          text === null ? null : (
            <section
              key={index}
              aria-label={name(index)}
              className="border-line-strong/60 bg-canvas min-w-0 rounded-xl border px-3 py-2"
            >
              <p aria-hidden className="text-muted text-xs leading-5 font-medium">
                {model ?? name(index)}
              </p>
              <p className="text-base leading-7 break-words whitespace-pre-wrap">
                {text.trim() === '' ? <span className="text-muted">{t('emptyAnswer')}</span> : text}
              </p>
            </section>
          ),
        )}
      </div>
      <Expected options={options} answers={answers} />
    </div>
  );
}
