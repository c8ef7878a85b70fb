import { StudioError } from '../platform/errors/errors';

/** What reviewers and makers of queues are refused, with what to do. The page's words go by `reason`. */
export const refusals = {
  noQueue: () =>
    new StudioError('NOT_FOUND', 'This review queue doesn’t exist.', { reason: 'QUEUE_UNKNOWN' }),
  noItem: () => new StudioError('NOT_FOUND', 'This review item doesn’t exist.', { reason: 'ITEM_UNKNOWN' }),
  closed: () =>
    new StudioError(
      'CONFLICT',
      'This queue is closed and accepts no more reviews. Your answers are kept as a draft.',
      {
        reason: 'QUEUE_CLOSED',
      },
    ),
  notAssigned: () =>
    new StudioError('FORBIDDEN', 'This queue is assigned to other reviewers. Ask its owner to add you.', {
      reason: 'NOT_ASSIGNED',
    }),
  leaseLost: () =>
    new StudioError(
      'CONFLICT',
      'Your reservation expired, and others have reviewed this item. Your answers are kept as a draft; continue with the next item.',
      { reason: 'LEASE_LOST' },
    ),
  notYours: () =>
    new StudioError('CONFLICT', 'This item isn’t reserved for you at the moment. Request the next one.', {
      reason: 'NOT_LEASED',
    }),
  alreadyReviewed: () =>
    new StudioError(
      'CONFLICT',
      'You have already reviewed this item. To change your answer, edit that review.',
      {
        reason: 'ALREADY_REVIEWED',
      },
    ),
  notReviewed: () =>
    new StudioError('CONFLICT', 'You have no review here to change.', {
      reason: 'NOT_REVIEWED',
    }),
  decided: () =>
    new StudioError('CONFLICT', 'This item has been decided by adjudication, so its reviews can’t change.', {
      reason: 'ITEM_DECIDED',
    }),
  nothingToUndo: () =>
    new StudioError('CONFLICT', 'You have nothing to undo in this queue.', {
      reason: 'NOTHING_TO_UNDO',
    }),
  placeTaken: () =>
    new StudioError('CONFLICT', 'Other reviewers have taken this item since you skipped it.', {
      reason: 'PLACE_TAKEN',
    }),
  nothingToAdjudicate: () =>
    new StudioError('CONFLICT', 'This item is not waiting for adjudication.', {
      reason: 'NOTHING_TO_ADJUDICATE',
    }),
  nothingToDiscuss: () =>
    new StudioError('CONFLICT', 'This item is no longer in dispute. See what others have said since.', {
      reason: 'NOTHING_TO_DISCUSS',
    }),
  ownReview: () =>
    new StudioError(
      'FORBIDDEN',
      'You reviewed this item yourself. Change your answer, or let someone else or an admin decide.',
      { reason: 'OWN_REVIEW' },
    ),
  notYourQueue: () =>
    new StudioError('FORBIDDEN', 'Only the queue’s owner or an admin can change it.', {
      reason: 'NOT_YOUR_QUEUE',
    }),
  rubricNeeded: () =>
    new StudioError('BAD_REQUEST', 'A queue of single outputs needs a rubric with at least one question.', {
      reason: 'RUBRIC_NEEDED',
    }),
  pairsHaveNoRubric: () =>
    new StudioError('BAD_REQUEST', 'Pairs are decided by vote; they have no rubric.', {
      reason: 'PAIR_WITHOUT_RUBRIC',
    }),
  noItems: () =>
    new StudioError('BAD_REQUEST', 'Nothing matches, so the queue would be empty. Choose other items.', {
      reason: 'NO_ITEMS',
    }),
  privateRun: () =>
    new StudioError(
      'BAD_REQUEST',
      'This run is private, but the whole team can read a queue. Share the run with the team first.',
      { reason: 'RUN_PRIVATE' },
    ),
  noRun: () =>
    new StudioError('NOT_FOUND', 'This run doesn’t exist or has been removed.', { reason: 'RUN_UNKNOWN' }),
  sameRun: () =>
    new StudioError('BAD_REQUEST', 'A pair needs two different runs.', { reason: 'SAME_RUN_TWICE' }),
  differentItems: () =>
    new StudioError(
      'BAD_REQUEST',
      'These runs measured different benchmark versions, so their items differ. Choose two runs of the same version.',
      { reason: 'DIFFERENT_ITEMS' },
    ),
  unknownUpload: (n: number) =>
    new StudioError('BAD_REQUEST', `The server doesn’t have ${n} of these images. Send them again.`, {
      reason: 'UPLOAD_UNKNOWN',
      params: { n },
    }),
  notReviewers: () =>
    new StudioError('BAD_REQUEST', 'You can only assign reviewers and admins with an active account.', {
      reason: 'NOT_A_REVIEWER',
    }),
  requestReused: () =>
    new StudioError('BAD_REQUEST', 'This request was already sent for another item. Reload the page.', {
      reason: 'REQUEST_REUSED',
    }),
  answer: (reason: string, message: string, params?: Record<string, string | number>) =>
    new StudioError('BAD_REQUEST', message, { reason, params }),
};
