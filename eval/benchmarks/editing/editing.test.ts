import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { encodePng, type RgbImage } from '../../../models/runtime';
import { openClip, openDino, type Clip, type Dino } from '../../evaluators';
import { tinyEvaluator } from '../../testing/evaluators';
import { seededImage } from '../../testing/images';
import { editingPreset, type EditingPresetName } from './presets';
import { aggregateEdits, meanAbsoluteDifference, scoreEdit } from './score';
import { scoreEditFile } from './file';

const flat = (width: number, height: number, value: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe('L1', () => {
  it('is the mean difference of values from 0 to 1', () => {
    expect(meanAbsoluteDifference(flat(4, 3, 51), flat(4, 3, 102))).toBeCloseTo(0.2, 12);
    expect(meanAbsoluteDifference(flat(4, 3, 0), flat(4, 3, 255))).toBe(1);
  });

  it("resizes the edited picture to the target's size", () => {
    expect(meanAbsoluteDifference(flat(9, 9, 51), flat(4, 3, 51))).toBe(0);
  });
});

it('aggregates say how sure they are', () => {
  const items = [0.1, 0.3, 0.2].map((value) => ({ clip_t: value, l1: value, clip_o: value, dino_o: value }));
  const { l1 } = aggregateEdits(items);
  expect(l1).toMatchObject({
    n: 3,
    mean: expect.closeTo(0.2, 12),
    standardError: expect.closeTo(0.057735, 6),
  });
  expect(l1.interval![0]).toBeLessThan(0.2);
  expect(aggregateEdits([]).l1).toEqual({ n: 0, mean: null, standardError: null, interval: null });
});

describe('edits', { timeout: 30_000 }, () => {
  let clip: Clip;
  let dino: Dino;
  let folder: string;
  const image = (seed: number) => seededImage('RGB', 60 + seed, 50, seed);
  const [a, b, c] = [image(1), image(2), image(3)];
  beforeAll(async () => {
    clip = await openClip(tinyEvaluator('clip'), { threads: 1 });
    dino = await openDino(tinyEvaluator('dino'), { threads: 1 });
    folder = await mkdtemp(join(tmpdir(), 'edits-'));
    for (const [name, image] of Object.entries({ a, b, c, thin: flat(801, 4, 9) }))
      await writeFile(join(folder, `${name}.png`), await encodePng(image));
    await writeFile(join(folder, 'cut.png'), (await encodePng(a)).subarray(0, 300));
  }, 30_000);
  afterAll(async () => {
    await clip.close();
    await dino.close();
    await rm(folder, { recursive: true, force: true });
  });

  const line = (source: string, edited: string, target: string, caption = 'a red apple') =>
    JSON.stringify({ source, edited, target, caption });
  const run = (...lines: string[]) =>
    scoreEditFile(lines.join('\n'), folder, { clip, dino }, editingPreset('nano'));

  it('that reach the target are as near as can be', async () => {
    const scores = await scoreEdit(
      { source: a, edited: b, target: b, caption: 'a dog' },
      { clip, dino },
      'target',
    );
    expect(scores).toMatchObject({ l1: 0, clip_o: expect.closeTo(1, 6), dino_o: expect.closeTo(1, 6) });
    expect(scores.references.source.clip).toBeLessThan(0.999);
    expect(scores.caption_truncated).toBe(false);
  });

  it('keep the cosines with both pictures; the preset names one', async () => {
    const pair = { source: a, edited: b, target: c, caption: 'a dog' };
    const target = await scoreEdit(pair, { clip, dino }, 'target');
    const source = await scoreEdit(pair, { clip, dino }, 'source');
    expect(source.references).toEqual(target.references);
    expect([target.clip_o, target.dino_o]).toEqual(Object.values(target.references.target));
    expect([source.clip_o, source.dino_o]).toEqual(Object.values(target.references.source));
  });

  it('of a file are averaged; a bad line is marked and the others are scored', async () => {
    const report = await run(
      line('a.png', 'b.png', 'c.png'),
      '{"source": "a.png",',
      line('a.png', 'nowhere.png', 'c.png'),
      line('a.png', 'b.png', 'cut.png'),
      line('a.png', 'thin.png', 'c.png'),
      '{"source": "a.png", "edited": "b.png", "target": "c.png"}',
      '',
      line('c.png', 'c.png', 'b.png', 'a dog and a cup '.repeat(30)),
    );
    expect(report).toMatchObject({ n: 2, total: 7, incomplete: true, truncated_captions: 1, preset: 'nano' });
    expect(report.problems).toEqual({
      'line is no JSON': 1,
      'edited image missing': 1,
      'target image unusable': 1,
      'edited image of unusable size': 1,
      'line lacks a field': 1,
    });
    const bad = report.items.filter(({ problem }) => problem);
    expect(bad.map((item) => item.line)).toEqual([2, 3, 4, 5, 6]);
    for (const item of bad)
      expect(item).toMatchObject({ clip_t: null, l1: null, clip_o: null, dino_o: null, references: null });
    expect(bad[1]).toMatchObject({ edited: 'nowhere.png', problem: expect.stringContaining('no such file') });
    const scored = report.items.filter(({ problem }) => !problem);
    expect(report.l1).toBeCloseTo((scored[0]!.l1! + scored[1]!.l1!) / 2, 12);
  });

  it('of a file with a byte order mark, of a list, and with values of Python are all read', async () => {
    const good = line('a.png', 'b.png', 'c.png');
    const odd = good.replace('}', ', "loss": NaN}');
    expect(await run(`\ufeff${good}`, odd)).toMatchObject({ n: 2, total: 2, incomplete: false });
    expect(await run([good, odd].join('\r\n'), '\r')).toMatchObject({ n: 2, total: 2 });
    expect(await run('[', `${good},`, `{"source": oops},`, odd, ']')).toMatchObject({ n: 2, total: 3 });
  });

  it('of no usable line have no score, rather than 0', async () => {
    expect(await run('x')).toMatchObject({ n: 0, clip_t: null, l1: null, incomplete: true });
    expect(await run('')).toMatchObject({ n: 0, total: 0, incomplete: true });
  });

  it("are read as MagicBrush's script reads them under its name, and as a person sees them under others", async () => {
    const transparent = Buffer.alloc(63 * 50 * 4);
    for (let i = 0; i < c.data.length; i++) transparent[Math.floor(i / 3) * 4 + (i % 3)] = c.data[i]!;
    await sharp(transparent, { raw: { width: 63, height: 50, channels: 4 } })
      .png()
      .toFile(join(folder, 'clear.png'));
    await sharp(Buffer.from(c.data), { raw: { width: 63, height: 50, channels: 3 } })
      .gif()
      .toFile(join(folder, 'c.gif'));
    const lines = [
      line('a.png', 'clear.png', 'c.png', 'a dog’s “bowl” &amp;amp; cafÃ©'),
      line('a.png', 'c.png', 'c.png', 'a dog\'s "bowl" & café'),
      line('a.png', 'c.gif', 'c.gif'),
    ].join('\n');
    const score = (preset: EditingPresetName) =>
      scoreEditFile(lines, folder, { clip, dino }, editingPreset(preset));
    const script = await score('magicbrush-b32');
    expect(script.items[0]).toMatchObject({ l1: 0, clip_t: script.items[1]!.clip_t });
    expect(script.items[2]).toMatchObject({ l1: 0 });
    expect(script.fingerprint).toMatchObject({
      images: "Pillow, convert('RGB')",
      captions: expect.stringContaining('ftfy 6.3.1'),
    });
    const seen = await score('clip-b32');
    expect(seen.items[0]!.l1).toBeGreaterThan(0.1);
    expect(seen.items[0]!.clip_t).not.toBe(seen.items[1]!.clip_t);
    expect(seen.items[2]!.problem).toContain('PNG, JPEG or WebP');
    expect(seen.fingerprint).not.toHaveProperty('images');
    expect(seen.fingerprint).not.toHaveProperty('captions');
  });

  it('have a fingerprint of what measured, not of what was measured', async () => {
    const first = (await run(line('a.png', 'b.png', 'c.png'))).fingerprint;
    expect(first.evaluators).toEqual([
      { kind: 'clip', name: 'tiny-clip', version: '1', hash: clip.hash },
      { kind: 'dino', name: 'tiny-dino', version: '1', hash: dino.hash },
    ]);
    expect((await run(line('a.png', 'a.png', 'c.png'))).fingerprint.id).toBe(first.id);
    expect((await run(line('a.png', 'nowhere.png', 'c.png'))).fingerprint.id).toBe(first.id);
    expect((await run(line('a.png', 'cut.png', 'c.png'))).fingerprint.id).toBe(first.id);
    expect((await run(line('a.png', 'b.png', 'b.png'))).fingerprint.id).not.toBe(first.id);
    expect((await run(line('a.png', 'b.png', 'c.png', 'x'))).fingerprint.id).not.toBe(first.id);
  });
});
