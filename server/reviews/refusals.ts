import { StudioError } from '../platform/errors/errors';

/** What reviewers and makers of queues are refused, with what to do. The page's words go by `reason`. */
export const refusals = {
  noQueue: () => new StudioError('NOT_FOUND', 'There is no such review queue.', { reason: 'QUEUE_UNKNOWN' }),
  noItem: () => new StudioError('NOT_FOUND', 'There is no such item to review.', { reason: 'ITEM_UNKNOWN' }),
  closed: () =>
    new StudioError(
      'CONFLICT',
      'This queue was closed, so nothing is taken in. What you wrote is kept as a draft.',
      {
        reason: 'QUEUE_CLOSED',
      },
    ),
  notAssigned: () =>
    new StudioError('FORBIDDEN', 'This queue is for other reviewers. Ask whoever made it to add you.', {
      reason: 'NOT_ASSIGNED',
    }),
  leaseLost: () =>
    new StudioError(
      'CONFLICT',
      'The item was yours for too long without a sign of you, and others have reviewed it. What you wrote is kept as a draft; go on with the next.',
      { reason: 'LEASE_LOST' },
    ),
  notYours: () =>
    new StudioError('CONFLICT', 'This item is not yours at present. Ask for the next one.', {
      reason: 'NOT_LEASED',
    }),
  alreadyReviewed: () =>
    new StudioError(
      'CONFLICT',
      'You have reviewed this item already. To say something else, change that review.',
      {
        reason: 'ALREADY_REVIEWED',
      },
    ),
  notReviewed: () =>
    new StudioError('CONFLICT', 'There is no review of yours here that could be changed.', {
      reason: 'NOT_REVIEWED',
    }),
  decided: () =>
    new StudioError(
      'CONFLICT',
      'This item has been decided by adjudication, so its reviews stay as they are.',
      {
        reason: 'ITEM_DECIDED',
      },
    ),
  nothingToUndo: () =>
    new StudioError('CONFLICT', 'There is nothing of yours in this queue that could be taken back.', {
      reason: 'NOTHING_TO_UNDO',
    }),
  placeTaken: () =>
    new StudioError('CONFLICT', 'Others have taken this item since you skipped it.', {
      reason: 'PLACE_TAKEN',
    }),
  nothingToAdjudicate: () =>
    new StudioError('CONFLICT', 'This item does not wait for adjudication.', {
      reason: 'NOTHING_TO_ADJUDICATE',
    }),
  nothingToDiscuss: () =>
    new StudioError(
      'CONFLICT',
      'There is no dispute about this item any more. Look at what was said since.',
      {
        reason: 'NOTHING_TO_DISCUSS',
      },
    ),
  ownReview: () =>
    new StudioError(
      'FORBIDDEN',
      'You reviewed this item yourself. Change your answer, or let somebody else or an admin decide.',
      { reason: 'OWN_REVIEW' },
    ),
  notYourQueue: () =>
    new StudioError('FORBIDDEN', 'Only whoever made this queue, or an admin, can change it.', {
      reason: 'NOT_YOUR_QUEUE',
    }),
  rubricNeeded: () =>
    new StudioError('BAD_REQUEST', 'A queue of single outputs needs a rubric with a question.', {
      reason: 'RUBRIC_NEEDED',
    }),
  pairsHaveNoRubric: () =>
    new StudioError('BAD_REQUEST', 'Pairs are voted on; they have no rubric.', {
      reason: 'PAIR_WITHOUT_RUBRIC',
    }),
  noItems: () =>
    new StudioError(
      'BAD_REQUEST',
      'Nothing fits: there would be no item in this queue. Choose other items.',
      {
        reason: 'NO_ITEMS',
      },
    ),
  privateRun: () =>
    new StudioError(
      'BAD_REQUEST',
      'This run is private, and the whole team reads a queue. Give the run to the team first.',
      { reason: 'RUN_PRIVATE' },
    ),
  noRun: () =>
    new StudioError('NOT_FOUND', 'There is no such run, or it was removed.', { reason: 'RUN_UNKNOWN' }),
  sameRun: () =>
    new StudioError('BAD_REQUEST', 'A pair needs two different runs.', { reason: 'SAME_RUN_TWICE' }),
  differentItems: () =>
    new StudioError(
      'BAD_REQUEST',
      'These runs measured different versions of benchmarks, so their outputs are not of the same items. Choose two runs of one version.',
      { reason: 'DIFFERENT_ITEMS' },
    ),
  unknownUpload: (n: number) =>
    new StudioError('BAD_REQUEST', `The server does not have ${n} of these pictures. Send them again.`, {
      reason: 'UPLOAD_UNKNOWN',
      params: { n },
    }),
  notReviewers: () =>
    new StudioError('BAD_REQUEST', 'Only reviewers and admins with an active account can be assigned.', {
      reason: 'NOT_A_REVIEWER',
    }),
  requestReused: () =>
    new StudioError('BAD_REQUEST', 'This request was sent before, for another item. Load the page again.', {
      reason: 'REQUEST_REUSED',
    }),
  answer: (reason: string, message: string, params?: Record<string, string | number>) =>
    new StudioError('BAD_REQUEST', message, { reason, params }),
};
