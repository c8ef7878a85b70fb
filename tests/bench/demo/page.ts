/** What visitors see of `/` in a browser: first load, a long history, coming back to a running job. The model is the real one. */
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import sharp from 'sharp';
import { diskBlobs } from '../../../server/blobs/disk';
import { storePicture } from '../../../server/blobs/pictures';
import { uuidv7 } from '../../../server/db/uuid';
import { findChromium } from '../../support/browser.mjs';
import type { Report } from '../eval/report';
import { withStudio, type DemoStudio } from './studio';
import { createVisitor, percentile, type Visitor } from './visitor';

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

/** A page of a fresh browser profile, as this visitor or as nobody yet. */
async function open(browser: Browser, { port }: DemoStudio, visitor?: Visitor): Promise<Page> {
  const url = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 } });
  if (visitor) await context.addCookies([{ name: 'studio_visitor', value: visitor.id, url }]);
  const page = await context.newPage();
  // The TypeScript loader names functions through a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (f) => f');
  await page.addInitScript(watch);
  return page;
}

/** Loads `/` in fresh browsers. */
async function loads(browser: Browser, studio: DemoStudio, options: { runs: number; visitor?: Visitor }) {
  const all: { lcp: number; cls: number; script: number }[] = [];
  for (let run = 0; run < options.runs; run++) {
    const page = await open(browser, studio, options.visitor);
    await page.goto('/', { waitUntil: 'networkidle' });
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

/** Rows and pictures as jobs leave them, each picture another. */
export async function fillHistory({ db, home }: DemoStudio, visitorId: string, count: number): Promise<void> {
  const blobs = diskBlobs(path.join(home, 'blobs'));
  await db.pool.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
  const { id: revisionId } = await db.prisma.modelRevision.findFirstOrThrow({
    orderBy: { activatedAt: 'desc' },
  });
  const begun = Date.now() - count * 60_000;
  for (let nth = 0; nth < count; nth++) {
    const [r, g, b] = [(nth * 37) % 256, (nth * 91) % 256, nth % 256];
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
    const bytes = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#000', noise } })
      .tint({ r, g, b })
      .png()
      .toBuffer();
    const { hash } = await storePicture({ db, blobs }, bytes, {
      mediaType: 'image/png',
      ...{ width: 256, height: 256 },
    });
    const at = new Date(begun + nth * 60_000);
    await db.prisma.generation.create({
      data: {
        ...{ id: uuidv7(at.getTime()), visitorId, revisionId, task: 'generate', state: 'done' },
        ...{ prompt: `a photo of ${nth + 1} red apples`, language: 'en', pictureHash: hash, attempts: 1 },
        parameters: { width: 256, height: 256, steps: 8, guidance: 2, seed: nth },
        ...{ timings: { denoise: 1000 }, createdAt: at, startedAt: at, finishedAt: at },
      },
    });
  }
}

/**
 * Moves a scrolled element on by so many pixels a frame until `isEnd` and it moves no more.
 * @returns milliseconds of each frame, the layout shift meanwhile, and by how many pixels something in sight moved at most
 *   beyond what was scrolled.
 */
const scroll = (page: Page, options: { selector: string; by: number; until: string; count: number }) =>
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

function addFrames(report: Report, what: string, count: number, got: Awaited<ReturnType<typeof scroll>>) {
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

const most = {
  lcp: { is: '≤', than: 1 },
  cls: { is: '≤', than: 0.02 },
  script: { is: '≤', than: 250 },
} as const;

async function longHistory(report: Report, browser: Browser, studio: DemoStudio, quick: boolean) {
  const count = quick ? 100 : 1000;
  const visitor = createVisitor(studio.port);
  await fillHistory(studio, visitor.id, count);
  report.begin();
  const { lcp, cls } = await loads(browser, studio, { runs: quick ? 1 : 5, visitor });
  report.add(`${count} pictures: largest contentful paint`, lcp, 's', { bar: most.lcp });
  report.add(`${count} pictures: layout shift`, cls, '', { bar: most.cls });
  const page = await open(browser, studio, visitor);
  await page.goto('/', { waitUntil: 'networkidle' });
  report.begin();
  addFrames(
    report,
    `${count} pictures, up the thread`,
    count,
    await scroll(page, { selector: '[data-result]', by: -400, until: 'data-result', count }),
  );
  await page.getByRole('button', { name: 'History', exact: true }).click();
  await page.locator('[data-tile]').first().waitFor();
  report.begin();
  addFrames(
    report,
    `${count} pictures, down the panel`,
    count,
    await scroll(page, { selector: '[data-tile]', by: 120, until: 'data-tile', count }),
  );
  await page.context().close();
}

/** Reloads while a job runs; the time is from the beginning of the navigation. */
async function comingBack(report: Report, browser: Browser, studio: DemoStudio, runs: number) {
  const visitor = createVisitor(studio.port);
  const page = await open(browser, studio, visitor);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { id } = await visitor.mutate<{ id: string }>('demo.submit', {
      ...{ task: 'generate', prompt: 'a photo of two red apples', requestId: crypto.randomUUID() },
      ...{ width: 512, height: 512, steps: 50 },
    });
    await page.goto('/');
    await page.waitForFunction(() => window.seen.progress !== null, undefined, { timeout: 60_000 });
    await page.reload();
    await page.waitForFunction(() => window.seen.progress !== null, undefined, { timeout: 60_000 });
    times.push((await page.evaluate(() => window.seen.progress))!);
    await visitor.mutate('demo.cancel', { id });
    await visitor.follow(id);
  }
  report.add('reload in the middle of a job: to the first progress', percentile(times, 0.5) / 1000, 's', {
    bar: { is: '≤', than: 1 },
    note: `median of ${runs}; longest ${(Math.max(...times) / 1000).toFixed(2)} s`,
  });
  await page.context().close();
}

export async function page(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--no-first-run',
    ],
  });
  try {
    await withStudio(async (studio) => {
      await studio.worker('nano');
      const runs = quick ? 1 : 5;
      // The first load of all warms the server up.
      await loads(browser, studio, { runs: 1 });
      report.begin();
      const first = await loads(browser, studio, { runs });
      report.add('first load: largest contentful paint', first.lcp, 's', { bar: most.lcp });
      report.add('first load: script, compressed', first.script, 'kB', { bar: most.script });
      report.add('first load: layout shift', first.cls, '', { bar: most.cls });
      report.begin();
      await comingBack(report, browser, studio, runs);
      await longHistory(report, browser, studio, quick);
    });
  } finally {
    await browser.close();
  }
}
