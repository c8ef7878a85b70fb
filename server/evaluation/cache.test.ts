import { describe, expect, it } from 'vitest';
import { cacheKeyOf } from './cache';

const model = 'a'.repeat(64);
const picture = 'b'.repeat(64);
const decided = { steps: 12, guidance: 1, width: 256, height: 256 };
const drawing = { task: 'generate', prompt: 'a dog', seed: 42, steps: undefined } as const;

describe('the name of an output', () => {
  it('is the same for a setting left out and the default given', () => {
    expect(cacheKeyOf(model, drawing, [], decided)).toBe(
      cacheKeyOf(model, { ...drawing, steps: 12, width: 256 }, [], decided),
    );
  });

  it('does not change: outputs that are stored are found by it', () => {
    const edit = { task: 'edit', prompt: 'a dog', image: new Uint8Array([1]), seed: 42 } as const;
    const question = { task: 'understand', prompt: 'what?', images: [] } as const;
    // A setting that nobody decided is part of the name all the same.
    const none = undefined;
    const unset = {
      width: none,
      height: none,
      steps: none,
      guidance: none,
      decoder: none,
      maxNewTokens: none,
    };
    expect([
      cacheKeyOf(model, drawing, [], { ...unset, ...decided }),
      cacheKeyOf(model, edit, [picture], { ...unset, decoder: 'editing', steps: 3 }),
      cacheKeyOf(model, question, [], { ...unset, maxNewTokens: 9 }),
    ]).toEqual([
      '3d55e0946e8dae130c45365e1718667a6118241558979e461017ce55c9965db5',
      '8fef51616b88bbff0dace37dacbaeb7d8dac4739e63da1db9f91b1e595df5e2a',
      '1ecc1053d3196b04642ce45d391f38e3870879bc67aea26c712143b82dc184df',
    ]);
  });

  it('is another for another model, prompt, seed, setting or picture', () => {
    const edit = { task: 'edit', prompt: 'a dog', image: new Uint8Array([1]), seed: 42 } as const;
    const keys = [
      cacheKeyOf(model, drawing, [], decided),
      cacheKeyOf('c'.repeat(64), drawing, [], decided),
      cacheKeyOf(model, { ...drawing, prompt: 'a cat' }, [], decided),
      cacheKeyOf(model, { ...drawing, seed: 43 }, [], decided),
      cacheKeyOf(model, drawing, [], { ...decided, steps: 13 }),
      cacheKeyOf(model, edit, [picture], decided),
      cacheKeyOf(model, edit, [model], decided),
      cacheKeyOf(model, { ...edit, decoder: 'generation' }, [picture], decided),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('takes pictures by their hashes, not by their bytes', () => {
    const asked = (byte: number) =>
      ({ task: 'understand', prompt: 'what?', images: [new Uint8Array([byte])] }) as const;
    expect(cacheKeyOf(model, asked(1), [picture], {})).toBe(cacheKeyOf(model, asked(2), [picture], {}));
  });
});
