import type { Answers, Lease, NextResult, TaskItem } from '@/server/reviews/schema';

/** What a session of reviewing asks of the server; a test passes its own. */
export interface WorkApi {
  next: (input: { holding: string[]; count: number }) => Promise<NextResult>;
  submit: (input: Submission) => Promise<unknown>;
  skip: (input: Skip) => Promise<unknown>;
  /** Sent twice with one id it takes back one review. */
  undo: (input: { requestId: string }) => Promise<Lease>;
  saveDraft: (input: {
    taskId: string;
    lease: string;
    answers: Answers;
  }) => Promise<{ expiresAt: Date | null }>;
  /** Sends what has to arrive although nobody will be there for the answer. */
  part: (what: { submit: Submission } | { skip: Skip }) => void;
  release: (taskIds: string[]) => void;
}

interface Submission {
  taskId: string;
  lease: string;
  answers: Answers;
  spentMs: number;
  requestId: string;
}
interface Skip {
  taskId: string;
  lease: string;
  reason: string;
}

/** What waits to be sent. */
export type Review = { id: string; held: Held } & (
  { kind: 'submit'; spentMs: number } | { kind: 'skip'; reason: string }
);
/** `of`: the review that it takes back, where this page gave it. */
export type Undo = { id: string; kind: 'undo'; of: Review | null };
export type Entry = Review | Undo;

/** An item in the reviewer's hand. */
export interface Held {
  item: TaskItem;
  lease: string;
  answers: Answers;
  /** Why its submission was refused, so that it is here again. */
  problem: unknown;
  /** The lease ran out and the item is somebody else's: what was answered is kept, and cannot be sent. */
  lost: boolean;
}

/** What happened last, for those who do not see it. `n` tells two of a kind apart. */
export type WorkEvent = { n: number } & (
  | { kind: 'saved' | 'skipped' | 'undone' | 'returned' | 'lost'; item: TaskItem; answers: Answers }
  /** A review that stands as it was: it could not be taken back, or there was one already. */
  | { kind: 'kept'; item: TaskItem | null; problem: unknown }
);

/** All that the page shows. */
export interface Work {
  /** The first one is on the screen. */
  hand: readonly Held[];
  /** Why the hand is empty or will be; null while there is more. */
  nothing: 'done' | 'others' | 'closed' | null;
  /** Why nothing can be sent or fetched until something is done about it: signed out, a role taken away. */
  stopped: unknown;
  /** Answers that the server has not confirmed. */
  waiting: number;
  offline: boolean;
  drafting: boolean;
  canUndo: boolean;
  /** A review that this page knows nothing of is being brought back: until then nothing else is sent. */
  undoing: boolean;
  /** Of this queue, by me. */
  done: number;
  left: number;
  /** Milliseconds an item, as of late. */
  pace: number | null;
  event: WorkEvent | null;
}
