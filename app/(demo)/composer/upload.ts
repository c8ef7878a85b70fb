import { create } from 'zustand';
import type { Task } from '@/server/demo/schema';
import { problemOf, type Problem } from '../../_ui/error-text';
import { preparePicture } from '../../_ui/picture-file';
import { changeDraft, focusPrompt, getDraft, useDraft } from '../../_request/draft';
import { siteFetch } from '../../_trpc/site-fetch';

/** The picture that is on its way to the server, or why it did not get there. */
export interface Upload {
  state: 'idle' | 'busy' | 'failed';
  /** The file as the browser has it, shown until the server has it too. */
  previewUrl: string | null;
  problem: Problem | null;
  /** Takes the first frame of a moving image that was refused. */
  takeFirstFrame: (() => void) | null;
  /** What was done to the image of this hash before it was sent. */
  done: { hash: string; notes: Problem[] } | null;
}

const idle: Upload = { state: 'idle', previewUrl: null, problem: null, takeFirstFrame: null, done: null };
let current: AbortController | null = null;

export const useUpload = create<Upload>(() => idle);
const { getState, setState: set } = useUpload;
useUpload.subscribe(({ previewUrl }, before) => {
  if (before.previewUrl && before.previewUrl !== previewUrl) URL.revokeObjectURL(before.previewUrl);
});
const fail = (problem: Problem, takeFirstFrame: Upload['takeFirstFrame'] = null) =>
  set({ ...idle, state: 'failed', problem, takeFirstFrame });

/** Of the image that was taken last. */
export const uploadState = (): Upload['state'] => getState().state;

async function readReply(response: Response): Promise<{ hash: string; width: number; height: number }> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  if (response.ok && body) return body as unknown as { hash: string; width: number; height: number };
  const problem = problemOf(body);
  throw new Refused(body ? problem : { reason: 'BAD_REPLY', params: { status: response.status } });
}

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message ?? problem.reason);
  }
}

let underWay: Promise<void> = Promise.resolve();

/**
 * Waits for the image that is on its way.
 * @returns whether the form can be sent: not where the image was refused or lost meanwhile, which nobody has read yet.
 *   A failure that was shown already is dismissed where the task does without an image.
 */
export async function pictureSettled(): Promise<boolean> {
  const wasShown = uploadState() === 'failed';
  for (let seen; seen !== underWay;) await (seen = underWay);
  if (uploadState() !== 'failed') return true;
  if (wasShown && getDraft().task === 'understand') set(idle);
  return wasShown;
}

// A file that did not arrive can be sent again once there is a network; until then that is what is said of it.
if (typeof window !== 'undefined')
  window.addEventListener('online', () => {
    if (getState().problem?.reason === 'upload_unreachable') set(idle);
  });

// What was said of a file is over with the task or with another image; and an image that is still on its way does not
// replace one that was chosen after it.
useDraft.subscribe((after, before) => {
  const isOver = before.task !== after.task || before.source !== after.source;
  if (uploadState() === 'failed' && isOver) set(idle);
  else if (uploadState() === 'busy' && after.source !== null && before.source !== after.source)
    cancelUpload();
});

/** Sends a file and makes it the picture of the composer. A later file replaces one under way. */
export const takeFile = (file: File, task?: Task, firstFrame = false): Promise<void> =>
  (underWay = sendFile(file, task, firstFrame));

/** Takes a picture of this site, as an example has one. */
export const takeUrl = (url: string, task: Task): Promise<void> => (underWay = sendUrl(url, task));

async function sendFile(file: File, task?: Task, firstFrame = false): Promise<void> {
  cancelUpload();
  changeDraft((draft) => ({
    source: null,
    task: task ?? (draft.task === 'generate' ? 'edit' : draft.task),
  }));
  focusPrompt();
  const controller = new AbortController();
  current = controller;
  set({ ...idle, state: 'busy' });
  try {
    const prepared = await preparePicture(file, { firstFrame });
    if (current !== controller) return;
    if (prepared.problem)
      return fail(prepared.problem, prepared.animated ? () => void takeFile(file, task, true) : null);
    set({ ...idle, state: 'busy', previewUrl: URL.createObjectURL(prepared.file) });
    const response = await siteFetch('/api/uploads', {
      method: 'POST',
      body: prepared.file,
      headers: { 'content-type': prepared.file.type || 'application/octet-stream' },
      signal: controller.signal,
    });
    const picture = await readReply(response);
    if (current !== controller) return;
    set(prepared.notes.length > 0 ? { ...idle, done: { hash: picture.hash, notes: prepared.notes } } : idle);
    changeDraft({ source: picture });
  } catch (error) {
    if (current !== controller) return;
    fail(error instanceof Refused ? error.problem : { reason: 'upload_unreachable' });
  } finally {
    if (current === controller) current = null;
  }
}

async function sendUrl(url: string, task: Task): Promise<void> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const blob = await response.blob();
    await sendFile(new File([blob], url.split('/').at(-1) ?? 'example.png', { type: blob.type }), task);
  } catch {
    fail({ reason: 'upload_example' });
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
