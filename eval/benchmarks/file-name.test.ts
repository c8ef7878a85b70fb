import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name';

describe('the file of a key', () => {
  it('is the key where that is a plain name', () => {
    for (const key of ['edit-0001', 'validation_Art_7', 'a.b']) expect(fileNameOf(key)).toBe(key);
  });

  it('never leads out of its folder, is never too long, and is another for another key', () => {
    const odd = [
      '../../escape',
      '/etc/passwd',
      '..',
      '.',
      '',
      'a/b',
      'a\\b',
      'x'.repeat(300),
      '图',
      'a b',
      'a_b c',
      'a\0b',
    ];
    const names = odd.map(fileNameOf);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{0,40}-[0-9a-f]{16}$/);
    expect(new Set(names).size).toBe(odd.length);
  });
});
