import { EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useGroupName } from '../../_ui/group-name';
import { cn } from '../../_ui/cn';
import { answerTo, isAnswered, type Answers, type Question } from '../../../server/reviews/questions/rubric';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { Badge } from '../_parts/badge';
import { viewOf } from '../_questions/views';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { decisionOf, voicesOf } from './reviewer-history';
import { useScoreWords } from './use-score-words';

interface TaskLineProps {
  row: TaskRow;
  queue: Pick<QueueDetail, 'reviewsPerItem' | 'rubric'>;
  onOpen: () => void;
}

const tones = {
  open: 'outline',
  done: 'accent',
  adjudicate: 'danger',
  adjudicated: 'accent',
  skipped: 'plain',
} as const;

/** An item in the list: what it is, what was said about it, and its state. */
export function TaskLine({ row, queue, onOpen }: TaskLineProps) {
  const t = useTranslations('reviewResults.items');
  const scoreWords = useScoreWords();
  const groupName = useGroupName();
  const { item, state, given, metric } = row;
  const pictures = item.outputs.flatMap(({ picture }) => picture ?? []);
  return (
    <button
      type="button"
      onClick={onOpen}
      className="border-line hover:bg-canvas grid h-[77px] w-full cursor-pointer grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-3 border-b px-3 text-left transition-colors focus-visible:-outline-offset-2 sm:grid-cols-[auto_minmax(0,1fr)_minmax(0,14rem)_7rem] sm:px-4"
    >
      {/* The second of a pair covers half of the first, not the words beside them. */}
      <span className={cn('flex shrink-0 -space-x-7', item.outputs.length > 1 ? 'w-21' : 'w-14')}>
        {pictures.length > 0 ? (
          pictures.map(({ hash }, index) => (
            <Thumbnail key={index} image={{ hash }} className="border-surface size-14 rounded-lg border" />
          ))
        ) : (
          <span
            aria-hidden
            className="bg-sunken text-muted line-clamp-3 size-14 overflow-hidden rounded-lg p-1.5 text-[10px] leading-[14px]"
          >
            {item.outputs[0]?.text}
          </span>
        )}
      </span>
      <span className="min-w-0">
        <span className="line-clamp-2 text-sm leading-5 [overflow-wrap:anywhere]">
          {item.prompt || t('noPrompt')}
        </span>
        <span className="text-muted block truncate text-xs leading-5">
          {t('position', { number: item.position + 1 })}
          {item.group && <> · {groupName(item.group)}</>}
          {metric && <> · {scoreWords(metric)}</>}
        </span>
      </span>
      <span className="flex flex-wrap justify-end gap-1 max-sm:hidden">
        <ProblemText row={row} queue={queue} />
      </span>
      <span className="flex flex-col items-end gap-1">
        <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
        <span className="text-muted text-xs tabular-nums">
          {t('given', { given, wanted: queue.reviewsPerItem })}
        </span>
      </span>
    </button>
  );
}

/** The answers in a few signs: the decision where there is one, else what each reviewer said. */
function ProblemText({ row, queue }: Pick<TaskLineProps, 'row' | 'queue'>) {
  const t = useTranslations('reviewResults.items');
  const words = useTranslations('reviewQuestions');
  const decision = decisionOf(row.reviews);
  const current = decision ? [decision] : voicesOf(row.reviews).flatMap(({ current: one }) => one ?? []);
  if (current.length === 0)
    return row.given > 0 ? (
      <span className="text-muted inline-flex items-center gap-1 text-xs">
        <EyeOff aria-hidden className="size-3.5" />
        {t('hidden')}
      </span>
    ) : null;
  return current.slice(0, 6).map(({ id, answers }) => {
    if (!answers) return null;
    const given = queue.rubric.questions.filter((question) => isAnswered(answers, question));
    const telling = given.find((question) => viewOf(question).tone);
    return (
      <Badge key={id} tone={telling ? viewOf(telling).tone?.(answerTo(answers, telling)) : 'plain'}>
        {briefly(given, answers) || words('tags.name')}
      </Badge>
    );
  });

  /** Answers to questions of one type stand closer together. */
  function briefly(given: readonly Question[], answers: Answers): string {
    const types = [...new Set(given.map(({ type }) => type))];
    return types
      .map((type) =>
        given
          .filter((question) => question.type === type)
          .flatMap((question) => viewOf(question).brief?.(answerTo(answers, question), words) ?? [])
          .join('/'),
      )
      .filter(Boolean)
      .join(' ');
  }
}
