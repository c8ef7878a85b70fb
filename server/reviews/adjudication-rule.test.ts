import { describe, expect, it } from 'vitest';
import { needsAdjudication } from './adjudication-rule';
import { answersSchema, pairRubric, rubricSchema } from './questions/rubric';

const anchors = ['none', 'little', 'some', 'much', 'all'];
const rubric = rubricSchema.parse({
  questions: [
    { type: 'verdict', question: 'Is it right?' },
    { type: 'scale', key: 'match', name: 'Match', anchors },
    { type: 'scale', key: 'looks', name: 'Looks', anchors },
    { type: 'tags', tags: [{ key: 'hands', label: 'Hands' }] },
    { type: 'comment', need: 'optional' },
  ],
});

describe('an item goes to adjudication', () => {
  it.each<[string, object[], boolean]>([
    ['nobody answered', [], false],
    ['one alone answered', [{ verdict: 'fail', scales: { match: 1 } }], false],
    ['all agree', [{ verdict: 'pass' }, { verdict: 'pass' }], false],
    ['verdicts are split', [{ verdict: 'pass' }, { verdict: 'fail' }], true],
    ['one of many differs', [...Array(5).fill({ verdict: 'pass' }), { verdict: 'fail' }], true],
    ['a verdict is left open', [{ verdict: 'pass' }, {}], false],
    ['a scale is one step apart', [{ scales: { match: 3 } }, { scales: { match: 4 } }], false],
    ['a scale is two steps apart', [{ scales: { match: 3 } }, { scales: { match: 5 } }], true],
    [
      'steps add up among three',
      [{ scales: { looks: 2 } }, { scales: { looks: 3 } }, { scales: { looks: 4 } }],
      true,
    ],
    ['different scales are apart', [{ scales: { looks: 1 } }, { scales: { match: 5 } }], false],
    ['only tags differ', [{ verdict: 'pass', tags: ['hands'] }, { verdict: 'pass' }], false],
    ['the rubric does not ask it', [{ scales: { old: 1 } }, { scales: { old: 5 } }], false],
  ])('or not when %s', (_, answers, expected) => {
    expect(
      needsAdjudication(
        answers.map((one) => answersSchema.parse(one)),
        rubric,
      ),
    ).toBe(expected);
  });

  it('does not look at a verdict that is not asked for', () => {
    const answers = [{ verdict: 'pass' }, { verdict: 'fail' }].map((one) => answersSchema.parse(one));
    expect(needsAdjudication(answers, { questions: rubric.questions.slice(1) })).toBe(false);
  });

  it.each<[string[], boolean]>([
    [['first', 'second'], true],
    [['first', 'first'], false],
    [['first', 'tie', 'both_bad'], false],
    [['tie', 'both_bad'], false],
    [['first', 'tie', 'second'], true],
  ])('or not when a pair has the choices %s', (choices, expected) => {
    expect(
      needsAdjudication(
        choices.map((choice) => answersSchema.parse({ choice })),
        pairRubric,
      ),
    ).toBe(expected);
  });
});
