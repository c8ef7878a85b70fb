import { readFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Of a page, at most so much is told. */
const mostLines = 120;

/**
 * Tells what the page of a failed journey held: where a machine runs the checks for somebody else, its files with it are
 * gone afterwards.
 */
export default class SnapshotReporter implements Reporter {
  private readonly told: string[] = [];

  onTestEnd(test: TestCase, { status, attachments }: TestResult): void {
    if (status === 'passed' || status === 'skipped') return;
    for (const { name, path } of attachments) {
      if (name !== 'error-context' || !path) continue;
      const [, snapshot] = /# Page snapshot\s+```yaml\n([^]*?)\n```/.exec(readFileSync(path, 'utf8')) ?? [];
      if (snapshot) this.told.push([test.title, ...snapshot.split('\n').slice(0, mostLines)].join('\n    '));
    }
  }

  onEnd(): void {
    for (const page of this.told) console.log(`\n  What the page held: ${page}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
