import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Choice } from '@/server/reviews/questions/choice';
import { answerTo, noAnswers, type Answers, type Question } from '../../../server/reviews/questions/rubric';
import type { QueueDetail } from '@/server/reviews/schema';
import { askedOf, viewOf } from '../_questions/views';
import { choicesOf, choose, firstMissing, isSingleChoice, questionAfter } from './answers';
import { toast } from '../../_ui/toaster';
import { fieldId } from './question';
import { useRemembered } from './use-remembered';
import type { Session } from './session';
import type { Work } from './session-types';
import { markDecision } from './use-next-time';

/** What a reviewer does with the item on the screen: answers, submits, and goes from question to question. */
export function useReview(
  { kind, rubric }: Pick<QueueDetail, 'kind' | 'rubric'>,
  session: Session,
  work: Work,
) {
  const t = useTranslations('reviewWork');
  const words = useTranslations('reviewQuestions');
  const held = work.hand[0] ?? null;
  const taskId = held?.item.taskId ?? null;
  const answers = held?.answers ?? noAnswers;
  const questions = useMemo(() => (kind === 'rate' ? askedOf(rubric.questions) : []), [kind, rubric]);
  const single = isSingleChoice(questions);
  const [remembered, remember] = useRemembered('review-at-once');
  const atOnce = single && remembered === 'yes';
  /** The question that the digits choose in, and the one that kept the review from being sent. */
  const [at, setAt] = useState(0);
  const [missing, setMissing] = useState<number | null>(null);
  const [said, setSaid] = useState<{ n: number; text: string } | null>(null);
  const itemRef = useRef<HTMLElement>(null);
  const [of, setOf] = useState(taskId);
  if (of !== taskId) {
    setOf(taskId);
    setAt(0);
    setMissing(null);
  }
  /** Why nothing can be sent just now: the item is on its way, another is being brought back, or a notice says it. */
  const isStopped = work.stopped !== null;
  const wait = isStopped ? null : work.undoing ? 'undoing' : held ? null : 'loading';
  const disabled = !held || wait !== null || held.lost || isStopped;

  const say = (text: string) => setSaid((last) => ({ n: (last?.n ?? 0) + 1, text }));
  /**
   * A press that nothing can be done with is told of, and not kept: it was not meant for an item that nobody has seen.
   * @returns whether it is so
   */
  function refuse(): boolean {
    if (!disabled) return false;
    // The page says so itself.
    if (work.nothing && !held && !work.undoing) return true;
    const text = wait ? t(`wait.${wait}`) : held?.lost ? t('lost.title') : t('wait.stopped');
    if (wait) show(text);
    else say(text);
    return true;
  }
  /** For everybody's eyes and ears. */
  function show(text: string): void {
    say(text);
    toast(text, { id: 'review-wait', duration: 3000 });
  }
  const focusItem = useCallback(() => itemRef.current?.focus({ preventScroll: true }), []);

  function goTo(place: number): void {
    const question = questions[place];
    if (!question) return;
    setAt(place);
    const field = document.getElementById(fieldId(question));
    const control =
      field?.querySelector<HTMLElement>('input:checked') ??
      field?.querySelector<HTMLElement>('input, textarea');
    control?.focus();
  }

  function submit(given: Answers = answers): void {
    if (kind === 'pair' || refuse()) return;
    const place = firstMissing(given, questions);
    if (place >= 0) {
      setMissing(place);
      goTo(place);
      return say(t('missing'));
    }
    markDecision();
    if (session.submit(given)) focusItem();
  }

  function answer(next: Answers): void {
    // Whoever is typing while the item is lost goes on: it is kept as a draft.
    if (!held || next === answers) return;
    session.answer(next);
    if (missing !== null && firstMissing(next, questions) !== missing) setMissing(null);
  }

  /** A choice by the mouse or by the keys of the browser: the digits go on choosing in the same question. */
  function answerHere(next: Answers, question: Question): void {
    answer(next);
    if (atOnce && choicesOf(question) > 0) submit(next);
  }

  function chooseByDigit(n: number): boolean {
    const question = questions[at];
    if (!question || n > choicesOf(question)) return false;
    // What is lost or cannot be sent is still answered: it is kept as a draft.
    if (!held || wait) return refuse();
    const next = choose(answers, question, n);
    answer(next);
    if (atOnce && !disabled) submit(next);
    else {
      goTo(questionAfter(next, questions, at));
      say(viewOf(question).said?.(question, n, answerTo(next, question), words) ?? '');
    }
    return true;
  }

  /** Of a pair: the choice is sent at once. */
  function decide(choice: Choice): void {
    if (kind === 'rate' || refuse()) return;
    markDecision();
    if (session.submit({ ...noAnswers, choice })) focusItem();
  }

  return {
    ...{ held, answers, questions, at, missing, disabled, said, single, atOnce, itemRef },
    ...{ focusItem, goTo, setAt, submit, answerHere, chooseByDigit, decide },
    setAtOnce: (on: boolean) => remember(on ? 'yes' : 'no'),
    refuse,
    skip(of: string, reason: string): void {
      if (of === taskId && refuse()) return;
      markDecision();
      if (!session.skip(of, reason)) show(t('wait.other'));
    },
    undo(): void {
      if (session.undo()) focusItem();
      else show(t(work.stopped === null ? 'wait.noUndo' : 'wait.stopped'));
    },
  };
}

export type Review = ReturnType<typeof useReview>;
