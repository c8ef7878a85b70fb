import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../models/runtime/testing/shared-data';
import { OBJECT_NAMES } from './names';
import { officialPrompts, promptFile, PROMPTS_SHA256 } from './prompts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const official = sharedData('geneval');

describe("GenEval's prompts", () => {
  it('are the official ones to the byte', () => expect(sha256(promptFile())).toBe(PROMPTS_SHA256));

  it('are 553 of six tasks', () => {
    const counts: Record<string, number> = {};
    for (const { tag } of officialPrompts()) counts[tag] = (counts[tag] ?? 0) + 1;
    expect(counts).toEqual({
      single_object: 80,
      two_object: 99,
      counting: 80,
      colors: 94,
      position: 100,
      color_attr: 100,
    });
  });

  it('name the official classes', () =>
    expect(sha256(OBJECT_NAMES.map((name) => `${name}\n`).join(''))).toBe(
      '608f6a0e5c8ca1c7a92b818430141fe268c85b7930b50f4160f1d65893b5bacd',
    ));

  it.skipIf(official === null)('equal the official file', () =>
    expect(promptFile()).toBe(readFileSync(`${official}/evaluation_metadata.jsonl`, 'utf8')),
  );
});
