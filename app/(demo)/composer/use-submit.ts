import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useForm, type FieldErrors, type Resolver } from 'react-hook-form';
import type { GenerationView, ModelInfo } from '@/server/demo/schema';
import { problemOf, type Problem } from '../../_ui/error-text';
import { newRequestId } from '../../_ui/request-id';
import { useTRPC, useTRPCClient } from '../../_trpc/client';
import type { FormOutput } from '../../_request/form-schema';
import {
  changeDraft,
  draftForm,
  getDraft,
  useDraft,
  type Draft,
  type FormContext,
} from '../../_request/draft';
import { languageOf, type FieldName } from '../../_request/fields';
import { parameters as allParameters, valuesOf } from '../../../server/demo/parameters';
import { useGenerationCache } from '../thread/use-generations';
import { onPageVisibility } from '../../_trpc/page-visibility';

/** Names of the server's fields where the form has another. */
const fieldNames: Record<string, FieldName> = {
  image: 'source',
  sourceHash: 'source',
  prompt: 'prompt',
  negativePrompt: 'negativePrompt',
};

const loadResolver = () => import('./resolve-draft');
/** Has what judges the form at hand before it is needed. */
export const preloadForm = () => void loadResolver().catch(() => undefined);

const resolver: Resolver<Draft, FormContext, FormOutput> = async (values, context, options) => {
  const known = context?.model ?? context?.whenKnown?.();
  if (!known) return { values: {}, errors: {} };
  // As it is now: it may be changed while its judge is on its way.
  const asked = { ...values, numbers: { ...values.numbers } };
  const [{ resolveDraft }, model] = await Promise.all([loadResolver(), known]);
  return resolveDraft(asked, { model }, options);
};

/** The fields that are wrong, those of the settings by their own names, in the order of the page. */
export function wrongFields(errors: FieldErrors<Draft>): FieldName[] {
  const { numbers, ...rest } = errors;
  return [...(Object.keys(rest) as FieldName[]), ...(Object.keys(numbers ?? {}) as FieldName[])];
}

interface Refusal {
  draft: Draft;
  field: FieldName | undefined;
  problem: Problem;
}

/** Sends the form, and shows the new job before the server tells more of it. */
export function useSubmit(
  model: ModelInfo | undefined,
  { onSent, onWrong }: { onSent: (sent: Draft) => void; onWrong: (fields: FieldName[]) => void },
) {
  const draft = useDraft();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const cache = useGenerationCache();
  const mutation = useMutation(trpc.demo.submit.mutationOptions());
  const form = useForm<Draft, FormContext, FormOutput>({
    formControl: draftForm.formControl,
    resolver,
    context: { model, whenKnown: () => queries.ensureQueryData(trpc.demo.model.queryOptions()) },
    mode: 'onSubmit',
    reValidateMode: 'onChange',
    shouldFocusError: false,
  });
  // The server's refusal is shown until the form is changed.
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const current = refusal?.draft === draft ? refusal : null;
  // Why a request was not sent is over with the network's return; one that may have arrived is the same when sent again.
  useEffect(
    () =>
      onPageVisibility({
        resume: () => setRefusal((shown) => (shown?.problem.reason === 'UNREACHABLE' ? null : shown)),
      }),
    [],
  );
  // A request without an answer may have arrived: the same form sent again is then the same request.
  const unanswered = useRef<{ draft: Draft; requestId: string } | null>(null);
  /** What is being sent, and whether another form was sent meanwhile. */
  const sending = useRef<Draft | null>(null);
  const another = useRef(false);
  const [pending, setPending] = useState(false);

  async function send(input: FormOutput) {
    const sent = sending.current ?? getDraft();
    const again = unanswered.current?.draft === sent ? unanswered.current.requestId : null;
    const requestId = again ?? newRequestId();
    unanswered.current = { draft: sent, requestId };
    setRefusal(null);
    try {
      const { id } = await mutation.mutateAsync({ ...input, requestId });
      unanswered.current = null;
      if (sent.task === 'edit') changeDraft({ expected: id });
      cache.put(newGeneration(id, sent, input));
      onSent(sent);
      // What the server stored, with its seed, comes by the job's events too: this may fail.
      void client.demo.get.query({ id }).then(
        (stored) => cache.putIfOlder(stored),
        () => undefined,
      );
    } catch (error) {
      const { data } = error as { data?: { field?: string } | null };
      if (data) unanswered.current = null;
      const field = data?.field ? fieldNames[data.field] : undefined;
      setRefusal({ draft: sent, field, problem: problemOf(error) });
    }
  }

  /** Sent again before the answer is there, the same form is the same request, and a changed one is the next. */
  async function submit(): Promise<void> {
    if (sending.current) {
      another.current = sending.current !== getDraft();
      return;
    }
    setPending(true);
    do {
      another.current = false;
      sending.current = getDraft();
      try {
        await form.handleSubmit(send, (errors) => onWrong(wrongFields(errors)))();
      } catch {
        // The script that judges the form, or the model's limits, could not be loaded: nothing was sent.
        setRefusal({ draft: getDraft(), field: undefined, problem: { reason: 'UNREACHABLE' } });
      }
    } while (another.current);
    sending.current = null;
    setPending(false);
  }

  return { submit, pending, errors: form.formState.errors, refusal: current };
}

function newGeneration(id: string, draft: Draft, input: FormOutput): GenerationView {
  const source = draft.task === 'generate' ? null : draft.source;
  return {
    id,
    task: draft.task,
    state: 'queued',
    prompt: draft.prompt.trim(),
    language: draft.language === 'auto' ? languageOf(draft.prompt) : draft.language,
    parameters: valuesOf(input, allParameters),
    source: source && { hash: source.hash, width: source.width, height: source.height },
    parentId: source?.parentId ?? null,
    picture: null,
    text: null,
    error: null,
    errorCode: null,
    imported: false,
    grid: null,
    timings: null,
    createdAt: new Date(),
    finishedAt: null,
  };
}
