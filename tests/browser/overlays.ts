import { expect, type Page } from '@playwright/test';

/**
 * Waits until the history has an entry for each of so many windows over the page. One is gone from the screen before the
 * page has left its entry, and an address that is opened in between is aborted by the step back; a panel that the browser
 * itself opens is seen before the page hears of it.
 */
export async function expectOverlaysInHistory(page: Page, count: number): Promise<void> {
  const depth = () =>
    page.evaluate(() => (history.state as { overlays?: { depth: number } } | null)?.overlays?.depth ?? 0);
  await expect.poll(depth, { timeout: 45_000 }).toBe(count);
}
