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

/** Seconds from the last press until a frame showed each. */
type Press = Partial<Record<'dialog' | 'known' | 'image', number>>;
declare global {
  interface Window {
    press: Press;
  }
}

/**
 * Runs in the page. Counts from the moment that the browser itself gives to a press: what the bench needs to find the tile, to
 * move the pointer and to be told is not the person's.
 */
function timePresses() {
  const dialog = () => document.querySelector('[role=dialog]');
  const largeImage = () => dialog()?.querySelector<HTMLImageElement>('[role=group] img');
  const onPress = ({ timeStamp }: Event) => {
    const before = largeImage()?.src;
    const press: Press = (window.press = {});
    const isSeen = {
      dialog: () => dialog()?.querySelector('h3'),
      known: () => dialog()?.querySelector('aside dl'),
      image: () => largeImage()?.naturalWidth && largeImage()?.src !== before,
    };
    const look = () => {
      for (const key of ['dialog', 'known', 'image'] as const)
        if (isSeen[key]()) press[key] ??= (performance.now() - timeStamp) / 1000;
      if (press.image === undefined) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, onPress, { capture: true });
  window.press = {};
}

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
  await page.evaluate(timePresses);
  const pressed = async () => {
    await page.waitForFunction(() => window.press.image !== undefined);
    return page.evaluate(() => window.press);
  };
  await tile.click();
  const { dialog, known, image } = (await pressed()) as Required<Press>;
  await page.keyboard.press('ArrowRight');
  const { image: next } = (await pressed()) as Required<Press>;
  await page.context().close();
  return { first, dialog, known, image, next, errors };
}
