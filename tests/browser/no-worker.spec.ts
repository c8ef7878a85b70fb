import { expect, test } from '@playwright/test';
import { workerOf } from '../support/worker-of';
import { Studio } from './studio';

let worker: number;
test.beforeEach(() => {
  worker = workerOf(process.env.STUDIO_TEST_HOME!);
  // It beats no more, as one whose machine has lost its network.
  process.kill(worker, 'SIGSTOP');
});
test.afterEach(() => {
  process.kill(worker, 'SIGCONT');
});

test('whatever waits for a worker says so while none is online, and goes on when one is', async ({
  page,
  context,
}) => {
  const studio = new Studio(page);
  await page.goto('/');
  await studio.submit('a photo of a cat');
  const card = studio.card('Generate', 'a photo of a cat');
  await expect(card.getByText('No worker online. This starts when one connects.').last()).toBeVisible();

  await studio.prompt.fill('a photo of a dog');
  await page.getByRole('button', { name: 'Grid…' }).click();
  const form = page.getByRole('dialog', { name: 'Grid' });
  await form.getByLabel('Values of Steps').fill('2, 3');
  await form.getByLabel('Values of Seed').fill('7');
  await form.getByRole('button', { name: 'Create grid' }).click();
  const grid = page.getByRole('article', { name: 'Grid: a photo of a dog' });
  const gridSays = grid.getByText('No worker online. The grid continues when one connects.');
  await expect(gridSays).toBeVisible();

  // Images of a recorded run that no other journey has had drawn.
  const runs = await context.newPage();
  await runs.goto('/runs?q=nano&benchmark=synthetic-edits');
  await runs.getByRole('row').filter({ hasText: 'recorded' }).getByRole('link').last().click();
  await runs.getByRole('tab', { name: /^Samples/ }).click();
  const sampleSays = runs.getByText('No worker online. The image is regenerated when one connects.').first();
  await expect(sampleSays).toBeVisible();

  process.kill(worker, 'SIGCONT');
  await studio.expectPicture(card, 'a photo of a cat');
  await expect(gridSays).toHaveCount(0);
  await expect(grid.getByRole('status').first()).toHaveText('2 images', { timeout: 90_000 });
  await runs.bringToFront();
  await expect(sampleSays).toHaveCount(0, { timeout: 90_000 });
});

test('a press on a sample is kept when its image comes while the button is held', async ({ page }) => {
  await page.goto('/runs?q=nano&benchmark=synthetic-edits');
  await page.getByRole('row').filter({ hasText: 'recorded' }).getByRole('link').last().click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  // A group that no other journey looks at.
  await page.goto(`${page.url().split('?')[0]}?view=samples&group=recolour`);
  const undrawn = page.locator('[data-tile]').filter({ has: page.locator('[data-awaited]') });
  const id = await undrawn.first().getAttribute('data-tile');
  const tile = page.locator(`[data-tile="${id}"]`);
  const awaited = tile.locator('[data-awaited]');
  const { x, y, width, height } = (await awaited.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  process.kill(worker, 'SIGCONT');
  await expect(tile.locator('img')).toHaveJSProperty('complete', true, { timeout: 90_000 });
  await expect(awaited).toHaveCount(0);
  await page.mouse.up();
  await expect(page.getByRole('dialog')).toBeVisible();
});
