import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { GenerationView, ModelInfo } from '@/server/demo/schema';
import { useTRPC, useTRPCClient } from '../_trpc/client';
import { useDraft, type Draft } from './draft';
import { readDraft, type FieldErrors } from './parameters';
import { useGenerationCache } from './use-generations';

/** Names of the server's fields where the form has another. */
const fieldNames: Record<string, keyof FieldErrors> = {
  image: 'source',
  sourceHash: 'source',
  prompt: 'prompt',
};

/** Sends the form, and shows the new job before the server tells more of it. */
export function useSubmit(model: ModelInfo | undefined) {
  const draft = useDraft();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const cache = useGenerationCache();
  const mutation = useMutation(trpc.demo.submit.mutationOptions());
  // What was wrong is shown until the form is changed.
  const [refused, setRefused] = useState<{
    draft: Draft;
    errors: FieldErrors;
    message: string | null;
  } | null>(null);
  const current = refused?.draft === draft ? refused : null;

  async function submit(): Promise<FieldErrors | null> {
    if (!model || mutation.isPending) return null;
    const { input, errors } = readDraft(draft, model);
    if (errors) {
      setRefused({ draft, errors, message: null });
      return errors;
    }
    setRefused(null);
    try {
      const { id } = await mutation.mutateAsync(input);
      cache.put(newGeneration(id, draft, input));
      const stored = await client.demo.get.query({ id }).catch(() => null);
      if (stored) cache.putIfOlder(stored);
      return null;
    } catch (error) {
      const { message, data } = error as { message: string; data?: { field?: string } | null };
      const field = data?.field ? fieldNames[data.field] : undefined;
      const text = data ? message : 'The server cannot be reached. Nothing was sent; try again.';
      setRefused({ draft, errors: field ? { [field]: text } : {}, message: field ? null : text });
      return {};
    }
  }

  return {
    submit,
    pending: mutation.isPending,
    errors: current?.errors ?? {},
    message: current?.message ?? null,
  };
}

function newGeneration(id: string, draft: Draft, input: object): GenerationView {
  const parameters: GenerationView['parameters'] = {};
  for (const name of ['width', 'height', 'steps', 'guidance', 'seed', 'decoder', 'maxNewTokens']) {
    const value: unknown = input[name as keyof typeof input];
    if (typeof value === 'number' || typeof value === 'string') parameters[name] = value;
  }
  const source = draft.task === 'generate' ? null : draft.source;
  return {
    id,
    task: draft.task,
    state: 'queued',
    prompt: draft.prompt.trim(),
    language: draft.language,
    parameters,
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
