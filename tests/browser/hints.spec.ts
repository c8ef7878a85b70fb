import { expect, test } from '@playwright/test';
import { Studio } from './studio';

test('words that the model never saw are named, and what its guidance scale does is its own to say', async ({
  page,
}) => {
  const studio = new Studio(page);
  await studio.open();
  const notice = page.getByRole('contentinfo').getByRole('status');
  await studio.prompt.fill('the Eiffel tower and a red apple');
  await expect(notice).toHaveText(/wasn’t trained on “Eiffel”, “tower”/);
  await studio.prompt.fill('a red apple');
  await expect(notice).toBeEmpty();
  await expect(page.getByText('Leave it at 1: above that, this model’s images get worse.')).toBeVisible();
  // A wrong number has no expected time; nor is the last right one's shown.
  await studio.submit('a red apple');
  await studio.expectPicture(studio.card('Generate', 'a red apple'), 'a red apple');
  const estimate = studio.form.getByRole('note', { name: /^Expected time/ });
  await expect(estimate).toBeVisible();
  await studio.settings({ Steps: 999 });
  await expect(estimate).toBeHidden();
});

test('the tab tells how far the jobs are, and that they ended out of sight', async ({ page, context }) => {
  const studio = new Studio(page);
  await studio.open();
  await expect(page).toHaveTitle('Nexus-Gen Studio');
  await studio.makeJobsLong();
  await studio.settings({ Width: 512, Height: 512 });
  // Several, so that the last one waits or runs long enough to be cancelled.
  for (const thing of ['car', 'cat', 'clock']) {
    await studio.submit(`a photo of a ${thing}`);
    await expect(studio.card('Generate', `a photo of a ${thing}`)).toBeVisible();
  }
  await expect(page).toHaveTitle(/^\d+% · Nexus-Gen Studio$/);
  await expect(page.locator('link[rel="icon"][href^="data:image/svg"]')).toHaveCount(1);
  const card = studio.card('Generate', 'a photo of a clock');
  await card.getByRole('button', { name: 'Cancel' }).click();
  await studio.expectState(card, 'Cancelled');
  // What is cancelled is not told: whoever did it knows.
  await expect(page).toHaveTitle('Nexus-Gen Studio', { timeout: 60_000 });
  // As a browser tells a page that lies behind another.
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
  });
  await studio.settings({ Steps: 2, 'Guidance scale': 1 });
  await studio.submit('a photo of a dog');
  await expect(page).toHaveTitle('✓ 1 · Nexus-Gen Studio', { timeout: 60_000 });
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect(page).toHaveTitle('Nexus-Gen Studio');

  await context.setOffline(true);
  await expect(page.getByText(/^You’re offline\./)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/^You’re offline\./)).toBeHidden();
});

test('on a phone the menu of a result is a sheet, and pages that do not exist keep the header', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const studio = new Studio(page);
  await studio.open();
  await studio.submit('a photo of a cat');
  const card = studio.card('Generate', 'a photo of a cat');
  await studio.expectPicture(card, 'a photo of a cat');
  await card.getByRole('button', { name: 'More' }).click();
  const menu = page.getByRole('menu').first();
  await expect.poll(async () => (await menu.boundingBox())?.x).toBe(0);
  const box = (await menu.boundingBox())!;
  expect([box.width, Math.round(box.y + box.height)]).toEqual([360, 740]);
  expect(await menu.getByRole('menuitem').count()).toBeLessThan(10);
  await page.getByRole('menuitem', { name: 'Reuse settings' }).click();
  await page.getByRole('menuitem', { name: 'Use the seed only' }).click();
  await expect(studio.prompt).toBeFocused();

  await page.goto('/nothing-here');
  await expect(
    page.getByRole('banner').getByRole('button', { name: /Leaderboard|pages|Pages/ }),
  ).toBeVisible();
});

test('a link to the demo has a title, words and an image where it is shared', async ({
  request,
  baseURL,
}) => {
  const html = await (await request.get('/')).text();
  for (const [name, value] of [
    ['og:title', 'Nexus-Gen Studio'],
    ['og:image', `${baseURL}/screenshot.png`],
    ['og:type', 'website'],
  ])
    expect(html).toContain(`<meta property="${name}" content="${value}"/>`);
});
