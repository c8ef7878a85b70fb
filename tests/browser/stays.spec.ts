import { expect, test, type Page } from '@playwright/test';
import { holdScripts } from './network';
import { dots, makeBenchmark, makeRun, storePictures } from './queue-data';
import { makeQueue } from './review-data';
import { signIn } from './sign-in';

/**
 * What can be pressed stands where it stood once the page listens: who presses in that moment would press beside it,
 * or press something else.
 */

interface Seen {
  element: Element;
  name: string;
  x: number;
  y: number;
}

declare global {
  interface Window {
    /** What could be pressed before the page listened. */
    pressable: Seen[];
  }
}

/** Looks at everything in sight that can be pressed or filled in. */
const look = () => {
  const wanted = 'a, button, input, select, textarea, summary, [role="tab"], [role="combobox"]';
  window.pressable = [...document.querySelectorAll(wanted)].flatMap((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    if (width < 2 || height < 2 || y > innerHeight || x > innerWidth) return [];
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
    return [{ element, name: `${element.tagName.toLowerCase()} ${name.slice(0, 40)}`, x, y }];
  });
  return window.pressable.length;
};

/** @returns those that have moved since, or were exchanged */
const moved = () =>
  window.pressable.flatMap(({ element, name, x, y }) => {
    if (!element.isConnected) return [`${name}: exchanged`];
    const now = element.getBoundingClientRect();
    const by = [now.x - x, now.y - y].map(Math.round);
    return by.some((one) => one !== 0) ? [`${name}: by ${by.join(', ')}`] : [];
  });

const listens = () =>
  !document.body.dispatchEvent(new Event('gotpointercapture', { bubbles: true, cancelable: true }));

async function expectStays(page: Page, paths: readonly string[]) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      const arrive = await holdScripts(page);
      await page.goto(path, { waitUntil: 'commit' });
      await page.waitForFunction(() => document.readyState !== 'loading');
      await page.evaluate(() => document.fonts.ready);
      expect(await page.evaluate(look), path).toBeGreaterThan(2);
      arrive();
      await page.waitForFunction(listens);
      await page.waitForLoadState('networkidle');
      expect.soft(await page.evaluate(moved), `${path} at ${width}`).toEqual([]);
      await page.unrouteAll();
    }
  }
}

test('nothing of a public page moves when it begins to listen', async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto('/runs');
  const run = await page.getByRole('main').locator('a[href^="/runs/"]').first().getAttribute('href');
  await expectStays(page, [
    '/',
    '/embed',
    '/leaderboard',
    '/leaderboard/geneval',
    '/leaderboard/ablations',
    '/runs',
    ...[run ?? '', `${run}?view=samples`, `${run}?q=nothing+like+it`],
    '/developers',
    '/sign-in',
    '/not/there',
  ]);
});

test('nothing of a page of the team moves when it begins to listen', async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page, 'admin');
  const pictures = await storePictures(page, [await dots(1, '#dbe7d3')]);
  const version = await makeBenchmark(6);
  const [first, second] = [
    await makeRun(version, 'stays-a', pictures),
    await makeRun(version, 'stays-b', pictures),
  ];
  const queue = await makeQueue(page, { from: 'run', runId: first });
  await expectStays(page, [
    '/',
    `/runs/${first}`,
    `/runs/${first}?view=samples`,
    `/runs/compare?first=${first}&second=${second}`,
    '/reviews',
    '/reviews/new',
    '/reviews/audit',
    `/reviews/${queue}`,
    `/reviews/${queue}/work`,
    '/team',
    '/account',
  ]);
});
