import { describe, expect, it } from 'vitest';

import { CAPTION_KINDS } from './captions';
import { CLASSES, isHeldOutPair } from './classes';
import { BOTH, INSTRUCTIONS, SINGLE_EDIT_KINDS } from './edits';
import { polish } from './polish';
import { longCaption } from './polish-long';
import { ASKED } from './questions';
import { editSample, HELD_OUT_SEED, polishSample, questionSample, captionSample } from './samples';
import { AND, PICTURES, STYLED, type Pool } from './wording';

const languages = ['en', 'zh'] as const;

describe('phrasings kept from training', () => {
  const pools: [string, Record<'en' | 'zh', Pool>][] = [
    ['and', AND],
    ['pictures', PICTURES],
    ['styled', STYLED],
    ['both', BOTH],
    ...Object.entries(ASKED),
    ...Object.entries(INSTRUCTIONS),
  ];
  it.each(pools)('of "%s" none is in training', (_, pool) => {
    for (const language of languages) {
      const { free, 'held-out': kept } = pool[language];
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.filter((phrase) => free.includes(phrase))).toEqual([]);
      // Every phrasing has the same parts as the others, so that nothing of a scene is left out.
      const parts = (phrase: string) => new Set(phrase.match(/\{\w*\}/g)?.filter((part) => part !== '{its}'));
      const [first] = free;
      for (const phrase of [...free, ...kept]) {
        const own = parts(phrase);
        // A number can be asked without its measure word, and a color without its verb.
        own.delete('{m}');
        own.delete('{be}');
        const wanted = parts(first!);
        wanted.delete('{m}');
        wanted.delete('{be}');
        if (!own.has('{o}')) wanted.delete('{o}');
        if (pool === ASKED.there) continue;
        expect(own, phrase).toEqual(wanted);
      }
    }
  });
});

describe('samples in free wordings', () => {
  it('are the same for the same index, and fill every gap', () => {
    for (const wording of ['free', 'held-out', 'training'] as const)
      for (let i = 0; i < 300; i++) {
        const texts = () => [
          captionSample('test', 5, i, { wording }).caption,
          ...questionSample('test', 5, i, 3, { wording }).questions.map((q) => q.question),
          editSample('test', 5, i, { wording }).instruction,
          polishSample('test', 5, i, { wording }).prompt,
        ];
        const [first] = [texts()];
        expect(texts()).toEqual(first);
        for (const text of first) expect(text).not.toMatch(/[{}]|undefined|null/);
      }
  });

  it('ask for the scene that the templates ask for: the answers stay in their words', () => {
    const answers = new Set<string>();
    const free = new Set<string>();
    for (let i = 0; i < 1500; i++) {
      for (const q of questionSample('test', 9, i, 4, { kind: 'colour' }).questions) answers.add(q.answer);
      for (const q of questionSample('test', 9, i, 4, { kind: 'colour', wording: 'held-out' }).questions)
        free.add(q.answer);
    }
    expect([...free].filter((answer) => !answers.has(answer))).toEqual([]);
  });

  it('never show training a held-out pair', () => {
    for (let i = 0; i < 3000; i++) {
      const { scene } = captionSample('train', 1, i, { wording: 'training' });
      const { source, target } = editSample('train', 1, i, { wording: 'training' });
      for (const o of [...scene.objects, ...source.objects, ...target.objects])
        expect(o.colourIndex !== null && isHeldOutPair(o.classIndex, o.colourIndex)).toBe(false);
    }
  });

  it('cover every kind of caption in every language', () => {
    for (const kind of CAPTION_KINDS)
      for (const language of languages) {
        const { caption } = captionSample('test', HELD_OUT_SEED, 3, { kind, language, wording: 'held-out' });
        expect(/[\u4e00-\u9fff]/.test(caption)).toBe(language === 'zh');
      }
  });
});

describe('two edits in one instruction', () => {
  it('change a scene as both would, and their reverse says both', () => {
    for (let i = 0; i < 200; i++)
      for (const language of languages) {
        const { source, target, instruction, reverse } = editSample('test', 7, i, {
          kind: 'several',
          language,
        });
        expect(JSON.stringify(target)).not.toBe(JSON.stringify(source));
        expect(instruction).not.toBe('');
        expect(reverse).not.toBe('');
      }
  });
});

describe('changes of style', () => {
  it('are of scenes that look different in another style', () => {
    for (let i = 0; i < 200; i++) {
      const { source, target } = editSample('test', 7, i, { kind: 'style' });
      expect(target.style).not.toBe(source.style);
      expect(target.objects).toEqual(source.objects);
      expect(source.objects.some((o) => CLASSES[o.classIndex]!.icon !== null)).toBe(true);
    }
  });

  it('are one of the kinds of an edit', () => expect(SINGLE_EDIT_KINDS).toContain('style'));
});

describe('long captions', () => {
  it('have the form that the rules give a prompt already', () => {
    for (let i = 0; i < 500; i++) {
      const { scene, polished, language } = polishSample('test', 3, i, { wording: 'held-out' });
      expect(longCaption(scene, language)).toBe(polished);
      expect(polish(polished, language)).toBe(polished);
    }
  });

  it('name every place of several things', () => {
    const { polished } = polishSample('test', 3, 1, { language: 'en', wording: 'free' });
    expect(polished).toMatch(/^a photo of /);
  });
});
