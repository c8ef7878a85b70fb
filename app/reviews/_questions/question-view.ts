import type { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { Badge } from '../_parts/badge';
import type { QueueForm } from '../new/form';

/** What a type of question is on the pages: how it is asked, answered, shown and made. */

export type Words = ReturnType<typeof useTranslations<'reviewQuestions'>>;

export interface ControlProps<Q, V> {
  question: Q;
  answer: V | null;
  onAnswer(answer: V): void;
  /** Of the control's own on the page. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether digits choose here, so that their keys are shown. */
  keys: boolean;
}

export interface QuestionView<Q extends { type: string }, V> {
  /** What the question is called, on the page and for those who hear it. */
  name(question: Q, t: Words): string;
  /** Answers it: native controls. They stand in a fieldset with its name. */
  Control(props: ControlProps<Q, V>): ReactNode;
  /** Whether pages ask it at all. Absent: they do. */
  isAsked?(question: Q): boolean;
  /** The key that leads to it on the page of reviewers. */
  key?: string;
  /** How many choices the digits 1 to 9 reach. */
  choices(question: Q): number;
  /** The answer after the n-th choice, from 1. Absent where there are none. */
  choose?(question: Q, n: number, answer: V | null): V;
  /** Whether one choice answers it, so that the next question may follow. */
  isSingle: boolean;
  /** What the n-th choice did, for those who do not see it. */
  said?(question: Q, n: number, answer: V, t: Words): string;
  /** Answers that a letter gives where a form has its own keys. */
  letters?: Readonly<Record<string, V>>;

  /** Shows an answer: among badges, as a row of a list of terms, or below. */
  place: 'badge' | 'row' | 'below';
  Answer(props: { question: Q; answer: V }): ReactNode;
  /** An answer in a word, beside those to other questions. Absent: it is no part of it. */
  brief?(answer: V, t: Words): string;
  /** The look of a review with this answer, where one alone tells what was thought. */
  tone?(answer: V): Parameters<typeof Badge>[0]['tone'];
  /** What a queue asks, to be read. */
  Summary(props: { question: Q }): ReactNode;
  /** The title of what is agreed on. Absent: the rubric's words. */
  agreedOn?(t: Words): string;
  /** A value that reviewers agree on. Absent: as it is. */
  agreed?(value: string | number, t: Words): string;
}

export interface EditorProps<F extends object> {
  /** What its fields hold. */
  fields: F;
  /**
   * The form that they are in. It is given, so that the page of reviewers, which has the views too, does without what forms
   * need; an editor that needs more is loaded where it is shown.
   */
  form: UseFormReturn<QueueForm>;
  /** What is wrong with a field of the form. */
  problemOf(field: string): string | null;
}

/** A type of question in the form of a new queue. `F` are its fields there. */
export interface QuestionEditor<Q extends { type: string }, F extends object> {
  type: Q['type'];
  /** Where nothing is asked. */
  empty: F;
  questions(form: F): Q[];
  /**
   * Where an issue of the server's schema stands in the form, and which of `reviews.newQueue.problems` it is.
   * @param path inside the question
   * @param index of the question among those of its type
   */
  problemAt(path: readonly PropertyKey[], index: number): { field: string; problem: string };
  Editor(props: EditorProps<F>): ReactNode;
}
