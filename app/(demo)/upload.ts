import { useSyncExternalStore } from 'react';
import type { Task } from '@/server/demo/schema';
import { changeDraft, focusPrompt, getDraft } from './draft';

/** The picture that is on its way to the server, or why it did not get there. */
export interface Upload {
  state: 'idle' | 'busy' | 'failed';
  /** The file as the browser has it, shown until the server has it too. */
  previewUrl: string | null;
  message: string | null;
}

export const largestUpload = 20_000_000;
export const acceptedTypes = ['image/png', 'image/jpeg', 'image/webp'];

const idle: Upload = { state: 'idle', previewUrl: null, message: null };
let upload = idle;
let current: AbortController | null = null;
const listeners = new Set<() => void>();

function set(next: Upload): void {
  if (upload.previewUrl && upload.previewUrl !== next.previewUrl) URL.revokeObjectURL(upload.previewUrl);
  upload = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};
export const useUpload = (): Upload =>
  useSyncExternalStore(
    subscribe,
    () => upload,
    () => idle,
  );

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** What the browser can tell before a byte is sent; null when there is nothing to refuse. */
export function refusal(file: { name: string; size: number; type: string }): string | null {
  const name = file.name || 'The picture';
  if (file.type && !acceptedTypes.includes(file.type)) {
    return `${name} is not a PNG, JPEG or WebP picture.`;
  }
  if (file.size === 0) return `${name} is empty.`;
  if (file.size > largestUpload) {
    return `${name} has ${megabytes(file.size)} MB; at most 20 MB are possible.`;
  }
  return null;
}

async function readReply(response: Response): Promise<{ hash: string; width: number; height: number }> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  if (response.ok && body) return body as unknown as { hash: string; width: number; height: number };
  const message = typeof body?.message === 'string' ? body.message : null;
  throw new Refused(message ?? `The server refused the picture (status ${response.status}).`);
}

class Refused extends Error {}

/** Sends a file and makes it the picture of the composer. A later file replaces one under way. */
export async function takeFile(file: File, task?: Task): Promise<void> {
  cancelUpload();
  changeDraft((draft) => ({
    source: null,
    task: task ?? (draft.task === 'generate' ? 'edit' : draft.task),
  }));
  focusPrompt();
  const refused = refusal(file);
  if (refused) return set({ state: 'failed', previewUrl: null, message: refused });
  const controller = new AbortController();
  current = controller;
  set({ state: 'busy', previewUrl: URL.createObjectURL(file), message: null });
  try {
    const response = await fetch('/api/uploads', {
      method: 'POST',
      body: file,
      headers: { 'content-type': file.type || 'application/octet-stream' },
      signal: controller.signal,
    });
    const picture = await readReply(response);
    if (current !== controller) return;
    changeDraft({ source: picture });
    set(idle);
  } catch (error) {
    if (current !== controller) return;
    const message =
      error instanceof Refused
        ? error.message
        : 'The picture could not be sent: the server cannot be reached. Try again.';
    set({ state: 'failed', previewUrl: null, message });
  } finally {
    if (current === controller) current = null;
  }
}

/** Takes a picture of this site, as an example has one. */
export async function takeUrl(url: string, task: Task): Promise<void> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const blob = await response.blob();
    await takeFile(new File([blob], url.split('/').at(-1) ?? 'example.png', { type: blob.type }), task);
  } catch {
    set({
      state: 'failed',
      previewUrl: null,
      message: 'The example’s picture could not be loaded. Try again.',
    });
  }
}

export function cancelUpload(): void {
  current?.abort();
  current = null;
  set(idle);
}

export function clearSource(): void {
  cancelUpload();
  if (getDraft().source) changeDraft({ source: null });
}

/** The first picture of a drop or a paste; null when there is none, then the text goes where it would. */
export function fileOf(data: DataTransfer | null): File | null {
  const files = [...(data?.files ?? [])];
  return files.find((file) => file.type.startsWith('image/')) ?? files[0] ?? null;
}
