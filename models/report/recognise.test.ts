import { describe, expect, it } from 'vitest';
import { STYLES } from '../scenes/classes';
import { renderScene } from '../scenes/render';
import { editSample, HELD_OUT_SEED } from '../scenes/samples';
import { DEFAULT_GROUND, OTHER_GROUNDS, type Scene } from '../scenes/scene';
import { verdictOf } from './measure';

const { source } = editSample('test', HELD_OUT_SEED, 0, { kind: 'move' });
const [first] = source.objects;
const verdict = async (shown: Scene, wanted: Scene) => verdictOf((await renderScene(shown)).picture, wanted);

describe('recognition by template', () => {
  it.each(STYLES)('finds a scene in the style %s, on every ground', async (style) => {
    for (const ground of [DEFAULT_GROUND, ...OTHER_GROUNDS]) {
      const scene = { ...source, style, ground };
      expect(await verdict(scene, scene)).toEqual({ right: true, reason: '' });
    }
  });

  it('tells another style, class, colour and place, and what is missing', async () => {
    const changed = (change: Partial<typeof first>): Scene => ({
      ...source,
      objects: [{ ...first!, ...change }, ...source.objects.slice(1)],
    });
    const colourIndex = first!.colourIndex === 1 ? 2 : 1;
    const others: Scene[] = [
      { ...source, style: 'twemoji' },
      { ...source, style: 'fluent-emoji-flat' },
      changed({ classIndex: (first!.classIndex + 1) % 80 }),
      changed({ colourIndex }),
      { ...source, objects: source.objects.slice(1) },
    ];
    for (const shown of others)
      expect((await verdict(shown, source)).right, JSON.stringify(shown)).toBe(false);
  });
});
