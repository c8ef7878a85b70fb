import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressBar } from './progress';

describe('the progress bar', () => {
  const terminal = process.stderr.isTTY;
  let said: string[];
  beforeEach(() => {
    said = [];
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    process.stderr.isTTY = true;
  });
  afterEach(() => {
    process.stderr.isTTY = terminal;
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('says how far it is and how long it will take, ten times a second at most', () => {
    const step = progressBar('scoring', {});
    vi.advanceTimersByTime(1000);
    step(1, 4);
    step(2, 4);
    vi.advanceTimersByTime(1000);
    step(3, 4);
    step(4, 4);
    expect(said).toEqual([
      `\r\x1b[2Kscoring ${'█'.repeat(6)}${'░'.repeat(18)} 1/4, 3 s left`,
      `\r\x1b[2Kscoring ${'█'.repeat(18)}${'░'.repeat(6)} 3/4, 1 s left`,
      `\r\x1b[2Kscoring ${'█'.repeat(24)} 4/4`,
    ]);
  });

  it('is not shown with --json, nor where there is no terminal', () => {
    progressBar('scoring', { json: true })(1, 1);
    process.stderr.isTTY = false;
    progressBar('scoring', {})(1, 1);
    expect(said).toEqual([]);
  });
});
