import type { GenerationView } from '@/server/demo/schema';
import { changeDraft, getDraft } from '../../_request/draft';
import { isFinished } from '../result/job-events';

/**
 * Whoever edits an image goes on with the result: once the edit that was sent last is done, its result takes the place
 * of its source in the composer, unless another image, or another task, was chosen meanwhile. The source stays one
 * click away.
 */
export function followEdit(items: readonly GenerationView[]): void {
  const { expected, task, source } = getDraft();
  if (expected === null) return;
  const edit = items.find(({ id }) => id === expected);
  if (!edit || !isFinished(edit.state)) return;
  const isStill = task === 'edit' && source !== null && source.hash === edit.source?.hash;
  if (edit.picture && isStill)
    changeDraft({
      expected: null,
      source: { ...edit.picture, parentId: edit.id },
      other: { source, is: 'source' },
    });
  else changeDraft({ expected: null });
}

/** Back to the source, or to the result again. */
export function exchangeSource(): void {
  const { source, other } = getDraft();
  if (!source || !other) return;
  changeDraft({ source: other.source, other: { source, is: other.is === 'source' ? 'result' : 'source' } });
}
