import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../models/runtime';
import { captionOf, SYNTHETIC_KINDS, syntheticEdit, syntheticEdits } from './synthetic';

const all = Array.from({ length: 1000 }, (_, index) => syntheticEdit(index));

describe('the synthetic edits', () => {
  it('are the same for ever', () => {
    const sha256 = createHash('sha256').update(JSON.stringify(all.map((edit) => [edit, captionOf(edit)])));
    expect(sha256.digest('hex')).toBe('124a0926349c079f1e4c862320ee3ae54910e594667a6b2f2b3fcbe74f023eda');
  });

  it('are balanced over kinds and languages, from the first ones on', () => {
    for (const some of [all, all.slice(0, 20)])
      for (const kind of SYNTHETIC_KINDS) {
        const own = some.filter((edit) => edit.kind === kind);
        expect(own).toHaveLength(some.length / 5);
        expect(own.filter(({ language }) => language === 'zh')).toHaveLength(own.length / 4);
      }
  });

  it('are all different, and change something', () => {
    expect(new Set(all.map(({ source, instruction }) => JSON.stringify([source, instruction]))).size).toBe(
      1000,
    );
    for (const { source, target } of all) expect(target.objects).not.toEqual(source.objects);
  });

  it('have an English instruction and caption, or a Chinese instruction', () => {
    for (const edit of all) {
      expect(captionOf(edit)).toMatch(/^a photo of (an?|two|three|four) [a-z ,]+$/);
      expect(edit.instruction).toMatch(edit.language === 'en' ? /^[a-z ]+$/ : /^\p{Script=Han}+$/u);
    }
  });

  it('are drawn one by one, at the size of the model', async () => {
    const set = syntheticEdits();
    expect([set.size, set.problems]).toEqual([1000, []]);
    const first = [];
    for await (const item of set.items()) if (first.push(item) === 2) break;
    const [one, two] = first;
    expect([one!.key, two!.key]).toEqual(['synthetic-edit-0000', 'synthetic-edit-0001']);
    expect(one).toMatchObject({
      group: 'add',
      data: {
        instruction: 'put a bench at the bottom left',
        caption: 'a photo of a blue cell phone, a pink bus and a bench',
        language: 'en',
      },
    });
    expect(one!.pictures.map(({ name }) => name)).toEqual(['source', 'target']);
    const [source, target] = await Promise.all(one!.pictures.map(({ bytes }) => decodeImage(bytes)));
    expect(source).toMatchObject({ width: 256, height: 256 });
    // The bench is drawn, and what it does not cover stays as it was.
    const side = 256 * 3;
    expect(target!.data).not.toEqual(source!.data);
    expect(target!.data.subarray(0, 64 * side)).toEqual(source!.data.subarray(0, 64 * side));
    for await (const again of syntheticEdits().items()) {
      expect(again).toEqual(one);
      break;
    }
  });
});
