import { useEffect, useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import { refusal } from '../../(demo)/upload';
import { newRequestId } from '../../_components/request-id';
import { problemOf, type Problem } from '../../_components/error-text';
import type { QueueForm, UploadEntry } from './form';

export const mostPictures = 2000;
const atOnce = 3;
/** Sends one picture. @returns its hash, or why the server did not take it */
async function send(file: File, signal: AbortSignal): Promise<{ hash: string } | { problem: Problem }> {
  try {
    const response = await fetch('/api/reviews/uploads', {
      method: 'POST',
      body: file,
      headers: { 'content-type': file.type || 'application/octet-stream' },
      signal,
    });
    const body = (await response.json().catch(() => null)) as { hash?: unknown } | null;
    if (response.ok && typeof body?.hash === 'string') return { hash: body.hash };
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
      void send(kept.file, controller.signal).then((answer) => {
        sending.current.delete(entry.key);
        if (!controller.signal.aborted)
          mark(
            entry.key,
            'hash' in answer
              ? { state: 'done', hash: answer.hash, problem: null }
              : { state: 'failed', problem: answer.problem },
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
      const problem = refusal(file);
      files.current.set(key, { file, url: URL.createObjectURL(file) });
      return { key, name: file.name, state: problem ? 'failed' : 'waiting', hash: null, problem, prompt: '' };
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
