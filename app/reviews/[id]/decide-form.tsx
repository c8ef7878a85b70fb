import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Gavel, PenLine } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { isComplete, noAnswers, withAnswer, type Answers } from '../../../server/reviews/questions/rubric';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { newRequestId } from '../../_ui/request-id';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { Problem, TextAreaField } from '../../_ui/field';
import { AnswerFields } from '../_questions/answer-fields';
import { viewOf } from '../_questions/views';
import { changesSides, onOtherSide } from './sides';

/** What was filled in and not sent, by what it is for and the item: the list may change under whoever fills it in. */
export type Kept = Map<string, { answers: Answers; reason: string }>;

export interface DecideFormProps {
  /** A decision about the item, or a change of one's own review of it after reading the others'. */
  act: 'decide' | 'change';
  row: TaskRow;
  queue: QueueDetail;
  /** What one said before. */
  initial?: Answers;
  kept: Kept;
  onDone: () => Promise<void>;
  /** Whether it takes the focus: who came here by keys goes on by keys. */
  focus: boolean;
  /** To the next item, or the one before. */
  onStep: (step: 1 | -1) => void;
}

const longestReason = 2000;

/**
 * The decision about one disputed item, or one's own answers to it thought over, with the reason. Keys: the letters of its questions (P and F for pass and fail), J and K for the next item and the one
 * before while nothing is typed, Ctrl or Cmd with Enter to decide.
 */
export function DecideForm({ act, row, queue, initial, kept, focus, onDone, onStep }: DecideFormProps) {
  const t = useTranslations('reviewResults.adjudication');
  const failure = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const decide = useMutation(trpc.reviews.adjudicate.mutationOptions());
  const rethink = useMutation(trpc.reviews.change.mutationOptions());
  const isPending = decide.isPending || rethink.isPending;
  const { taskId } = row.item;
  const place = `${act} ${taskId}`;
  const [answers, setAnswers] = useState<Answers>(() => kept.get(place)?.answers ?? initial ?? noAnswers);
  const [reason, setReason] = useState(() => kept.get(place)?.reason ?? '');
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const requestId = useRef('');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (focus) form.current?.focus({ preventScroll: true });
  }, [focus]);
  const { rubric } = queue;
  const withLetters = rubric.questions.filter((question) => viewOf(question).letters);
  const complete = isComplete(answers, rubric);
  const missing = tried && !complete ? t('incomplete') : null;
  const reasonless = tried && reason.trim() === '' ? t('reasonNeeded') : null;

  async function send(event?: FormEvent) {
    event?.preventDefault();
    setTried(true);
    setRefused(null);
    if (isPending || !complete || reason.trim() === '') return;
    // One decision however often it is sent; another attempt after a change is another one.
    requestId.current ||= newRequestId();
    try {
      const said = changesSides(row) ? onOtherSide(answers) : answers;
      if (act === 'change') await rethink.mutateAsync({ taskId, answers: said, reason, discussion: true });
      else await decide.mutateAsync({ taskId, answers: said, reason, requestId: requestId.current });
      kept.delete(place);
      setTried(false);
      setReason('');
      toast.success(t(act === 'decide' ? 'decided' : 'changed', { number: row.item.position + 1 }));
      await cache.invalidateQueries({ queryKey: trpc.reviews.queue.queryKey({ id: queue.id }) });
      await onDone();
    } catch (error) {
      setRefused(failure(error));
    }
  }
  const change = (next: Answers, why = reason) => {
    requestId.current = '';
    kept.set(place, { answers: next, reason: why });
    setAnswers(next);
    setReason(why);
  };
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
      return;
    }
    const typing =
      event.target instanceof HTMLTextAreaElement ||
      (event.target instanceof HTMLInputElement && event.target.type === 'text');
    if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const lettered = withLetters.find((question) => key in (viewOf(question).letters ?? {}));
    if (lettered) change(withAnswer(answers, lettered, viewOf(lettered).letters?.[key]));
    else if (key === 'j') onStep(1);
    else if (key === 'k') onStep(-1);
    else return;
    event.preventDefault();
  }

  const title = t(act === 'decide' ? 'form' : 'changeForm');
  return (
    <form
      ref={form}
      tabIndex={-1}
      noValidate
      aria-label={title}
      onSubmit={(event) => void send(event)}
      onKeyDown={onKeyDown}
      className="border-line bg-surface flex flex-col gap-4 rounded-xl border p-4 outline-none"
    >
      <h3 className="text-sm font-semibold">{title}</h3>
      <AnswerFields rubric={rubric} value={answers} onChange={change} />
      <Problem id={act} text={missing} />
      <TextAreaField
        id={`${act}-reason`}
        label={t('reason')}
        hint={t(act === 'decide' ? 'reasonHint' : 'changeHint')}
        problem={reasonless}
        rows={2}
        maxLength={longestReason}
        value={reason}
        onChange={(event) => change(answers, event.target.value)}
        className="py-1.5"
      />
      <Problem id={`${act}-refused`} text={refused} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" aria-disabled={isPending}>
          {act === 'decide' ? <Gavel aria-hidden /> : <PenLine aria-hidden />}
          {t(act)}
        </Button>
        <p className="text-muted text-xs leading-5 max-sm:hidden">
          {t(withLetters.length > 0 ? 'keys' : 'keysPlain')}
        </p>
      </div>
    </form>
  );
}
