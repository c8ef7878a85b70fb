import { expect, test } from '@playwright/test';
import { Studio } from './studio';

test('a running job can be cancelled, and stays cancelled', async ({ page }) => {
  const prompt = 'a photo of a cat';
  const studio = new Studio(page);
  await studio.open();
  await studio.makeJobsLong();
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await card.getByRole('button', { name: 'Cancel' }).click();
  await studio.expectState(card, 'Cancelled');
  await expect(card.getByRole('progressbar')).toHaveCount(0);
  await page.reload();
  await studio.expectState(card, 'Cancelled');
});

test('a job that waits tells its place, and is cancelled without having run', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.makeJobsLong();
  for (const thing of ['dog', 'car', 'umbrella']) {
    await studio.submit(`a photo of a ${thing}`);
    await expect(studio.card('Generate', `a photo of a ${thing}`)).toBeVisible();
  }
  const last = studio.card('Generate', 'a photo of a umbrella');
  await expect(last.getByRole('status')).toHaveText(/Waiting: \d+ of \d+|Next in the queue of \d+/);
  await last.getByRole('button', { name: 'Cancel' }).click();
  await studio.expectState(last, 'Cancelled');
  await expect(last.getByRole('img')).toHaveCount(0);
  for (const thing of ['dog', 'car']) {
    await studio.expectPicture(studio.card('Generate', `a photo of a ${thing}`), `a photo of a ${thing}`);
  }
});

test('a reload in the middle of a job attaches again and shows its end', async ({ page }) => {
  const prompt = 'a photo of a purple car';
  const studio = new Studio(page);
  await studio.open();
  await studio.makeJobsLong();
  await studio.submit(prompt);
  const card = studio.card('Generate', prompt);
  await expect(card.getByRole('progressbar')).toBeVisible();
  await page.reload();
  await expect(card).toBeVisible();
  await studio.expectPicture(card, prompt);
});

test('another tab shows the same jobs, another visitor none of them', async ({ page, context, browser }) => {
  const prompt = 'a photo of a yellow umbrella';
  const studio = new Studio(page);
  await studio.open();
  await studio.submit(prompt);
  await studio.expectPicture(studio.card('Generate', prompt), prompt);

  const tab = new Studio(await context.newPage());
  await tab.open();
  await tab.expectPicture(tab.card('Generate', prompt), prompt);

  const stranger = await browser.newContext();
  const other = new Studio(await stranger.newPage());
  await other.open();
  await expect(other.page.getByRole('heading', { name: /Create an image/ })).toBeVisible();
  await stranger.close();
});

test('what was typed survives a reload', async ({ page }) => {
  const studio = new Studio(page);
  await studio.open();
  await studio.choose('Ask');
  await studio.prompt.fill('not sent yet');
  await page.reload();
  await expect(studio.prompt).toHaveValue('not sent yet');
  await expect(studio.form.getByRole('radio', { name: 'Ask' })).toBeChecked();
});
