import { describe, expect, it } from 'vitest';
import { chinesePrompt } from './chinese';
import { genevalMethods } from './methods';
import { officialPrompts } from './prompts';
import { runSettingsSchema } from '../settings';

describe('the Chinese prompts', () => {
  it('say what the English ones say', () => {
    const of = (english: string) =>
      chinesePrompt(officialPrompts().find(({ prompt }) => prompt === english)!);
    expect(of('a photo of a bench')).toBe('一张一张长椅的照片');
    expect(of('a photo of four handbags')).toBe('一张四个手提包的照片');
    expect(of('a photo of a blue cow')).toBe('一张一头蓝色的奶牛的照片');
    expect(of('a photo of a toothbrush and a snowboard')).toBe('一张一支牙刷和一块单板滑雪板的照片');
    expect(of('a photo of a dog right of a teddy bear')).toBe('一张一只狗在一只泰迪熊右边的照片');
  });

  it('are as many and as different as the English ones', () => {
    expect(new Set(officialPrompts().map(chinesePrompt)).size).toBe(553);
  });

  it('are asked in a run whose language is Chinese', () => {
    const data = officialPrompts()[0]!;
    const item = { key: '00000', group: data.tag, data, pictures: [] };
    const asked = (language?: 'en' | 'zh') =>
      genevalMethods.request(item, { ...runSettingsSchema.parse({}), language }, 0);
    expect(asked()).toMatchObject({ prompt: data.prompt });
    expect(asked('en')).toMatchObject({ prompt: data.prompt });
    expect(asked('zh')).toMatchObject({ prompt: chinesePrompt(data) });
  });

  it('of what is no class of GenEval there is none', () => {
    expect(() => chinesePrompt({ include: [{ class: 'unicorn', count: 1 }] })).toThrow(/unicorn/);
  });
});
