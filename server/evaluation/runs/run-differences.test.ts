import { expect, test } from 'vitest';
import { tellApart, tellLine, type Tellable } from './run-differences';

let made = 0;
const run = (given: {
  name?: string;
  version?: string;
  traits?: Record<string, string>;
  at?: string;
  id?: string;
}): Tellable => ({
  id: given.id ?? `${String(++made).padStart(8, '0')}-0000-4000-8000-000000000000`,
  name: given.name ?? null,
  model: { name: 'nano', version: given.version ?? '1' },
  benchmark: { title: 'GenEval' },
  traits: { 'settings.language': 'en', 'settings.steps': '12', items: 'all', ...given.traits },
  createdAt: new Date(given.at ?? '2026-11-29T10:00:00Z'),
});
const namesOf = (runs: Tellable[]) => tellApart(runs)[0]!.parts.map(({ name }) => name);
const lines = (runs: Tellable[]) => tellApart(runs).map(tellLine);

test('what is the same is not told', () => {
  expect(lines([run({})])).toEqual(['nano 1']);
  expect(lines([run({}), run({ traits: { 'settings.language': 'zh' } })])).toEqual([
    'nano 1 · language en',
    'nano 1 · language zh',
  ]);
});

test('a version is in the title already, and names that differ are enough', () => {
  expect(lines([run({}), run({ version: '2' })])).toEqual(['nano 1', 'nano 2']);
  const named = [run({ name: 'trial' }), run({ name: '试验', traits: { 'settings.steps': '4' } })];
  expect(lines(named)).toEqual(['trial', '试验']);
});

test('of runs of one name, and of a name that is a model’s, what differs is told', () => {
  const same = [run({ name: 'trial' }), run({ name: 'trial', version: '2' }), run({ name: 'other' })];
  expect(lines(same)).toEqual(['trial · nano 1', 'trial · nano 2', 'other · nano 1']);
  expect(lines([run({ name: 'nano 1', traits: { 'settings.steps': '4' } }), run({})])).toEqual([
    'nano 1 · steps 4',
    'nano 1 · steps 12',
  ]);
});

test('beside a run without a name, a name alone is not enough', () => {
  expect(lines([run({ name: 'trial' }), run({ traits: { 'settings.language': 'zh' } })])).toEqual([
    'trial · language en',
    'nano 1 · language zh',
  ]);
  expect(lines([run({ name: 'trial' }), run({ version: '2' })])).toEqual(['trial · nano 1', 'nano 2']);
});

test('the fewest attributes are told, though others differ too', () => {
  // Steps part them in three alone; language and items differ as well, each in two.
  const runs = [
    run({ traits: { 'settings.steps': '4', 'settings.language': 'zh' } }),
    run({ traits: { 'settings.steps': '8', items: '10 of 553' } }),
    run({}),
  ];
  expect(namesOf(runs)).toEqual(['settings.steps']);
  const two = [
    run({ traits: { a: '1', b: '1', c: '1' } }),
    run({ traits: { a: '1', b: '2', c: '2' } }),
    run({ traits: { a: '2', b: '1', c: '2' } }),
    run({ traits: { a: '2', b: '2', c: '1' } }),
  ];
  expect(namesOf(two)).toEqual(['a', 'b']);
});

test('a setting that only one has parts them too', () => {
  expect(lines([run({}), run({ traits: { 'settings.decoder': 'editing' } })])).toEqual([
    'nano 1 · decoder –',
    'nano 1 · decoder editing',
  ]);
});

test('what was measured alike is told by its start, at last by its id', () => {
  const at = ['2026-11-29T10:00:00Z', '2026-11-29T10:07:00Z'];
  expect(lines([run({ at: at[0] }), run({ at: at[1] })])).toEqual([
    'nano 1 · 2026-11-29 10:00',
    'nano 1 · 2026-11-29 10:07',
  ]);
  const twins = [run({ id: 'aaaaaaaa-1' }), run({ id: 'bbbbbbbb-1' })];
  expect(lines(twins)).toEqual(['nano 1 · aaaaaaaa', 'nano 1 · bbbbbbbb']);
  // One that differs otherwise, and two that do not.
  const three = [run({ traits: { 'settings.steps': '4' } }), run({ at: at[0] }), run({ at: at[1] })];
  expect(new Set(lines(three)).size).toBe(3);
});

test('however many differ in however much, each is told from each, and soon', () => {
  const runs = Array.from({ length: 60 }, (_, i) =>
    run({
      traits: Object.fromEntries(
        Array.from({ length: 30 }, (_, k) => [`part.${k}`, String((i * (k + 3)) % (k + 2))]),
      ),
    }),
  );
  expect(new Set(lines(runs)).size).toBe(60);
});
