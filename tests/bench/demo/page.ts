/** What visitors see of `/` in a browser: first load, a long history, coming back to a running job. The model is the real one. */
import type { Browser } from '@playwright/test';
import sharp from 'sharp';
import { openBlobs } from '../../../server/platform/blobs/open';
import { storePicture } from '../../../server/platform/blobs/pictures';
import { uuidv7 } from '../../../server/platform/db/uuid';
import { addFrames, launch, loads, open, scroll } from '../browser';
import type { Report } from '../eval/report';
import { withStudio, type DemoStudio } from './studio';
import { createVisitor, percentile, type Visitor } from './visitor';

const cookieOf = ({ id }: Visitor) => ({ name: 'studio_visitor', value: id });

/** Rows and pictures as jobs leave them, each picture another. */
export async function fillHistory({ db, home }: DemoStudio, visitorId: string, count: number): Promise<void> {
  const blobs = openBlobs(home);
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
  const { lcp, cls } = await loads(browser, studio, { runs: quick ? 1 : 5, cookie: cookieOf(visitor) });
  report.add(`${count} pictures: largest contentful paint`, lcp, 's', { bar: most.lcp });
  report.add(`${count} pictures: layout shift`, cls, '', { bar: most.cls });
  const page = await open(browser, studio, cookieOf(visitor));
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
  const page = await open(browser, studio, cookieOf(visitor));
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
  const browser = await launch();
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
