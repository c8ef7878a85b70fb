import type { Answers } from '@/server/reviews/schema';
import { isPassing } from './outbox';
import type { Drafts } from './drafts';

/** Milliseconds without a change before a draft goes to the server; and between attempts that fail. */
const rest = 1200;
const again = 5000;

interface SaverOptions {
  drafts: Drafts;
  /** @returns null where the lease is lost; the draft is kept all the same */
  save: (taskId: string, answers: Answers) => Promise<{ expiresAt: Date | null }>;
  /** The item is somebody else's now. */
  lost: (taskId: string) => void;
  changed: () => void;
}

/** Keeps what is being answered: on this device at once, on the server after a rest. */
export function createDraftSaver({ drafts, save, lost, changed }: SaverOptions) {
  const waiting = new Map<string, Answers>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let kept = true;

  const later = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), wait);
  };

  async function flush(): Promise<void> {
    clearTimeout(timer);
    await Promise.all(
      [...waiting].map(async ([taskId, answers]) => {
        const isLatest = () => waiting.get(taskId) === answers;
        try {
          const { expiresAt } = await save(taskId, answers);
          if (!isLatest()) return;
          waiting.delete(taskId);
          drafts.write(taskId, answers, true);
          if (expiresAt === null) lost(taskId);
        } catch (error) {
          if (!isLatest()) return;
          if (isPassing(error)) return later(again);
          // Refused: the submission will say why. It stays on this device.
          waiting.delete(taskId);
        }
      }),
    );
    changed();
  }

  return {
    change(taskId: string, answers: Answers): void {
      kept = drafts.write(taskId, answers, false);
      waiting.set(taskId, answers);
      later(rest);
    },
    /** It was submitted: what a device keeps of it is the outbox's from here on. */
    settle(taskId: string): void {
      waiting.delete(taskId);
    },
    flush,
    /** What the server has not had yet. */
    get waiting(): ReadonlyMap<string, Answers> {
      return waiting;
    },
    /** Whether a reload would lose something. */
    get atRisk() {
      return !kept && waiting.size > 0;
    },
  };
}
