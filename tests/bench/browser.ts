/** Pages of a studio under measurement, in a browser. */
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium } from '../support/browser.mjs';
import { percentile } from './demo/visitor';
import type { Report } from './eval/report';

declare global {
  interface Window {
    seen: { lcp: number; cls: number; progress: number | null };
  }
}

/** Runs in the page before everything else. */
function watch() {
  const seen: Window['seen'] = { lcp: 0, cls: 0, progress: null };
  window.seen = seen;
  const on = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  on('largest-contentful-paint', (entry) => (seen.lcp = entry.startTime));
  on('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) seen.cls += value;
  });
  new MutationObserver(() => {
    const bar = document.querySelector('article [role=progressbar]');
    if (bar && Number(bar.getAttribute('aria-valuenow')) > 0) seen.progress ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

/** Who looks: a cookie, or nobody yet. */
export type Cookie = { name: string; value: string } | undefined;

/** A page of a fresh browser profile. */
export async function open(browser: Browser, { port }: { port: number }, cookie?: Cookie): Promise<Page> {
  const url = `http://127.0.0.1:${port}`;
  // The policy of the pages forbids to evaluate texts, which is how Playwright waits for functions.
  const context = await browser.newContext({
    ...{ baseURL: url, bypassCSP: true },
    viewport: { width: 1440, height: 900 },
  });
  if (cookie) await context.addCookies([{ ...cookie, url }]);
  const page = await context.newPage();
  // The TypeScript loader names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (f) => f');
  await page.addInitScript(watch);
  return page;
}

/**
 * Loads a page in fresh browsers.
 * @returns medians: largest contentful paint in seconds, layout shift, kilobytes of compressed script
 */
export async function loads(
  browser: Browser,
  studio: { port: number },
  options: { path?: string; runs: number; cookie?: Cookie },
) {
  const all: { lcp: number; cls: number; script: number }[] = [];
  for (let run = 0; run < options.runs; run++) {
    const page = await open(browser, studio, options.cookie);
    await page.goto(options.path ?? '/', { waitUntil: 'networkidle' });
    all.push(
      await page.evaluate(() => {
        const scripts = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(
          ({ name }) => new URL(name).pathname.endsWith('.js'),
        );
        const script = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
        return { lcp: window.seen.lcp, cls: window.seen.cls, script };
      }),
    );
    await page.context().close();
  }
  const of = (key: 'lcp' | 'cls' | 'script') =>
    percentile(
      all.map((one) => one[key]),
      0.5,
    );
  return { lcp: of('lcp') / 1000, cls: of('cls'), script: of('script') / 1000 };
}

/**
 * Moves a scrolled element on by so many pixels a frame until `isEnd` and it moves no more.
 * @returns milliseconds of each frame, the layout shift meanwhile, and by how many pixels something in sight moved at most
 *   beyond what was scrolled.
 */
export const scroll = (page: Page, options: { selector: string; by: number; until: string; count: number }) =>
  page.evaluate(async ({ selector, by, until, count }) => {
    const found = document.querySelector(selector);
    let element: Element | null = found;
    while (element && !/auto|scroll/.test(getComputedStyle(element).overflowY))
      element = element.parentElement;
    if (!element) throw new Error(`nothing scrolls at ${selector}`);
    const before = window.seen.cls;
    const frames: number[] = [];
    const seen = new Set<string>();
    let last = await new Promise(requestAnimationFrame);
    const limit = performance.now() + 90_000;
    let jump = 0;
    const tops = () => {
      const box = element.getBoundingClientRect();
      const all = [...element.querySelectorAll<HTMLElement>(`[${until}]`)];
      const inSight = all.filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return bottom > box.top && top < box.bottom;
      });
      return inSight.map((one) => ({ one, top: one.getBoundingClientRect().top }));
    };
    let placed = { at: element.scrollTop, all: tops() };
    while (seen.size < count && performance.now() < limit) {
      element.scrollBy(0, by);
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - last);
      last = now;
      // What was in sight has moved as far as was scrolled, and no further.
      const scrolled = element.scrollTop - placed.at;
      for (const { one, top } of placed.all)
        if (one.isConnected)
          jump = Math.max(jump, Math.abs(one.getBoundingClientRect().top - top + scrolled));
      placed = { at: element.scrollTop, all: tops() };
      for (const one of element.querySelectorAll<HTMLElement>(`[${until}]`))
        seen.add(one.getAttribute(until)!);
    }
    return { frames, cls: window.seen.cls - before, jump, seen: seen.size };
  }, options);

export function addFrames(
  report: Report,
  what: string,
  count: number,
  got: Awaited<ReturnType<typeof scroll>>,
) {
  const note = `${got.frames.length} frames, ${got.seen} of ${count} results seen`;
  report.add(`${what}: frame time, p50`, percentile(got.frames, 0.5), 'ms', { note });
  report.add(`${what}: frame time, p95`, percentile(got.frames, 0.95), 'ms');
  report.add(`${what}: frame time, p99`, percentile(got.frames, 0.99), 'ms');
  report.add(`${what}: longest frame`, Math.max(...got.frames), 'ms');
  report.add(`${what}: furthest that something in sight jumped`, got.jump, 'px', {
    bar: { is: '≤', than: 3 },
  });
  // Chromium takes a page of older results, put in above while the thread moves, for a shift of what is in sight.
  report.add(`${what}: layout shift as the browser counts it`, got.cls, '');
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--no-first-run',
    ],
  });
