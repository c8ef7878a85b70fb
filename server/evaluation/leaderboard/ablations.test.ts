import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAblations } from './ablations';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ablations-'));
  mkdirSync(path.join(folder, 'ablations'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('those of the shipped model can be read', async () => {
  const { model, report, autoregression, tokens } = await readAblations('models/nexus-gen-nano');
  expect(model).toBe('nexus-gen-nano');
  expect(report?.editing?.en?.editing.error).toBeGreaterThan(0);
  expect(report?.steps?.map(({ steps }) => steps)).toContain(4);
  expect(report?.guidance?.map(({ guidance }) => guidance)).toContain(1);
  expect(autoregression?.prefilled.inUse.mseByPosition).toHaveLength(81);
  expect(autoregression?.naive.teacherForced.mseByPosition).toHaveLength(81);
  expect(tokens?.variants.map((one) => one.tokens)).toEqual([25, 81, 324]);
});

it('a model that brings none has none', async () => {
  expect(await readAblations(folder)).toEqual({
    model: path.basename(folder),
    report: null,
    autoregression: null,
    tokens: null,
  });
});

it('a file that is no record is named', async () => {
  for (const content of ['{"setup": {}}', 'not json']) {
    writeFileSync(path.join(folder, 'ablations', 'tokens.json'), content);
    await expect(readAblations(folder)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('tokens.json') as string,
    });
  }
});
