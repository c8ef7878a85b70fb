import { keep, readKept, type KeptAnswers } from '../../../server/reviews/kept';
import { answersSchema, isUntouched, type Answers } from '../../../server/reviews/questions/rubric';

/** Answers that are not submitted, on this device: they outlive a reload, a crash and a lost network. */
export interface Drafts {
  /** What stands here; `known` is whether the server has had it. Null where there is nothing. */
  read: (taskId: string) => { answers: Answers; known: boolean } | null;
  /** @returns false where the device keeps nothing */
  write: (taskId: string, answers: Answers, known: boolean) => boolean;
  remove: (taskId: string) => void;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** @param owner two reviewers of one device do not see each other's drafts */
export function createDrafts(owner: string, store: () => Store = () => localStorage): Drafts {
  const key = (taskId: string) => `review-draft:${owner}:${taskId}`;
  /** Browsers throw where storage is full or forbidden; reviewing goes on without it. */
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };
  return {
    read: (taskId) =>
      attempt(() => {
        const text = store().getItem(key(taskId));
        if (text === null) return null;
        const { answers, known } = JSON.parse(text) as { answers: KeptAnswers; known: unknown };
        return { answers: answersSchema.parse(readKept(answers)), known: known === true };
      }, null),
    write: (taskId, answers, known) =>
      attempt(() => {
        if (isUntouched(answers) && known) store().removeItem(key(taskId));
        else store().setItem(key(taskId), JSON.stringify({ answers: keep(answers), known }));
        return true;
      }, false),
    remove: (taskId) => attempt(() => store().removeItem(key(taskId)), undefined),
  };
}

/** Which of two drafts counts: the device's, unless the server has had it and may have a later one from elsewhere. */
export function laterDraft(
  ofDevice: { answers: Answers; known: boolean } | null,
  ofServer: Answers | null,
): Answers | null {
  return ofDevice && !ofDevice.known ? ofDevice.answers : (ofServer ?? ofDevice?.answers ?? null);
}
