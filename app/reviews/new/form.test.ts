import { describe, expect, test } from 'vitest';
import { createQueueSchema } from '../../../server/reviews/schema';
import { emptyForm, problemsOf, toCreate, type QueueForm, type UploadEntry } from './form';
import { uniqueKeys } from './keys';
import { prefillOf } from './prefill';

const run = '0198f4a2-5b1e-7c3d-8a4f-1234567890ab';
const other = '0198f4a2-5b1e-7c3d-8a4f-1234567890ac';
const anchors = ['none', 'little', 'half', 'most', 'all'];

const form = (change: (form: QueueForm) => void = () => undefined): QueueForm => {
  const made = emptyForm(prefillOf({ run, verdict: 'wrong' }), {
    askVerdict: true,
    question: 'Right?',
    scales: [],
    tags: [],
    comment: 'optional',
  });
  made.name = 'Failures';
  change(made);
  return made;
};
const picture = (part: Partial<UploadEntry>): UploadEntry => ({
  key: 'a',
  name: 'a.png',
  state: 'done',
  hash: 'a'.repeat(64),
  problem: null,
  animated: false,
  notes: [],
  prompt: '',
  ...part,
});

test('a whole form is what the server takes', () => {
  const requestId = crypto.randomUUID();
  expect(problemsOf(form())).toBeNull();
  expect(createQueueSchema.parse(toCreate(form(), requestId))).toMatchObject({
    name: 'Failures',
    source: { from: 'run', runId: run, filter: { verdict: 'wrong' }, choice: { take: 'all' } },
    rubric: {
      questions: [
        { type: 'verdict', question: 'Right?' },
        { type: 'comment', need: 'optional' },
      ],
    },
    requestId,
  });
});

test('pairs are voted on, blind and without a rubric', () => {
  const pair = form((made) => {
    made.from = 'pair';
    made.pair.firstRunId = run;
    made.pair.secondRunId = other;
    made.rubric.askVerdict = false;
  });
  expect(problemsOf(pair)).toBeNull();
  expect(toCreate(pair, crypto.randomUUID())).toMatchObject({ rubric: null, blind: true });
});

describe('what is wrong stands at its field', () => {
  test.each<[string, (form: QueueForm) => void, Record<string, string>]>([
    ['no name', (made) => (made.name = '  '), { name: 'name' }],
    ['no run', (made) => (made.run.runId = null), { 'run.runId': 'run' }],
    [
      'a rubric without questions',
      (made) => (made.rubric.askVerdict = false),
      { 'rubric.askVerdict': 'question' },
    ],
    ['an empty question', (made) => (made.rubric.question = ''), { 'rubric.question': 'verdict' }],
    [
      'a scale without a name, and one without words',
      (made) => {
        made.rubric.scales = [
          { name: '', anchors },
          { name: 'Quality', anchors: ['', '', '', '', ''] },
        ];
      },
      { 'rubric.scales.0.name': 'scaleName', 'rubric.scales.1.anchors': 'anchors' },
    ],
    ['a long tag', (made) => (made.rubric.tags = ['x'.repeat(41)]), { 'rubric.tags': 'tag' }],
    [
      'no number',
      (made) => (made.run.choice = { ...made.run.choice, take: 'random', n: Number.NaN }),
      { 'run.choice.n': 'number' },
    ],
    ['too many reviews', (made) => (made.reviewsPerItem = 21), { reviewsPerItem: 'number' }],
    [
      'the same run twice',
      (made) => {
        made.from = 'pair';
        made.pair.firstRunId = run;
        made.pair.secondRunId = run;
      },
      { 'pair.secondRunId': 'same' },
    ],
    ['no pictures', (made) => (made.from = 'upload'), { upload: 'upload' }],
    [
      'a picture on its way',
      (made) => {
        made.from = 'upload';
        made.upload = [picture({}), picture({ key: 'b', state: 'sending', hash: null })];
      },
      { upload: 'uploading' },
    ],
    [
      'a picture that did not arrive',
      (made) => {
        made.from = 'upload';
        made.upload = [picture({}), picture({ key: 'b', state: 'failed', hash: null })];
      },
      { upload: 'uploadFailed' },
    ],
  ])('%s', (_name, change, problems) => {
    expect(problemsOf(form(change))).toEqual(problems);
  });
});

test('keys are made of names, and no two are the same', () => {
  expect(
    uniqueKeys(
      ['Prompt followed?', 'prompt followed', '质量', 'Qualité', 'x'.repeat(50), 'x'.repeat(60)],
      'scale',
    ),
  ).toEqual([
    'prompt_followed',
    'prompt_followed_2',
    'scale_3',
    'qualite',
    'x'.repeat(40),
    `${'x'.repeat(38)}_2`,
  ]);
});
