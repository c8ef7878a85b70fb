import { useEffect, useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import { newRequestId } from '../../_ui/request-id';
import { problemOf, type Problem } from '../../_ui/error-text';
import { preparePicture } from '../../_ui/picture-file';
import type { QueueForm, UploadEntry } from './form';
import { siteFetch } from '../../_trpc/site-fetch';

export const mostPictures = 2000;
const atOnce = 3;
type Answer = { hash: string; notes: Problem[] } | { problem: Problem; animated?: boolean };

/** Sends one picture, as the server takes it. @returns its hash, or why it could not be sent or was not taken */
async function send(chosen: File, firstFrame: boolean, signal: AbortSignal): Promise<Answer> {
  try {
    const prepared = await preparePicture(chosen, { firstFrame });
    if (prepared.problem) return prepared;
    const { file, notes } = prepared;
    const response = await siteFetch('/api/reviews/uploads', {
      method: 'POST',
      body: file,
      headers: { 'content-type': file.type || 'application/octet-stream' },
      signal,
    });
    const body = (await response.json().catch(() => null)) as { hash?: unknown } | null;
    if (response.ok && typeof body?.hash === 'string') return { hash: body.hash, notes };
    return {
      problem: body ? problemOf(body) : { reason: 'BAD_REPLY', params: { status: response.status } },
    };
  } catch {
    return { problem: { reason: 'upload_unreachable' } };
  }
}

/**
 * The pictures of the form and what happens to them: three are sent at a time, the others wait their turn.
 * `previewOf` gives the address of a picture that only the browser has.
 */
export function useUploads() {
  const { getValues, setValue } = useFormContext<QueueForm>();
  const files = useRef(new Map<string, { file: File; url: string }>());
  const sending = useRef(new Map<string, AbortController>());

  const update = (change: (entries: UploadEntry[]) => UploadEntry[]) =>
    setValue('upload', change(getValues('upload')));
  const mark = (key: string, part: Partial<UploadEntry>) =>
    update((entries) => entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry)));
  function work(): void {
    for (const entry of getValues('upload')) {
      if (sending.current.size >= atOnce) return;
      const kept = files.current.get(entry.key);
      if (entry.state !== 'waiting' || !kept || sending.current.has(entry.key)) continue;
      const controller = new AbortController();
      sending.current.set(entry.key, controller);
      mark(entry.key, { state: 'sending' });
      void send(kept.file, entry.animated, controller.signal).then((answer) => {
        sending.current.delete(entry.key);
        if (!controller.signal.aborted)
          mark(
            entry.key,
            'hash' in answer
              ? { state: 'done', hash: answer.hash, problem: null, notes: answer.notes }
              : { state: 'failed', problem: answer.problem, animated: answer.animated ?? false },
          );
        work();
      });
    }
  }

  useEffect(() => {
    const [kept, under] = [files.current, sending.current];
    return () => {
      for (const controller of under.values()) controller.abort();
      for (const { url } of kept.values()) URL.revokeObjectURL(url);
    };
  }, []);

  /** @returns how many did not fit */
  const add = (chosen: readonly File[]): number => {
    const room = mostPictures - getValues('upload').length;
    const taken = chosen.slice(0, Math.max(0, room)).map((file): UploadEntry => {
      const key = newRequestId();
      files.current.set(key, { file, url: URL.createObjectURL(file) });
      const empty = { hash: null, problem: null, animated: false, notes: [], prompt: '' };
      return { key, name: file.name, state: 'waiting', ...empty };
    });
    update((entries) => [...entries, ...taken]);
    work();
    return chosen.length - taken.length;
  };
  const forget = (key: string) => {
    sending.current.get(key)?.abort();
    const kept = files.current.get(key);
    if (kept) URL.revokeObjectURL(kept.url);
    files.current.delete(key);
  };
  const remove = (key: string) => {
    forget(key);
    update((entries) => entries.filter((entry) => entry.key !== key));
  };
  const clear = () => {
    for (const { key } of getValues('upload')) forget(key);
    update(() => []);
  };
  const again = (key: string) => {
    mark(key, { state: 'waiting', problem: null });
    work();
  };
  return {
    add,
    remove,
    clear,
    again,
    mark,
    previewOf: (key: string): string | null => files.current.get(key)?.url ?? null,
    canRetry: (key: string): boolean => files.current.has(key),
  };
}
