/** The sample browser of a recorded run, whose images are drawn again from their seeds when somebody looks. */
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { seedRecorded } from '../../../server/evaluation/recorded/seed';
import { root } from '../../support/paths';
import { launch, open } from '../browser';
import type { DemoStudio } from '../demo/studio';
import { percentile } from '../demo/visitor';
import type { Report } from '../eval/report';

/** One group of GenEval for each time: none of its images were drawn before. */
const groups = ['counting', 'two_object', 'colors', 'position', 'color_attr'];

export async function recorded(report: Report, web: DemoStudio, runs: number): Promise<void> {
  await seedRecorded(web.db, path.join(root, 'models/nexus-gen-nano'));
  const { rows } = await web.db.pool.query<{ id: string }>(
    `SELECT r.id FROM evaluation_run r JOIN benchmark_version v ON v.id = r.version_id
       JOIN benchmark b ON b.id = v.benchmark_id WHERE r.recorded AND b.name = 'geneval' ORDER BY r.created_at LIMIT 1`,
  );
  const worker = await web.worker('nano');
  const browser = await launch();
  try {
    // The first page and the first image of all warm everything up.
    await look(browser, web, `/runs/${rows[0]!.id}?view=samples&group=single_object`);
    report.begin();
    const all: Look[] = [];
    for (const group of groups.slice(0, runs))
      all.push(await look(browser, web, `/runs/${rows[0]!.id}?view=samples&group=${group}`));
    const add = (what: string, key: keyof Look, unit: string, than: number) => {
      const values = all.map((one) => one[key]);
      report.add(`a recorded run: ${what}`, percentile(values, 0.5), unit, {
        bar: { is: '≤', than },
        note: `median of ${runs}, longest ${Math.max(...values).toFixed(2)}`,
      });
    };
    add('from the address to the first image of the grid', 'first', 's', 1.5);
    add('from a press to the dialog with prompt and verdict', 'dialog', 's', 0.3);
    add('from a press to everything that is known of the sample', 'known', 's', 0.3);
    add('from a press to the image of the sample', 'image', 's', 1.5);
    add('from a key to the image of the next sample', 'next', 's', 1.5);
    add('answers of 400 and above, and errors in the console', 'errors', '', 0);
  } finally {
    await browser.close();
    worker.kill('SIGTERM');
  }
}

/** Seconds, and a number of errors. */
type Look = Record<'first' | 'dialog' | 'known' | 'image' | 'next' | 'errors', number>;

async function look(browser: Browser, web: DemoStudio, address: string): Promise<Look> {
  const page = await open(browser, web);
  let errors = 0;
  page.on('response', (response) => response.status() >= 400 && errors++);
  page.on('console', (message) => message.type() === 'error' && errors++);
  const began = performance.now();
  const since = (start: number) => (performance.now() - start) / 1000;
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('[data-tile] img')].some((one) => one.naturalWidth > 0),
  );
  const first = since(began);
  // One whose image is still to be drawn, while others in the window are.
  const tile = page
    .locator('[data-tile]')
    .filter({ has: page.locator('[data-awaited]') })
    .last();
  const pressed = performance.now();
  await tile.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { level: 3 }).first().waitFor();
  const shown = since(pressed);
  await dialog.locator('aside dl').first().waitFor();
  const known = since(pressed);
  const large = () =>
    page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>('[role=dialog] [role=group] img');
      return image !== null && image.naturalWidth > 0;
    });
  await large();
  const image = since(pressed);
  const old = await dialog.locator('[role=group] img').first().getAttribute('src');
  const next = performance.now();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((src) => {
    const image = document.querySelector<HTMLImageElement>('[role=dialog] [role=group] img');
    return image !== null && image.naturalWidth > 0 && image.getAttribute('src') !== src;
  }, old);
  const after = since(next);
  await page.context().close();
  return { first, dialog: shown, known, image, next: after, errors };
}
